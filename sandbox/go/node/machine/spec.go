package main

import (
	"encoding/json"
	"os"
)

// Spec says what a node is; the supervisor writes it.
type Spec struct {
	Hostname string
	// Var is the node's own /var: a folder on a plain disk, as containerd's overlays cannot lie on an overlay.
	Var string
	// Control is the unix socket that the node takes commands on.
	Control string
	// Cgroup names the node's group in every hierarchy; CgroupList is the file that tells which were made.
	Cgroup, CgroupList string
	// Path leads to the programs of the node.
	Path string

	// Fabric is a process in the network namespace that the node's cable leads to, and Link the cable's name there.
	Fabric int
	Link   string
	// Address has its prefix length; Routes are RANGE=ADDRESS of the other nodes.
	Address, Gateway string
	Routes           []string
	// Resolv is the file that is the node's /etc/resolv.conf.
	Resolv string

	// Images are archives that containerd gets at the first boot.
	Images   []string
	Runtime  Service
	Services []Service
}

// Service is a process that the node runs; its output is appended to Log.
type Service struct {
	Name, Log string
	Command   []string
}

func readSpec(path string) (*Spec, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	spec := &Spec{}
	return spec, json.Unmarshal(content, spec)
}
