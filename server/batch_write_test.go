package server

import (
	"archive/tar"
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestBatchWrite: each member has its own outcome.
func TestBatchWrite(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	long := strings.Repeat("0123456789", 10_000)
	dir := member{tar.Header{Typeflag: tar.TypeDir, Name: "new/", Mode: 0o750}, ""}
	members := []member{
		dir, file("new/a", "a"), file("./new/long", long), file("parts/1.csv", "taken"), file("parts/1.csv/b", "below a file"), file("../out", ""), file("/abs", ""),
		{tar.Header{Typeflag: tar.TypeSymlink, Name: "link", Linkname: "/etc/passwd"}, ""},
		file("a:b", ""), file("deep/er/"+strings.Repeat("ö", 120), "far"),
		{tar.Header{Typeflag: tar.TypeReg, Name: "mode", Mode: 0o4751, Size: 1}, "m"},
		file("new/a", "again"), file("empty", ""), file("new", "a directory"),
	}
	want := []int64{200, 201, 201, 409, 409, 400, 400, 501, 400, 201, 201, 409, 201, 409}
	out := h.writeBatch("ada", "", archive(t, members...))
	for i, m := range out.Members {
		if m.Status != want[i] || (m.Problem == nil) != (want[i] < 300) || (want[i] == 201) != (m.FileID != 0 && m.ETag != "") {
			t.Errorf("%s: %+v, %+v", members[i].Name, m, m.Problem)
		}
		if m.Status == 201 {
			h.do("GET", apiPrefix+"open?path="+m.Path, "", h.as("ada")).want(t, 200, members[i].content)
			if tag := h.etag(m.Path); tag != m.ETag {
				t.Errorf("%s is %s, told %s", m.Path, tag, m.ETag)
			}
		}
	}
	if len(out.Members) != len(members) || out.Written != 5 || out.Failed != 8 || out.Problem != nil {
		t.Errorf("%+v", out)
	}
	alone := h.do("PUT", apiPrefix+"create?path=/user/ada/parts/1.csv", "x", h.as("ada")).problem(t, 409, "")
	if p := out.Members[3].Problem; p.Detail != alone.Detail || p.Title != alone.Title || p.Exception != alone.Exception || p.Instance != alone.Instance || p.Type != alone.Type {
		t.Errorf("%+v; alone %+v", p, alone)
	}
	h.do("GET", apiPrefix+"get-file-status?path=/user/ada/mode", "", h.as("ada")).want(t, 200, `"permission":"751"`)
	h.do("GET", apiPrefix+"get-file-status?path=/user/ada/new", "", h.as("ada")).want(t, 200, `"permission":"750"`)

	// Of several members with one name, the last one stays.
	var many []member
	for i := range 200 {
		many = append(many, file("same", fmt.Sprint(i)), file("parts/1.csv", fmt.Sprint(i)))
	}
	if out := h.writeBatch("ada", "&overwrite=true&permission=600", archive(t, many...)); out.Written != 400 {
		t.Errorf("%+v", out)
	}
	h.do("GET", apiPrefix+"open?path=/user/ada/same", "", h.as("ada")).want(t, 200, "199")
	h.do("GET", apiPrefix+"get-file-status?path=/user/ada/same", "", h.as("ada")).want(t, 200, `"permission":"600"`)

	// A batch that was read can be written.
	read := h.ask("ada", "POST", "/fs/batch-read", `{"directory":"/user/ada/parts"}`, 200, nil)
	if out := h.writeBatch("ada", "path=/user/ada/copy", read.body); out.Written != 3 {
		t.Errorf("%+v", out)
	}
	h.do("GET", apiPrefix+"open?path=/user/ada/copy/user/ada/parts/2.csv", "", h.as("ada")).want(t, 200, "1,2\n")
}

// TestBatchWriteOnce: an archive that is sent again under its key does not repeat what it has done before.
func TestBatchWriteOnce(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	key := header(idempotencyKey, "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11")
	first := h.writeBatch("ada", "&overwrite=true", archive(t, file("a", "1"), file("a", "2"), file("b", "3")), key)
	again := h.writeBatch("ada", "&overwrite=true", archive(t, file("a", "1"), file("a", "2"), file("b", "3"), file("c", "4")), key)
	for i, m := range first.Members {
		if again.Members[i] != m {
			t.Errorf("%+v, then %+v", m, again.Members[i])
		}
	}
	if again.Members[3].Status != 201 || h.etag("/user/ada/a") != first.Members[1].ETag {
		t.Errorf("%+v", again)
	}
	h.do("GET", apiPrefix+"open?path=/user/ada/a", "", h.as("ada")).want(t, 200, "2")
	without := h.writeBatch("ada", "&overwrite=true", archive(t, file("a", "1")))
	if without.Members[0].FileID == first.Members[0].FileID {
		t.Error("without a key it was not written again")
	}
}

// TestBatchWriteOfABrokenArchive: the complete members are written, and the answer says so.
func TestBatchWriteOfABrokenArchive(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	whole := archive(t, file("x/1", strings.Repeat("1", 600)), file("x/2", strings.Repeat("2", 100_000)), file("x/3", strings.Repeat("3", 1000)))
	for name, c := range map[string]struct {
		text    string
		written int64
		failed  int64
		words   string
	}{
		"cut in a short one": {whole[:1000], 0, 1, "ended before its end"},
		"cut in a long one":  {whole[:50_000], 1, 1, "ended before its end"},
		"cut in a head":      {whole[:1536+100], 1, 0, "ended before its end"},
		"garbage behind":     {whole[:1536] + strings.Repeat("garbage!", 128), 1, 0, "no tar archive"},
		"no end":             {whole[:1536], 1, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			out := h.writeBatch("ada", "&overwrite=true", c.text)
			if out.Written != c.written || out.Failed != c.failed || (out.Problem == nil) != (c.words == "") || c.words != "" && !strings.Contains(out.Problem.Detail, c.words) {
				t.Errorf("%+v, %+v", out, out.Problem)
			}
			for _, m := range out.Members {
				want := 404
				if m.Problem == nil {
					want = 200
				}
				h.do("GET", apiPrefix+"open?path="+m.Path, "", h.as("ada")).want(t, want, "")
			}
			h.do("DELETE", apiPrefix+"delete?path=/user/ada/x&recursive=true", "", h.as("ada")).want(t, 200, "")
		})
	}
	for text, words := range map[string]string{
		"":                                 "There is no archive",
		strings.Repeat("no archive ", 100): "no tar archive",
		"\x1f\x8b\x08short":                "ended before its end",
	} {
		h.do("POST", restPrefix+"/fs/batch-write?path=/user/ada", text, h.as("ada")).problem(t, 400, words)
	}
	h.do("POST", restPrefix+"/fs/batch-write", whole, h.as("ada")).problem(t, 400, "path")
	var many []member
	for i := range batchMembers + 1 {
		many = append(many, file(fmt.Sprintf("a:%d", i), ""))
	}
	out := h.writeBatch("ada", "", archive(t, many...))
	if len(out.Members) != batchMembers || out.Problem == nil || !strings.Contains(out.Problem.Detail, "more than 10000 members") {
		t.Errorf("%d members, %+v", len(out.Members), out.Problem)
	}

	// A client that stops sending in the middle gets an answer.
	conn := h.dial()
	_, err := fmt.Fprintf(conn, "POST %s/fs/batch-write?path=/user/ada HTTP/1.1\r\nHost: x\r\n%s\r\nContent-Length: %d\r\n\r\n%s",
		restPrefix, h.authorized("ada"), len(whole), whole[:50_000])
	must(t, err)
	must(t, conn.CloseWrite())
	a := h.receive(bufio.NewReader(conn))
	must(t, json.Unmarshal([]byte(a.body), &out))
	if a.StatusCode != 207 || out.Written != 1 || out.Failed != 1 || out.Members[1].Status != 400 || !strings.Contains(out.Problem.Detail, "were complete are written") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	h.do("GET", apiPrefix+"open?path=/user/ada/x/1", "", h.as("ada")).want(t, 200, "111")
}
