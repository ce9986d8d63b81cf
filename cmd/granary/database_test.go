package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/postgres/pgtest"
)

// A database that takes no changes for a while, as one that others manage does when its disk is full, is away: readers are served, who writes is told
// to try again, and whoever asks whether the server is ready hears of it.
func TestDatabaseThatTakesNoChanges(t *testing.T) {
	i := installed{database: pgtest.StartFor(t).URL(), data: filepath.Join(t.TempDir(), "data")}
	admin, err := pgx.Connect(t.Context(), i.database)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(t.Context())
	turn := func(how string) {
		t.Helper()
		for _, sql := range []string{`ALTER SYSTEM SET default_transaction_read_only = ` + how, `SELECT pg_reload_conf()`} {
			if _, err := admin.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		for is := ""; is != how; { // the signal is on its way
			if err := admin.QueryRow(t.Context(), `SHOW default_transaction_read_only`).Scan(&is); err != nil {
				t.Fatal(err)
			}
		}
	}
	i.asAda(t, func(files string) {
		ready := func() (int, string) {
			answer, err := http.Get(strings.TrimSuffix(files, "/webhdfs/v1") + "/readyz")
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			return answer.StatusCode, string(text)
		}
		ask(t, "PUT", files+"/file?op=CREATE", []byte("content"))
		if status, text := ready(); status != http.StatusOK {
			t.Fatal(status, text)
		}
		turn("on")
		if got := ask(t, "PUT", files+"/other?op=CREATE", []byte("content")); !strings.Contains(got, "RetriableException") {
			t.Errorf("who writes is told %s", got)
		}
		if got := ask(t, "GET", files+"/file?op=OPEN", nil); got != "content" {
			t.Errorf("who reads is told %s", got)
		}
		if status, text := ready(); status != http.StatusServiceUnavailable || !strings.Contains(text, `"database":"failed"`) {
			t.Errorf("ready: %d %s", status, text)
		}
		turn("off")
		if got := ask(t, "PUT", files+"/other?op=CREATE", []byte("content")); got != "" {
			t.Errorf("who writes afterwards is told %s", got)
		}
		if status, text := ready(); status != http.StatusOK {
			t.Errorf("ready afterwards: %d %s", status, text)
		}
	})
}

// A password that was changed, and certificates that were renewed, count from the next connection on.
func TestChangedCredentials(t *testing.T) {
	passwords, authorities := filepath.Join(t.TempDir(), "pgpass"), filepath.Join(t.TempDir(), "root.crt")
	change := func(password string) *x509.CertPool {
		t.Helper()
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		authority := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
		text, err := x509.CreateCertificate(rand.Reader, authority, authority, public, private)
		if err != nil {
			t.Fatal(err)
		}
		certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: text})
		for file, content := range map[string][]byte{passwords: []byte("db:5432:granary:granary:" + password + "\n"), authorities: certificate} {
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(certificate)
		return pool
	}
	change("first")
	d := &database{current: "postgres://granary@db/granary?sslmode=verify-full&pool_max_conns=9&passfile=" + passwords + "&sslrootcert=" + authorities}
	config, err := poolConfig(d.url())
	if err != nil {
		t.Fatal(err)
	}
	for _, password := range []string{"second", "third"} {
		trusted := change(password)
		if err := d.redirect(t.Context(), config.ConnConfig); err != nil {
			t.Fatal(err)
		}
		if config.ConnConfig.Password != password || !config.ConnConfig.TLSConfig.RootCAs.Equal(trusted) || config.ConnConfig.TLSConfig.ServerName != "db" {
			t.Errorf("the password is %s, and TLS is %+v", config.ConnConfig.Password, config.ConnConfig.TLSConfig)
		}
	}
}
