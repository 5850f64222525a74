// Certificates of one sandbox: `pki init FOLDER` makes the authority, the API server's serving pair and the key of
// ServiceAccount tokens; `pki client FOLDER USER [GROUP…]` prints a client certificate and its key as PEM.
package main

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) == 2 && arguments[0] == "init" {
		return initialise(arguments[1])
	}
	if len(arguments) >= 3 && arguments[0] == "client" {
		return client(arguments[1], arguments[2], arguments[3:])
	}
	return fmt.Errorf("usage: pki init FOLDER | pki client FOLDER USER [GROUP…]")
}

func initialise(folder string) error {
	ca, err := newAuthority()
	if err != nil {
		return err
	}
	serving, err := ca.issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)},
	})
	if err != nil {
		return err
	}
	tokens, err := newKey()
	if err != nil {
		return err
	}
	files := map[string][]byte{
		"ca.crt": ca.certificate, "ca.key": ca.key,
		"serving.crt": serving.certificate, "serving.key": serving.key,
		"tokens.key": tokens,
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func client(folder, user string, groups []string) error {
	ca, err := readAuthority(folder)
	if err != nil {
		return err
	}
	issued, err := ca.issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: user, Organization: groups},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(issued.certificate, issued.key...))
	return err
}
