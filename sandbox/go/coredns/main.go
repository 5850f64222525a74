// A CoreDNS with only what a test cluster's cluster.local zone needs.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/ready"

	_ "sandbox/lifeline"
)

func main() {
	// Execution order, as in plugin.cfg of the full build.
	if err := dnsserver.SetDirectives([]string{
		"bind", "ready", "health", "errors", "log", "loadbalance", "cache", "kubernetes",
	}); err != nil {
		panic(err)
	}
	coremain.Run()
}
