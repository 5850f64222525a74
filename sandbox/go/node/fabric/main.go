// fabric is the network that joins the nodes of one sandbox: a bridge in the network namespace that it was started
// in, with the gateway's address, and two doors. Nodes and Pods reach the API server at GATEWAY:PORT, which is passed
// on to a unix socket; the API server reaches nodes and Pods through a CONNECT proxy on another unix socket.
// Sockets with paths belong to no network namespace, so nothing here touches the machine's own network.
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"os"

	_ "sandbox/lifeline"
)

func main() {
	gateway := flag.String("gateway", "", "address of the bridge with its prefix length")
	listen := flag.String("listen", "", "where nodes reach the API server: ADDRESS:PORT")
	api := flag.String("api", "", "unix socket that leads to the API server")
	egress := flag.String("egress", "", "unix socket of the proxy to nodes and Pods; it is made here")
	flag.Var(&routes, "route", "a node's Pods: RANGE=ADDRESS of the node; once a node")
	flag.Parse()
	// Where Debian keeps ip and nft, which not every caller has on its path.
	os.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin")
	if err := run(*gateway, *listen, *api, *egress); err != nil {
		log.Fatal(err)
	}
}

func run(gateway, listen, api, egress string) error {
	if err := setUp(gateway, listen, routes); err != nil {
		return err
	}
	door, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	proxy, err := net.Listen("unix", egress)
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() { failed <- passOn(door, api) }()
	go func() { failed <- http.Serve(proxy, http.HandlerFunc(connect)) }()
	return <-failed
}
