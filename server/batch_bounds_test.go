package server

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// TestBatchWriteAnswerIsBounded: the members' paths count, too, and may be much longer than names and problems.
func TestBatchWriteAnswerIsBounded(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	var many []member
	for i := range 2000 {
		many = append(many, file(fmt.Sprint(i), ""))
	}
	text := archive(t, many...)
	a := h.do("POST", restPrefix+"/fs/batch-write?path=/user/ada/"+strings.Repeat("a", 60_000), text, h.as("ada"))
	if a.StatusCode != 207 || len(a.body) > 2*batchTold || !strings.Contains(a.body, "more to tell of the members than an answer holds") {
		t.Errorf("%d, %d bytes: %.300s", a.StatusCode, len(a.body), a.body)
	}
}

// TestBatchWriteCountsWhatItWrites: of characters that JSON escapes, each takes up to six bytes of an answer.
func TestBatchWriteCountsWhatItWrites(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	many := make([]member, 3000)
	for i := range many {
		many[i] = file(fmt.Sprint(i, strings.Repeat("\x01", 900)), "")
	}
	a := h.do("POST", restPrefix+"/fs/batch-write?path=/user/ada", archive(t, many...), h.as("ada"))
	if a.StatusCode != 207 || len(a.body) > 2*batchTold || !strings.Contains(a.body, "more to tell of the members than an answer holds") {
		t.Errorf("%d, %d bytes: %.300s", a.StatusCode, len(a.body), a.body)
	}
}

// TestBatchWriteTakesNoConditions: they are refused, since a client that sets them relies on them.
func TestBatchWriteTakesNoConditions(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	for _, name := range []string{ifMatch, ifNoneMatch} {
		given := func(r *http.Request) { r.Header.Set(name, "*") }
		h.do("POST", restPrefix+"/fs/batch-write?path=/user/ada", archive(t, file("x", "x")), h.as("ada"), given).problem(t, 400, name+" * is a condition")
	}
	h.do("GET", apiPrefix+"get-file-status?path=/user/ada/x", "", h.as("ada")).want(t, 404, "")
}

// TestBatchWriteCountsContent: only content counts, not the size in the header of a directory.
func TestBatchWriteCountsContent(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	for _, size := range []string{fmt.Sprint(2 * int64(batchContent)), fmt.Sprint(-2 * int64(batchContent))} {
		dir := member{tar.Header{Typeflag: tar.TypeDir, Name: "dir/", Mode: 0o755, PAXRecords: map[string]string{"SIZE": size}}, ""}
		text := strings.ReplaceAll(archive(t, dir, file("dir/x", "x")), "SIZE=", "size=") // a writer would correct the size
		if head, err := tar.NewReader(strings.NewReader(text)).Next(); err != nil || head.PAXRecords["size"] != size {
			t.Fatalf("the archive does not say what it should: %+v, %v", head, err)
		}
		if out := h.writeBatch("ada", "&overwrite=true", text); out.Written != 1 || out.Problem != nil {
			t.Errorf("%s: %+v", size, out)
		}
	}
}

// TestBatchWriteKeepsNoHeaders: of a member's header, which may take a megabyte, only the name is kept.
func TestBatchWriteKeepsNoHeaders(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	inUse := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	const members, header = 200, 900 << 10
	comment := strings.Repeat("c", header)
	from, to := io.Pipe()
	before := inUse()
	grown := make(chan int64, 1)
	go func() {
		w := tar.NewWriter(to)
		var err error
		for i := range members {
			err = errors.Join(err, w.WriteHeader(&tar.Header{
				Typeflag: tar.TypeReg, Name: fmt.Sprint("../ö", i), Mode: 0o644, PAXRecords: map[string]string{"comment": comment},
			}), w.Flush())
		}
		grown <- inUse() - before
		to.CloseWithError(errors.Join(err, w.Close()))
	}()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+restPrefix+"/fs/batch-write?path=/user/ada", from)
	must(t, err)
	h.as("ada")(r)
	resp, err := patient.Do(r)
	must(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(t, err)
	if n := strings.Count(string(text), `"status":400,"problem"`); n != members {
		t.Errorf("%d members: %.300s", n, text)
	}
	if n := <-grown; n > members*header/4 {
		t.Errorf("%d bytes are kept", n)
	}
}

// TestCommas: commas within strings do not count.
func TestCommas(t *testing.T) {
	for text, want := range map[string]int{
		``: 0, `[]`: 0, `[1,2]`: 1, `{"a":[1,2],"b":","}`: 2, `["a,b\",c",","]`: 1, `["\\",1]`: 1, `["\\\",",1]`: 1,
	} {
		if got := commas([]byte(text)); got != want {
			t.Errorf("%s has %d, want %d", text, got, want)
		}
	}
}

// TestBodiesOfManyValues: such a body is refused before memory is allocated for each value.
func TestBodiesOfManyValues(t *testing.T) {
	h := newHouse(t)
	many := `{"paths":[0` + strings.Repeat(",0", maxCommas+1) + `]}`
	h.ask("ada", "POST", "/fs/batch-read", many, 400, nil).problem(t, 400, "more than 262144 values")
}

// TestABatchThatIsFull: files beyond the bound are reported, and not read.
func TestABatchThatIsFull(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	p, err := h.auth.Principal(t.Context(), "ada")
	must(t, err)
	var out bytes.Buffer
	c := &call{exchange: &exchange{id: "b7"}, ctx: t.Context(), session: h.fs.As(p)}
	a := &batchArchive{call: c, tar: tar.NewWriter(&out), bytes: batchContent}
	names := []string{"/user/ada/parts/1.csv", "/user/ada/parts/2.csv", "none"}
	if err := a.fill(names); err != nil {
		t.Fatal(err)
	}
	must(t, a.close())
	members := unpacked(t, out.String())
	if len(members) != 4 || a.end.Failed != 3 {
		t.Fatalf("%v", namesOf(members))
	}
	for i, words := range []string{"The batch has come to", "The batch has come to", "Invalid path name"} {
		if !strings.Contains(members[i].content, words) {
			t.Errorf("%s: %s", names[i], members[i].content)
		}
	}
}

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
