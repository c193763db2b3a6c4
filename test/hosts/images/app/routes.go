package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"
)

// releaseHeader names the release in each answer, as the application itself knows it.
const releaseHeader = "X-App-Release"

// routes returns the pages of the service. /env, /file, /call, /memory and /crash exist only for tests.
func (s *service) routes() http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /{$}", s.home)
	pages.HandleFunc("GET /health", s.health)
	pages.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, s.release.Reports) })
	pages.HandleFunc("GET /slow", slow)
	pages.HandleFunc("POST /upload", upload)
	pages.HandleFunc("GET /events", s.events)
	pages.HandleFunc("GET /socket", s.socket)
	pages.HandleFunc("GET /env", environment)
	pages.HandleFunc("GET /file", file)
	pages.HandleFunc("GET /call", call)
	pages.HandleFunc("GET /memory", memory)
	pages.HandleFunc("GET /metrics", s.metrics)
	pages.HandleFunc("POST /crash", func(http.ResponseWriter, *http.Request) { log.Fatal("crashes on request") })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		w.Header().Set(releaseHeader, s.release.Reports)
		time.Sleep(time.Duration(s.release.Latency))
		failAfter := time.Duration(s.release.FailAfter)
		switch {
		case failAfter > 0 && time.Since(s.started) > failAfter:
			answer(w, 500, map[string]string{"error": "it fails, as it was built to"})
		case s.release.Redirect != "":
			http.Redirect(w, r, s.release.Redirect, http.StatusFound)
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}

func (s *service) home(w http.ResponseWriter, r *http.Request) {
	hostname, _ := os.Hostname()
	body := map[string]any{
		"release": s.release.Reports, "environment": os.Getenv("ENVIRONMENT"), "hostname": hostname,
	}
	if s.release.Table != "" {
		rows, err := s.database.rows(r.Context(), s.release.Table)
		if err != nil {
			answer(w, 500, map[string]string{"error": err.Error()})
			return
		}
		body["rows"] = rows
	}
	answer(w, 200, body)
}

func (s *service) health(w http.ResponseWriter, r *http.Request) {
	if err := s.healthy(r.Context()); err != nil {
		answer(w, 503, map[string]string{"status": "unhealthy", "error": err.Error()})
		return
	}
	answer(w, 200, map[string]string{"status": "ok", "release": s.release.Reports})
}

func (s *service) metrics(w http.ResponseWriter, _ *http.Request) {
	format := "app_requests_total{release=%q,environment=%q} %d\n"
	fmt.Fprintf(w, format, s.release.Reports, os.Getenv("ENVIRONMENT"), s.requests.Load())
}

func slow(w http.ResponseWriter, r *http.Request) {
	milliseconds, err := strconv.Atoi(r.URL.Query().Get("ms"))
	if err != nil {
		answer(w, 400, map[string]string{"error": err.Error()})
		return
	}
	time.Sleep(time.Duration(milliseconds) * time.Millisecond)
	answer(w, 200, map[string]int{"slept": milliseconds})
}

func environment(w http.ResponseWriter, r *http.Request) {
	value, set := os.LookupEnv(r.URL.Query().Get("name"))
	answer(w, 200, map[string]any{"value": value, "set": set})
}

func file(w http.ResponseWriter, r *http.Request) {
	text, err := os.ReadFile(r.URL.Query().Get("path"))
	if err != nil {
		answer(w, 404, map[string]string{"error": err.Error()})
		return
	}
	answer(w, 200, map[string]string{"text": string(text)})
}

// call sends a request to another service, as a web server does to its api.
func call(w http.ResponseWriter, r *http.Request) {
	client := http.Client{Timeout: 5 * time.Second}
	got, err := client.Get(r.URL.Query().Get("url"))
	if err != nil {
		answer(w, 502, map[string]string{"error": err.Error()})
		return
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		answer(w, 502, map[string]string{"error": err.Error()})
		return
	}
	answer(w, 200, map[string]any{"status": got.StatusCode, "body": string(body)})
}

func memory(w http.ResponseWriter, r *http.Request) {
	mebibytes, err := strconv.Atoi(r.URL.Query().Get("mib"))
	if err != nil {
		answer(w, 400, map[string]string{"error": err.Error()})
		return
	}
	hold(mebibytes)
	answer(w, 200, map[string]int{"more": mebibytes})
}
