package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"golang.org/x/time/rate"
)

// exported reports whether a signal, TRACES or METRICS, goes to a collector. It fails if the environment names one that cannot be reached as it
// says; what it says may hold a password. What OpenTelemetry's variables turn off does not go.
func exported(signal string) (bool, error) {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") {
		return false, nil
	}
	if exporters := os.Getenv("OTEL_" + signal + "_EXPORTER"); exporters != "" && !slices.Contains(strings.Split(exporters, ","), "otlp") {
		return false, nil
	}
	name, endpoint := firstSet("OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
	if endpoint == "" {
		return false, nil
	}
	if says, protocol := firstSet("OTEL_EXPORTER_OTLP_"+signal+"_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"); protocol != "" && protocol != "http/protobuf" {
		return false, fmt.Errorf("%s=%s: only http/protobuf is spoken here, which collectors take at port 4318", says, printable(protocol))
	}
	if u, err := url.Parse(endpoint); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return false, fmt.Errorf("%s: want the address of a collector, such as http://127.0.0.1:4318", name)
	}
	return true, nil
}

// firstSet returns the first of some variables of the environment that is set and not empty, as OpenTelemetry looks at them.
func firstSet(names ...string) (name, value string) {
	for _, name := range names {
		if value := os.Getenv(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

// tellTo has OpenTelemetry tell the log of what goes wrong, in its form. It would go to standard error otherwise. Of a collector that stays away, which is
// tried every few seconds, the log is told once a minute.
func tellTo(log *slog.Logger) {
	some := rate.Sometimes{First: 5, Interval: time.Minute}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		some.Do(func() { log.Warn("telemetry does not get through", "error", err) })
	}))
	otel.SetLogger(logr.FromSlogHandler(messages{log.Handler()}))
}

// messages keeps what a record says and leaves its values out: OpenTelemetry quotes addresses and headers that it cannot read, and in these are passwords.
type messages struct{ slog.Handler }

func (m messages) Handle(ctx context.Context, r slog.Record) error {
	return m.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, "telemetry: "+r.Message, r.PC))
}

func (m messages) WithAttrs([]slog.Attr) slog.Handler { return m }

func (m messages) WithGroup(string) slog.Handler { return m }
