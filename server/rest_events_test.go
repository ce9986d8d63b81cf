package server

import (
	"bufio"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"granary/auth"
)

// TestFollowingAProject: bob reads what ada does in a project, page by page, until he is no longer a member.
func TestFollowingAProject(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	h.ask("ada", "PUT", "/projects/maps/members/bob", `{"role":"observer"}`, 200, nil)
	h.do("PUT", "/webhdfs/v1/Projects/maps/f?op=CREATE&data=true", "hello", h.as("ada")).want(t, 201, "")
	h.do("PUT", "/webhdfs/v1/Projects/maps/f?op=RENAME&destination=/Projects/maps/g", "", h.as("ada")).want(t, 200, "true")

	var page Events
	h.ask("bob", "GET", "/projects/maps/events", "", 200, &page)
	var ops []string
	for i, e := range page.Items {
		if e.Seq != int64(i+1) || e.User == "" || e.At.IsZero() {
			t.Errorf("%+v", e)
		}
		ops = append(ops, e.Op+" "+e.Path+" "+e.Target)
	}
	want := []string{"set member /Projects/maps ", "create /Projects/maps/f ", "rename /Projects/maps/f /Projects/maps/g"}
	if !slices.Equal(ops, want) || page.Last != 3 {
		t.Errorf("%q up to %d, want %q", ops, page.Last, want)
	}
	if size := page.Items[1].Detail.Size; size == nil || *size != 5 {
		t.Errorf("%+v", page.Items[1])
	}
	h.ask("bob", "GET", "/projects/maps/events?after=2&limit=1", "", 200, &page)
	if len(page.Items) != 1 || page.Items[0].Seq != 3 {
		t.Errorf("behind 2: %+v", page)
	}
	h.ask("bob", "GET", "/projects/maps/events?after=3", "", 200, &page)
	if len(page.Items) != 0 || page.Last != 3 {
		t.Errorf("behind all: %+v", page)
	}
	for query, want := range map[string][]int64{"before=0&limit=2": {3, 2}, "before=2": {1}, "before=1": nil, "before=0": {3, 2, 1}} {
		h.ask("bob", "GET", "/projects/maps/events?"+query, "", 200, &page)
		var seqs []int64
		for _, e := range page.Items {
			seqs = append(seqs, e.Seq)
		}
		if !slices.Equal(seqs, want) || len(want) > 0 && page.Last != want[len(want)-1] {
			t.Errorf("%s: %v up to %d, want %v", query, seqs, page.Last, want)
		}
	}
	h.ask("bob", "GET", "/projects/maps/events?before=3&after=1", "", 400, nil).problem(t, 400, "backwards")
	h.ask("bob", "GET", "/projects/maps/events?after=4", "", 400, nil).problem(t, 400, "the newest event of project maps is 3")
	h.ask("bob", "GET", "/projects/maps/events?after=-1", "", 400, nil)
	h.ask("bob", "GET", "/projects/maps/events?wait=31", "", 400, nil)
	must(t, h.auth.AddUser(t.Context(), auth.User{Name: "sam"}))
	h.ask("sam", "GET", "/projects/maps/events", "", 404, nil)
	h.ask("sam", "GET", "/projects/maps/events?before=0", "", 404, nil)

	waited := make(chan Events)
	go func() {
		var page Events
		h.ask("bob", "GET", "/projects/maps/events?after=3&wait=30", "", 200, &page)
		waited <- page
	}()
	h.do("DELETE", "/webhdfs/v1/Projects/maps/g?op=DELETE", "", h.as("ada")).want(t, 200, "true")
	if page := <-waited; len(page.Items) != 1 || page.Items[0].Op != "delete" {
		t.Errorf("who waited got %+v", page)
	}
}

