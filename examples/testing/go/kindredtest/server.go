package kindredtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startsWithin = time.Minute
	stopsWithin  = 12 * time.Second
	readyLine    = "kindred ready on "
)

var (
	running *exec.Cmd
	// watch ends the server when this process is gone, however it went: then its input has no other end.
	watch      *exec.Cmd
	watchInput io.WriteCloser
	// find is the endpoint of the one server, which the first test that asks starts.
	find = sync.OnceValues(func() (string, error) {
		if endpoint := os.Getenv("KINDRED_TEST_ENDPOINT"); endpoint != "" {
			return strings.TrimSuffix(endpoint, "/"), nil
		}
		return start()
	})
)

// start runs KINDRED_PROGRAM (a command line, cut at its spaces), by default kindred.
func start() (string, error) {
	program := strings.Fields(os.Getenv("KINDRED_PROGRAM"))
	if len(program) == 0 {
		program = []string{"kindred"}
	}
	arguments := append(program[1:], "serve", "--ephemeral", "--test-controls", "--listen", "127.0.0.1:0")
	command := exec.Command(program[0], arguments...)
	// Not the folder of the tests: a kindred.json there is no setting of theirs.
	command.Dir = os.TempDir()
	for _, setting := range os.Environ() {
		if !strings.HasPrefix(setting, "KINDRED_") {
			command.Env = append(command.Env, setting)
		}
	}
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := command.Start(); err != nil {
		return "", fmt.Errorf("kindred does not start; KINDRED_PROGRAM names its command line: %w", err)
	}
	running = command
	watch = exec.Command("sh", "-c", `read -r _; kill "$1"`, "kindred-watch", strconv.Itoa(command.Process.Pid))
	if watchInput, err = watch.StdinPipe(); err != nil {
		return "", err
	}
	if err := watch.Start(); err != nil {
		return "", err
	}
	ready := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(output).ReadString('\n')
		ready <- strings.TrimSpace(line)
	}()
	select {
	case line := <-ready:
		if endpoint, isReady := strings.CutPrefix(line, readyLine); isReady {
			return endpoint, nil
		}
		Stop()
		return "", errors.New("kindred ended before it was ready; what it said stands above")
	case <-time.After(startsWithin):
		Stop()
		return "", errors.New("kindred did not get ready in a minute")
	}
}

// Stop ends the server if it was started here. Call it in TestMain, after m.Run().
func Stop() {
	if running == nil {
		return
	}
	if watch.Process != nil {
		// Before the id of the server can be another process's.
		_ = watch.Process.Kill()
		_ = watch.Wait()
	}
	_ = running.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(stopsWithin, func() { _ = running.Process.Kill() })
	_ = running.Wait()
	kill.Stop()
	running = nil
}

func hostOf(endpoint string) string {
	if parsed, err := url.Parse(endpoint); err == nil {
		return parsed.Host
	}
	return endpoint
}
