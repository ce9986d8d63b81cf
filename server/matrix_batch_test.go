package server

import (
	"archive/tar"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"granary/namespace"
)

// playBatch asks for what c asks for once more, in a batch, and demands the same answer for that one file.
func (e *estate) playBatch(r *relation, row *op, c *cell, path string, alone outcome) {
	var got outcome
	switch {
	case row.Name == "OPEN" && c.query == "":
		got = e.openInABatch(r, path)
	case row.Name == "CREATE" && c.entry && c.query == "":
		other := path[:strings.LastIndexByte(path, '/')+1] + e.fresh()
		got = e.createInABatch(r, other, c.body)
		got.message = strings.ReplaceAll(got.message, other, path)
		alone.message = strings.ReplaceAll(alone.message, other, path)
	default:
		return
	}
	if got != alone {
		e.t.Errorf("%s: %s of %s in a batch: %+v, alone %+v", r.name, row.Name, path, got, alone)
	}
}

func (e *estate) openInABatch(r *relation, path string) outcome {
	body, err := json.Marshal(BatchRead{Paths: []string{path}})
	must(e.t, err)
	a := e.do("POST", restPrefix+"/fs/batch-read", string(body), r.credential)
	if a.StatusCode != http.StatusOK {
		return learn(a)
	}
	in := tar.NewReader(strings.NewReader(a.body))
	h, err := in.Next()
	must(e.t, err)
	text, err := io.ReadAll(in)
	must(e.t, err)
	if h.Name == path[1:] {
		return outcome{status: http.StatusOK, message: string(text)}
	}
	var p Problem
	must(e.t, json.Unmarshal(text, &p))
	return outcome{status: p.Status, exception: p.Exception, message: p.Detail}
}

func (e *estate) createInABatch(r *relation, path, content string) outcome {
	p, err := namespace.ParsePath(path)
	must(e.t, err)
	a := e.do("POST", restPrefix+"/fs/batch-write?path="+url.QueryEscape(p.Parent().String()), archive(e.t, file(p.Name(), content)), r.credential)
	if a.StatusCode > http.StatusMultiStatus {
		return learn(a)
	}
	var out BatchWritten
	must(e.t, json.Unmarshal([]byte(a.body), &out))
	m := out.Members[0]
	if m.Problem == nil {
		return outcome{status: int(m.Status)}
	}
	return outcome{status: int(m.Status), exception: m.Problem.Exception, message: m.Problem.Detail}
}
