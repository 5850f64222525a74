// kubectl of the same minor, alone: a user's tool, so without the lifeline and without the control plane's start-up cost.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
)

func main() { os.Exit(cli.Run(cmd.NewDefaultKubectlCommand())) }
