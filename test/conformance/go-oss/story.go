package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

var oddKeys = []string{"a/b.raw", "ü ñ/日本 +%.raw", "q&a=?#;'()!*~", "sp ace", "a+b", "%41", "😀"}

// check names what was not so.
func check(isSo bool, what string, seen ...any) error {
	if isSo {
		return nil
	}
	return fmt.Errorf("not so: %s: %v", what, seen)
}

func same(what string, got, wanted []byte) error {
	return check(sha256.Sum256(got) == sha256.Sum256(wanted), what+" has the same SHA-256", len(got), len(wanted))
}

// inTurn stops at the first step that fails.
func inTurn(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func randomBytes(size int) []byte {
	content := make([]byte, size)
	_, _ = rand.Read(content)
	return content
}

// story makes a bucket, works in it, and leaves nothing.
func story(c client, bucket string) error {
	return inTurn(
		func() error { return buckets(c, bucket) },
		func() error { return oneObject(c, bucket) },
		func() error { return odd(c, bucket) },
		func() error { return inParts(c, bucket) },
		func() error { return refusals(c, bucket) },
		func() error { return theEnd(c, bucket) },
	)
}

func buckets(c client, bucket string) error {
	if err := c.makeBucket(bucket); err != nil {
		return err
	}
	names, err := c.buckets()
	if err != nil {
		return err
	}
	return check(slices.Contains(names, bucket), "the bucket is listed", names)
}

func oneObject(c client, bucket string) error {
	content := randomBytes(300_000)
	if err := c.put(bucket, "one", "text/x", "välue", content); err != nil {
		return err
	}
	whole, err := c.get(bucket, "one", 0, -1)
	if err != nil {
		return err
	}
	part, err := c.get(bucket, "one", 1000, 1999)
	if err != nil {
		return err
	}
	head, err := c.head(bucket, "one")
	if err != nil {
		return err
	}
	acl, err := c.acl(bucket, "one")
	if err != nil {
		return err
	}
	return inTurn(
		func() error { return same("one", whole.content, content) },
		func() error { return same("a range", part.content, content[1000:2000]) },
		func() error { return check(head.size == 300_000, "size", head.size) },
		func() error { return check(head.contentType == "text/x", "type", head.contentType) },
		func() error { return check(head.meta == "välue", "metadata", head.meta) },
		func() error { return check(head.etag != "" && head.etag == whole.etag, "ETag", head, whole.etag) },
		func() error { return check(acl == "default", "ACL", acl) },
	)
}

func odd(c client, bucket string) error {
	for _, key := range oddKeys {
		content := []byte(key)
		if err := c.put(bucket, key, "", "", content); err != nil {
			return err
		}
		if err := c.copy(bucket, key, "copies/"+key); err != nil {
			return err
		}
		copied, err := c.get(bucket, "copies/"+key, 0, -1)
		if err != nil {
			return err
		}
		if err := same("a copy of "+key, copied.content, content); err != nil {
			return err
		}
		if err := signed(c, bucket, key, content); err != nil {
			return err
		}
	}
	return listed(c, bucket)
}

// signed reads and writes on addresses that carry the signature, without the SDK.
func signed(c client, bucket, key string, content []byte) error {
	get, err := c.sign(http.MethodGet, bucket, key)
	if err != nil {
		return err
	}
	put, err := c.sign(http.MethodPut, bucket, "put/"+key)
	if err != nil {
		return err
	}
	fetched, status, err := send(http.MethodGet, get, nil)
	if err != nil {
		return err
	}
	_, wrong, err := send(http.MethodGet, strings.Replace(get, "ignature=", "ignature=A", 1), nil)
	if err != nil {
		return err
	}
	_, written, err := send(http.MethodPut, put, content)
	if err != nil {
		return err
	}
	stored, err := c.get(bucket, "put/"+key, 0, -1)
	if err != nil {
		return err
	}
	return inTurn(
		func() error {
			return check(status == 200 && wrong == 403 && written == 200, "addresses", status, wrong, written)
		},
		func() error { return same("what an address reads", fetched, content) },
		func() error { return same("what an address wrote", stored.content, content) },
	)
}

func send(method, address string, content []byte) ([]byte, int, error) {
	request, err := http.NewRequest(method, address, bytes.NewReader(content))
	if err != nil {
		return nil, 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return body, response.StatusCode, err
}

func listed(c client, bucket string) error {
	wanted := []string{"one"}
	for _, key := range oddKeys {
		wanted = append(wanted, key, "copies/"+key, "put/"+key)
	}
	slices.Sort(wanted)
	all, _, err := c.list(bucket, "", "", 4)
	if err != nil {
		return err
	}
	_, prefixes, err := c.list(bucket, "", "/", 3)
	if err != nil {
		return err
	}
	below, _, err := c.list(bucket, "copies/sp", "", 100)
	if err != nil {
		return err
	}
	return inTurn(
		func() error { return check(slices.Equal(all, wanted), "pages", all, wanted) },
		func() error {
			return check(slices.Equal(prefixes, []string{"a/", "copies/", "put/", "ü ñ/"}), "prefixes", prefixes)
		},
		func() error { return check(slices.Equal(below, []string{"copies/sp ace"}), "a prefix", below) },
	)
}

func inParts(c client, bucket string) error {
	content := randomBytes(200_000)
	source, err := c.get(bucket, "one", 0, -1)
	if err != nil {
		return err
	}
	if err := c.assemble(bucket, "assembled", content, "one", 150_000); err != nil {
		return err
	}
	made, err := c.get(bucket, "assembled", 0, -1)
	if err != nil {
		return err
	}
	underWay, err := c.abandon(bucket, "abandoned")
	if err != nil {
		return err
	}
	return inTurn(
		func() error { return same("assembled", made.content, append(content, source.content[:150_000]...)) },
		func() error {
			return check(strings.HasSuffix(strings.Trim(made.etag, `"`), "-2"), "ETag of parts", made.etag)
		},
		func() error { return check(underWay == 1, "uploads under way", underWay) },
	)
}

func refusals(c client, bucket string) error {
	_, noKey := c.get(bucket, "none", 0, -1)
	_, noHead := c.head(bucket, "none")
	_, noBucket := c.get(bucket+"-none", "none", 0, -1)
	notEmpty := c.deleteBucket(bucket)
	for wanted, err := range map[string]error{
		"NoSuchKey":      noKey,
		"NoSuchBucket":   noBucket,
		"BucketNotEmpty": notEmpty,
	} {
		if c.codeOf(err) != wanted {
			return fmt.Errorf("%s, not %w", wanted, err)
		}
	}
	return check(c.codeOf(noHead) == "NoSuchKey", "HEAD tells its code", noHead)
}

func theEnd(c client, bucket string) error {
	keys, _, err := c.list(bucket, "", "", 1000)
	if err != nil {
		return err
	}
	if err := c.deleteAll(bucket, keys); err != nil {
		return err
	}
	left, _, err := c.list(bucket, "", "", 1000)
	if err != nil {
		return err
	}
	if err := check(len(left) == 0, "nothing is left", left); err != nil {
		return err
	}
	return c.deleteBucket(bucket)
}
