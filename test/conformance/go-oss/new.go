package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
)

// latest is the SDK alibabacloud-oss-go-sdk-v2.
type latest struct{ c *oss.Client }

var always = context.Background()

func newNew(s settings) (client, error) {
	keys := credentials.NewStaticCredentialsProvider(s.keyId, s.secret)
	config := oss.LoadDefaultConfig().WithRegion(region).WithEndpoint(s.endpoint).WithCredentialsProvider(keys)
	if !s.isV4 {
		config = config.WithSignatureVersion(oss.SignatureVersionV1)
	}
	if s.kbps > 0 {
		config = config.WithUploadBandwidthlimit(int64(s.kbps)).WithDownloadBandwidthlimit(int64(s.kbps))
	}
	return latest{oss.NewClient(config)}, nil
}

func (l latest) makeBucket(bucket string) error {
	_, err := l.c.PutBucket(always, &oss.PutBucketRequest{Bucket: &bucket})
	return err
}

func (l latest) deleteBucket(bucket string) error {
	_, err := l.c.DeleteBucket(always, &oss.DeleteBucketRequest{Bucket: &bucket})
	return err
}

func (l latest) buckets() (names []string, err error) {
	pages := l.c.NewListBucketsPaginator(&oss.ListBucketsRequest{})
	for pages.HasNext() {
		page, err := pages.NextPage(always)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Buckets {
			names = append(names, oss.ToString(one.Name))
		}
	}
	return names, nil
}

func (l latest) put(bucket, key, contentType, meta string, content []byte) error {
	request := oss.PutObjectRequest{Bucket: &bucket, Key: &key, Body: bytes.NewReader(content)}
	if contentType != "" {
		request.ContentType = &contentType
		request.Metadata = map[string]string{"k": meta}
	}
	_, err := l.c.PutObject(always, &request)
	return err
}

func (l latest) get(bucket, key string, from, to int64) (object, error) {
	request := oss.GetObjectRequest{Bucket: &bucket, Key: &key}
	if to >= 0 {
		request.Range = oss.HTTPRange{Offset: from, Count: to - from + 1}.FormatHTTPRange()
	}
	got, err := l.c.GetObject(always, &request)
	if err != nil {
		return object{}, err
	}
	defer got.Body.Close()
	content, err := io.ReadAll(got.Body)
	return object{content, got.ContentLength, oss.ToString(got.ETag), oss.ToString(got.ContentType), got.Metadata["k"]}, err
}

func (l latest) head(bucket, key string) (object, error) {
	got, err := l.c.HeadObject(always, &oss.HeadObjectRequest{Bucket: &bucket, Key: &key})
	if err != nil {
		return object{}, err
	}
	return object{nil, got.ContentLength, oss.ToString(got.ETag), oss.ToString(got.ContentType), got.Metadata["k"]}, nil
}

func (l latest) acl(bucket, key string) (string, error) {
	told, err := l.c.GetObjectAcl(always, &oss.GetObjectAclRequest{Bucket: &bucket, Key: &key})
	if err != nil {
		return "", err
	}
	return oss.ToString(told.ACL), nil
}

func (l latest) copy(bucket, from, to string) error {
	_, err := l.c.CopyObject(always, &oss.CopyObjectRequest{Bucket: &bucket, Key: &to, SourceKey: &from})
	return err
}

func (l latest) list(bucket, prefix, delimiter string, pageSize int) (keys, prefixes []string, err error) {
	pages := l.c.NewListObjectsV2Paginator(&oss.ListObjectsV2Request{
		Bucket: &bucket, Prefix: &prefix, Delimiter: &delimiter, MaxKeys: int32(pageSize),
	})
	for pages.HasNext() {
		page, err := pages.NextPage(always)
		if err != nil {
			return nil, nil, err
		}
		for _, one := range page.Contents {
			keys = append(keys, oss.ToString(one.Key))
		}
		for _, one := range page.CommonPrefixes {
			prefixes = append(prefixes, oss.ToString(one.Prefix))
		}
	}
	return keys, prefixes, nil
}

