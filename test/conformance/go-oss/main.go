// Command driver works on objects with one of the two official Go SDKs of OSS: the older
// aliyun-oss-go-sdk, of which ossutil and Terraform's export are made, and alibabacloud-oss-go-sdk-v2.
//
// Arguments: the SDK (old or new), the version of signatures (v1 or v4), the address of the server, key
// id, key secret, and a task:
//
//	story BUCKET
//	make BUCKET
//	upload BUCKET KEY FILE CHECKPOINTS KBPS
//	download BUCKET KEY FILE CHECKPOINTS KBPS
//
// Uploads and downloads go in parts with a checkpoint, one part at a time, KBPS kilobytes a second (0: as
// fast as they can). It ends with 1 and a sentence when anything is not as it should be.
package main

import (
	"fmt"
	"os"
	"strconv"
)

const (
	region   = "cn-hangzhou"
	partSize = 1_000_000
)

// object is what one request told of an object.
type object struct {
	content     []byte
	size        int64
	etag        string
	contentType string
	meta        string
}

// client is one SDK. Errors are the SDK's own; codeOf reads them.
type client interface {
	makeBucket(bucket string) error
	buckets() ([]string, error)
	deleteBucket(bucket string) error
	// put gives the metadata "k" the value meta.
	put(bucket, key, contentType, meta string, content []byte) error
	// get reads the bytes from..to, or all when to is negative.
	get(bucket, key string, from, to int64) (object, error)
	head(bucket, key string) (object, error)
	acl(bucket, key string) (string, error)
	copy(bucket, from, to string) error
	// list goes through all pages of version 2.
	list(bucket, prefix, delimiter string, pageSize int) (keys, prefixes []string, err error)
	deleteAll(bucket string, keys []string) error
	sign(method, bucket, key string) (string, error)
	// assemble makes an object of content and the first bytes of another one, part by part.
	assemble(bucket, key string, content []byte, from string, fromSize int64) error
	// abandon begins an upload, counts those under way, and aborts it.
	abandon(bucket, key string) (underWay int, err error)
	upload(bucket, key, file, checkpoints string) error
	download(bucket, key, file, checkpoints string) error
	codeOf(err error) string
}

type settings struct {
	endpoint, keyId, secret string
	isV4                    bool
	kbps                    int
}

var clients = map[string]func(settings) (client, error){"old": newOld, "new": newNew}

func run(args []string) error {
	if len(args) < 7 || clients[args[0]] == nil {
		return fmt.Errorf("usage: driver old|new v1|v4 URL KEY-ID SECRET TASK BUCKET …")
	}
	s := settings{endpoint: args[2], keyId: args[3], secret: args[4], isV4: args[1] == "v4"}
	task, bucket, rest := args[5], args[6], args[7:]
	if task == "upload" || task == "download" {
		if len(rest) != 4 {
			return fmt.Errorf("%s takes BUCKET KEY FILE CHECKPOINTS KBPS", task)
		}
		kbps, err := strconv.Atoi(rest[3])
		if err != nil {
			return err
		}
		s.kbps = kbps
	}
	c, err := clients[args[0]](s)
	if err != nil {
		return err
	}
	switch task {
	case "story":
		return story(c, bucket)
	case "make":
		return c.makeBucket(bucket)
	case "upload":
		return c.upload(bucket, rest[0], rest[1], rest[2])
	case "download":
		return c.download(bucket, rest[0], rest[1], rest[2])
	}
	return fmt.Errorf("no such task: %s", task)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
