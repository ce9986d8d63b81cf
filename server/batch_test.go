package server

import (
	"archive/tar"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"granary/auth"
	"granary/namespace"
)

// emptyArchive is a tar archive without a member.
var emptyArchive = strings.Repeat("\x00", 1024)

// member is one of an archive, with its content.
type member struct {
	tar.Header
	content string
}

func file(name, content string) member {
	return member{tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(content))}, content}
}

// archive returns a tar archive.
func archive(t testing.TB, members ...member) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := range members {
		must(t, w.WriteHeader(&members[i].Header))
		_, err := io.WriteString(w, members[i].content)
		must(t, err)
	}
	must(t, w.Close())
	return b.String()
}

// unpacked returns the members of an archive.
func unpacked(t testing.TB, text string) (members []member) {
	t.Helper()
	r := tar.NewReader(strings.NewReader(text))
	for {
		h, err := r.Next()
		if err == io.EOF {
			return members
		}
		must(t, err)
		content, err := io.ReadAll(r)
		must(t, err)
		members = append(members, member{*h, string(content)})
	}
}

// readBatch reads a batch and returns its members but the last, which says how many there are.
func (h *house) readBatch(user, body string) (members []member, end BatchEnd) {
	h.t.Helper()
	a := h.ask(user, "POST", "/fs/batch-read", body, 200, nil)
	if kind := a.Header.Get("Content-Type"); kind != "application/x-tar" || a.Header.Get("Content-Security-Policy") == "" {
		h.t.Errorf("the batch comes as %v", a.Header)
	}
	members = unpacked(h.t, a.body)
	last := members[len(members)-1]
	if last.Name != batchEnd {
		h.t.Fatalf("the last member is %s", last.Name)
	}
	must(h.t, json.Unmarshal([]byte(last.content), &end))
	return members[:len(members)-1], end
}

func namesOf(members []member) (names []string) {
	for _, m := range members {
		names = append(names, m.Name)
	}
	return names
}

