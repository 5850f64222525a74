package main

import (
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// connectNetwork waits for the cable and gives the node its address and its ways to the other nodes' Pods.
func connectNetwork(spec *Spec, children *children) error {
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if _, err := net.InterfaceByName("eth0"); err == nil {
			break
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("nobody plugged in the cable")
		}
	}
	lines := []string{
		"link set lo up",
		"address add " + spec.Address + " dev eth0",
		"link set eth0 up",
		"route add default via " + spec.Gateway,
	}
	for _, route := range spec.Routes {
		target, via, _ := strings.Cut(route, "=")
		lines = append(lines, "route add "+target+" via "+via)
	}
	for _, line := range lines {
		if err := children.run(append([]string{"ip"}, strings.Fields(line)...)); err != nil {
			return err
		}
	}
	return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644)
}
