package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"

	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/ecs"
)

// legacyClient is the SDK that Terraform, Packer and the CLI are built on: signature V1, requests made
// by a function of their own.
type legacyClient struct{ sdk *ecs.Client }

// content is what every answer of the SDK has.
type content interface{ GetHttpContentBytes() []byte }

func of[R requests.AcsRequest](create func() R) func() requests.AcsRequest {
	return func() requests.AcsRequest { return create() }
}

var legacyRequests = map[string]func() requests.AcsRequest{
	"AddTags":                      of(ecs.CreateAddTagsRequest),
	"CopyImage":                    of(ecs.CreateCopyImageRequest),
	"CreateImage":                  of(ecs.CreateCreateImageRequest),
	"DeleteImage":                  of(ecs.CreateDeleteImageRequest),
	"DeleteSnapshot":               of(ecs.CreateDeleteSnapshotRequest),
	"DescribeImageFromFamily":      of(ecs.CreateDescribeImageFromFamilyRequest),
	"DescribeImages":               of(ecs.CreateDescribeImagesRequest),
	"DescribeImageSharePermission": of(ecs.CreateDescribeImageSharePermissionRequest),
	"DescribeRegions":              of(ecs.CreateDescribeRegionsRequest),
	"DescribeSnapshots":            of(ecs.CreateDescribeSnapshotsRequest),
	"DescribeTags":                 of(ecs.CreateDescribeTagsRequest),
	"DescribeTasks":                of(ecs.CreateDescribeTasksRequest),
	"ImportImage":                  of(ecs.CreateImportImageRequest),
	"ListTagResources":             of(ecs.CreateListTagResourcesRequest),
	"ModifyImageAttribute":         of(ecs.CreateModifyImageAttributeRequest),
	"ModifyImageSharePermission":   of(ecs.CreateModifyImageSharePermissionRequest),
	"RemoveTags":                   of(ecs.CreateRemoveTagsRequest),
	"TagResources":                 of(ecs.CreateTagResourcesRequest),
	"UntagResources":               of(ecs.CreateUntagResourcesRequest),
}

func newLegacy(endpoint, keyId, secret string) (client, error) {
	sdk, err := ecs.NewClientWithAccessKey(region, keyId, secret)
	if err != nil {
		return nil, err
	}
	sdk.Domain = endpoint
	return legacyClient{sdk}, nil
}

func (c legacyClient) call(action string, input json.RawMessage) (any, *refusal, error) {
	create, isKnown := legacyRequests[action]
	if !isKnown {
		return nil, nil, fmt.Errorf("the driver does not list %s", action)
	}
	var given map[string]any
	if err := json.Unmarshal(input, &given); err != nil {
		return nil, nil, err
	}
	request := create()
	target := reflect.ValueOf(request).Elem()
	// No parameter of the operation here: the client sends it, by default its own.
	if given["RegionId"] != nil {
		target.FieldByName("RegionId").SetString(given["RegionId"].(string))
		delete(given, "RegionId")
	}
	fill(target, given)
	results := reflect.ValueOf(c.sdk).MethodByName(action).Call([]reflect.Value{reflect.ValueOf(request)})
	if err, isError := results[1].Interface().(error); isError {
		refused, err := legacyRefusal(err)
		return nil, refused, err
	}
	var raw any
	if err := json.Unmarshal(results[0].Interface().(content).GetHttpContentBytes(), &raw); err != nil {
		return nil, nil, err
	}
	return shown(results[0], sent{raw: raw}), nil, nil
}

// fill sets the members of a request by the names that its tags give them. A member that the type
// lacks is a mistake of the test.
func fill(target reflect.Value, given map[string]any) {
	for i := range target.NumField() {
		name, isParameter := target.Type().Field(i).Tag.Lookup("name")
		value, isGiven := given[name]
		if !isParameter || !isGiven {
			continue
		}
		set(target.Field(i), value)
		delete(given, name)
	}
	for name := range given {
		panic(fmt.Sprintf("%s has no parameter %s", target.Type().Name(), name))
	}
}

func set(target reflect.Value, value any) {
	switch target.Kind() {
	case reflect.Pointer:
		target.Set(reflect.New(target.Type().Elem()))
		set(target.Elem(), value)
	case reflect.Slice:
		items := value.([]any)
		target.Set(reflect.MakeSlice(target.Type(), len(items), len(items)))
		for i, item := range items {
			set(target.Index(i), item)
		}
	case reflect.Struct:
		fill(target, value.(map[string]any))
	default:
		target.SetString(text(value))
	}
}

// text is what a caller would write: every scalar of a request is a string here.
func text(value any) string {
	if number, isNumber := value.(float64); isNumber {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

func legacyRefusal(err error) (*refusal, error) {
	var thrown *sdkerrors.ServerError
	if !errors.As(err, &thrown) {
		return nil, err
	}
	return &refusal{
		Code:      thrown.ErrorCode(),
		Status:    thrown.HttpStatus(),
		RequestId: thrown.RequestId(),
		Message:   thrown.Message(),
	}, nil
}
