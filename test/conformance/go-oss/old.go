package main

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"github.com/aliyun/aliyun-oss-go-sdk/oss"
)

// old is the SDK aliyun-oss-go-sdk.
type old struct{ c *oss.Client }

func newOld(s settings) (client, error) {
	options := []oss.ClientOption{oss.Region(region)}
	if s.isV4 {
		options = append(options, oss.AuthVersion(oss.AuthV4))
	}
	c, err := oss.New(s.endpoint, s.keyId, s.secret, options...)
	if err != nil {
		return nil, err
	}
	if s.kbps > 0 {
		if err := c.LimitUploadSpeed(s.kbps); err != nil {
			return nil, err
		}
		if err := c.LimitDownloadSpeed(s.kbps); err != nil {
			return nil, err
		}
	}
	return old{c}, nil
}

func (o old) in(bucket string) *oss.Bucket {
	// Looks at the name alone.
	b, err := o.c.Bucket(bucket)
	if err != nil {
		panic(err)
	}
	return b
}

func (o old) makeBucket(bucket string) error { return o.c.CreateBucket(bucket) }

func (o old) deleteBucket(bucket string) error { return o.c.DeleteBucket(bucket) }

func (o old) buckets() (names []string, err error) {
	listed, err := o.c.ListBuckets()
	for _, one := range listed.Buckets {
		names = append(names, one.Name)
	}
	return names, err
}

func (o old) put(bucket, key, contentType, meta string, content []byte) error {
	options := []oss.Option{}
	if contentType != "" {
		options = append(options, oss.ContentType(contentType), oss.Meta("k", meta))
	}
	return o.in(bucket).PutObject(key, bytes.NewReader(content), options...)
}

func (o old) get(bucket, key string, from, to int64) (object, error) {
	options := []oss.Option{}
	if to >= 0 {
		options = append(options, oss.Range(from, to))
	}
	headers := http.Header{}
	body, err := o.in(bucket).GetObject(key, append(options, oss.GetResponseHeader(&headers))...)
	if err != nil {
		return object{}, err
	}
	defer body.Close()
	content, err := io.ReadAll(body)
	return oldObject(headers, content), err
}

func oldObject(headers http.Header, content []byte) object {
	size, _ := strconv.ParseInt(headers.Get("Content-Length"), 10, 64)
	return object{content, size, headers.Get("ETag"), headers.Get("Content-Type"), headers.Get("X-Oss-Meta-K")}
}

func (o old) head(bucket, key string) (object, error) {
	headers, err := o.in(bucket).GetObjectDetailedMeta(key)
	return oldObject(headers, nil), err
}

func (o old) acl(bucket, key string) (string, error) {
	told, err := o.in(bucket).GetObjectACL(key)
	return told.ACL, err
}

func (o old) copy(bucket, from, to string) error {
	_, err := o.in(bucket).CopyObject(from, to)
	return err
}

func (o old) list(bucket, prefix, delimiter string, pageSize int) (keys, prefixes []string, err error) {
	token := ""
	for {
		page, err := o.in(bucket).ListObjectsV2(oss.Prefix(prefix), oss.Delimiter(delimiter),
			oss.MaxKeys(pageSize), oss.ContinuationToken(token))
		if err != nil {
			return nil, nil, err
		}
		for _, one := range page.Objects {
			keys = append(keys, one.Key)
		}
		prefixes = append(prefixes, page.CommonPrefixes...)
		if !page.IsTruncated {
			return keys, prefixes, nil
		}
		token = page.NextContinuationToken
	}
}

func (o old) deleteAll(bucket string, keys []string) error {
	_, err := o.in(bucket).DeleteObjects(keys)
	return err
}

func (o old) sign(method, bucket, key string) (string, error) {
	return o.in(bucket).SignURL(key, oss.HTTPMethod(method), 60)
}

func (o old) assemble(bucket, key string, content []byte, from string, fromSize int64) error {
	b := o.in(bucket)
	begun, err := b.InitiateMultipartUpload(key)
	if err != nil {
		return err
	}
	first, err := b.UploadPart(begun, bytes.NewReader(content), int64(len(content)), 1)
	if err != nil {
		return err
	}
	second, err := b.UploadPartCopy(begun, bucket, from, 0, fromSize, 2)
	if err != nil {
		return err
	}
	listed, err := b.ListUploadedParts(begun)
	if err != nil {
		return err
	}
	if err := check(len(listed.UploadedParts) == 2, "parts", listed); err != nil {
		return err
	}
	_, err = b.CompleteMultipartUpload(begun, []oss.UploadPart{first, second})
	return err
}

func (o old) abandon(bucket, key string) (int, error) {
	b := o.in(bucket)
	begun, err := b.InitiateMultipartUpload(key)
	if err != nil {
		return 0, err
	}
	listed, err := b.ListMultipartUploads()
	if err != nil {
		return 0, err
	}
	return len(listed.Uploads), b.AbortMultipartUpload(begun)
}

func (o old) upload(bucket, key, file, checkpoints string) error {
	return o.in(bucket).UploadFile(key, file, partSize, oss.CheckpointDir(true, checkpoints))
}

func (o old) download(bucket, key, file, checkpoints string) error {
	return o.in(bucket).DownloadFile(key, file, partSize, oss.CheckpointDir(true, checkpoints))
}

func (o old) codeOf(err error) string {
	if refused, is := err.(oss.ServiceError); is {
		return refused.Code
	}
	return ""
}
