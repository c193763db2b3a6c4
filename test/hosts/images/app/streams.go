package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// upload reads a whole body, however slowly it comes, and returns its length.
func upload(w http.ResponseWriter, r *http.Request) {
	length, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		answer(w, 400, map[string]string{"error": err.Error()})
		return
	}
	answer(w, 200, map[string]int64{"bytes": length})
}

// events sends an event ten times a second. When the service drains, the last one says so.
func (s *service) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for number := 0; ; number++ {
		fmt.Fprintf(w, "data: %d\n\n", number)
		if err := http.NewResponseController(w).Flush(); err != nil {
			return
		}
		select {
		case <-s.closing:
			fmt.Fprint(w, "event: end\ndata: drains\n\n")
			return
		case <-r.Context().Done():
			return
		case <-tick.C:
		}
	}
}

const (
	socketSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
	closing      = 0x8
	// The longest payload whose length is in the second byte of a frame.
	longestPayload = 125
)

// The close frame of a server that goes away (1001).
var goingAway = []byte{0x80 | closing, 2, 0x03, 0xE9}

// socket is a WebSocket that returns each message. When the service drains, it closes with 1001.
func (s *service) socket(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + socketSuffix))
	connection, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		log.Print(err)
		return
	}
	s.sockets.Add(1)
	defer s.sockets.Done()
	defer connection.Close()
	head := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: %s\r\n%s: %s\r\n\r\n"
	fmt.Fprintf(connection, head, base64.StdEncoding.EncodeToString(sum[:]), releaseHeader, s.release.Reports)
	var farewell sync.Once
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-s.closing:
			farewell.Do(func() { connection.Write(goingAway) })
			connection.SetReadDeadline(time.Now().Add(5 * time.Second))
		case <-ended:
		}
	}()
	echo(connection, buffer.Reader)
	farewell.Do(func() { connection.Write(goingAway) })
}

// echo returns each message until the client closes.
func echo(connection net.Conn, input *bufio.Reader) {
	for {
		opcode, payload, err := readFrame(input)
		if err != nil || opcode == closing {
			return
		}
		frame := append([]byte{0x80 | opcode, byte(len(payload))}, payload...)
		if _, err := connection.Write(frame); err != nil {
			return
		}
	}
}

// readFrame reads a short frame of a client, which is masked.
func readFrame(input *bufio.Reader) (byte, []byte, error) {
	head := make([]byte, 6)
	if _, err := io.ReadFull(input, head); err != nil {
		return 0, nil, err
	}
	length := int(head[1] & 0x7F)
	if length > longestPayload {
		return 0, nil, errors.New("the frame is too long")
	}
	payload := make([]byte, length)
	_, err := io.ReadFull(input, payload)
	for at := range payload {
		payload[at] ^= head[2+at%4]
	}
	return head[0] & 0x0F, payload, err
}
