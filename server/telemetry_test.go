package server

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// collector is an OTLP collector that keeps what it was sent.
type collector struct {
	mu   sync.Mutex
	sent map[string]string // by path
}

func (c *collector) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent[r.URL.Path] += string(body)
}

// TestExport sends spans and metrics to a collector, and only to one that is named.
func TestExport(t *testing.T) {
	c := &collector{sent: make(map[string]string)}
	listening := httptest.NewServer(c)
	defer listening.Close()
	for _, named := range []bool{false, true} {
		endpoint := ""
		if named {
			endpoint = listening.URL
		}
		t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
		t.Setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
		telemetry, err := StartTelemetry(t.Context(), "1.2.3")
		must(t, err)
		h := newHouse(t, simple, func(c *Config) { c.Telemetry = telemetry })
		h.do("GET", "/webhdfs/v1/?op=LISTSTATUS&user.name=ada&delegation=canary", "",
			header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")).want(t, 200, "")
		h.do("GET", "/metrics", "").want(t, 200, `op="LISTSTATUS"`)
		h.stop()
		must(t, telemetry.Shutdown(t.Context()))
		c.mu.Lock()
		if got := len(c.sent); got != map[bool]int{false: 0, true: 2}[named] {
			t.Errorf("named %v: %d sorts of telemetry were sent", named, got)
		}
		c.mu.Unlock()
	}
	spans, metrics := c.sent["/v1/traces"], c.sent["/v1/metrics"]
	trace := "\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c"
	for what, want := range map[string]string{"name": "LISTSTATUS", "service": "granary", "version": "1.2.3", "trace": trace} {
		if !strings.Contains(spans, want) {
			t.Errorf("the spans have no %s %q", what, want)
		}
	}
	if !strings.Contains(metrics, "http.server.request.duration") {
		t.Error("the metrics have no durations")
	}
	if strings.Contains(spans+metrics, "canary") {
		t.Error("a token was exported")
	}
}
