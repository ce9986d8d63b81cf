package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"granary/auth"
	"granary/blocks/mem"
	"granary/blocks/seal"
	"granary/namespace"
	"granary/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// house is a server on a socket, over a database of its own.
type house struct {
	t    testing.TB
	url  string
	auth *auth.Authority
	fs   *namespace.FS
	log  *syncBuffer
	stop func() // ends Serve and waits for it
	// handler is what is served, for requests without a socket.
	handler http.Handler

	options []func(*Config)
	// authority and names open authorities and file systems over the house's database, any number of them.
	authority    func(change func(*auth.Config)) *auth.Authority
	tryAuthority func(change func(*auth.Config)) (*auth.Authority, error)
	names        func(*auth.Authority, ...func(*namespace.Config)) *namespace.FS
	exec         func(sql string) // in the house's database

	simple     bool
	identities auth.IdentityRules
}

// syncBuffer is a log that the server writes while the test reads it.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// simple makes the server believe names; otherwise tokens are required.
func simple(c *Config) { c.Simple = true }

// newHouse starts a server whose superuser is root and whose users are ada, in group staff, and bob.
func newHouse(t testing.TB, options ...func(*Config)) *house {
	t.Helper()
	root, err := seal.LoadRoot(filepath.Join(t.TempDir(), "root.key"), true)
	must(t, err)
	h := &house{t: t, options: options}
	db, store := pgtest.New(t), mem.New()
	h.exec = func(sql string) {
		t.Helper()
		_, err := db.Exec(t.Context(), sql)
		must(t, err)
	}
	h.tryAuthority = func(change func(*auth.Config)) (*auth.Authority, error) {
		c := auth.Config{DB: db, Issuer: "test", Seal: root.WrapSecret, Unseal: root.UnwrapSecret, Superuser: "root", Simple: h.simple}
		change(&c)
		return auth.Open(t.Context(), c)
	}
	h.authority = func(change func(*auth.Config)) *auth.Authority {
		authority, err := h.tryAuthority(change)
		must(t, err)
		return authority
	}
	h.names = func(authority *auth.Authority, change ...func(*namespace.Config)) *namespace.FS {
		c := namespace.Config{
			DB: db, Store: store, Root: root, Refresh: authority.Refresh, Superuser: "root", Trash: 24 * time.Hour,
			Now: func() time.Time { return time.UnixMilli(1_700_000_000_000) },
		}
		for _, f := range change {
			f(&c)
		}
		fs, err := namespace.Open(t.Context(), c)
		must(t, err)
		t.Cleanup(func() { must(t, fs.Close()) })
		return fs
	}
	h.open(0)
	for _, u := range []auth.User{{Name: "ada", Groups: []string{"staff"}}, {Name: "bob"}, {Name: "root"}} {
		must(t, h.auth.AddUser(t.Context(), u))
	}
	return h
}

// nextDoor starts another server over h's database and store, which caches users' rows as the command line has it.
func (h *house) nextDoor() *house {
	h.t.Helper()
	next := &house{t: h.t, options: h.options, exec: h.exec, authority: h.authority, tryAuthority: h.tryAuthority, names: h.names, identities: h.identities}
	next.open(time.Minute)
	return next
}

// open starts the server of h, which caches users' rows for recall.
func (h *house) open(recall time.Duration) {
	t, ctx := h.t, h.t.Context()
	t.Helper()
	h.log = new(syncBuffer)
	c := Config{Log: slog.New(slog.NewJSONHandler(h.log, nil))}
	for _, o := range h.options {
		o(&c)
	}
	h.simple = c.Simple
	h.auth = h.authority(func(c *auth.Config) { c.Recall, c.Identities = recall, h.identities })
	h.fs = h.names(h.auth)
	c.FS, c.Auth = h.fs, h.auth
	c.Space = func(context.Context) (Space, error) {
		return Space{Capacity: 1_000_000, Used: 400_000, Remaining: 600_000}, nil
	}
	s, err := New(c)
	must(t, err)
	h.handler = s
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	h.url = "http://" + l.Addr().String()
	serving, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(serving, l) }()
	h.stop = sync.OnceFunc(func() {
		cancel()
		must(t, <-ended)
	})
	t.Cleanup(h.stop)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// token issues a token for user.
