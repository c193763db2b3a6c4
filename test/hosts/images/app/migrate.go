package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"
)

const schemaTable = `CREATE TABLE IF NOT EXISTS schema_migrations (
  number serial PRIMARY KEY, name text UNIQUE NOT NULL, applied timestamptz NOT NULL DEFAULT now())`

// The table is missing before the first migration.
const undefinedTable = pq.ErrorCode("42P01")

// migrate applies the missing migrations, each in its own transaction, so that a failure keeps the earlier ones.
func migrate() error {
	r, err := readRelease()
	if err != nil {
		return err
	}
	ctx := context.Background()
	connection, err := newDatabase().pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer connection.Close()
	if _, err := connection.ExecContext(ctx, "SELECT pg_advisory_lock(20260101)"); err != nil {
		return err
	}
	if _, err := connection.ExecContext(ctx, schemaTable); err != nil {
		return err
	}
	for _, step := range r.Migrations {
		if err := apply(ctx, connection, step); err != nil {
			return fmt.Errorf("migration %s: %w", step.Name, err)
		}
	}
	return nil
}

func apply(ctx context.Context, connection *sql.Conn, step migration) error {
	transaction, err := connection.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer transaction.Rollback()
	insert := "INSERT INTO schema_migrations (name) VALUES ($1) ON CONFLICT DO NOTHING"
	result, err := transaction.ExecContext(ctx, insert, step.Name)
	if err != nil {
		return err
	}
	if added, err := result.RowsAffected(); err != nil || added == 0 {
		return err
	}
	if _, err := transaction.ExecContext(ctx, step.SQL); err != nil {
		return err
	}
	if err := transaction.Commit(); err != nil {
		return err
	}
	fmt.Println("applied", step.Name)
	return nil
}

func head() error {
	r, err := readRelease()
	if err != nil || len(r.Migrations) == 0 {
		return err
	}
	fmt.Println(r.Migrations[len(r.Migrations)-1].Name)
	return nil
}

func current() error {
	var name string
	query := "SELECT name FROM schema_migrations ORDER BY number DESC LIMIT 1"
	err := newDatabase().pool.QueryRow(query).Scan(&name)
	var problem *pq.Error
	if errors.Is(err, sql.ErrNoRows) || (errors.As(err, &problem) && problem.Code == undefinedTable) {
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Println(name)
	return nil
}
