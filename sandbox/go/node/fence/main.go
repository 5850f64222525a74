// fence guards a volume against a second writer: `fence FOLDER -- COMMAND…` runs COMMAND as long as nobody started on
// the same FOLDER later.
//
// A start takes the next token from FOLDER/.fence/counter. While it runs, FOLDER/.fence/writer-TOKEN tells who it is
// and when it was last heard of. A writer that finds a token newer than its own has been replaced while it was still
// writing: it writes down what it saw in FOLDER/.fence/second-writer, kills COMMAND and ends with exit code 75.
// The end of COMMAND removes the writer's file, so what is left tells of writers that did not end in order.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

const (
	interval = 200 * time.Millisecond
	// exitFenced is EX_TEMPFAIL.
	exitFenced = 75
	exitBroken = 70
)

func main() {
	if len(os.Args) < 4 || os.Args[2] != "--" {
		fail(64, fmt.Errorf("usage: fence FOLDER -- COMMAND…"))
	}
	fence, err := enter(os.Args[1])
	if err != nil {
		fail(exitBroken, err)
	}
	os.Exit(guard(fence, os.Args[3:]))
}

// guard passes signals on, reaps what is left to the first process of a container, and answers the exit code.
func guard(fence *fence, arguments []string) int {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals)
	command := exec.Command(arguments[0], arguments[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := command.Start(); err != nil {
		fail(127, err)
	}
	pid := command.Process.Pid
	beat := time.NewTicker(interval)
	for {
		select {
		case <-beat.C:
			newer, err := fence.beat()
			if err != nil || newer == 0 {
				continue
			}
			_ = syscall.Kill(pid, syscall.SIGKILL)
			fmt.Fprintf(os.Stderr, "fence: token %d, and there is %d: a second writer; stopped\n", fence.token, newer)
			return exitFenced
		case it := <-signals:
			if it != syscall.SIGCHLD {
				_ = command.Process.Signal(it)
				continue
			}
			if code, ended := reap(pid); ended {
				fence.leave()
				return code
			}
		}
	}
}

// reap answers the exit code of the command, as a shell would say it, once it has ended.
func reap(command int) (code int, ended bool) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if pid <= 0 || err != nil {
			return code, ended
		}
		if pid != command {
			continue
		}
		code, ended = status.ExitStatus(), true
		if status.Signaled() {
			code = 128 + int(status.Signal())
		}
	}
}

func fail(code int, err error) {
	fmt.Fprintln(os.Stderr, "fence:", err)
	os.Exit(code)
}
