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

// exported reports whether a signal, TRACES or METRICS, is to be sent to a collector: the environment must name one, and must not
// turn the signal off. It fails if the collector's protocol or address is not usable, without quoting the address, which may hold
// a password.
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

// firstSet returns the first environment variable that is set and not empty, which is how OpenTelemetry reads them.
func firstSet(names ...string) (name, value string) {
	for _, name := range names {
		if value := os.Getenv(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

// tellTo sends OpenTelemetry's errors to log instead of standard error. A collector that stays away is tried every few seconds, but
// after the first five failures it is logged only once a minute.
func tellTo(log *slog.Logger) {
	some := rate.Sometimes{First: 5, Interval: time.Minute}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		some.Do(func() { log.Warn("telemetry does not get through", "error", err) })
	}))
	otel.SetLogger(logr.FromSlogHandler(messages{log.Handler()}))
}

// messages keeps the message of a record and drops its attributes: OpenTelemetry puts addresses and headers that it cannot parse
// into them, and these may hold passwords.
type messages struct{ slog.Handler }

func (m messages) Handle(ctx context.Context, r slog.Record) error {
	return m.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, "telemetry: "+r.Message, r.PC))
}

func (m messages) WithAttrs([]slog.Attr) slog.Handler { return m }

func (m messages) WithGroup(string) slog.Handler { return m }