// writeBatch writes an archive into /user/ada or where query says.
func (h *house) writeBatch(user, query, text string, options ...func(*http.Request)) (out BatchWritten) {
	h.t.Helper()
	if !strings.Contains(query, "path=") {
		query = "path=/user/ada" + query
	}
	a := h.do("POST", restPrefix+"/fs/batch-write?"+query, text, append(options, h.as(user))...)
	must(h.t, json.Unmarshal([]byte(a.body), &out))
	if partly := out.Failed > 0 || out.Problem != nil; a.StatusCode != 200 && a.StatusCode != 207 || partly != (a.StatusCode == 207) {
		h.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return out
}

// TestBatchRead: the order that was asked for, and in the place of what cannot be read the problem that it alone is answered with.
func TestBatchRead(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	asked := []string{
		"/user/ada/parts/2.csv", "/nothing", "/user/ada/parts/1.csv", "/user", "a", "/user/ada/parts/2.csv", "/user//ada/parts/1.csv", "/example/hello.txt",
		"/a/" + strings.Repeat("ö", 200) + "/" + strings.Repeat("é", 100),
	}
	body, err := json.Marshal(BatchRead{Paths: asked})
	must(t, err)
	members, end := h.readBatch("ada", string(body))
	if len(members) != len(asked) || end != (BatchEnd{Read: 5, Failed: 4}) {
		t.Fatalf("%+v, %q", end, namesOf(members))
	}
	for i, m := range members {
		alone := h.do("GET", apiPrefix+"open?path="+asked[i], "", h.as("ada"))
		if alone.StatusCode == 200 {
			clean := strings.ReplaceAll(asked[i], "//", "/")
			if m.content != alone.body || m.Name != clean[1:] || m.Uname != "ada" || m.Mode != 0o644 || m.ModTime.UnixMilli() != 1_700_000_000_000 {
				t.Errorf("%s: %+v", asked[i], m)
			}
			continue
		}
		var got, want Problem
		must(t, errors.Join(json.Unmarshal([]byte(m.content), &got), json.Unmarshal([]byte(alone.body), &want)))
		want.RequestID, want.Instance = got.RequestID, asked[i]
		if got != want || m.Name != fmt.Sprintf("__granary__/errors/%06d.json", i) || m.PAXRecords["GRANARY.status"] != itoa(int64(want.Status)) {
			t.Errorf("%s: %s with %v; want %+v", asked[i], m.content, m.PAXRecords, want)
		}
	}
}

// TestBatchReadOfADirectory: what a data loader asks for.
func TestBatchReadOfADirectory(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	var members []member
	for i := range 40 {
		members = append(members, file(fmt.Sprintf("%d/%02d.txt", i%3, i), fmt.Sprint(i)))
	}
	h.writeBatch("ada", "/train", archive(t, append(members, file("1/labels.json", "{}"), file("top.txt", "t"))...))
	read := func(body string) []string {
		all, _ := h.readBatch("ada", `{"directory":"/user/ada/train"`+body+`}`)
		return namesOf(all)
	}
	all := read(`,"recursive":true,"pattern":"*.txt"`)
	if len(all) != 41 || !slices.IsSorted(all) || slices.ContainsFunc(all, func(name string) bool { return strings.Contains(name, "labels") }) {
		t.Errorf("%d: %q", len(all), all)
	}
	if top := read(``); !slices.Equal(top, []string{"user/ada/train/top.txt"}) {
		t.Errorf("not below: %q", top)
	}
	const shuffled = `,"recursive":true,"pattern":"[0-9]*.txt","shuffle":`
	one, again, other := read(shuffled+"7"), read(shuffled+"7"), read(shuffled+"8")
	if len(one) != 40 || slices.IsSorted(one) || !slices.Equal(one, again) || slices.Equal(one, other) {
		t.Errorf("shuffled: %q, %q, %q", one, again, other)
	}
	var dealt []string
	for part := range 3 {
		dealt = append(dealt, read(shuffled+fmt.Sprintf(`7,"part":%d,"parts":3`, part))...)
	}
	if len(dealt) != 40 || slices.Equal(dealt, one) || !slices.Equal(slices.Sorted(slices.Values(dealt)), slices.Sorted(slices.Values(one))) {
		t.Errorf("in parts: %q", dealt)
	}
	if none := read(`,"pattern":"*.jpg"`); len(none) != 0 {
		t.Errorf("%q", none)
	}
	h.do("PUT", "/webhdfs/v1/user/ada/train/2?op=SETPERMISSION&permission=0", "", h.as("root")).want(t, 200, "")
	h.ask("root", "POST", "/fs/batch-read", `{"directory":"/user/ada/train","recursive":true}`, 200, nil)
	h.ask("ada", "POST", "/fs/batch-read", `{"directory":"/user/ada/train","recursive":true}`, 403, nil).problem(t, 403, "/user/ada/train/2")
	for body, c := range map[string]struct {
		status int
		words  string
	}{
		`{}`:                                                          {400, "needs paths, or a directory"},
		`{"paths":[]}`:                                                {400, "needs paths, or a directory"},
		`{"paths":["/a"],"directory":"/a"}`:                           {400, "and not both"},
		`{"paths":["/a"],"recursive":true}`:                           {400, "for a directory"},
		`{"paths":["/a"],"part":2,"parts":2}`:                         {400, "part 2 is none of 2"},
		`{"paths":["/a"],"part":1}`:                                   {400, "part 1 is none of 0"},
		`{"paths":["/a"],"parts":0}`:                                  {400, "parts"},
		`{"paths":["/a"],"colour":"red"}`:                             {400, "colour"},
		`{"directory":"a"}`:                                           {400, "a path is absolute"},
		`{"directory":"/user","pattern":"[a"}`:                        {400, "The pattern"},
		`{"directory":"/nothing"}`:                                    {404, "/nothing"},
		`{"directory":"/user/ada/train/top.txt"}`:                     {409, "Is not a directory"},
		`{"paths":["` + strings.Repeat(`/a","`, batchPaths) + `/a"]}`: {400, "paths"},
		`{"paths":["` + strings.Repeat(`a`, maxLongJSON) + `"]}`:      {400, "longer than 16777216 bytes"},
	} {
		h.ask("ada", "POST", "/fs/batch-read", body, c.status, nil).problem(t, c.status, c.words)
	}
	long := `{"paths":["/` + strings.Repeat("a", 2*maxJSON) + `"]}` // which other bodies may not be
	if members, end := h.readBatch("ada", long); end.Failed != 1 || !strings.Contains(members[0].content, "more than 32000 bytes") || len(members[0].content) > 1<<22 {
		t.Errorf("%+v, %.500s", end, members[0].content)
	}
}

// TestBatchWrite: each member for itself.
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

	// Of several with one name the last stays.
	var many []member
	for i := range 200 {
		many = append(many, file("same", fmt.Sprint(i)), file("parts/1.csv", fmt.Sprint(i)))
	}
	if out := h.writeBatch("ada", "&overwrite=true&permission=600", archive(t, many...)); out.Written != 400 {
		t.Errorf("%+v", out)
	}
	h.do("GET", apiPrefix+"open?path=/user/ada/same", "", h.as("ada")).want(t, 200, "199")
	h.do("GET", apiPrefix+"get-file-status?path=/user/ada/same", "", h.as("ada")).want(t, 200, `"permission":"600"`)

	// What was read in a batch can be written in one.
	read := h.ask("ada", "POST", "/fs/batch-read", `{"directory":"/user/ada/parts"}`, 200, nil)
	if out := h.writeBatch("ada", "path=/user/ada/copy", read.body); out.Written != 3 {
		t.Errorf("%+v", out)
	}
	h.do("GET", apiPrefix+"open?path=/user/ada/copy/user/ada/parts/2.csv", "", h.as("ada")).want(t, 200, "1,2\n")
}

