package server

import (
	"maps"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// labels holds the attributes of measurements, made once for each time series.
type labels struct {
	known  atomic.Pointer[map[series]*label]
	making sync.Mutex
}

// series is one time series.
type series struct {
	op     string
	status int
	broken bool // the answer broke off after its head
}

// brokenOff is the attribute of an answer that broke off, whose status had already been sent.
var brokenOff = attribute.String("error.type", "aborted")

// label holds the attributes of a series in the form that the instruments take.
type label struct {
	both []metric.RecordOption
	byOp []metric.AddOption
}

// of returns the label of a series.
func (l *labels) of(o series) *label {
	if known := l.known.Load(); known != nil && (*known)[o] != nil {
		return (*known)[o]
	}
	l.making.Lock()
	defer l.making.Unlock()
	all := map[series]*label{}
	if known := l.known.Load(); known != nil {
		maps.Copy(all, *known)
	}
	named := attribute.String("op", o.op)
	both := []attribute.KeyValue{named, attribute.Int("http.response.status_code", o.status)}
	if o.broken {
		both = append(both, brokenOff)
	}
	all[o] = &label{
		both: []metric.RecordOption{metric.WithAttributeSet(attribute.NewSet(both...))},
		byOp: []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(named))},
	}
	l.known.Store(&all)
	return all[o]
}
