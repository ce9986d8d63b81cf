package server

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"granary/auth/perm"
	"granary/namespace"
)

// oddNames look like more than names, or are as long as a name may be.
var oddNames = []string{
	`"quoted" 'twice'`, "two\nlines", "\u202egnp.exe", "smile 😀.txt", "trailing ", "-rf", "~", "%2e%2e", strings.Repeat("ü", 127) + "x", "con.txt", "a&b=c;d|e>f", "...",
}

// unzipped returns the contents of a zip by name. The names of directories end in a slash.
func unzipped(t testing.TB, text string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	must(t, err)
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		content, err := io.ReadAll(r)
		must(t, err)
		if _, twice := files[f.Name]; twice {
			t.Errorf("%q is there twice", f.Name)
		}
		files[f.Name] = string(content)
		if f.NonUTF8 {
			t.Errorf("%q is not marked as UTF-8", f.Name)
		}
	}
	return files
}

// untarred is unzipped for a tar.
func untarred(t testing.TB, text string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, m := range unpacked(t, text) {
		files[m.Name] = m.content
	}
	return files
}

// TestArchive: an archive holds what was put in, with names, modes and times.
func TestArchive(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	random := rand.NewChaCha8([32]byte{1})
	want := map[string]string{"tree/": "", "tree/empty/": "", "tree/deep/": ""}
	put := func(name string, size int) {
		content := make([]byte, size)
		_, _ = random.Read(content)
		want["tree/"+name] = string(content)
		h.do("PUT", apiPrefix+"create?"+url.Values{"path": {"/user/ada/tree/" + name}, "permission": {"640"}}.Encode(), string(content), h.as("ada")).want(t, 201, "")
	}
	for i, name := range oddNames {
		put(name, 10*i)
		put("deep/"+name, i)
	}
	put("large", namespace.MaxBatchFile+1)
	h.do("PUT", "/webhdfs/v1/user/ada/tree/empty?op=MKDIRS&permission=750", "", h.as("ada")).want(t, 200, "")
	for format, read := range map[string]func(testing.TB, string) map[string]string{"zip": unzipped, "tar": untarred} {
		a := h.ask("ada", "GET", "/archive?path=/user/ada/tree&format="+format, "", 200, nil)
		if got := read(t, a.body); !maps.Equal(got, want) {
			t.Errorf("%s: %q, want %q", format, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
		if got := a.Header.Get("Content-Disposition"); got != "attachment; filename=tree."+format || a.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%v", a.Header)
		}
		head := h.do("HEAD", restPrefix+"/archive?path=/user/ada/tree&format="+format, "", h.as("ada"))
		if head.StatusCode != 200 || head.body != "" {
			t.Errorf("HEAD: %d, %d bytes", head.StatusCode, len(head.body))
		}
	}
	z, err := zip.NewReader(strings.NewReader(h.ask("ada", "GET", "/archive?path=/user/ada/tree", "", 200, nil).body), 1<<30)
	if err == nil {
		t.Errorf("a zip of another length is read: %v", z)
	}
	text := h.ask("ada", "GET", "/archive?path=/user/ada/tree", "", 200, nil).body
	z, err = zip.NewReader(strings.NewReader(text), int64(len(text)))
	must(t, err)
	for _, f := range z.File {
		if want := map[bool]string{true: "drwxr-x---", false: "-rw-r-----"}[f.FileInfo().IsDir()]; f.Name != "tree/" && f.Name != "tree/deep/" &&
			(f.Mode().String() != want || f.Modified.UnixMilli() != 1_700_000_000_000) {
			t.Errorf("%q: %s of %s", f.Name, f.Mode(), f.Modified)
		}
	}
	for _, m := range unpacked(t, h.ask("ada", "GET", "/archive?path=/user/ada/tree&name=large&name=empty&format=tar", "", 200, nil).body) {
		if m.Uname != "ada" || m.ModTime.Unix() != 1_700_000_000 || m.Name != "large" && m.Name != "empty/" {
			t.Errorf("%+v", m.Header)
		}
	}
	if got := unzipped(t, h.ask("ada", "GET", "/archive?path=/user/ada/tree/large", "", 200, nil).body); len(got) != 1 || got["large"] != want["tree/large"] {
		t.Errorf("of a file: %q", slices.Collect(maps.Keys(got)))
	}
}

// TestArchiveRefuses: every failure is answered before the first byte.
func TestArchiveRefuses(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.do("PUT", apiPrefix+"create?"+url.Values{"path": {`/user/ada/odd/a\..\b`}}.Encode(), "x", h.as("ada")).want(t, 201, "")
	for query, c := range map[string]struct {
		status int
		words  string
	}{
		"path=/":                                         {409, "cannot be read as a whole"},
		"path=/Projects":                                 {409, "cannot be read as a whole"},
		"path=/user/ada/no":                              {404, "/user/ada/no"},
		"path=/user/ada&name=no":                         {404, "/user/ada/no"},
		"path=/user/ada&name=..":                         {400, "no name of an entry"},
		"path=/user/ada&name=parts/1.csv":                {400, "no name of an entry"},
		"path=/user/ada&name=parts&name=parts":           {400, "there twice"},
		"path=/user/ada&format=rar":                      {400, "zip, tar"},
		"path=/user/ada&unreadable=skip":                 {400, "refuse, list"},
		"path=/user/ada/odd":                             {409, "a backslash in its name"},
		"name=a":                                         {400, "path"},
		"path=/user/ada" + strings.Repeat("&name=a", 10): {400, "there twice"},
	} {
		h.ask("ada", "GET", "/archive?"+query, "", c.status, nil).problem(t, c.status, c.words)
	}
	if got := untarred(t, h.ask("ada", "GET", "/archive?format=tar&path=/user/ada/odd", "", 200, nil).body); got[`odd/a\..\b`] != "x" {
		t.Errorf("%q", got)
	}
	many := "path=/user/ada"
	for i := range archiveNamesMost + 1 {
		many += fmt.Sprintf("&name=%d", i)
	}
	h.ask("ada", "GET", "/archive?"+many, "", 400, nil).problem(t, 400, "at most 900 names")

	for path, mode := range map[string]string{"": "755", "/parts": "755", "/parts/1.csv": "600", "/odd": "700"} {
		h.do("PUT", "/webhdfs/v1/user/ada"+path+"?op=SETPERMISSION&permission="+mode, "", h.as("ada")).want(t, 200, "")
	}
	h.ask("bob", "GET", "/archive?path=/user/ada/parts", "", 403, nil).problem(t, 403, "/user/ada/parts/1.csv")
	h.ask("bob", "GET", "/archive?path=/user/ada/odd", "", 403, nil).problem(t, 403, "/user/ada/odd")
	got := unzipped(t, h.ask("bob", "GET", "/archive?path=/user/ada&unreadable=list", "", 200, nil).body)
	left := got[archiveLeftOut]
	if got["ada/parts/2.csv"] != "1,2\n" || got["ada/parts/1.csv"] != "" || !strings.Contains(left, "ada/parts/1.csv\tPermission denied") || !strings.Contains(left, "ada/odd\t") {
		t.Errorf("%q", got)
	}
	if _, complete := unzipped(t, h.ask("ada", "GET", "/archive?path=/user/ada/parts&unreadable=list", "", 200, nil).body)[archiveLeftOut]; complete {
		t.Error("nothing was left out, and yet there is a list of it")
	}
}

// TestArchiveOfWhatSuperusersMayNotRead: what is closed to superusers is refused before the first byte, too, or listed.
func TestArchiveOfWhatSuperusersMayNotRead(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.do("PUT", "/webhdfs/v1/user/ada/parts/2.csv?op=SETXATTR&xattr.name=security.hdfs.unreadable.by.superuser&flag=CREATE", "", h.as("ada")).want(t, 200, "")
	for _, query := range []string{"path=/user/ada/parts/2.csv", "path=/user/ada/parts", "path=/user/ada&format=tar"} {
		h.ask("root", "GET", "/archive?"+query, "", 403, nil).problem(t, 403, "the superuser is not allowed")
		h.ask("ada", "GET", "/archive?"+query, "", 200, nil)
	}
	got := unzipped(t, h.ask("root", "GET", "/archive?path=/user/ada&unreadable=list", "", 200, nil).body)
	if left := got[archiveLeftOut]; got["ada/parts/1.csv"] == "" || got["ada/parts/2.csv"] != "" || strings.Count(left, "\n") != 1 || !strings.HasPrefix(left, "ada/parts/2.csv\tAccess is denied") {
		t.Errorf("%q", got)
	}
	h.ask("root", "POST", "/links", `{"path":"/user/ada/parts/2.csv"}`, 403, nil).problem(t, 403, "the superuser is not allowed")
}

// archiveBegins has bob ask for an archive, and returns once its first megabyte has arrived, with more to come.
func (h *house) archiveBegins(path, format string) (a *http.Response, begin []byte) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.url+restPrefix+"/archive?path="+path+"&format="+format, nil)
	must(h.t, err)
	h.as("bob")(r)
	a, err = client.Do(r)
	must(h.t, err)
	begin = make([]byte, 1<<20)
	_, err = io.ReadFull(a.Body, begin)
	must(h.t, err)
	return a, begin
}

