// Command driver makes calls with an official Go client: one JSON line in, one JSON line out, as
// ../driver.py does with the Python clients.
//
// Arguments: the client (tea or legacy), host:port, key id, key secret; with an empty host:port the client
// finds the cloud's endpoint by itself. A line in is
// {"action": "...", "input": {...}} under wire names; a line out is {"answer": {...}} as the client's
// own types hold it, {"error": {...}} as a caller sees it, or {"broken": "..."}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

const (
	region  = "cn-hangzhou"
	maxLine = 1 << 20
)

type asked struct {
	Action string          `json:"action"`
	Input  json.RawMessage `json:"input"`
}

type refusal struct {
	Code      string `json:"code"`
	Status    int    `json:"status"`
	RequestId string `json:"requestId"`
	Message   string `json:"message"`
}

type told struct {
	Answer any      `json:"answer,omitempty"`
	Error  *refusal `json:"error,omitempty"`
	Broken string   `json:"broken,omitempty"`
}

// client is one official client. A refusal of the server is a value, every other failure an error.
type client interface {
	call(action string, input json.RawMessage) (answer any, refused *refusal, err error)
}

var clients = map[string]func(endpoint, keyId, secret string) (client, error){
	"tea":    newTea,
	"legacy": newLegacy,
}

func answerOf(c client, line []byte) (out told) {
	// What a client cannot take, it may well panic about.
	defer func() {
		if cause := recover(); cause != nil {
			out = told{Broken: fmt.Sprint(cause)}
		}
	}()
	var in asked
	if err := json.Unmarshal(line, &in); err != nil {
		return told{Broken: err.Error()}
	}
	answer, refused, err := c.call(in.Action, in.Input)
	if err != nil {
		return told{Broken: err.Error()}
	}
	return told{Answer: answer, Error: refused}
}

func run() error {
	if len(os.Args) != 5 || clients[os.Args[1]] == nil {
		return fmt.Errorf("usage: driver tea|legacy HOST:PORT KEY-ID SECRET")
	}
	c, err := clients[os.Args[1]](os.Args[2], os.Args[3], os.Args[4])
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		if err := out.Encode(answerOf(c, lines.Bytes())); err != nil {
			return err
		}
	}
	return lines.Err()
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