func (h *house) token(user string) string {
	h.t.Helper()
	token, err := h.auth.Issue(h.t.Context(), auth.TokenRequest{User: user})
	must(h.t, err)
	return token
}

// as returns an option that makes a request user's.
func (h *house) as(user string) func(*http.Request) {
	if !h.simple {
		return bearer(h.token(user))
	}
	return func(r *http.Request) {
		if r.URL.RawQuery != "" {
			r.URL.RawQuery += "&"
		}
		r.URL.RawQuery += "user.name=" + user
	}
}

// answer is an answer whose body was read.
type answer struct {
	*http.Response
	body string
}

// client does not follow redirects, so that tests see them.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// do sends one request to the server; target is a path with its query, or a whole address. Options change the request.
func (h *house) do(method, target, body string, options ...func(*http.Request)) answer {
	h.t.Helper()
	if strings.HasPrefix(target, "/") {
		target = h.url + target
	}
	var from io.Reader
	if body != "" {
		from = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, target, from)
	must(h.t, err)
	for _, o := range options {
		o(r)
	}
	resp, err := client.Do(r)
	must(h.t, err)
	return read(h.t, resp)
}

// read reads the body of an answer.
func read(t testing.TB, resp *http.Response) answer {
	t.Helper()
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(t, err)
	return answer{resp, string(text)}
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func bearer(token string) func(*http.Request) { return header("Authorization", "Bearer "+token) }

// want checks the status and the body of an answer; body may be a part of it.
func (a answer) want(t testing.TB, status int, body string) {
	t.Helper()
	if a.StatusCode != status || !strings.Contains(a.body, body) {
		t.Fatalf("%s %s: %d %s; want %d %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, a.body, status, body)
	}
}

// exception is the content of a RemoteException.
type exception struct{ Exception, JavaClassName, Message string }

// remote returns the RemoteException of an answer.
func (a answer) remote(t testing.TB) exception {
	t.Helper()
	var body struct{ RemoteException exception }
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || body.RemoteException.Exception == "" {
		t.Fatalf("%d %q is no RemoteException: %v", a.StatusCode, a.body, err)
	}
	return body.RemoteException
}

// furnish makes the files that the examples of the table use.
func (h *house) furnish() {
	h.t.Helper()
	h.do("PUT", "/webhdfs/v1/example?op=MKDIRS", "", h.as("root")).want(h.t, 200, `{"boolean":true}`)
	h.do("PUT", "/webhdfs/v1/example?op=SETOWNER&owner=ada&group=staff", "", h.as("root")).want(h.t, 200, "")
	h.do("PUT", "/webhdfs/v1/example/hello.txt?op=CREATE", "Hello, world!", h.as("ada")).want(h.t, 201, "")
	h.do("PUT", "/webhdfs/v1/example/hello.txt?op=SETXATTR&xattr.name=user.origin&xattr.value=web&flag=CREATE", "", h.as("ada")).want(h.t, 200, "")
	h.do("PUT", "/webhdfs/v1/user/ada/parts/1.csv?op=CREATE&overwrite=true", "a,b\n", h.as("ada")).want(h.t, 201, "")
	h.do("PUT", "/webhdfs/v1/user/ada/next/1.csv?op=CREATE&overwrite=true", "c,d\n", h.as("ada")).want(h.t, 201, "")
	h.do("PUT", "/webhdfs/v1/user/ada/parts/2.csv?op=CREATE&overwrite=true", "1,2\n", h.as("ada")).want(h.t, 201, "")
}
