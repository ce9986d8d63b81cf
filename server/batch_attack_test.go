package server

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"granary/auth"
	"granary/namespace"
)

// Files of others in a batch: a token outside its directory, a read-only one, a stranger and an observer get for each file the answer
// that they would get for it alone, and so also those that they may read.
func TestAttackBatchAmongOthers(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	h.ask("ada", "PUT", "/projects/maps/members/bob", `{"role":"observer"}`, 200, nil)
	must(t, h.auth.AddUser(t.Context(), auth.User{Name: "eve"}))
	for _, name := range []string{"in/a", "in/b", "out/c"} {
		h.do("PUT", apiPrefix+"create?createparent=true&path=/Projects/maps/"+name, name, h.as("ada")).want(t, 201, "")
	}
	h.do("PUT", apiPrefix+"set-permission?permission=600&path=/Projects/maps/in/b", "", h.as("ada")).want(t, 200, "")
	root := h.fs.As(auth.Principal{User: "root", Superuser: true})
	p, err := namespace.ParsePath("/Projects/maps/in")
	must(t, err)
	in, err := root.Stat(t.Context(), p)
	must(t, err)
	project, err := h.fs.ProjectID(t.Context(), "maps")
	must(t, err)
	issue := func(request auth.TokenRequest) func(*http.Request) {
		text, err := h.auth.Issue(t.Context(), request)
		must(t, err)
		return bearer(text)
	}
	for who, c := range map[string]struct {
		credential  func(*http.Request)
		read, write []int // in/a, in/b, out/c; in/new, out/new
	}{
		"token for a directory": {issue(auth.TokenRequest{User: "ada", Project: project, Root: in.ID}), []int{200, 200, 403}, []int{201, 403}},
		"token that reads":      {issue(auth.TokenRequest{User: "ada", Verbs: auth.Read}), []int{200, 200, 200}, []int{403, 403}},
		"token that adds":       {issue(auth.TokenRequest{User: "ada", Verbs: auth.Add}), []int{403, 403, 403}, []int{201, 201}},
		"stranger":              {h.as("eve"), []int{404, 404, 404}, []int{403, 403}},
		"observer":              {h.as("bob"), []int{200, 403, 200}, []int{403, 403}},
	} {
		a := h.do("POST", restPrefix+"/fs/batch-read", `{"paths":["/Projects/maps/in/a","/Projects/maps/in/b","/Projects/maps/out/c"]}`, c.credential)
		a.want(t, 200, "")
		var statuses []int
		for i, m := range unpacked(t, a.body)[:3] {
			status, content := 200, []string{"in/a", "in/b", "out/c"}[i]
			if m.PAXRecords[batchStatus] != "" {
				var p Problem
				must(t, json.Unmarshal([]byte(m.content), &p))
				status = p.Status
			} else if m.content != content {
				t.Errorf("%s: %s holds %q", who, m.Name, m.content)
			}
			statuses = append(statuses, status)
		}
		a = h.do("POST", restPrefix+"/fs/batch-write?path=/Projects/maps", archive(t, file("in/new", "x"), file("out/new", "x")), c.credential)
		var out BatchWritten
		must(t, json.Unmarshal([]byte(a.body), &out))
		written := []int{int(out.Members[0].Status), int(out.Members[1].Status)}
		if !slices.Equal(statuses, c.read) || !slices.Equal(written, c.write) {
			t.Errorf("%s: reads %v, want %v; writes %v, want %v", who, statuses, c.read, written, c.write)
		}
		for i, name := range []string{"in/new", "out/new"} {
			want := `{"boolean":` + fmt.Sprint(c.write[i] == 201) + `}`
			h.do("DELETE", apiPrefix+"delete?path=/Projects/maps/"+name, "", h.as("ada")).want(t, 200, want)
		}
	}
}

// A member that says it has holes is as long as it likes without a byte in the archive: zeros, until the disk is full.
func TestAttackSparseTar(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	holes := file("holes", "")
	for record, value := range map[string]string{"major": "0", "minor": "1", "numblocks": "0", "realsize": "100000000"} {
		if holes.PAXRecords == nil {
			holes.PAXRecords = map[string]string{}
		}
		holes.PAXRecords["GNU_sparse."+record] = value // a writer would drop the real name
	}
	text := strings.ReplaceAll(archive(t, file("before", "x"), holes, file("after", "y")), "GNU_sparse.", "GNU.sparse.")
	if h, err := sparseMember(text); err != nil || h.Size != 100_000_000 {
		t.Fatalf("the archive does not say what it should: %+v, %v", h, err)
	}
	out := h.writeBatch("ada", "", text)
	if len(out.Members) != 3 || out.Written != 2 || out.Members[1].Status != 501 || !strings.Contains(out.Members[1].Problem.Detail, "stored with holes") {
		t.Fatalf("%+v", out)
	}
	h.do("GET", apiPrefix+"get-file-status?path=/user/ada/holes", "", h.as("ada")).want(t, 404, "")
	h.do("GET", apiPrefix+"open?path=/user/ada/after", "", h.as("ada")).want(t, 200, "y")

	// Sizes whose sum overflows an integer are more than a batch may have.
	var endless bytes.Buffer
	w := tar.NewWriter(&endless)
	must(t, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "one", Size: 1, Mode: 0o644}))
	_, err := w.Write([]byte("x"))
	must(t, err)
	must(t, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "endless", Size: math.MaxInt64, Mode: 0o644}))
	out = h.writeBatch("ada", "", endless.String())
	if out.Written != 1 || len(out.Members) != 1 || out.Problem == nil || !strings.Contains(out.Problem.Detail, "more than 17179869184 bytes") {
		t.Errorf("%+v", out)
	}
}

// sparseMember returns the second member of an archive.
func sparseMember(text string) (*tar.Header, error) {
	r := tar.NewReader(strings.NewReader(text))
	_, err := r.Next()
	if err != nil {
		return nil, err
	}
	return r.Next()
}

// Zip slip, with tar: names and links that lead out of the target directory.
func TestAttackTarSlip(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	link := member{tar.Header{Typeflag: tar.TypeSymlink, Name: "d", Linkname: "/example"}, ""}
	hard := member{tar.Header{Typeflag: tar.TypeLink, Name: "hard", Linkname: "../../example/hello.txt"}, ""}
	out := h.writeBatch("ada", "path=/user/ada/box&overwrite=true", archive(t,
		file("../slipped", "x"), file("a/../../slipped", "x"), file("/user/ada/slipped", "x"), file("./../slipped", "x"), file("a/./b", "x"), file("..", "x"),
		link, file("d/hello.txt", "x"), hard, file(filepath.Join("a", "in"), "x")))
	var statuses []int64
	for _, m := range out.Members {
		statuses = append(statuses, m.Status)
		if m.Status == 201 && !strings.HasPrefix(m.Path, "/user/ada/box/") {
			t.Errorf("%s is at %s", m.Name, m.Path)
		}
	}
	if want := []int64{400, 400, 400, 400, 400, 400, 501, 201, 501, 201}; !slices.Equal(statuses, want) {
		t.Errorf("%v, want %v", statuses, want)
	}
	h.do("GET", apiPrefix+"get-file-status?path=/user/ada/slipped", "", h.as("ada")).want(t, 404, "")
	h.do("GET", apiPrefix+"open?path=/example/hello.txt", "", h.as("ada")).want(t, 200, "Hello, world!")
}
