package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"syscall"
)

// boot is the node's first process: it furnishes the namespaces, starts the container runtime and takes commands.
func boot(path string) error {
	spec, err := readSpec(path)
	if err != nil {
		return err
	}
	if err := syscall.Sethostname([]byte(spec.Hostname)); err != nil {
		return fmt.Errorf("setting the host name: %w", err)
	}
	if err := furnish(spec); err != nil {
		return err
	}
	children := newChildren()
	if err := connectNetwork(spec, children); err != nil {
		return err
	}
	node := newNode(spec, children)
	if err := node.startRuntime(); err != nil {
		return err
	}
	_ = os.Remove(spec.Control)
	door, err := net.Listen("unix", spec.Control)
	if err != nil {
		return err
	}
	return http.Serve(door, node.handler())
}
