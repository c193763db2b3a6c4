// Command app plays a team's own service in tests: an HTTP server with its release and its faults built into the image.
//
//	app serve      answers on PORT (8080)
//	app migrate    applies the release's migrations
//	app head       prints the last migration of the release, without a database
//	app current    prints the last migration that the database has
//	app health     exits 0 if the server of this container is healthy
//	app grafana    answers as grafana does, on port 3000
package main

import (
	"fmt"
	"os"
)

func main() {
	command := "serve"
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	commands := map[string]func() error{
		"serve": serve, "migrate": migrate, "head": head, "current": current, "health": checkHealth, "grafana": grafana,
	}
	act, known := commands[command]
	if !known {
		fmt.Fprintf(os.Stderr, "app: there is no such command, got %q\n", command)
		os.Exit(2)
	}
	if err := act(); err != nil {
		fmt.Fprintln(os.Stderr, "app:", err)
		os.Exit(1)
	}
}
