package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

type loaded struct {
	Count    int            `json:"count"`
	Failures []string       `json:"failures"`
	Releases map[string]int `json:"releases"`
}

// load asks an address until a file exists: load <url> <file>. Each request has a connection of its own.
func load(words []string, output io.Writer) error {
	if len(words) != 2 {
		return errors.New("load needs an address and a file")
	}
	url, end := words[0], words[1]
	client := http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
	found := loaded{Failures: []string{}, Releases: map[string]int{}}
	for {
		if _, err := os.Stat(end); err == nil {
			return json.NewEncoder(output).Encode(found)
		}
		found.Count++
		if release, err := askRelease(&client, url); err != nil {
			found.Failures = append(found.Failures, err.Error())
		} else {
			found.Releases[release]++
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func askRelease(client *http.Client, url string) (string, error) {
	answer, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var who identity
	if err := json.NewDecoder(answer.Body).Decode(&who); err != nil {
		return "", err
	}
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %s", answer.Status)
	}
	return who.Release, nil
}
