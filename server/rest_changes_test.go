package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// quotaOf returns the limits of a path as GETQUOTAUSAGE tells them.
func (h *house) quotaOf(path string) string {
	h.t.Helper()
	got := h.do("GET", "/webhdfs/v1"+path+"?op=GETQUOTAUSAGE", "", h.as("root"))
	got.want(h.t, 200, "")
	return got.body
}

// TestLimitsWithOtherChanges: limits and the rest of a change are two acts, but one request.
func TestLimitsWithOtherChanges(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":["tiles"]}`, 201, nil)
	key := header(idempotencyKey, "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11")
	for range 2 {
		h.do("PATCH", restPrefix+"/projects/maps", `{"namesLimit":100,"bytesLimit":2000,"listed":true}`, h.as("root"), key).want(t, 200, `"listed":true`)
	}
	h.do("PATCH", restPrefix+"/projects/maps", `{"namesLimit":100,"listed":true}`, h.as("ada"), key).want(t, 403, "")
	const limits = `"quota":100,"spaceConsumed":0,"spaceQuota":2000`
	if got := h.quotaOf("/Projects/maps"); !strings.Contains(got, limits) {
		t.Fatalf("the limits are %s", got)
	}
	// What is refused because of one part sets no limit either.
	h.ask("root", "PATCH", "/projects/maps", `{"namesLimit":50,"description":"`+strings.Repeat("…", 1400)+`"}`, 400, nil).problem(t, 400, "4200 bytes")
	var writer MadeToken
	h.ask("root", "POST", "/tokens", `{"verbs":["read","write"]}`, 201, &writer)
	h.do("PATCH", restPrefix+"/projects/maps", `{"namesLimit":50,"listed":false}`, bearer(writer.Secret)).problem(t, 403, "may not manage")
	if got := h.quotaOf("/Projects/maps"); !strings.Contains(got, limits) {
		t.Errorf("after refusals, the limits are %s", got)
	}
	h.do("PATCH", restPrefix+"/projects/maps", `{"namesLimit":50}`, bearer(writer.Secret)).want(t, 200, `"namesLimit":50`)
	// Nor does a name that is none.
	h.do("PATCH", restPrefix+"/projects/maps%2Ftiles", `{"namesLimit":7}`, h.as("root")).problem(t, 404, "There is no project")
	if got := h.quotaOf("/Projects/maps/tiles"); !strings.Contains(got, `"quota":-1,`) {
		t.Errorf("a directory in the project has the limits %s", got)
	}
}

// TestManagingWithoutReading: a token that may manage, and not read, is told what it has changed, and nothing else.
func TestManagingWithoutReading(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":["tiles"]}`, 201, nil)
	h.ask("ada", "POST", "/projects", `{"name":"vision","datasets":[]}`, 201, nil)
	h.do("PUT", "/webhdfs/v1/Projects/maps/notes?op=MKDIRS", "", h.as("ada")).want(t, 200, "")
	var datasets DatasetPage
	h.ask("ada", "GET", "/projects/maps/datasets", "", 200, &datasets)
	tiles := "/datasets/" + itoa(datasets.Items[0].ID)
	var manager, adder MadeToken
	h.ask("ada", "POST", "/tokens", `{"verbs":["manage"]}`, 201, &manager)
	h.ask("ada", "POST", "/tokens", `{"verbs":["add"]}`, 201, &adder)
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"PATCH", "/projects/maps", `{"listed":true}`, 200, `"listed":true`},
		{"PATCH", tiles, `{"listed":true}`, 200, `"listed":true`},
		{"POST", "/projects/maps/datasets", `{"path":"/Projects/maps/notes"}`, 201, `"path":"/Projects/maps/notes"`},
		{"POST", tiles + "/shares", `{"project":"vision","level":"read"}`, 201, `"state":"offered"`},
		{"POST", "/shares/1/accept", `{}`, 200, `"mount":"/Projects/vision/Shared/maps.tiles"`},
		{"GET", "/projects/maps", "", 403, "takes read"},
		{"PATCH", "/projects/maps", `{}`, 403, "takes read"},
		{"GET", tiles, "", 404, ""},
		{"GET", "/shares/1", "", 404, ""},
		{"GET", "/projects/maps/members", "", 403, "takes read"},
	} {
		h.do(c.method, restPrefix+c.path, c.body, bearer(manager.Secret)).want(t, c.status, c.want)
		if c.method != http.MethodGet {
			refused := h.do(c.method, restPrefix+c.path, c.body, bearer(adder.Secret))
			if refused.StatusCode/100 != 4 {
				t.Errorf("%s %s by a token that may only add: %d %s", c.method, c.path, refused.StatusCode, refused.body)
			}
		}
	}
}

