package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// release is the content of /release.json, which the build writes: the release's version and faults.
type release struct {
	Version string `json:"version"`
	// The version that it reports, to play a wrong build.
	Reports     string      `json:"reports"`
	BootDelay   duration    `json:"bootDelay"`
	Latency     duration    `json:"latency"`
	CrashAtBoot bool        `json:"crashAtBoot"`
	ExitAtBoot  bool        `json:"exitAtBoot"`
	FailAfter   duration    `json:"failAfter"`
	Redirect    string      `json:"redirect"`
	Port        int         `json:"port"`
	CrashAfter  duration    `json:"crashAfter"`
	MemoryMiB   int         `json:"memoryMiB"`
	Unhealthy   bool        `json:"unhealthy"`
	FlapEvery   duration    `json:"flapEvery"`
	Drain       duration    `json:"drain"`
	IgnoreTerm  bool        `json:"ignoreTerm"`
	ExitAtTerm  bool        `json:"exitAtTerm"`
	Table       string      `json:"table"`
	Migrations  []migration `json:"migrations"`
}

type migration struct {
	Name string `json:"name"`
	SQL  string `json:"sql"`
}

// duration is written as "250ms" or "5s".
type duration time.Duration

func (d *duration) UnmarshalJSON(text []byte) error {
	var word string
	if err := json.Unmarshal(text, &word); err != nil {
		return err
	}
	value, err := time.ParseDuration(word)
	*d = duration(value)
	return err
}

func readRelease() (release, error) {
	var r release
	text, err := os.ReadFile("/release.json")
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("/release.json: %w", err)
	}
	if r.Reports == "" {
		r.Reports = r.Version
	}
	return r, nil
}
