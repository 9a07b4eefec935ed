package main

import (
	"fmt"
	"log"
	"os"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	ecs "github.com/alibabacloud-go/ecs-20140526/v7/client"
	"github.com/alibabacloud-go/tea/tea"
)

var region = tea.String("cn-hangzhou")

func newest(client *ecs.Client) *ecs.DescribeImageFromFamilyResponseBodyImage {
	answer, err := client.DescribeImageFromFamily(&ecs.DescribeImageFromFamilyRequest{
		RegionId: region, ImageFamily: tea.String("web"),
	})
	if err != nil {
		log.Fatal(err)
	}
	return answer.Body.Image
}

func main() {
	client, err := ecs.NewClient(&openapi.Config{
		AccessKeyId:     tea.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID")),
		AccessKeySecret: tea.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")),
		RegionId:        region,
	})
	if err != nil {
		log.Fatal(err)
	}
	image := newest(client)
	fmt.Println(tea.StringValue(image.ImageName))

	_, err = client.ModifyImageAttribute(&ecs.ModifyImageAttributeRequest{
		RegionId: region, ImageId: image.ImageId, Status: tea.String("Deprecated"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tea.StringValue(newest(client).ImageName))
}
