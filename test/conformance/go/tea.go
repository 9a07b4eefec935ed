package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	ecs "github.com/alibabacloud-go/ecs-20140526/v7/client"
	"github.com/alibabacloud-go/tea/tea"
)

// teaClient is the current SDK: signature V3, and a type for each request and answer.
type teaClient struct{ sdk *ecs.Client }

func newTea(endpoint, keyId, secret string) (client, error) {
	config := &openapi.Config{
		AccessKeyId:     tea.String(keyId),
		AccessKeySecret: tea.String(secret),
		RegionId:        tea.String(region),
	}
	if endpoint != "" {
		config.Endpoint = tea.String(endpoint)
		config.Protocol = tea.String("http")
	}
	sdk, err := ecs.NewClient(config)
	return teaClient{sdk}, err
}

func (c teaClient) call(action string, input json.RawMessage) (any, *refusal, error) {
	method := reflect.ValueOf(c.sdk).MethodByName(action)
	if !method.IsValid() || method.Type().NumIn() != 1 {
		return nil, nil, fmt.Errorf("the SDK has no %s", action)
	}
	request := reflect.New(method.Type().In(0).Elem())
	// The types name the wire's members; a member that a type lacks is a mistake of the test.
	fill := json.NewDecoder(bytes.NewReader(input))
	fill.DisallowUnknownFields()
	if err := fill.Decode(request.Interface()); err != nil {
		return nil, nil, err
	}
	results := method.Call([]reflect.Value{request})
	if err, isError := results[1].Interface().(error); isError {
		refused, err := teaRefusal(err)
		return nil, refused, err
	}
	return shown(results[0].Elem().FieldByName("Body"), whole), nil, nil
}

func teaRefusal(err error) (*refusal, error) {
	var thrown *tea.SDKError
	if !errors.As(err, &thrown) || thrown.StatusCode == nil {
		return nil, err
	}
	var data struct{ RequestId string }
	if err := json.Unmarshal([]byte(tea.StringValue(thrown.Data)), &data); err != nil {
		return nil, err
	}
	return &refusal{
		Code:      tea.StringValue(thrown.Code),
		Status:    tea.IntValue(thrown.StatusCode),
		RequestId: data.RequestId,
		Message:   tea.StringValue(thrown.Message),
	}, nil
}
