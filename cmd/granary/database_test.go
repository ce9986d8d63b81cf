package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A database that takes no changes for a while, as one that others manage does when its disk is full, is away for who writes: that is worth trying again.
// Readers are served, and whoever asks whether the server is ready hears of it.
func TestDatabaseThatTakesNoChanges(t *testing.T) {
	i := newInstalled(t)
	admin, err := pgx.Connect(t.Context(), i.database)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(t.Context())
	turn := func(how string) {
		t.Helper()
		for _, sql := range []string{
			`ALTER DATABASE ` + pgx.Identifier{admin.Config().Database}.Sanitize() + ` SET default_transaction_read_only = ` + how, // from the next connection on
			`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
		} {
			if _, err := admin.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
	}
	i.asAda(t, func(files string) {
		get := func(url string) string {
			answer, err := http.Get(url)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(answer.StatusCode, " ", string(text))
		}
		ready := strings.TrimSuffix(files, "/webhdfs/v1") + "/readyz"
		// Connections that were broken off are found to be one after the other.
		eventually := func(what string, ask func() string, want string) {
			t.Helper()
			got := ""
			for range 200 {
				if got = ask(); strings.Contains(got, want) {
					return
				}
			}
			t.Errorf("%s: %s; want %s", what, got, want)
		}
		write := func() string { return ask(t, "PUT", files+"/file?op=CREATE&overwrite=true", []byte("content")) + "." }
		read := func() string { return ask(t, "GET", files+"/file?op=OPEN", nil) }
		if got := write() + get(ready); !strings.HasPrefix(got, ".200 ") {
			t.Fatal(got)
		}
		turn("on")
		eventually("who reads", read, "content")
		eventually("who asks whether it is ready", func() string { return get(ready) }, `503 {"blocks":"ok","database":"failed"}`)
		for range 20 {
			if got := write(); !strings.Contains(got, "RetriableException") {
				t.Fatalf("who writes is told %s", got)
			}
		}
		eventually("who reads still", read, "content")
		turn("off")
		eventually("who asks afterwards", func() string { return get(ready) }, "200 ")
		for range 200 {
			if got := write(); got == "." {
				return
			}
		}
		t.Error("nobody can write afterwards")
	})
}

// Names are kept as they are, whatever encoding the role or the database has for its clients.
func TestNamesInOtherEncodings(t *testing.T) {
	i := newInstalled(t)
	admin, err := pgx.Connect(t.Context(), i.database)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(t.Context())
	if _, err := admin.Exec(t.Context(), `ALTER DATABASE `+pgx.Identifier{admin.Config().Database}.Sanitize()+` SET client_encoding = 'LATIN1'`); err != nil {
		t.Fatal(err)
	}
	i.asAda(t, func(files string) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, files+"/gr%C3%B6%C3%9Fe?op=MKDIRS&user.name=ada", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		var kept bool
		if err := admin.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM inodes WHERE name = $1)`, "größe").Scan(&kept); err != nil || !kept {
			t.Errorf("the directory, which was made with %s, has another name: %v", answer.Status, err)
		}
	})
}

// A password that was changed, and certificates that were renewed, count from the next connection on.
func TestChangedCredentials(t *testing.T) {
	passwords, authorities := filepath.Join(t.TempDir(), "pgpass"), filepath.Join(t.TempDir(), "root.crt")
	change := func(password string) *x509.CertPool {
		t.Helper()
		authority := selfSigned(t, &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true})
		certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.Certificate[0]})
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

// A client certificate that was renewed is shown from the next connection on, and what the server has set for its connections
// stays.
func TestRenewedClientCertificate(t *testing.T) {
	certificate, key := filepath.Join(t.TempDir(), "client.crt"), filepath.Join(t.TempDir(), "client.key")
	renew := func(serial int64) tls.Certificate {
		t.Helper()
		own := selfSigned(t, &x509.Certificate{SerialNumber: big.NewInt(serial)})
		secret, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		for file, block := range map[string]*pem.Block{certificate: {Type: "CERTIFICATE", Bytes: own.Certificate[0]}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
			if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return own
	}
	port, shown := askForCertificate(t, renew(1))
	d := &database{current: fmt.Sprintf("postgres://granary@127.0.0.1:%d/granary?sslmode=require&sslcert=%s&sslkey=%s", port, certificate, key)}
	config, err := poolConfig(d.url())
	if err != nil {
		t.Fatal(err)
	}
	dialled := 0
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled++
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	config.ConnConfig.RuntimeParams["application_name"] = "granary"
	for serial := range int64(3) {
		renew(serial + 2)
		next := config.ConnConfig.Copy()
		if err := d.redirect(t.Context(), next); err != nil {
			t.Fatal(err)
		}
		if name := next.RuntimeParams["application_name"]; name != "granary" {
			t.Errorf("the name of the application is %q, want granary", name)
		}
		if conn, err := pgx.ConnectConfig(t.Context(), next); err == nil {
			conn.Close(t.Context())
			t.Fatal("what only asks for a certificate was taken for PostgreSQL")
		}
		if got := <-shown; got != serial+2 {
			t.Errorf("the certificate shown has the number %d, want %d", got, serial+2)
		}
	}
	if dialled != 3 {
		t.Errorf("%d of 3 connections were made in the way that was set", dialled)
	}
}

// selfSigned makes a key and a certificate of it, which is valid for an hour.
func selfSigned(t *testing.T, template *x509.Certificate) tls.Certificate {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.NotAfter = time.Now().Add(time.Hour)
	text, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{text}, PrivateKey: private}
}

// askForCertificate listens like a PostgreSQL that demands a client certificate, and hangs up after it has seen one. It tells the
// serial number of each, 0 if there was none.
func askForCertificate(t *testing.T, own tls.Certificate) (port int, shown <-chan int64) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	numbers := make(chan int64, 1)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			var request [8]byte // SSLRequest
			_, asked := io.ReadFull(conn, request[:])
			_, agreed := conn.Write([]byte("S"))
			if err := errors.Join(asked, agreed); err != nil {
				conn.Close()
				numbers <- 0
				continue
			}
			secured, number := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{own}, ClientAuth: tls.RequestClientCert}), int64(0)
			if err := secured.HandshakeContext(t.Context()); err == nil && len(secured.ConnectionState().PeerCertificates) > 0 {
				number = secured.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
			}
			secured.Close()
			numbers <- number
		}
	}()
	address := listener.Addr().(*net.TCPAddr) //nolint:forcetypeassert // as listened
	return address.Port, numbers
}