// TestShareThatEndedInTheYearOne: the time that stands for no end within the server is a past one for clients.
func TestShareThatEndedInTheYearOne(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":["tiles"]}`, 201, nil)
	var datasets DatasetPage
	h.ask("ada", "GET", "/projects/maps/datasets", "", 200, &datasets)
	for _, past := range []string{"0001-01-01T00:00:00Z", "0001-01-01T01:00:00+01:00", "0000-12-31T00:00:00Z", "2001-01-01T00:00:00Z"} {
		h.ask("ada", "POST", "/datasets/"+itoa(datasets.Items[0].ID)+"/shares", `{"user":"bob","level":"read","expires":"`+past+`"}`, 400, nil).problem(t, 400, "would have expired")
	}
	var received SharePage
	h.ask("bob", "GET", "/shares", "", 200, &received)
	if len(received.Received) != 0 {
		t.Errorf("bob received %+v", received)
	}
}

// TestBodiesAreText: bytes and halves of characters that are no text are refused. If they were replaced, a request would be about
// another file than its sender meant.
func TestBodiesAreText(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	put := func(name string) answer {
		return h.do("POST", restPrefix+"/projects/maps/datasets", `{"path":"/Projects/maps/`+name+`","create":true}`, h.as("ada"))
	}
	for _, name := range []string{
		"a\xff", "a\xed\xa0\x80", `a\udcff`, `a\uDCFF`, `a\ud83d`, `a\ud83d\ud83d`, `a\ud83dx`, `a\ud83d\u0041`, `a\ude00\ud83d`, `a\ud83d\\ude00`, `\\\udcff`,
	} {
		put(name).problem(t, 400, "The body is not UTF-8, or has half of a character")
	}
	for name, path := range map[string]string{
		`a\ud83d\ude00`: "a😀", `\u00e9`: "é", "b\uFFFD": "b\uFFFD", `c\ufffd`: "c\uFFFD", `\\udcff`: `\\udcff`, `\\\\udcff`: `\\\\udcff`, `\ud83d\ude00\ud83d\ude01`: "😀😁",
	} {
		put(name).want(t, 201, `"path":"/Projects/maps/`+path+`"`)
	}
	put(`\`).problem(t, 400, "not JSON")
	put(`\u00`).problem(t, 400, "not JSON")
}

// TestPathWithAnEmptyPart: a name that is missing in a path does not stand for something else.
func TestPathWithAnEmptyPart(t *testing.T) {
	h := newHouse(t)
	h.ask("root", "GET", "/events", "", 200, nil)
	for _, path := range []string{"/projects//events", "/projects//events/stream", "/projects/", "/jobs/"} {
		h.do("GET", restPrefix+path, "", h.as("root")).problem(t, 404, "There is nothing at")
	}
}

// TestLongDiscovery: each word is compared with all that is listed.
func TestLongDiscovery(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "GET", "/discover?query="+url.QueryEscape(strings.Repeat("é ", 127)+"é"), "", 200, nil)
	h.ask("ada", "GET", "/discover?query="+strings.Repeat("a+", 128), "", 400, nil).problem(t, 400, "255 characters")
}

// TestAccessChangedUnderAKey: a retry is told that there was a change, as the first request would have been.
func TestAccessChangedUnderAKey(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	const change = `{"change":{"set":"7"},"targets":[{"path":"/Projects/maps"}]}`
	key := header(idempotencyKey, "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11")
	for range 2 {
		h.do("POST", restPrefix+"/access/change", change, h.as("ada"), key).want(t, 200, `"changed":true`)
	}
	h.do("POST", restPrefix+"/access/change", change, h.as("ada")).want(t, 200, `"changed":false`)
}
