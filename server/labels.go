package server

import (
	"maps"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// labels are what measurements are labelled with, made once for each operation and status. There are as many as there are
// time series.
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

// brokenOff is what an answer is labelled with that was not sent as a whole: its status had gone out before.
var brokenOff = attribute.String("error.type", "aborted")

// label is that of a series, in the form in which the instruments take it.
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
