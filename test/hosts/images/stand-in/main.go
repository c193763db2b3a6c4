// Command stand-in plays any image of others, so that compose files of others can be deployed in tests.
//
// As the first process of a container it listens on the ports of its image, or ends if the image is that of a job,
// whatever words or environment the compose file gives it. Under every other name and with any words, such as
// `sh -c "curl …"`, it is a health check: it ends with 0 if the first process listens.
//
// Outside of such a container it is a tool of the tests on a server:
//
//	stand-in ask     asks addresses and names for services; reads what to ask, and writes the answers
//	stand-in load    asks an address again and again until a file exists, and writes what was answered
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// image is what an image of a stand-in says of itself.
type image struct {
	Service string   `json:"service"`
	Release string   `json:"release"`
	Ends    bool     `json:"ends"`
	TCP     []string `json:"tcp"`
	UDP     []string `json:"udp"`
	Cluster *cluster `json:"cluster"`
}

// identity is the answer to every request.
type identity struct {
	Service string `json:"service"`
	Release string `json:"release"`
}

const imageFile = "/stand-in.json"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "stand-in:", err)
		os.Exit(1)
	}
}

func run() error {
	text, err := os.ReadFile(imageFile)
	if errors.Is(err, fs.ErrNotExist) {
		return useTool()
	}
	if err != nil {
		return err
	}
	var own image
	if err := json.Unmarshal(text, &own); err != nil {
		return err
	}
	switch {
	case !isFirst():
		return check(own)
	case own.Ends:
		return nil
	}
	if own.Cluster != nil {
		if err := own.Cluster.create(); err != nil {
			return err
		}
	}
	return serve(own)
}

// isFirst tells the container's own process, also below an init process. What the engine executes later has no parent.
func isFirst() bool {
	return os.Getpid() == 1 || os.Getppid() == 1
}

func useTool() error {
	command := ""
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	switch command {
	case "ask":
		return ask(os.Stdin, os.Stdout)
	case "load":
		return load(os.Args[2:], os.Stdout)
	}
	return fmt.Errorf("there is no such command, got %q", command)
}