// TestFollowingAProjectOfWhichNoEventIsKept: the number of the newest event is still known, and reading on after it works.
func TestFollowingAProjectOfWhichNoEventIsKept(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	h.do("PUT", "/webhdfs/v1/Projects/maps/f?op=CREATE&data=true", "hello", h.as("ada")).want(t, 201, "")
	h.exec(`DELETE FROM events`)
	h.ask("ada", "GET", "/projects/maps/events?after=0", "", 410, nil)
	var page Events
	for _, query := range []string{"before=0&limit=1", "before=1", "after=1"} {
		h.ask("ada", "GET", "/projects/maps/events?"+query, "", 200, &page)
		if len(page.Items) != 0 || page.Last != 1 {
			t.Errorf("%s: %+v; want nothing up to 1", query, page)
		}
	}
	h.do("DELETE", "/webhdfs/v1/Projects/maps/f?op=DELETE", "", h.as("ada")).want(t, 200, "true")
	if m, _ := h.stream(t, "ada", "/projects/maps/events/stream?after=1", "").next(); m.id != "2" {
		t.Errorf("the stream goes on with %+v", m)
	}
}

// TestFollowingTheCommonGround: only a superuser sees, in one feed, new projects and what is done outside of projects.
func TestFollowingTheCommonGround(t *testing.T) {
	h := newHouse(t)
	var page Events
	h.ask("root", "GET", "/events", "", 200, &page)
	before := page.Last
	h.do("PUT", "/webhdfs/v1/tmp/f?op=CREATE&data=true", "hello", h.as("ada")).want(t, 201, "")
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	h.do("PUT", "/webhdfs/v1/Projects/maps/f?op=CREATE&data=true", "hello", h.as("ada")).want(t, 201, "") // an event of the project
	h.ask("root", "GET", "/events?after="+itoa(before), "", 200, &page)
	var said []string
	for _, e := range page.Items {
		said = append(said, e.Op+" "+e.Path)
	}
	if want := []string{"create /tmp/f", "create project /Projects/maps"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
	if m, _ := h.stream(t, "root", "/events/stream?after="+itoa(before), "").next(); m.id != itoa(before+1) || !strings.Contains(m.data, "/tmp/f") {
		t.Errorf("the stream begins with %+v", m)
	}
	for _, path := range []string{"/events", "/events/stream"} {
		h.ask("ada", "GET", path, "", 403, nil)
	}
}

// pushed is one message of server-sent events.
type pushed struct{ id, kind, data string }

// stream follows server-sent events.
type stream struct {
	*bufio.Scanner
	*http.Response
}

func (h *house) stream(t *testing.T, user, path, last string) *stream {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+restPrefix+path, http.NoBody)
	must(t, err)
	h.as(user)(r)
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	must(t, err)
	t.Cleanup(func() { answer.Body.Close() })
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s: %s, %s", path, answer.Status, answer.Header.Get("Content-Type"))
	}
	return &stream{bufio.NewScanner(answer.Body), answer}
}

// next returns the next message, and false at the end.
func (s *stream) next() (m pushed, ok bool) {
	for s.Scan() {
		name, value, _ := strings.Cut(s.Text(), ": ")
		switch name {
		case "id":
			m.id = value
		case "event":
			m.kind = value
		case "data":
			m.data = value
		}
		if s.Text() == "" && m.kind != "" {
			return m, true
		}
	}
	return m, false
}

// TestAStreamOfEvents: a client sees all events, resumes after the last id it saw, and is told when it may see no more.
func TestAStreamOfEvents(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	h.ask("ada", "PUT", "/projects/maps/members/bob", `{"role":"observer"}`, 200, nil)
	mkdir := func(name string) {
		h.do("PUT", "/webhdfs/v1/Projects/maps/"+name+"?op=MKDIRS", "", h.as("ada")).want(t, 200, "true")
	}
	s := h.stream(t, "bob", "/projects/maps/events/stream?after=0", "")
	m, _ := s.next()
	if m.id != "1" || m.kind != "change" {
		t.Fatalf("%+v", m)
	}
	mkdir("a")
	m, _ = s.next()
	var e Event
	must(t, json.Unmarshal([]byte(m.data), &e))
	if m.id != "2" || e.Path != "/Projects/maps/a" || e.Op != "mkdirs" {
		t.Fatalf("%+v", m)
	}
	s.Response.Body.Close()
	mkdir("b")
	mkdir("c")
	s = h.stream(t, "bob", "/projects/maps/events/stream?after=0", m.id) // it takes precedence over after
	for _, want := range []string{"3", "4"} {
		if m, _ := s.next(); m.id != want {
			t.Fatalf("%+v, want event %s", m, want)
		}
	}
	live := h.stream(t, "ada", "/projects/maps/events/stream", "") // from now on
	h.ask("ada", "DELETE", "/projects/maps/members/bob", "", 204, nil)
	if m, ok := s.next(); !ok || m.kind != "end" || !strings.Contains(m.data, `"status":404`) {
		t.Errorf("bob, who is no member, gets %+v", m)
	}
	if m, ok := s.next(); ok {
		t.Errorf("and then %+v", m)
	}
	if m, _ := live.next(); m.id != "5" {
		t.Errorf("who began now sees %+v", m)
	}
	h.do("GET", restPrefix+"/projects/maps/events/stream?after=1&limit=2", "", h.as("ada")).want(t, 200, "id: 3\nevent: change")
	h.do("GET", restPrefix+"/projects/maps/events/stream?limit=0", "", h.as("ada")).want(t, 400, "")
	h.do("GET", restPrefix+"/projects/maps/events/stream", "", h.as("ada"), header("Last-Event-ID", "x")).problem(t, 400, "Last-Event-ID")
	// A server that is stopping waits for no reader.
	h.stop()
	if m, ok := live.next(); ok {
		t.Errorf("from a server that stops: %+v", m)
	}
	must(t, live.Err())
}

