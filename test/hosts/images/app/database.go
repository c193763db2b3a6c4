package main

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"time"

	"github.com/lib/pq"
)

// database connects on first use, so that a service without a database works too.
type database struct{ pool *sql.DB }

// newDatabase uses DATABASE_URL or PG*; the defaults of PG* are the postgres image's variables, also as files.
func newDatabase() *database {
	// The driver's own default requires TLS, which a database in another container rarely offers.
	setDefault("PGSSLMODE", "disable")
	setDefault("PGHOST", "postgres")
	setDefault("PGUSER", valueOrFile("POSTGRES_USER"))
	setDefault("PGPASSWORD", valueOrFile("POSTGRES_PASSWORD"))
	setDefault("PGDATABASE", valueOrFile("POSTGRES_DB"))
	setDefault("PGCONNECT_TIMEOUT", "5")
	pool, err := sql.Open("postgres", valueOrFile("DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	pool.SetMaxOpenConns(5)
	return &database{pool: pool}
}

func (d *database) rows(ctx context.Context, table string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	var count int
	err := d.pool.QueryRowContext(ctx, "SELECT count(*) FROM "+pq.QuoteIdentifier(table)).Scan(&count)
	return count, err
}

func setDefault(name, value string) {
	if os.Getenv(name) == "" && value != "" {
		os.Setenv(name, value)
	}
}

func valueOrFile(name string) string {
	path := os.Getenv(name + "_FILE")
	if path == "" {
		return os.Getenv(name)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return strings.TrimRight(string(text), "\n")
}
