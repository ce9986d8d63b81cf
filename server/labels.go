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
}

// label is that of a series, in the form in which the instruments take it.
type label struct {
	both []metric.RecordOption
	byOp []metric.AddOption
}

// of returns the label of a series.
func (l *labels) of(op string, status int) *label {
	o := series{op, status}
	if known := l.known.Load(); known != nil && (*known)[o] != nil {
		return (*known)[o]
	}
	l.making.Lock()
	defer l.making.Unlock()
	all := map[series]*label{}
	if known := l.known.Load(); known != nil {
		maps.Copy(all, *known)
	}
	named := attribute.String("op", op)
	all[o] = &label{
		both: []metric.RecordOption{metric.WithAttributeSet(attribute.NewSet(named, attribute.Int("http.response.status_code", status)))},
		byOp: []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(named))},
	}
	l.known.Store(&all)
	return all[o]
}
