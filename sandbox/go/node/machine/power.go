package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"

	_ "sandbox/lifeline"
)

const namespaces = syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC | syscall.CLONE_NEWCGROUP

// powerOn starts the node's first process and waits for its end. The node's cgroups are entered before, so that they
// are the roots of its cgroup namespace, and left after.
func powerOn(path string) error {
	spec, err := readSpec(path)
	if err != nil {
		return err
	}
	os.Setenv("PATH", spec.Path)
	// The death signal belongs to the thread that forks.
	runtime.LockOSThread()
	leave, err := enterCgroups(spec.Cgroup, spec.CgroupList)
	if err != nil {
		return err
	}
	first := exec.Command("/proc/self/exe", "init", path)
	first.Stdout, first.Stderr = os.Stdout, os.Stderr
	first.SysProcAttr = &syscall.SysProcAttr{Cloneflags: namespaces, Pdeathsig: syscall.SIGKILL}
	if err := first.Start(); err != nil {
		return err
	}
	if err := leave(); err != nil {
		return err
	}
	if err := plugIn(spec, first.Process.Pid); err != nil {
		return err
	}
	return first.Wait()
}

// plugIn lays a cable from the fabric's bridge to the node's eth0. One of the last boot may not have gone yet.
func plugIn(spec *Spec, pid int) error {
	inFabric := func(arguments ...string) *exec.Cmd {
		net := fmt.Sprintf("--net=/proc/%d/ns/net", spec.Fabric)
		return exec.Command("nsenter", append([]string{net, "--", "ip"}, arguments...)...)
	}
	_ = inFabric("link", "delete", spec.Link).Run()
	made := inFabric("link", "add", spec.Link, "type", "veth", "peer", "name", "eth0", "netns", strconv.Itoa(pid))
	if output, err := made.CombinedOutput(); err != nil {
		return fmt.Errorf("laying the cable: %w: %s", err, output)
	}
	joined := inFabric("link", "set", spec.Link, "master", "nodes", "up")
	if output, err := joined.CombinedOutput(); err != nil {
		return fmt.Errorf("joining the bridge: %w: %s", err, output)
	}
	return nil
}