// TestReadingTheAudit: everybody reads their own acts, and owners those in their projects.
func TestReadingTheAudit(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	h.ask("ada", "PUT", "/projects/maps/members/bob", `{"role":"scientist"}`, 200, nil)
	h.do("PUT", "/webhdfs/v1/Projects/maps/f?op=CREATE&data=true", "hello", h.as("bob")).want(t, 201, "")
	var page AuditPage
	h.ask("ada", "GET", "/audit?project=maps", "", 200, &page)
	if len(page.Items) != 2 || page.Items[0].User != "bob" || page.Items[0].Op != "create" || page.Items[0].Credential == "" ||
		page.Items[0].Outcome != "changed" || page.Items[0].Project != "maps" || page.Items[0].Client == "" {
		t.Errorf("%+v", page)
	}
	personal := answered[MadeToken](t, h.do("POST", restPrefix+"/tokens", `{"label":"laptop"}`, all(named(loopbackCookie, h.signedIn()), header(forgeryHeader, "1"))), 201)
	h.do("PUT", "/webhdfs/v1/Projects/maps/d?op=MKDIRS", "", bearer(personal.Secret)).want(t, 200, "true")
	for user, label := range map[string]string{"ada": "laptop", "root": "laptop", "bob": ""} {
		if user == "bob" {
			h.ask("ada", "PUT", "/projects/maps/members/bob", `{"role":"owner"}`, 200, nil)
		}
		h.ask(user, "GET", "/audit?project=maps&path=/Projects/maps/d", "", 200, &page)
		if len(page.Items) != 1 || page.Items[0].Kind != "personal" || page.Items[0].Label != label {
			t.Errorf("%s is told %+v", user, page.Items)
		}
		h.ask("ada", "PUT", "/projects/maps/members/bob", `{"role":"scientist"}`, 200, nil)
	}
	h.ask("ada", "GET", "/audit?project=maps&limit=1", "", 200, &page)
	h.ask("ada", "GET", "/audit?project=maps&limit=1&after="+page.Next, "", 200, &page)
	if len(page.Items) != 1 || page.Items[0].Op != "set member" {
		t.Errorf("the second page: %+v", page)
	}
	h.ask("bob", "GET", "/audit", "", 200, &page)
	if len(page.Items) != 1 || page.Items[0].Path != "/Projects/maps/f" {
		t.Errorf("bob's own: %+v", page)
	}
	h.ask("bob", "GET", "/audit?user=ada", "", 403, nil)
	h.ask("bob", "GET", "/audit?after=1", "", 400, nil).problem(t, 400, "cursor")
	h.ask("bob", "GET", "/audit?from=yesterday", "", 400, nil).problem(t, 400, "2026-01-02T03:04:05Z")
	h.ask("bob", "GET", "/audit?path=x", "", 400, nil)
	h.ask("root", "GET", "/audit?path=/Projects/maps/f&from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&reads=true", "", 200, &page)
	if len(page.Items) != 1 {
		t.Errorf("of the file: %+v", page)
	}
}
