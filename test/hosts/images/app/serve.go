package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// ballast is memory that a release keeps.
var ballast [][]byte

// service is one running server.
type service struct {
	release  release
	database *database
	started  time.Time
	draining atomic.Bool
	requests atomic.Int64
	// closing is closed when the service drains.
	closing chan struct{}
	// sockets are the open WebSockets, which the HTTP server does not know any more.
	sockets sync.WaitGroup
}

func serve() error {
	r, err := readRelease()
	if err != nil {
		return err
	}
	if r.CrashAtBoot {
		return fmt.Errorf("release %s crashes at boot, as it was built to", r.Version)
	}
	if r.ExitAtBoot {
		log.Printf("release %s exits at boot, as it was built to", r.Version)
		return nil
	}
	hold(r.MemoryMiB)
	time.Sleep(time.Duration(r.BootDelay))
	if r.CrashAfter > 0 {
		crash := func() { log.Fatalf("release %s crashes, as it was built to", r.Version) }
		time.AfterFunc(time.Duration(r.CrashAfter), crash)
	}
	if err := greet(r.Version); err != nil {
		return err
	}
	s := &service{release: r, database: newDatabase(), started: time.Now(), closing: make(chan struct{})}
	listens := port()
	if r.Port != 0 {
		listens = strconv.Itoa(r.Port)
	}
	return s.listen(&http.Server{Addr: ":" + listens, Handler: s.routes()})
}

// listen serves until SIGTERM. Then health fails at once, new requests are answered for the drain time, and running
// requests are completed. WebSockets and event streams are closed at once.
func (s *service) listen(server *http.Server) error {
	signals := make(chan os.Signal, 1)
	if s.release.IgnoreTerm {
		signal.Ignore(syscall.SIGTERM)
	} else {
		signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	log.Printf("release %s listens on %s", s.release.Version, server.Addr)
	select {
	case err := <-failed:
		return err
	case <-signals:
	}
	if s.release.ExitAtTerm {
		log.Printf("release %s exits with whatever it has in hand, as it was built to", s.release.Version)
		return nil
	}
	s.draining.Store(true)
	close(s.closing)
	log.Printf("release %s drains", s.release.Version)
	time.Sleep(time.Duration(s.release.Drain))
	limit, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		return err
	}
	s.sockets.Wait()
	return nil
}

// healthy returns the reason why the service is unhealthy, or nil.
func (s *service) healthy(ctx context.Context) error {
	flap := time.Duration(s.release.FlapEvery)
	switch {
	case s.release.Unhealthy:
		return fmt.Errorf("release %s is unhealthy, as it was built to be", s.release.Version)
	case s.draining.Load():
		return fmt.Errorf("release %s drains", s.release.Version)
	case flap > 0 && (time.Since(s.started)/flap)%2 == 1:
		return fmt.Errorf("release %s flaps, as it was built to", s.release.Version)
	case s.release.Table != "":
		_, err := s.database.rows(ctx, s.release.Table)
		return err
	}
	return nil
}

// hold allocates memory permanently. It writes to each page, since the kernel would not allocate it otherwise.
func hold(mebibytes int) {
	more := make([]byte, mebibytes<<20)
	for at := 0; at < len(more); at += 4096 {
		more[at] = 1
	}
	ballast = append(ballast, more)
}

func port() string {
	if value := os.Getenv("PORT"); value != "" {
		return value
	}
	return "8080"
}

// checkHealth is the health check of a container that has no shell.
func checkHealth() error {
	client := http.Client{Timeout: 3 * time.Second}
	answer, err := client.Get("http://127.0.0.1:" + port() + "/health")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("health answers %s", answer.Status)
	}
	return nil
}