func (l latest) deleteAll(bucket string, keys []string) error {
	objects := []oss.DeleteObject{}
	for _, key := range keys {
		objects = append(objects, oss.DeleteObject{Key: oss.Ptr(key)})
	}
	_, err := l.c.DeleteMultipleObjects(always, &oss.DeleteMultipleObjectsRequest{Bucket: &bucket, Objects: objects})
	return err
}

func (l latest) sign(method, bucket, key string) (string, error) {
	var request any = &oss.GetObjectRequest{Bucket: &bucket, Key: &key}
	if method == "PUT" {
		request = &oss.PutObjectRequest{Bucket: &bucket, Key: &key}
	}
	signed, err := l.c.Presign(always, request, oss.PresignExpires(time.Minute))
	if err != nil {
		return "", err
	}
	return signed.URL, nil
}

func (l latest) assemble(bucket, key string, content []byte, from string, fromSize int64) error {
	begun, err := l.c.InitiateMultipartUpload(always, &oss.InitiateMultipartUploadRequest{Bucket: &bucket, Key: &key})
	if err != nil {
		return err
	}
	id := begun.UploadId
	first, err := l.c.UploadPart(always, &oss.UploadPartRequest{
		Bucket: &bucket, Key: &key, UploadId: id, PartNumber: 1, Body: bytes.NewReader(content),
	})
	if err != nil {
		return err
	}
	second, err := l.c.UploadPartCopy(always, &oss.UploadPartCopyRequest{
		Bucket: &bucket, Key: &key, UploadId: id, PartNumber: 2, SourceKey: &from,
		Range: oss.HTTPRange{Offset: 0, Count: fromSize}.FormatHTTPRange(),
	})
	if err != nil {
		return err
	}
	listed, err := l.c.ListParts(always, &oss.ListPartsRequest{Bucket: &bucket, Key: &key, UploadId: id})
	if err != nil {
		return err
	}
	if err := check(len(listed.Parts) == 2, "parts", listed.Parts); err != nil {
		return err
	}
	_, err = l.c.CompleteMultipartUpload(always, &oss.CompleteMultipartUploadRequest{
		Bucket: &bucket, Key: &key, UploadId: id,
		CompleteMultipartUpload: &oss.CompleteMultipartUpload{Parts: []oss.UploadPart{
			{PartNumber: 1, ETag: first.ETag}, {PartNumber: 2, ETag: second.ETag},
		}},
	})
	return err
}

func (l latest) abandon(bucket, key string) (int, error) {
	begun, err := l.c.InitiateMultipartUpload(always, &oss.InitiateMultipartUploadRequest{Bucket: &bucket, Key: &key})
	if err != nil {
		return 0, err
	}
	listed, err := l.c.ListMultipartUploads(always, &oss.ListMultipartUploadsRequest{Bucket: &bucket})
	if err != nil {
		return 0, err
	}
	_, err = l.c.AbortMultipartUpload(always, &oss.AbortMultipartUploadRequest{Bucket: &bucket, Key: &key, UploadId: begun.UploadId})
	return len(listed.Uploads), err
}

func (l latest) upload(bucket, key, file, checkpoints string) error {
	u := l.c.NewUploader(func(o *oss.UploaderOptions) {
		o.PartSize, o.ParallelNum, o.EnableCheckpoint, o.CheckpointDir = partSize, 1, true, checkpoints
	})
	_, err := u.UploadFile(always, &oss.PutObjectRequest{Bucket: &bucket, Key: &key}, file)
	return err
}

func (l latest) download(bucket, key, file, checkpoints string) error {
	d := l.c.NewDownloader(func(o *oss.DownloaderOptions) {
		o.PartSize, o.ParallelNum, o.EnableCheckpoint, o.CheckpointDir = partSize, 1, true, checkpoints
	})
	_, err := d.DownloadFile(always, &oss.GetObjectRequest{Bucket: &bucket, Key: &key}, file)
	return err
}

func (l latest) codeOf(err error) string {
	var refused *oss.ServiceError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}
