// A family of images over ninety days, with the official SDK and `go test -parallel`.
package family

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	ecs "github.com/alibabacloud-go/ecs-20140526/v7/client"
	"github.com/alibabacloud-go/tea/tea"

	"kindred/examples/testing/kindredtest"
)

const region = "cn-hangzhou"

func TestMain(m *testing.M) {
	code := m.Run()
	kindredtest.Stop()
	os.Exit(code)
}

func TestFamily(t *testing.T) {
	for number := range count() {
		t.Run(fmt.Sprintf("a release after ninety days, %d", number), func(t *testing.T) {
			t.Parallel()
			story(t)
		})
	}
}

func story(t *testing.T) {
	world := kindredtest.New(t)
	sdk := sdkOf(t, world)
	world.Seed(`{"Images": [{"ImageName": "web-1", "ImageFamily": "web"}]}`)
	first := newest(t, sdk)
	expectName(t, first, "web-1")

	// Built and checked, but in no family yet.
	world.Advance(90 * 24 * time.Hour)
	world.Seed(`{"Images": [{"ImageId": "m-web2", "ImageName": "web-2"}]}`)
	expectName(t, newest(t, sdk), "web-1")

	// Published.
	_, err := sdk.ModifyImageAttribute(&ecs.ModifyImageAttributeRequest{
		RegionId:    tea.String(region),
		ImageId:     tea.String("m-web2"),
		ImageFamily: tea.String("web"),
	})
	if err != nil {
		t.Fatal(err)
	}
	second := newest(t, sdk)
	expectName(t, second, "web-2")
	if days := created(t, second).Sub(created(t, first)).Hours() / 24; math.Round(days) != 90 {
		t.Fatalf("%f days between the releases", days)
	}

	// The cloud has a bad moment; our code must live through it.
	world.Fault(kindredtest.Fault{
		Operation: "DescribeImageFromFamily", Kind: "error", Code: "Throttling.User",
	})
	var refused *tea.SDKError
	if _, err := resolve(sdk); !errors.As(err, &refused) || *refused.Code != "Throttling.User" {
		t.Fatalf("not throttled: %v", err)
	}
	expectName(t, newest(t, sdk), "web-2")

	var codes []string
	for _, call := range world.Calls() {
		if call.Action == "DescribeImageFromFamily" {
			codes = append(codes, call.Code)
		}
	}
	if !slices.Equal(codes, []string{"OK", "OK", "OK", "Throttling.User", "OK"}) {
		t.Fatalf("calls: %v", codes)
	}
}

type image = ecs.DescribeImageFromFamilyResponseBodyImage

func sdkOf(t *testing.T, world *kindredtest.World) *ecs.Client {
	sdk, err := ecs.NewClient(&openapi.Config{
		AccessKeyId:     tea.String(world.AccessKeyId),
		AccessKeySecret: tea.String(world.AccessKeySecret),
		Endpoint:        tea.String(world.Host),
		Protocol:        tea.String("http"),
		RegionId:        tea.String(region),
	})
	if err != nil {
		t.Fatal(err)
	}
	return sdk
}

func resolve(sdk *ecs.Client) (*image, error) {
	response, err := sdk.DescribeImageFromFamily(&ecs.DescribeImageFromFamilyRequest{
		RegionId:    tea.String(region),
		ImageFamily: tea.String("web"),
	})
	if err != nil {
		return nil, err
	}
	return response.Body.Image, nil
}

func newest(t *testing.T, sdk *ecs.Client) *image {
	t.Helper()
	found, err := resolve(sdk)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func expectName(t *testing.T, found *image, name string) {
	t.Helper()
	if tea.StringValue(found.ImageName) != name {
		t.Fatalf("the family names %q, not %q", tea.StringValue(found.ImageName), name)
	}
}

func created(t *testing.T, found *image) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, tea.StringValue(found.CreationTime))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func count() int {
	if count, err := strconv.Atoi(os.Getenv("KINDRED_EXAMPLE_COUNT")); err == nil {
		return count
	}
	return 1
}
