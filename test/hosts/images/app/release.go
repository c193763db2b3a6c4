package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// release is what the build put into /release.json: who this release is, and how it misbehaves.
type release struct {
	Version string `json:"version"`
	// What it says it is, if not its version: a build that went wrong.
	Reports     string      `json:"reports"`
	BootDelay   duration    `json:"bootDelay"`
	Latency     duration    `json:"latency"`
	CrashAtBoot bool        `json:"crashAtBoot"`
	CrashAfter  duration    `json:"crashAfter"`
	MemoryMiB   int         `json:"memoryMiB"`
	Unhealthy   bool        `json:"unhealthy"`
	FlapEvery   duration    `json:"flapEvery"`
	Drain       duration    `json:"drain"`
	IgnoreTerm  bool        `json:"ignoreTerm"`
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
