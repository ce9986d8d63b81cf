package s3test

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Fault is what befalls a request on its way to a server.
type Fault func(w http.ResponseWriter, r *http.Request, forward http.Handler)

// LoseAnswer lets the server serve the request, and hangs up instead of answering.
func LoseAnswer() Fault {
	return func(_ http.ResponseWriter, r *http.Request, forward http.Handler) {
		forward.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
}

// Answer answers in place of the server.
func Answer(status int, code string) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>so says the test</Message></Error>", code)
	}
}

// CutBody hangs up after n bytes of the body of the answer.
func CutBody(n int) Fault {
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		forward.ServeHTTP(&cutter{w, n}, r)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// Stall sends n bytes of the body of the answer, and then nothing until the client hangs up.
func Stall(n int) Fault {
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		forward.ServeHTTP(&cutter{w, n}, r)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
}

// AnswerInPart answers with the beginning of what the server would say, and then nothing until the client hangs up.
func AnswerInPart(status int) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
}

// WithoutHeader takes a header from the request.
func WithoutHeader(name string) Fault {
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		r.Header.Del(name)
		forward.ServeHTTP(w, r)
	}
}

// DamageBody changes the first byte of the body of the request.
func DamageBody() Fault {
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		body, err := io.ReadAll(r.Body)
		if err == nil && len(body) > 0 {
			body[0]++
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		forward.ServeHTTP(w, r)
	}
}

// cutter is a ResponseWriter that drops everything behind the first left bytes.
type cutter struct {
	http.ResponseWriter
	left int
}

func (c *cutter) Write(p []byte) (int, error) {
	n := min(len(p), c.left)
	c.left -= n
	if _, err := c.ResponseWriter.Write(p[:n]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Proxy passes requests on to a server, or lets something befall them.
type Proxy struct {
	Endpoint string

	mu    sync.Mutex
	rules []*rule
	seen  []string // requests that befell something
}

// rule is for the next requests with a method whose URL contains a text.
type rule struct {
	method, in string
	times      int
	fault      Fault
}

// NewProxy starts a proxy before s, for the test.
func NewProxy(t *testing.T, s *Server) *Proxy {
	t.Helper()
	p, server := newProxy(t, s)
	server.Start()
	p.Endpoint = server.URL
	return p
}

// NewTLSProxy is NewProxy with TLS between the client and the proxy. Stores that are opened then trust its certificate.
func NewTLSProxy(t *testing.T, s *Server) *Proxy {
	t.Helper()
	p, server := newProxy(t, s)
	server.StartTLS()
	p.Endpoint = server.URL
	file := filepath.Join(t.TempDir(), "certificate.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", file)
	return p
}

// newProxy returns a proxy and its server, which is not started yet.
func newProxy(t *testing.T, s *Server) (*Proxy, *httptest.Server) {
	t.Helper()
	to, err := url.Parse(s.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}}
	p := &Proxy{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fault := p.befalls(r); fault != nil {
			fault(w, r, forward)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(server.CloseClientConnections)
	return p, server
}

// URL is [Server.URL] by way of the proxy.
func (p *Proxy) URL(prefix string) string {
	return "s3://" + Bucket + "/" + prefix + "?endpoint=" + p.Endpoint
}

// Befall lets fault befall the next requests, so many times, that have a method and a text in their URL.
func (p *Proxy) Befall(method, in string, times int, fault Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rules = append(p.rules, &rule{method, in, times, fault})
}

// Befallen returns how many requests something befell since the last call, and ends what was still to come.
func (p *Proxy) Befallen() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.seen)
	p.seen, p.rules = nil, nil
	return n
}

func (p *Proxy) befalls(r *http.Request) Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, rule := range p.rules {
		if rule.times > 0 && rule.method == r.Method && strings.Contains(r.URL.String(), rule.in) {
			rule.times--
			p.seen = append(p.seen, r.URL.String())
			return rule.fault
		}
	}
	return nil
}

// Then is fault, followed by a call of do before the client learns of it.
func Then(fault Fault, do func()) Fault {
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		defer do()
		fault(w, r, forward)
	}
}
