package main

import "net/http"

// grafana serves the pages of Grafana that a deployment requests.
func grafana() error {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /api/health", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, map[string]string{"database": "ok", "version": "stand-in"})
	})
	pages.HandleFunc("GET /login", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, "stand-in for grafana") })
	s := &service{release: release{Version: "stand-in"}}
	return s.listen(&http.Server{Addr: ":3000", Handler: pages})
}
