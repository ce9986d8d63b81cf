package server

import (
	"archive/tar"
	"strings"
	"testing"
)

// Batches of all users together are bounded as well: each holds memory while its client pauses.
func TestBatchesOfAllAreBounded(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const question = `{"paths":["/example/hello.txt"]}`
	batches := &h.handler.(*Server).limits.batches
	batches.Add(batchesAll)
	a := h.ask("ada", "POST", "/fs/batch-read", question, 503, nil)
	if a.problem(t, 503, "as many batches as it can"); a.Header.Get("Retry-After") == "" {
		t.Errorf("%v", a.Header)
	}
	batches.Add(-1)
	h.ask("ada", "POST", "/fs/batch-read", question, 200, nil)
}

// An archive that says that it holds more than one may is refused before anything of it is written.
func TestContentOfAnArchiveIsBounded(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	var text strings.Builder
	must(t, tar.NewWriter(&text).WriteHeader(&tar.Header{Name: "large", Mode: 0o644, Size: batchContent + 1}))
	h.do("POST", restPrefix+"/fs/batch-write?path=/user/ada", text.String(), h.as("ada")).problem(t, 400, "have more than 17179869184 bytes")
}