// TestArchiveBreaksOff: a right that ends while an archive is sent ends the stream, and what has arrived is no valid archive.
func TestArchiveBreaksOff(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	content := make([]byte, namespace.MaxBatchFile+1)
	_, _ = rand.NewChaCha8([32]byte{2}).Read(content)
	for i := range 6 {
		h.do("PUT", fmt.Sprintf("/webhdfs/v1/example/large/%d?op=CREATE&data=true", i), string(content), h.as("ada")).want(t, 201, "")
	}
	for _, format := range []string{"zip", "tar"} {
		a, begin := h.archiveBegins("/example/large", format)
		h.do("PUT", "/webhdfs/v1/example/large/5?op=SETPERMISSION&permission=600", "", h.as("ada")).want(t, 200, "")
		rest, err := io.ReadAll(a.Body)
		must(t, a.Body.Close())
		if err == nil {
			t.Errorf("%s: %d bytes came, and no error", format, len(begin)+len(rest))
		}
		text := slices.Concat(begin, rest)
		if _, err := zip.NewReader(bytes.NewReader(text), int64(len(text))); err == nil {
			t.Error("what came is a zip")
		}
		if format == "tar" && bytes.HasSuffix(text, make([]byte, 1024)) {
			t.Error("what came is a whole tar")
		}
		h.do("PUT", "/webhdfs/v1/example/large/5?op=SETPERMISSION&permission=644", "", h.as("ada")).want(t, 200, "")
	}
}

