package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
)

// children are the processes below the node's first one: those that it started, whose end somebody waits for, and
// those that were left to it. Both are reaped in one place, as a wait for any process takes the others' answers away.
type children struct {
	lock  sync.Mutex
	ended map[int]chan syscall.WaitStatus
}

func newChildren() *children {
	c := &children{ended: map[int]chan syscall.WaitStatus{}}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGCHLD)
	go func() {
		for range signals {
			c.reap()
		}
	}()
	return c
}

func (c *children) reap() {
	c.lock.Lock()
	defer c.lock.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if pid <= 0 || err != nil {
			return
		}
		if waiting, ok := c.ended[pid]; ok {
			delete(c.ended, pid)
			waiting <- status
		}
	}
}

// start answers the pid, and a channel that gets the status once.
func (c *children) start(command []string, output *os.File) (int, <-chan syscall.WaitStatus, error) {
	file, err := exec.LookPath(command[0])
	if err != nil {
		return 0, nil, err
	}
	// Held while forking: a child that ends at once is not reaped before somebody waits for it.
	c.lock.Lock()
	defer c.lock.Unlock()
	process, err := os.StartProcess(file, command, &os.ProcAttr{Files: []*os.File{nil, output, output}, Env: os.Environ()})
	if err != nil {
		return 0, nil, err
	}
	ended := make(chan syscall.WaitStatus, 1)
	c.ended[process.Pid] = ended
	pid := process.Pid
	return pid, ended, process.Release()
}

// run waits for a command; what it says goes to the node's log.
func (c *children) run(command []string) error {
	_, ended, err := c.start(command, os.Stderr)
	if err != nil {
		return err
	}
	if status := <-ended; status != 0 {
		return fmt.Errorf("%s: %s", strings.Join(command, " "), describe(status))
	}
	return nil
}

func describe(status syscall.WaitStatus) string {
	if status.Signaled() {
		return status.Signal().String()
	}
	return fmt.Sprintf("exit code %d", status.ExitStatus())
}
