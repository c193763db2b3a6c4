package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// serve answers on all ports until a signal; running requests are completed.
func serve(own image) error {
	answer, err := json.Marshal(identity{own.Service, own.Release})
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	})}
	failed := make(chan error, len(own.TCP))
	for _, port := range own.TCP {
		listener, err := net.Listen("tcp", ":"+port)
		if err != nil {
			return err
		}
		go func() { failed <- server.Serve(listener) }()
	}
	for _, port := range own.UDP {
		socket, err := net.ListenPacket("udp", ":"+port)
		if err != nil {
			return err
		}
		go answerPackets(socket, answer)
	}
	signals := make(chan os.Signal, 1)
	// A compose file may name any of these as its stop signal.
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGWINCH)
	select {
	case err := <-failed:
		return err
	case <-signals:
	}
	limit, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return server.Shutdown(limit)
}

func answerPackets(socket net.PacketConn, answer []byte) {
	packet := make([]byte, 1500)
	for {
		_, from, err := socket.ReadFrom(packet)
		if err != nil {
			return
		}
		_, _ = socket.WriteTo(answer, from)
	}
}

// check is the health check of a container: all its ports are open.
func check(own image) error {
	for _, port := range own.TCP {
		connection, err := net.DialTimeout("tcp", "127.0.0.1:"+port, 5*time.Second)
		if err != nil {
			return err
		}
		_ = connection.Close()
	}
	return nil
}