// TestBatchWriteOnce: sent again under its key, an archive changes nothing that it has changed before.
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

// TestBatchWriteOfABrokenArchive: what was complete is there, and the answer says so.
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

	// The client goes away in the middle, and one that only stops sending gets an answer.
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

// TestBatchLimits: what a batch counts as, and how many there may be.
func TestBatchLimits(t *testing.T) {
	h := newHouse(t, limited(Limits{Reads: 10, Writes: 1}))
	body := `{"paths":["/a"` + strings.Repeat(`,"/a"`, 400) + `]}`
	h.ask("ada", "POST", "/fs/batch-read", body, 200, nil) // 41 of 100
	h.ask("ada", "POST", "/fs/batch-read", body, 200, nil)
	h.ask("ada", "POST", "/fs/batch-read", body, 429, nil).problem(t, 429, "used up your reads")
	h.ask("bob", "POST", "/fs/batch-read", body, 200, nil)
	var many []member
	for i := range 12 {
		many = append(many, file(fmt.Sprint(i), ""))
	}
	out := h.writeBatch("ada", "", archive(t, many...))
	if out.Written != 9 || out.Members[11].Status != 429 || !strings.Contains(out.Members[11].Problem.Detail, "used up your writes") {
		t.Errorf("%+v", out)
	}

	h = newHouse(t)
	var ends []*io.PipeWriter
	answered := make(chan int, batchesEach)
	for range batchesEach {
		from, to := io.Pipe()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+restPrefix+"/fs/batch-write?path=/user/ada", from)
		must(t, err)
		h.as("ada")(r)
		r.Header.Set("Expect", "100-continue")
		go func() {
			resp, err := patient.Do(r)
			if err != nil {
				answered <- 0
				return
			}
			resp.Body.Close()
			answered <- resp.StatusCode
		}()
		_, err = io.WriteString(to, emptyArchive[:512]) // the server reads it, and so has let it in
		must(t, err)
		ends = append(ends, to)
	}
	h.ask("ada", "POST", "/fs/batch-read", `{"paths":["/a"]}`, 429, nil).problem(t, 429, "16 batches under way")
	h.ask("bob", "POST", "/fs/batch-read", `{"paths":["/a"]}`, 200, nil)
	for _, to := range ends {
		_, err := io.WriteString(to, emptyArchive[512:])
		must(t, errors.Join(err, to.Close()))
		if status := <-answered; status != 200 {
			t.Errorf("a batch ended with %d", status)
		}
	}
	h.ask("ada", "POST", "/fs/batch-read", `{"paths":["/a"]}`, 200, nil)
}

// Others' files in a batch: a token outside its directory, one that only reads, a stranger and an observer get what each file
// alone would give them, and those between that they may have.
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

// Zip slip, by tar: names that lead out of where the archive is to be, and links that do.
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
