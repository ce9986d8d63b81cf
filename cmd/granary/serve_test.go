package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"granary/postgres/pgtest"
)

// commandVariable makes the test binary the program, so that tests can send it signals.
const commandVariable = "GRANARY_TEST_COMMAND"

func TestMain(m *testing.M) {
	if _, is := os.LookupEnv(commandVariable); is {
		main()
		os.Exit(0)
	}
	if err := forgetSettings(); err != nil {
		panic(err)
	}
	pgtest.Main(m)
}

// forgetSettings takes out of the environment what the service is set to on this machine.
func forgetSettings() error {
	parser, err := kong.New(&commands{}, kong.DefaultEnvars("GRANARY"))
	if err != nil {
		return err
	}
	return kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) (err error) {
		if flag, ok := node.(*kong.Flag); ok {
			for _, name := range flag.Envs {
				err = errors.Join(err, os.Unsetenv(name))
			}
		}
		return next(err)
	})
}

// installed is an installation of one test.
type installed struct {
	database string
	data     string
}

func newInstalled(t *testing.T) installed {
	t.Helper()
	return installed{database: pgtest.EmptyURL(t), data: filepath.Join(t.TempDir(), "data")}
}

// granary runs a command on the installation and returns what it prints.
func (i installed) granary(t *testing.T, args ...string) (string, error) {
	t.Helper()
	return i.granaryTelling(t, io.Discard, args...)
}

// granaryTelling is granary with what is told on the side.
func (i installed) granaryTelling(t *testing.T, side io.Writer, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := run(t.Context(), append(args, "--data", i.data, "--database", i.database), strings.NewReader(""), &out, side)
	return out.String(), err
}

// serve serves the installation while f runs, and returns what it printed before, what it logged, and how it ended.
func (i installed) serve(t *testing.T, f func(url string), flags ...string) (printed, logged string, err error) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var log bytes.Buffer // looked at when nobody writes any more
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", i.data, "--database", i.database}, flags...), strings.NewReader(""), in, &log)
		in.Close()
		ended <- err
	}()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if url, ok := strings.CutPrefix(lines.Text(), "granary: serving "); ok {
			f(url)
			stop()
		}
		printed += lines.Text() + "\n"
	}
	err = <-ended
	return printed, log.String(), err
}

// A service ends well whose collector is away, and says so in its log, which stays lines of JSON.
func TestServeWithoutItsCollector(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
	_, log, err := newInstalled(t).serve(t, func(url string) {
		answer, err := http.Get(url + "/webhdfs/v1/?op=LISTSTATUS")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	})
	if err != nil {
		t.Error(err)
	}
	told := false
	for line := range strings.Lines(log) {
		var entry struct{ Level, Msg string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		told = told || entry.Level == "WARN" && entry.Msg == "the last telemetry did not get through"
	}
	if !told {
		t.Errorf("the log: %s", log)
	}
}

// stopping is an output that ends what prints to it.
type stopping context.CancelFunc

func (s stopping) Write(text []byte) (int, error) {
	s()
	return len(text), nil
}

// The address that is printed is one at which browsers on this machine can sign in.
func TestReachable(t *testing.T) {
	for listened, want := range map[string]string{
		"127.0.0.1:9870":  "127.0.0.1:9870",
		"[::1]:9870":      "[::1]:9870",
		"192.0.2.1:9870":  "192.0.2.1:9870",
		"0.0.0.0:9870":    "localhost:9870",
		"[::]:9870":       "localhost:9870",
		"[fe80::1%lo]:80": "[fe80::1%lo]:80",
	} {
		if got := reachable(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(listened))); got != want {
			t.Errorf("who listens on %s is reached at %s, want %s", listened, got, want)
		}
	}
}

// What cannot be is refused before a database, a key or a folder is made for it.
func TestServeMakesNothingForWhatCannotBe(t *testing.T) {
	for want, flags := range map[string][]string{
		"--limit-…: NaN":                       {"--limit-reads", "NaN"},
		"--limit-…: 0":                         {"--limit-all", "0"},
		"--limit-…: +Inf is more than":         {"--limit-writes", "Inf"},
		"--limit-…: 1e+300 is more than":       {"--limit-costly", "1e300"},
		`--min-block-size: size "8589934592G`:  {"--min-block-size", "8589934592GiB"},
		`--superuser: user name "a/b" may not`: {"--superuser", "a/b"},
		"--superuser: user name of 100 bytes":  {"--superuser", strings.Repeat("x", 99) + "/"},
		"--oidc-issuer":                        {"--oidc-new-users", "create"},
		"--public-url: public URL":             {"--public-url", "granary.example.org"},
		"--listen is empty: want":              {"--listen", ""},
	} {
		data := filepath.Join(t.TempDir(), "data")
		ctx, stop := context.WithCancel(t.Context())
		err := run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", data}, flags...), strings.NewReader(""), stopping(stop), io.Discard)
		stop()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %s", flags, err, want)
		}
		if _, err := os.Lstat(data); !os.IsNotExist(err) {
			t.Errorf("%q: a folder was made: %v", flags, err)
		}
	}
}
