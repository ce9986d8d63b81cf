package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
)

func TestPoolSize(t *testing.T) {
	for query, want := range map[string]int32{"": poolSize, "?pool_max_conns=8": 8, "?pool_max_conns=64": 64} {
		config, err := poolConfig("postgres://granary@db.example.org/granary" + query)
		if err != nil || config.MaxConns != want {
			t.Errorf("%s: %v, %v; want %d connections", query, config, err, want)
		}
	}
	if _, err := poolConfig("postgres://granary@db.example.org/granary?pool_max_conns=3"); err == nil || !strings.Contains(err.Error(), "pool_max_conns=3: want 4 or more") {
		t.Error(err)
	}
}

// What is wrong with the URL of a database is said, and its password is not.
func TestWrongDatabase(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.pem")
	for url, want := range map[string]string{
		"postgres://granary:geheim@db/granary?sslmode=verify-full&sslrootcert=" + missing: missing,
		"postgres://granary:geheim@db/granary?sslmode=sure":                               "sslmode is invalid",
		"postgres://granary:geheim@db/granary?connect_timeout=soon":                       "connect_timeout",
		"postgres://granary:geheim@db/granary?target_session_attrs=geheimlich":            "target_session_attrs",
		"postgres://granary:geheim%zz@db/granary":                                         "not a PostgreSQL URL such as",
		"postgres://granary:%zz`: geheim@db/granary":                                      "not a PostgreSQL URL such as",
		"postgres://granary:geheim/?@db/granary":                                          "--database: ",
		"host=db password=geheim sslmode=sure":                                            "sslmode is invalid",
		"password='geheim":                                                                "not a PostgreSQL URL such as",
		"geheim":                                                                          "not a PostgreSQL URL such as",
	} {
		err := run(t.Context(), []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--database", url}, strings.NewReader(""), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(strings.ReplaceAll(err.Error(), "geheimlich", ""), "geheim") {
			t.Errorf("%s: %v; want %s", url, err, want)
		}
	}
}
