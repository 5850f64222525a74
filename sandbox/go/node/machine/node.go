package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// State is what is told of a service.
type State struct {
	Name string `json:"name"`
	// State is running, stopped or ended.
	State string `json:"state"`
	// Pid is in the node's own numbers.
	Pid    int `json:"pid,omitempty"`
	Starts int `json:"starts"`
	// Exit is how it ended if nobody asked for it.
	Exit  *Exit `json:"exit,omitempty"`
	asked bool
	gone  chan struct{}
}

// Exit has a code or a signal.
type Exit struct {
	Code   *int    `json:"code"`
	Signal *string `json:"signal"`
	At     string  `json:"at"`
}

func exitOf(status syscall.WaitStatus) *Exit {
	exit := &Exit{At: time.Now().UTC().Format(time.RFC3339)}
	if status.Signaled() {
		signal := status.Signal().String()
		exit.Signal = &signal
	} else {
		code := status.ExitStatus()
		exit.Code = &code
	}
	return exit
}

// node runs the services: the runtime at once, the others when they are asked for. None is started again by itself.
type node struct {
	spec     *Spec
	children *children
	lock     sync.Mutex
	states   map[string]*State
	ready    chan struct{}
	failure  error
}

func newNode(spec *Spec, children *children) *node {
	return &node{spec: spec, children: children, states: map[string]*State{}, ready: make(chan struct{})}
}

func (n *node) services() []Service { return append([]Service{n.spec.Runtime}, n.spec.Services...) }

// startRuntime starts containerd and brings the images in, which `ready` tells.
func (n *node) startRuntime() error {
	if err := n.start(n.spec.Runtime); err != nil {
		return err
	}
	go func() {
		n.failure = n.importImages()
		close(n.ready)
	}()
	return nil
}

func (n *node) importImages() error {
	for deadline := time.Now().Add(30 * time.Second); n.children.run([]string{"ctr", "version"}) != nil; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("containerd does not answer")
		}
	}
	for _, image := range n.spec.Images {
		done := filepath.Join(n.spec.Var, "lib", "imported-"+filepath.Base(image))
		if _, err := os.Stat(done); err == nil {
			continue
		}
		if err := n.children.run([]string{"ctr", "--namespace", "k8s.io", "images", "import", "--local", image}); err != nil {
			return err
		}
		if err := os.WriteFile(done, nil, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// startAll starts what does not run.
func (n *node) startAll() error {
	for _, service := range n.services() {
		if err := n.start(service); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) start(service Service) error {
	n.lock.Lock()
	defer n.lock.Unlock()
	state := n.states[service.Name]
	if state == nil {
		state = &State{Name: service.Name}
		n.states[service.Name] = state
	} else if state.State != "ended" {
		return nil
	}
	output, err := os.OpenFile(service.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer output.Close()
	pid, ended, err := n.children.start(service.Command, output)
	if err != nil {
		return err
	}
	state.Pid, state.State, state.Exit, state.asked = pid, "running", nil, false
	state.Starts++
	state.gone = make(chan struct{})
	go n.note(state, ended)
	return nil
}

func (n *node) note(state *State, ended <-chan syscall.WaitStatus) {
	status := <-ended
	n.lock.Lock()
	defer n.lock.Unlock()
	state.State, state.Pid = "ended", 0
	if !state.asked {
		state.Exit = exitOf(status)
	}
	close(state.gone)
}

// kill ends a service and returns when it has gone; one that does not run is left alone.
func (n *node) kill(name string) error {
	n.lock.Lock()
	state := n.states[name]
	if state == nil || state.Pid == 0 {
		n.lock.Unlock()
		return nil
	}
	state.asked = true
	gone, err := state.gone, syscall.Kill(state.Pid, syscall.SIGKILL)
	n.lock.Unlock()
	if err == nil {
		<-gone
	}
	return err
}

// pause sends SIGSTOP to a service that runs, and SIGCONT to one that is stopped.
func (n *node) pause(name string, stop bool) error {
	n.lock.Lock()
	defer n.lock.Unlock()
	state := n.states[name]
	if state == nil || state.Pid == 0 {
		return fmt.Errorf("%s does not run: start it first", name)
	}
	if stop {
		state.State = "stopped"
		return syscall.Kill(state.Pid, syscall.SIGSTOP)
	}
	state.State = "running"
	return syscall.Kill(state.Pid, syscall.SIGCONT)
}
