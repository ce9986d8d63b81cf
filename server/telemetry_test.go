package server

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel"
)

// collector is an OTLP collector that keeps what it receives.
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

// What cannot be a collector is refused at the start. The refusal quotes no variable, since it may hold a password.
func TestCollectorThatCannotBe(t *testing.T) {
	for name, value := range map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT":         "ht tp://user:geheim@x y",
		"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "user:geheim@collector:4318",
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT":  "grpc://user:geheim@collector:4317",
		"OTEL_EXPORTER_OTLP_PROTOCOL":         "grpc",
		"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL":  "http/json",
	} {
		t.Run(name, func(t *testing.T) {
			if strings.HasSuffix(name, "PROTOCOL") {
				t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
			}
			t.Setenv(name, value)
			_, err := StartTelemetry(t.Context(), "1.2.3", slog.New(slog.DiscardHandler))
			if err == nil || !strings.HasPrefix(err.Error(), name) || strings.Contains(err.Error(), "geheim") {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		})
	}
}

// Some of OpenTelemetry's variables turn off what others turn on.
func TestExportTurnedOff(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
	for _, c := range []struct {
		name, value     string
		traces, metrics bool
	}{
		{"OTEL_SDK_DISABLED", "TRUE", false, false},
		{"OTEL_SDK_DISABLED", "false", true, true},
		{"OTEL_TRACES_EXPORTER", "none", false, true},
		{"OTEL_METRICS_EXPORTER", "none", true, false},
		{"OTEL_METRICS_EXPORTER", "prometheus,otlp", true, true},
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			t.Setenv(c.name, c.value)
			for signal, want := range map[string]bool{"TRACES": c.traces, "METRICS": c.metrics} {
				if got, err := exported(signal); err != nil || got != want {
					t.Errorf("%s go: %v, %v", signal, got, err)
				}
			}
		})
	}
}

// A failed export is logged in the log's format, without what OpenTelemetry quotes of its variables.
func TestCollectorThatIsAway(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:geheim@127.0.0.1:9")
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "geheim")
	var told strings.Builder
	telemetry, err := StartTelemetry(t.Context(), "1.2.3", slog.New(slog.NewJSONHandler(&told, nil)))
	must(t, err)
	t.Cleanup(func() { tellTo(slog.New(slog.DiscardHandler)) })
	_, span := telemetry.tracer.Start(t.Context(), "lost")
	span.End()
	if err := telemetry.Shutdown(t.Context()); err == nil {
		t.Error("nobody says that nothing gets through")
	}
	if !strings.Contains(told.String(), `"msg":"telemetry: parse headers"`) || strings.Contains(told.String(), "geheim") {
		t.Errorf("the log: %s", told.String())
	}
}

// A collector that stays unreachable does not fill the log.
func TestCollectorThatStaysAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told strings.Builder
		tellTo(slog.New(slog.NewJSONHandler(&told, nil)))
		t.Cleanup(func() { tellTo(slog.New(slog.DiscardHandler)) })
		tries := time.NewTicker(5 * time.Second)
		defer tries.Stop()
		for range 120 { // ten minutes
			otel.Handle(errors.New("nobody is there"))
			<-tries.C
		}
		if lines := strings.Count(told.String(), "nobody is there"); lines < 10 || lines > 15 {
			t.Errorf("%d lines in ten minutes: %s", lines, told.String())
		}
	})
}

// TestExport sends spans and metrics to a collector, but only if one is configured.
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
		telemetry, err := StartTelemetry(t.Context(), "1.2.3", slog.New(slog.DiscardHandler))
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
