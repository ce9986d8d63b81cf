package main

import (
	"io"
	"net/http"
	"path/filepath"
	"regexp"
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

// Both pools of connections are in the metrics: a server waits for either.
func TestPoolsAreMeasured(t *testing.T) {
	_, _, err := newInstalled(t).serve(t, func(url string) {
		answer, err := http.Get(url + "/metrics")
		if err != nil {
			t.Error(err)
			return
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Error(err)
		}
		for _, want := range []string{
			`(?m)^pgxpool_max_connections\{.*pool_name="requests".*\} 32$`, `(?m)^pgxpool_max_connections\{.*pool_name="lookups".*\} 20$`,
		} {
			if !regexp.MustCompile(want).Match(text) {
				t.Errorf("%s is not in the metrics: %s", want, text)
			}
		}
	})
	if err != nil {
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

// Whoever puts the database's password where ps shows it is told; where it is said otherwise, nobody is.
func TestPasswordOnTheCommandLine(t *testing.T) {
	const with, without, list = "postgres://granary:geheim@db/granary", "postgres://granary@db/granary?passfile=/p", "host=db password=geheim"
	file := settingsFile(t, `{"database": "`+with+`"}`)
	for _, c := range []struct {
		line     []string
		variable string
		exposed  bool
	}{
		{[]string{"--database", with}, "", true},
		{[]string{"--database", list}, "", true},
		{[]string{"--database", without}, with, false},
		{nil, with, false},
		{[]string{"--config", file}, "", false},
	} {
		t.Setenv("GRANARY_DATABASE", c.variable)
		var all commands
		parser, err := newParser(&all)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(append([]string{"serve"}, c.line...)); err != nil {
			t.Fatal(err)
		}
		if all.Serve.exposed != c.exposed {
			t.Errorf("%q with GRANARY_DATABASE=%s: exposed is %v", c.line, c.variable, all.Serve.exposed)
		}
	}

	i := newInstalled(t)
	i.database += "&password=geheim"
	if !strings.Contains(i.database, "?") {
		t.Fatalf("%s has no parameters", i.database)
	}
	_, log, err := i.serve(t, func(string) {})
	if err != nil || !strings.Contains(log, "stands on the command line") || strings.Contains(log, "geheim") {
		t.Errorf("the log: %s, %v", log, err)
	}
}
