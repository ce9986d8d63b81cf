package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Telemetry receives the spans and metrics of a process. Metrics are always at /metrics in Prometheus's format. Spans and
// metrics also go to an OTLP collector if OpenTelemetry's variables name one.
type Telemetry struct {
	registry *prometheus.Registry
	tracers  trace.TracerProvider
	meters   *sdkmetric.MeterProvider
	close    []func(context.Context) error

	tracer   trace.Tracer
	traced   bool // spans are exported
	parent   propagation.TraceContext
	duration metric.Float64Histogram
	active   metric.Int64UpDownCounter
	received metric.Int64Counter
	sent     metric.Int64Counter
	labels   labels
}

// StartTelemetry returns the telemetry of a process of this version. With OTEL_EXPORTER_OTLP_ENDPOINT (or its variants for
// traces and metrics) in the environment it also exports, by http/protobuf; see OpenTelemetry's specification for the other
// variables. Failures to export go to log. [Telemetry.Shutdown] sends what is left.
func StartTelemetry(ctx context.Context, version string, log *slog.Logger) (*Telemetry, error) {
	traces, err := exported("TRACES")
	if err != nil {
		return nil, err
	}
	numbers, err := exported("METRICS")
	if err != nil {
		return nil, err
	}
	tellTo(log)
	about := resource.NewSchemaless(
		attribute.String("service.name", "granary"), attribute.String("service.version", version))
	fromEnvironment, err := resource.New(ctx, resource.WithFromEnv(), resource.WithHost())
	if err != nil && !errors.Is(err, resource.ErrPartialResource) {
		return nil, fmt.Errorf("read OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	if about, err = resource.Merge(about, fromEnvironment); err != nil {
		return nil, fmt.Errorf("describe this process to OpenTelemetry: %w", err)
	}
	metrics := []sdkmetric.Option{sdkmetric.WithResource(about)}
	if numbers {
		exporter, err := otlpmetrichttp.New(ctx)
		if err != nil {
			return nil, fmt.Errorf("export metrics by OTLP: %w", err)
		}
		metrics = append(metrics, sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporter)))
	}
	var spans *sdktrace.TracerProvider
	if traces {
		exporter, err := otlptracehttp.New(ctx)
		if err != nil {
			return nil, fmt.Errorf("export traces by OTLP: %w", err)
		}
		spans = sdktrace.NewTracerProvider(sdktrace.WithResource(about), sdktrace.WithBatcher(exporter))
	}
	t, err := newTelemetry(metrics...)
	if err != nil {
		return nil, err
	}
	if spans != nil {
		t.tracers, t.traced = spans, true
		t.tracer = spans.Tracer("granary/server")
		t.close = append(t.close, spans.Shutdown)
	}
	return t, nil
}

// newTelemetry makes the instruments, with Prometheus as one of the readers.
func newTelemetry(options ...sdkmetric.Option) (*Telemetry, error) {
	t := &Telemetry{registry: prometheus.NewRegistry(), tracers: noop.NewTracerProvider()}
	t.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(t.registry))
	if err != nil {
		return nil, fmt.Errorf("show metrics to Prometheus: %w", err)
	}
	t.meters = sdkmetric.NewMeterProvider(append(options, sdkmetric.WithReader(exporter))...)
	t.close = append(t.close, t.meters.Shutdown)
	t.tracer = t.tracers.Tracer("granary/server")
	m := t.meters.Meter("granary/server")
	var failed []error
	keep := func(err error) {
		if err != nil {
			failed = append(failed, err)
		}
	}
	t.duration, err = m.Float64Histogram("http.server.request.duration", metric.WithUnit("s"),
		metric.WithDescription("How long requests took, by operation and status."),
		metric.WithExplicitBucketBoundaries(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60))
	keep(err)
	t.active, err = m.Int64UpDownCounter("http.server.active_requests", metric.WithUnit("{request}"),
		metric.WithDescription("Requests under way."))
	keep(err)
	t.received, err = m.Int64Counter("granary.received", metric.WithUnit("By"), metric.WithDescription("Bytes of request bodies."))
	keep(err)
	t.sent, err = m.Int64Counter("granary.sent", metric.WithUnit("By"), metric.WithDescription("Bytes of answers."))
	keep(err)
	return t, errors.Join(failed...)
}

// TracerProvider returns the provider for other packages' spans, such as those of the database.
func (t *Telemetry) TracerProvider() trace.TracerProvider { return t.tracers }

// MeterProvider returns the provider for other packages' metrics.
func (t *Telemetry) MeterProvider() metric.MeterProvider { return t.meters }

// Shutdown sends what was not sent yet, and stops exporting.
func (t *Telemetry) Shutdown(ctx context.Context) error {
	var failed []error
	for _, f := range t.close {
		failed = append(failed, f(ctx))
	}
	return errors.Join(failed...)
}

// unspanned is the span of a request when spans are not collected.
var unspanned = trace.SpanFromContext(context.Background())

// begin starts the span of a request, as part of the client's trace if the request names one.
func (t *Telemetry) begin(r *http.Request) (context.Context, trace.Span) {
	if !t.traced {
		t.active.Add(r.Context(), 1)
		return r.Context(), unspanned
	}
	ctx := t.parent.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
	t.active.Add(ctx, 1)
	return ctx, span
}

// end closes the span and counts the request. Its op is a name of the table or one of a few words, and never what the client
// sent, so that the number of time series is bounded.
func (t *Telemetry) end(ctx context.Context, span trace.Span, o series, sent, received int64, took time.Duration) {
	l := t.labels.of(o)
	t.duration.Record(ctx, took.Seconds(), l.both...)
	t.sent.Add(ctx, sent, l.byOp...)
	t.received.Add(ctx, received, l.byOp...)
	t.active.Add(ctx, -1)
	if span.IsRecording() {
		span.SetName(o.op)
		span.SetAttributes(attribute.String("granary.op", o.op), attribute.Int("http.response.status_code", o.status))
		if o.ended != asTold {
			span.SetAttributes(o.ended.errorType())
		}
		switch {
		case o.ended == brokeOff:
			span.SetStatus(codes.Error, "the answer broke off")
		case o.ended == ourFault, o.status >= http.StatusInternalServerError:
			span.SetStatus(codes.Error, strings.ToLower(http.StatusText(o.status)))
		}
	}
	span.End()
}
