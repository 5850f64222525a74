package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
)

// routeFlags collects RANGE=ADDRESS.
type routeFlags []string

var routes routeFlags

func (r *routeFlags) String() string { return strings.Join(*r, " ") }

func (r *routeFlags) Set(value string) error {
	if strings.Count(value, "=") != 1 {
		return fmt.Errorf("want RANGE=ADDRESS")
	}
	*r = append(*r, value)
	return nil
}

// setUp makes the bridge. It has a hardware address of its own, or it would take a port's and change it whenever a
// node is switched off, and all the others would lose it for seconds.
func setUp(gateway, listen string, routes []string) error {
	lines := []string{
		"link set lo up",
		"link add nodes address 02:00:0a:4d:00:01 type bridge",
		"address add " + gateway + " dev nodes",
		"link set nodes up",
	}
	for _, route := range routes {
		target, via, _ := strings.Cut(route, "=")
		lines = append(lines, "route add "+target+" via "+via)
	}
	if err := feed(strings.Join(lines, "\n")+"\n", "ip", "-batch", "-"); err != nil {
		return err
	}
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644); err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		return err
	}
	return feed(fmt.Sprintf(cutRules, port), "nft", "-f", "-")
}

// A node whose addresses are in the set "cut" loses the API server and nothing else: its own connections are dropped
// without an answer, while the API server's to its kubelet go on.
const cutRules = `table inet sandbox {
  set cut { type ipv4_addr; flags interval; }
  chain input { type filter hook input priority 0; ip saddr @cut tcp dport %s drop; }
}
`

func feed(input, name string, arguments ...string) error {
	command := exec.Command(name, arguments...)
	command.Stdin = strings.NewReader(input)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, output)
	}
	return nil
}
