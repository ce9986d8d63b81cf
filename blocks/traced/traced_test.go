package traced_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/disk"
	"granary/blocks/traced"
)

func observed(t *testing.T) (blocks.Store, *tracetest.SpanRecorder, *sdkmetric.ManualReader) {
	t.Helper()
	spans, metrics := tracetest.NewSpanRecorder(), sdkmetric.NewManualReader()
	inner, err := disk.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inner.Close() })
	s, err := traced.Store(inner, sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)),
		sdkmetric.NewMeterProvider(sdkmetric.WithReader(metrics)))
	if err != nil {
		t.Fatal(err)
	}
	return s, spans, metrics
}

func TestStore(t *testing.T) {
	blockstest.Run(t, func(t *testing.T) blocks.Store {
		s, _, _ := observed(t)
		return s
	})
}

func TestOperationsAreSeen(t *testing.T) {
	s, spans, metrics := observed(t)
	ctx, id := t.Context(), blocks.NewID()
	if err := s.Put(ctx, id, strings.NewReader("hello"), 5); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(ctx, blocks.NewID(), 0, 1); err == nil {
		t.Fatal("a missing block was opened")
	}
	var names []string
	for _, span := range spans.Ended() {
		names = append(names, span.Name()+" "+span.Status().Description)
	}
	if got := strings.Join(names, ","); got != "blocks put ,blocks open missing" {
		t.Errorf("spans: %q", got)
	}
	var rm metricdata.ResourceMetrics
	if err := metrics.Collect(context.WithoutCancel(ctx), &rm); err != nil {
		t.Fatal(err)
	}
	for _, m := range rm.ScopeMetrics[0].Metrics {
		if sum, ok := m.Data.(metricdata.Sum[int64]); ok && m.Name == "granary.blocks.bytes" {
			if sum.DataPoints[0].Value != 5 {
				t.Errorf("%d bytes counted", sum.DataPoints[0].Value)
			}
			return
		}
	}
	t.Error("granary.blocks.bytes is missing")
}

// limited is a store that holds content in memory.
type limited struct{ blocks.Store }

func (limited) Memory() (used, limit int64) { return 5, 255 }

// What a store holds in memory is exported, and nothing is for one that holds none.
func TestMemoryIsSeen(t *testing.T) {
	for inner, want := range map[blocks.Store]map[string]int64{
		limited{}: {"granary.blocks.memory.used": 5, "granary.blocks.memory.limit": 255},
		nil:       {},
	} {
		metrics := sdkmetric.NewManualReader()
		if _, err := traced.Store(inner, sdktrace.NewTracerProvider(), sdkmetric.NewMeterProvider(sdkmetric.WithReader(metrics))); err != nil {
			t.Fatal(err)
		}
		var rm metricdata.ResourceMetrics
		if err := metrics.Collect(t.Context(), &rm); err != nil {
			t.Fatal(err)
		}
		got := map[string]int64{}
		for _, scope := range rm.ScopeMetrics {
			for _, m := range scope.Metrics {
				if gauge, ok := m.Data.(metricdata.Gauge[int64]); ok {
					got[m.Name] = gauge.DataPoints[0].Value
				}
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%T: %v, want %v", inner, got, want)
		}
	}
}
