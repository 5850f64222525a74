// machine is one node: `machine SPEC` starts itself again as the first process of new mount, pid, network, uts, ipc
// and cgroup namespaces (`machine init SPEC`), where containerd, the kubelet and kube-proxy run. Killing the outer
// process is pulling the plug: the kernel ends everything in the pid namespace with its first process.
package main

import (
	"fmt"
	"os"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 2:
		err = powerOn(os.Args[1])
	case len(os.Args) == 3 && os.Args[1] == "init":
		err = boot(os.Args[2])
	default:
		err = fmt.Errorf("usage: machine SPEC")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
