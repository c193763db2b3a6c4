package main

import (
	"crypto/rand"
	"os"
	"path/filepath"
)

// cluster is the data of a Postgres as far as others look at it: its major, and the number that no other cluster has.
type cluster struct {
	Folder string `json:"folder"`
	Major  string `json:"major"`
}

// create makes the files of the cluster, unless they are there.
func (c cluster) create() error {
	version := filepath.Join(c.Folder, "PG_VERSION")
	if _, err := os.Stat(version); err == nil {
		return nil
	}
	number := make([]byte, 8)
	if _, err := rand.Read(number); err != nil {
		return err
	}
	global := filepath.Join(c.Folder, "global")
	if err := os.MkdirAll(global, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(global, "pg_control"), number, 0o600); err != nil {
		return err
	}
	return os.WriteFile(version, []byte(c.Major+"\n"), 0o600)
}
