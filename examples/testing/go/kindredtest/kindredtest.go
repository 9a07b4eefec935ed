// Package kindredtest gives each test a world of its own in one Kindred server: an account, a key, a clock,
// faults and a memory of calls. The server is started by the first test that asks, or found where
// KINDRED_TEST_ENDPOINT says. It needs the standard library only; copy it into your project.
package kindredtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// World is a whole Kindred behind the port that all worlds share, found by its access key.
type World struct {
	WorldId         string
	AccountId       string
	AccessKeyId     string
	AccessKeySecret string
	// Endpoint is http://127.0.0.1:41234, Host the same without its scheme, as the SDKs want it.
	Endpoint string `json:"-"`
	Host     string `json:"-"`

	t testing.TB
}

// Fault is what the next Times calls of an operation meet; docs/guide/in-tests.md tells the kinds.
type Fault struct {
	Operation   string
	Kind        string
	Times       int    `json:",omitempty"`
	RegionId    string `json:",omitempty"`
	AccessKeyId string `json:",omitempty"`
	Code        string `json:",omitempty"`
	Message     string `json:",omitempty"`
	// RetryAfter and Delay are milliseconds.
	RetryAfter int `json:",omitempty"`
	Delay      int `json:",omitempty"`
	// When is before or after the work of the call.
	When string `json:",omitempty"`
	// Progress is percent.
	Progress int `json:",omitempty"`
}

// Call is one request that the world has answered.
type Call struct {
	Number            int
	RequestId         string
	Time              time.Time
	Product           string
	Version           string
	Action            string
	AccessKeyId       string
	Parameters        map[string]string
	Status            int
	Code              string
	ElapsedMs         float64
	ReadParameters    []string
	IgnoredParameters []struct{ Name, Reason string }
	Fault             string
}

// New makes a world, which is dropped when the test ends.
func New(t testing.TB) *World {
	t.Helper()
	endpoint, err := find()
	if err != nil {
		t.Fatal(err)
	}
	world := &World{Endpoint: endpoint, Host: hostOf(endpoint), t: t}
	world.must("POST", "worlds", nil, world)
	t.Cleanup(func() { world.must("DELETE", "worlds/"+world.WorldId, nil, nil) })
	return world
}

// Seed makes accounts and images as a seed, JSON text, says; docs/guide/seeds.md.
func (w *World) Seed(seed string) {
	w.t.Helper()
	w.must("POST", "seed", json.RawMessage(seed), nil)
}

// Advance moves the wall clock on, and returns when everything due has been done.
func (w *World) Advance(by time.Duration) {
	w.t.Helper()
	w.must("POST", "clock/advance", map[string]int64{"Milliseconds": by.Milliseconds()}, nil)
}

// SetTime sets the wall clock.
func (w *World) SetTime(now time.Time) {
	w.t.Helper()
	w.must("PUT", "clock", map[string]string{"Now": now.UTC().Format("2006-01-02T15:04:05.000Z")}, nil)
}

// Freeze lets the wall clock stand still; Run lets it run again.
func (w *World) Freeze() {
	w.t.Helper()
	w.must("PUT", "clock", map[string]bool{"Frozen": true}, nil)
}

// Run lets the wall clock run again, from where it stands.
func (w *World) Run() {
	w.t.Helper()
	w.must("PUT", "clock", map[string]bool{"Frozen": false}, nil)
}

// Now is the wall clock of the world.
func (w *World) Now() time.Time {
	w.t.Helper()
	var clock struct{ Now time.Time }
	w.must("GET", "clock", nil, &clock)
	return clock.Now
}

// Idle returns when no work (an import, a copy) is left.
func (w *World) Idle() {
	w.t.Helper()
	w.must("POST", "idle", nil, nil)
}

// Reset makes it as new; the key stays.
func (w *World) Reset() {
	w.t.Helper()
	w.must("POST", "reset", nil, nil)
}

// Snapshot keeps the state under a name; Restore goes back to it.
func (w *World) Snapshot(name string) {
	w.t.Helper()
	w.must("PUT", "snapshots/"+url.PathEscape(name), nil, nil)
}

// Restore goes back to a state that was kept.
func (w *World) Restore(name string) {
	w.t.Helper()
	w.must("POST", "snapshots/"+url.PathEscape(name)+"/restore", nil, nil)
}

// Fault adds a fault.
func (w *World) Fault(fault Fault) {
	w.t.Helper()
	w.must("POST", "faults", fault, nil)
}

// Calls are the calls so far.
func (w *World) Calls() []Call {
	w.t.Helper()
	var answer struct{ Calls []Call }
	w.must("GET", "calls", nil, &answer)
	return answer.Calls
}

// must sends a control, and ends the test when it is refused.
func (w *World) must(method, path string, body, answer any) {
	w.t.Helper()
	if err := w.send(method, path, body, answer); err != nil {
		w.t.Fatalf("kindred: %s %s: %v", method, path, err)
	}
}

// No proxy: what the environment says of proxies is meant for the cloud.
var client = &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

func (w *World) send(method, path string, body, answer any) error {
	if body == nil {
		body = struct{}{}
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	target := w.Endpoint + "/_test/" + path
	if w.WorldId != "" && !strings.HasPrefix(path, "worlds") {
		target += "?World=" + url.QueryEscape(w.WorldId)
	}
	request, err := http.NewRequest(method, target, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if token := os.Getenv("KINDRED_TEST_CONTROLS_TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 400 {
		return fmt.Errorf("%s: %s", response.Status, got)
	}
	if answer == nil || len(got) == 0 {
		return nil
	}
	return json.Unmarshal(got, answer)
}
