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
	ended  ending
}

// ending is how a request ended, which its status does not tell.
type ending string

const (
	asTold   ending = ""        // as its status says
	brokeOff ending = "aborted" // after the status had been sent
	ourFault ending = "server"  // by a fault of the server, or of what it depends on: Hadoop's clients are told 403 then, as for most else
)

// errorType is the attribute of a request that ended otherwise than its status tells.
func (e ending) errorType() attribute.KeyValue { return attribute.String("error.type", string(e)) }

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
	if o.ended != asTold {
		both = append(both, o.ended.errorType())
	}
	all[o] = &label{
		both: []metric.RecordOption{metric.WithAttributeSet(attribute.NewSet(both...))},
		byOp: []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(named))},
	}
	l.known.Store(&all)
	return all[o]
}