// TestArchiveLeavesOutWhatVanishes: if a file is deleted while its directory is sent as an archive, the archive leaves it out; if
// the directory is deleted, the archive breaks off.
func TestArchiveLeavesOutWhatVanishes(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	content := make([]byte, namespace.MaxBatchFile+1)
	_, _ = rand.NewChaCha8([32]byte{3}).Read(content)
	for _, c := range []struct {
		format, remove string
		want           []string // nil: the archive breaks off
	}{
		{"zip", "/4", []string{"f0/", "f0/0", "f0/1", "f0/2", "f0/3", "f0/5", "f0/small"}},
		{"tar", "/small", []string{"f1/", "f1/0", "f1/1", "f1/2", "f1/3", "f1/4", "f1/5"}},
		{"zip", "", nil},
	} {
		top := "/example/f0"
		if c.format == "tar" {
			top = "/example/f1"
		}
		for i := range 6 {
			h.do("PUT", fmt.Sprintf("/webhdfs/v1%s/%d?op=CREATE&data=true&overwrite=true", top, i), string(content), h.as("ada")).want(t, 201, "")
		}
		h.do("PUT", "/webhdfs/v1"+top+"/small?op=CREATE&data=true&overwrite=true", "x", h.as("ada")).want(t, 201, "")
		a, begin := h.archiveBegins(top, c.format)
		h.do("DELETE", "/webhdfs/v1"+top+c.remove+"?op=DELETE&recursive=true", "", h.as("ada")).want(t, 200, "true")
		rest, err := io.ReadAll(a.Body)
		must(t, a.Body.Close())
		if c.want == nil {
			if err == nil {
				t.Errorf("all of %s was deleted, and the archive did not break off", top)
			}
			continue
		}
		must(t, err)
		open := unzipped
		if c.format == "tar" {
			open = untarred
		}
		if got := slices.Sorted(maps.Keys(open(t, string(begin)+string(rest)))); !slices.Equal(got, c.want) {
			t.Errorf("%s without %s has %q, want %q", c.format, c.remove, got, c.want)
		}
	}
}

