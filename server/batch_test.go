package server

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// emptyArchive is a tar archive without members.
var emptyArchive = strings.Repeat("\x00", 1024)

// member is a member of an archive, with its content.
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

// readBatch reads a batch and returns its members without the last one, which is the summary.
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

// writeBatch writes an archive into /user/ada, or where query says.
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

// TestBatchRead: members come in the order of the request; a file that cannot be read is replaced by the problem that it alone would get.
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

// TestBatchReadOfADirectory asks as a data loader does.
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
		`{}`:                                                      {400, "needs paths, or a directory"},
		`{"paths":[]}`:                                            {400, "needs paths, or a directory"},
		`{"paths":["/a"],"directory":"/a"}`:                       {400, "and not both"},
		`{"paths":["/a"],"recursive":true}`:                       {400, "for a directory"},
		`{"paths":["/a"],"part":2,"parts":2}`:                     {400, "part 2 is none of 2"},
		`{"paths":["/a"],"part":1}`:                               {400, "part 1 is none of 0"},
		`{"paths":["/a"],"parts":0}`:                              {400, "parts"},
		`{"paths":["/a"],"colour":"red"}`:                         {400, "colour"},
		`{"directory":"a"}`:                                       {400, "a path is absolute"},
		`{"directory":"/user","pattern":"[a"}`:                    {400, "The pattern"},
		`{"directory":"/nothing"}`:                                {404, "/nothing"},
		`{"directory":"/user/ada/train/top.txt"}`:                 {409, "Is not a directory"},
		`{"paths":["` + strings.Repeat(`/a","`, 10_000) + `/a"]}`: {400, "paths"},
		`{"paths":["` + strings.Repeat(`a`, maxLongJSON) + `"]}`:  {400, "longer than 16777216 bytes"},
	} {
		h.ask("ada", "POST", "/fs/batch-read", body, c.status, nil).problem(t, c.status, c.words)
	}
	long := `{"paths":["/` + strings.Repeat("a", 2*maxJSON) + `"]}` // longer than other bodies may be
	if members, end := h.readBatch("ada", long); end.Failed != 1 || !strings.Contains(members[0].content, "more than 32000 bytes") || len(members[0].content) > 1<<22 {
		t.Errorf("%+v, %.500s", end, members[0].content)
	}
}

// TestBatchReadOfSamples: what WebDataset takes for one sample comes together, however it is shuffled and divided, and files alone come as ever.
func TestBatchReadOfSamples(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	var members []member
	for i := range 20 {
		for _, kind := range []string{"cls", "jpg", "seg.png"} {
			members = append(members, file(fmt.Sprintf("%d/%02d.%s", i%2, i, kind), ""))
		}
	}
	h.writeBatch("ada", "/set", archive(t, append(members, file("0/00-x.jpg", ""), file("0/.a.jpg", ""), file("0/.b.jpg", ""))...))
	read := func(body string) (names []string) {
		all, _ := h.readBatch("ada", body)
		for _, name := range namesOf(all) {
			names = append(names, strings.TrimPrefix(name, "user/ada/set/"))
		}
		return names
	}
	const set = `{"directory":"/user/ada/set","recursive":true,"samples":true`
	if inOrder := read(set + `}`); !slices.IsSorted(inOrder) || len(inOrder) != 63 {
		t.Errorf("in order: %q", inOrder)
	}
	one := read(set + `,"shuffle":7}`)
	if len(one) != 63 || slices.IsSorted(one) || !slices.Equal(one, read(set+`,"shuffle":7}`)) {
		t.Errorf("shuffled: %q", one)
	}
	var dealt []string
	for part := range 3 {
		dealt = append(dealt, read(set+fmt.Sprintf(`,"shuffle":7,"part":%d,"parts":3}`, part))...)
	}
	if !slices.Equal(slices.Sorted(slices.Values(dealt)), slices.Sorted(slices.Values(one))) {
		t.Errorf("in parts: %q", dealt)
	}
	for _, names := range [][]string{one, dealt} {
		if i := slices.Index(names, "0/.a.jpg"); names[(i+1)%len(names)] == "0/.b.jpg" {
			t.Errorf("names that begin with a dot are taken for a sample: %q", names)
		}
		for i := range 20 {
			sample := fmt.Sprintf("%d/%02d.", i%2, i)
			at := slices.Index(names, sample+"cls")
			if at < 0 || at+3 > len(names) || !slices.Equal(names[at:at+3], []string{sample + "cls", sample + "jpg", sample + "seg.png"}) {
				t.Errorf("the sample %s is torn apart: %q", sample, names)
			}
		}
	}
	const paths = `{"paths":["/user/ada/set/0/00.jpg","/user/ada/set/1/01.jpg","/user/ada/set/0/02.jpg","/user/ada/set/1/01.cls","/user/ada/set/0/00.cls"]`
	if got, want := read(paths+`,"samples":true}`), []string{"0/00.jpg", "0/00.cls", "1/01.jpg", "1/01.cls", "0/02.jpg"}; !slices.Equal(got, want) {
		t.Errorf("of paths: %q", got)
	}
	// A seed stands for the same order for ever.
	if got, want := read(paths+`,"shuffle":7}`), []string{"0/02.jpg", "0/00.cls", "1/01.cls", "0/00.jpg", "1/01.jpg"}; !slices.Equal(got, want) {
		t.Errorf("without samples the seed 7 makes the order %q", got)
	}
}

// TestBatchCountsWhatItLooksThrough: a search that finds nothing counts like any other.
func TestBatchCountsWhatItLooksThrough(t *testing.T) {
	h := newHouse(t, limited(Limits{Reads: 0.2})) // enough for two at once
	h.handler.(*Server).limits.now = func() time.Time { return time.Unix(1_700_000_000, 0) }
	members := make([]member, 150)
	for i := range members {
		members[i] = file(fmt.Sprintf("%d/%d.txt", i%10, i), "") // in directories, which count as entries, too
	}
	if out := h.writeBatch("ada", "", archive(t, members...)); out.Written != 150 {
		t.Fatalf("%+v", out)
	}
	const nothing = `{"directory":"/user/ada","pattern":"*.jpg"`
	h.ask("ada", "POST", "/fs/batch-read", nothing+`}`, 200, nil)
	h.ask("ada", "POST", "/fs/batch-read", nothing+`,"recursive":true}`, 429, nil).problem(t, 429, "used up your reads")
	h.ask("root", "POST", "/fs/batch-read", nothing+`,"recursive":true}`, 200, nil)
	h.ask("root", "POST", "/fs/batch-read", nothing+`}`, 429, nil)
}

// TestBatchLimits: what a batch counts as, and how many may be under way.
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
		_, err = io.WriteString(to, emptyArchive[:512]) // the server reads it only after it has let the batch in
		must(t, err)
		ends = append(ends, to)
	}
	h.ask("ada", "POST", "/fs/batch-read", `{"paths":["/a"]}`, 429, nil).problem(t, 429, "16 batches under way")
	h.send("POST /api/v1/fs/batch-read HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+h.token("ada")+"\r\nContent-Length: 1000\r\n\r\n{").want(t, 429, "16 batches under way")
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
