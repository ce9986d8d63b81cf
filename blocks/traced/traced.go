// Package traced decorates a block store with OpenTelemetry spans and metrics.
package traced

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"granary/blocks"
)

const scope = "granary/blocks"

type store struct {
	inner    blocks.Store
	tracer   trace.Tracer
	duration metric.Float64Histogram
	moved    metric.Int64Counter
}

// memory is what a store may have that holds content in memory while it is sent.
type memory interface {
	// Memory returns how many bytes are set aside for content, and how many may be at most.
	Memory() (used, limit int64)
}

// meterMemory exports the memory of a store, if it has any, as the gauges granary.blocks.memory.used and granary.blocks.memory.limit.
func meterMemory(inner blocks.Store, meter metric.Meter) error {
	m, ok := inner.(memory)
	if !ok {
		return nil
	}
	gauge := func(name, description string, value func() int64) error {
		_, err := meter.Int64ObservableGauge(name, metric.WithUnit("By"), metric.WithDescription(description),
			metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
				o.Observe(value())
				return nil
			}))
		return err
	}
	return errors.Join(
		gauge("granary.blocks.memory.used", "Memory set aside for parts of blocks on their way to the store.", func() int64 { used, _ := m.Memory(); return used }),
		gauge("granary.blocks.memory.limit", "How much of it there may be; further parts wait.", func() int64 { _, limit := m.Memory(); return limit }),
	)
}

// Store returns inner with a span named "blocks <operation>" around each operation, its duration in the histogram
// granary.blocks.duration (seconds, by operation and outcome) and the bytes that went through in granary.blocks.bytes
// (by operation). The span and the time of an Open last until its reader is closed. If inner holds content in memory, gauges tell how much.
func Store(inner blocks.Store, tracers trace.TracerProvider, meters metric.MeterProvider) (blocks.Store, error) {
	meter := meters.Meter(scope)
	duration, err := meter.Float64Histogram("granary.blocks.duration", metric.WithUnit("s"),
		metric.WithDescription("How long operations on the block store take."))
	if err != nil {
		return nil, err
	}
	moved, err := meter.Int64Counter("granary.blocks.bytes", metric.WithUnit("By"),
		metric.WithDescription("Sealed bytes written to and read from the block store."))
	if err != nil {
		return nil, err
	}
	if err := meterMemory(inner, meter); err != nil {
		return nil, err
	}
	return &store{inner, tracers.Tracer(scope), duration, moved}, nil
}

// begin starts the span of an operation; the function it returns ends it.
func (s *store) begin(ctx context.Context, op string) (context.Context, func(bytes int64, err error)) {
	start := time.Now()
	ctx, span := s.tracer.Start(ctx, "blocks "+op)
	return ctx, func(bytes int64, err error) {
		outcome := "ok"
		if err != nil {
			outcome = outcomeOf(err)
			span.SetStatus(codes.Error, outcome)
			span.RecordError(err)
		}
		span.SetAttributes(attribute.Int64("bytes", bytes))
		span.End()
		operation := attribute.String("operation", op)
		s.duration.Record(ctx, time.Since(start).Seconds(), metric.WithAttributes(operation, attribute.String("outcome", outcome)))
		if bytes > 0 {
			s.moved.Add(ctx, bytes, metric.WithAttributes(operation))
		}
	}
}

// outcomeOf keeps the outcomes of the metric few.
func outcomeOf(err error) string {
	switch {
	case errors.Is(err, blocks.ErrNotExist):
		return "missing"
	case errors.Is(err, blocks.ErrCorrupt), errors.Is(err, blocks.ErrShort):
		return "damaged"
	case errors.Is(err, blocks.ErrNoSpace):
		return "full"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	}
	return "failed"
}

// Put implements blocks.Store.
func (s *store) Put(ctx context.Context, id blocks.ID, r io.Reader, size int64) error {
	ctx, end := s.begin(ctx, "put")
	counted := &counter{r: r}
	err := s.inner.Put(ctx, id, counted, size)
	end(counted.n, err)
	return err
}

// Open implements blocks.Store.
func (s *store) Open(ctx context.Context, id blocks.ID, off, n int64) (io.ReadCloser, error) {
	ctx, end := s.begin(ctx, "open")
	r, err := s.inner.Open(ctx, id, off, n)
	if err != nil {
		end(0, err)
		return nil, err
	}
	return &reader{counter: counter{r: r}, inner: r, end: end}, nil
}

// Delete implements blocks.Store.
func (s *store) Delete(ctx context.Context, ids ...blocks.ID) error {
	ctx, end := s.begin(ctx, "delete")
	err := s.inner.Delete(ctx, ids...)
	end(0, err)
	return err
}

// List implements blocks.Store.
func (s *store) List(ctx context.Context) iter.Seq2[blocks.Info, error] {
	return func(yield func(blocks.Info, error) bool) {
		ctx, end := s.begin(ctx, "list")
		var failed error
		for info, err := range s.inner.List(ctx) {
			failed = err
			if !yield(info, err) {
				break
			}
		}
		end(0, failed)
	}
}

// counter counts what is read through it and keeps the failure.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

// reader ends the span of an Open when it is closed.
type reader struct {
	counter
	inner io.Closer
	end   func(int64, error)
}

// Extend implements blocks.Extender, if the store's reader does.
func (r *reader) Extend(n int64) error {
	if e, ok := r.inner.(blocks.Extender); ok {
		return e.Extend(n)
	}
	return errors.ErrUnsupported
}

func (r *reader) Close() error {
	err := r.inner.Close()
	if r.end != nil {
		r.end(r.n, errors.Join(r.err, err))
		r.end = nil
	}
	return err
}