// TestArchiveOfAFileThatGrows: a file that has become too long for a batch since its directory was listed is read by itself.
func TestArchiveOfAFileThatGrows(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const size = namespace.MaxBatchFile + 1
	h.do("PUT", "/webhdfs/v1/example/log?op=CREATE&data=true", strings.Repeat("x", size), h.as("ada")).want(t, 201, "")
	ada, err := h.auth.Principal(t.Context(), "ada")
	must(t, err)
	c := &call{exchange: &exchange{server: h.handler.(*Server)}, ctx: t.Context(), session: h.fs.As(ada), principal: ada}
	var out bytes.Buffer
	p := &packing{call: c, again: survey{call: c}, held: c.newArchiveHeld(), into: newTarArchive(&out)}
	for _, name := range []string{"log", "hello.txt"} {
		path, err := namespace.ParsePath("/example/" + name)
		must(t, err)
		must(t, p.add(&namespace.BelowEntry{Path: path, Name: "example/" + name, Status: namespace.Status{Size: 13}})) // as it was listed
	}
	must(t, p.close())
	all := untarred(t, out.String())
	if len(all["example/log"]) != size || all["example/hello.txt"] != hello {
		t.Errorf("%d bytes of the log, and %q", len(all["example/log"]), all["example/hello.txt"])
	}
}

// endless is content that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestArchivesTakeLittleMemory: a member of more than 4 GiB, which needs zip64, goes through a few hundred kilobytes.
func TestArchivesTakeLittleMemory(t *testing.T) {
	const size = 4<<30 + 1
	s := namespace.Status{Size: size, Perms: perm.Perms{Mode: 0o644}, MTime: time.Now().UnixMilli()}
	tail := &lastBytes{}
	z := newZipArchive(tail)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	to, err := z.file("long.gz", s)
	must(t, err)
	must(t, copyAll(to, io.LimitReader(endless{}, size), size))
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("%d bytes of memory", grown)
	}
	must(t, z.close())
	if !bytes.Contains(tail.last, []byte("PK\x06\x06")) || tail.written < size {
		t.Errorf("%d bytes, the end of which is %q", tail.written, tail.last)
	}
}

// lastBytes keeps the last bytes that are written to it.
type lastBytes struct {
	written int64
	last    []byte
}

func (l *lastBytes) Write(p []byte) (int, error) {
	l.written += int64(len(p))
	l.last = append(l.last, p[max(0, len(p)-300):]...)
	l.last = append(l.last[:0], l.last[max(0, len(l.last)-300):]...)
	return len(p), nil
}

// TestNamesThatNoZipHoldsAreRefused before the first byte: moving directories into each other makes paths of any length, and a zip
// that breaks off does not say why.
func TestNamesThatNoZipHoldsAreRefused(t *testing.T) {
	for length, refused := range map[int]bool{namespace.MaxZipName - 1: false, namespace.MaxZipName: true} {
		for _, zipped := range []bool{true, false} {
			s := survey{zipped: zipped}
			err := s.add(&namespace.BelowEntry{Name: strings.Repeat("n", length)})
			if (err != nil) != (refused && zipped) || err != nil && (namespace.KindOf(err) != namespace.IO || !strings.Contains(err.Error(), "so deep")) {
				t.Errorf("a name of %d bytes, in a zip %v: %v", length, zipped, err)
			}
		}
	}
}
