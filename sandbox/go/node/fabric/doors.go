package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// A node that was cut off answers nothing; the API server itself would wait longer.
const dialTimeout = 10 * time.Second

// passOn joins every connection to the unix socket.
func passOn(door net.Listener, socket string) error {
	for {
		incoming, err := door.Accept()
		if err != nil {
			return err
		}
		go func() {
			outgoing, err := net.Dial("unix", socket)
			if err != nil {
				log.Print(err)
				_ = incoming.Close()
				return
			}
			join(incoming, outgoing)
		}()
	}
}

// connect answers CONNECT ADDRESS:PORT. The reason of a refusal is in the status line, as the API server passes on nothing else.
func connect(response http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodConnect {
		http.Error(response, "only CONNECT", http.StatusMethodNotAllowed)
		return
	}
	target, dialError := net.DialTimeout("tcp", request.Host, dialTimeout)
	client, _, err := response.(http.Hijacker).Hijack()
	if err != nil {
		log.Print(err)
		return
	}
	if dialError != nil {
		fmt.Fprintf(client, "HTTP/1.1 502 %s\r\ncontent-length: 0\r\n\r\n", dialError)
		_ = client.Close()
		return
	}
	fmt.Fprint(client, "HTTP/1.1 200 Connection established\r\n\r\n")
	join(client, target)
}

type halfCloser interface{ CloseWrite() error }

// join copies both ways until both ends have said all; the end of one direction is passed on as such.
func join(a, b net.Conn) {
	done := make(chan struct{}, 2)
	pour := func(to, from net.Conn) {
		_, _ = io.Copy(to, from)
		if half, ok := to.(halfCloser); ok {
			_ = half.CloseWrite()
		}
		done <- struct{}{}
	}
	go pour(a, b)
	go pour(b, a)
	<-done
	<-done
	_ = a.Close()
	_ = b.Close()
}
