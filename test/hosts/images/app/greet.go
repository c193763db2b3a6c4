package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"time"
)

// greet answers with its release on the port that GREET names, beside HTTP, as servers of other protocols do: over TCP
// it speaks first, reads until the caller has nothing more to say, and only then tells how much that was. Over UDP it
// answers each datagram. Without GREET it does nothing.
func greet(version string) error {
	port := os.Getenv("GREET")
	if port == "" {
		return nil
	}
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	datagrams, err := net.ListenPacket("udp", ":"+port)
	if err != nil {
		return err
	}
	go acceptCallers(listener, version)
	go answerDatagrams(datagrams, version)
	return nil
}

func acceptCallers(listener net.Listener, version string) {
	for {
		connection, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			log.Print("greet: ", err)
			continue
		}
		go talk(connection, version)
	}
}

func talk(connection net.Conn, version string) {
	defer connection.Close()
	fmt.Fprintf(connection, "release %s\n", version)
	count, err := io.Copy(io.Discard, connection)
	if err != nil {
		return
	}
	// A proxy must not take the end of the question for the end of the answer.
	time.Sleep(500 * time.Millisecond)
	fmt.Fprintf(connection, "read %d bytes\n", count)
}

func answerDatagrams(datagrams net.PacketConn, version string) {
	question := make([]byte, 1500)
	for {
		_, caller, err := datagrams.ReadFrom(question)
		if err != nil {
			return
		}
		if _, err := datagrams.WriteTo([]byte("release "+version+"\n"), caller); err != nil {
			log.Print("greet: ", err)
		}
	}
}
