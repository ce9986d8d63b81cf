package server

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"granary/auth"
)

// ask sends a JSON request to the REST API, and decodes the reply into out, if that is not nil.
func (h *house) ask(user, method, path, body string, status int, out any) answer {
	h.t.Helper()
	got := h.do(method, restPrefix+path, body, h.as(user))
	got.want(h.t, status, "")
	if out != nil {
		reflect.ValueOf(out).Elem().SetZero() // out may be reused, and members that are absent must not keep their values
		must(h.t, json.Unmarshal([]byte(got.body), out))
	}
	return got
}

// problem demands a failure of this status whose detail contains these words.
func (a answer) problem(t testing.TB, status int, words string) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.StatusCode != status || p.Status != status || !strings.Contains(p.Detail, words) {
		t.Fatalf("%s %s: %d %s; want %d %q", a.Request.Method, a.Request.URL, a.StatusCode, a.body, status, words)
	}
	return p
}

// TestTwoProjectsShareADataset follows a day: ada shares map tiles with bob's project, and he reads them until she ends the share.
func TestTwoProjectsShareADataset(t *testing.T) {
	h := newHouse(t)
	must(t, h.auth.AddUser(t.Context(), auth.User{Name: "sam"}))
	var maps Project
	h.ask("ada", "POST", "/projects", `{"name":"maps","description":"Maps of the city."}`, 201, &maps)
	if maps.Path != "/Projects/maps" || maps.Role != "owner" || maps.Quota.Names != 7 {
		t.Errorf("the project is %+v", maps)
	}
	h.ask("bob", "POST", "/projects", `{"name":"vision","datasets":[]}`, 201, nil)
	h.ask("bob", "PUT", "/projects/vision/members/sam", `{"role":"observer"}`, 200, nil)

	var tiles Dataset
	h.ask("ada", "POST", "/projects/maps/datasets", `{"path":"/Projects/maps/tiles","create":true,"description":"Tiles."}`, 201, &tiles)
	h.do("PUT", "/webhdfs/v1/Projects/maps/tiles/1.png?op=CREATE", "tile", h.as("ada")).want(t, 201, "")
	// To others, the project does not exist.
	unknown := h.ask("bob", "GET", "/projects/maps", "", 404, nil)
	missing := h.ask("bob", "GET", "/projects/nothing", "", 404, nil)
	if strings.ReplaceAll(unknown.body, "maps", "nothing")[:80] != missing.body[:80] {
		t.Errorf("%s\nis not as for what is not there\n%s", unknown.body, missing.body)
	}

	var share Share
	h.ask("ada", "POST", "/datasets/"+itoa(tiles.ID)+"/shares", `{"project":"vision","level":"read"}`, 201, &share)
	var received SharePage
	h.ask("bob", "GET", "/projects/vision/shares", "", 200, &received)
	if len(received.Received) != 1 || received.Received[0].State != "offered" || received.Received[0].Path != "" {
		t.Fatalf("bob received %+v", received)
	}
	h.ask("sam", "POST", "/shares/"+itoa(share.ID)+"/accept", `{}`, 404, nil)
	h.ask("bob", "POST", "/shares/"+itoa(share.ID)+"/accept", `{}`, 200, &share)
	if share.Mount != "/Projects/vision/Shared/maps.tiles" || share.State != "accepted" {
		t.Errorf("the share is %+v", share)
	}
	for _, at := range []string{share.Mount, share.Path} {
		h.do("GET", "/webhdfs/v1"+at+"/1.png?op=OPEN", "", h.as("sam")).want(t, 200, "tile")
		h.do("PUT", "/webhdfs/v1"+at+"/2.png?op=CREATE", "x", h.as("bob")).want(t, 403, "")
	}
	var why Explanation
	h.ask("ada", "GET", "/access/explain?path=/Projects/maps/tiles/1.png&user=sam", "", 200, &why)
	if last := why.Steps[len(why.Steps)-1]; !why.Allowed || last.By != "share:"+itoa(share.ID) {
		t.Errorf("sam may, because of %+v", why)
	}
	h.ask("bob", "GET", "/access/explain?path=/Projects/maps/tiles/1.png&user=sam", "", 403, nil)
	var who EffectiveAccess
	h.ask("ada", "GET", "/access/effective?path=/Projects/maps/tiles/1.png", "", 200, &who)
	want := []Access{
		{"ada", "rwx", "role:owner", true}, {"bob", "r--", "share:" + itoa(share.ID), false}, {"sam", "r--", "share:" + itoa(share.ID), false},
	}
	if !slices.Equal(who.Users, want) || who.Everyone.May != "---" {
		t.Errorf("access is %+v, want %+v", who, want)
	}

	h.ask("ada", "DELETE", "/shares/"+itoa(share.ID), "", 204, nil)
	h.do("GET", "/webhdfs/v1/Projects/maps/tiles/1.png?op=OPEN", "", h.as("sam")).want(t, 404, "")
	h.ask("bob", "GET", "/shares/"+itoa(share.ID), "", 404, nil)
}

func itoa(n int64) string { return string(mustJSON(n)) }

func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

func TestProjectsEndAndComeBack(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	h.do("PUT", "/webhdfs/v1/Projects/maps/Logs/f?op=CREATE", "x", h.as("ada")).want(t, 201, "")
	h.ask("ada", "PATCH", "/projects/maps", `{"archived":true}`, 200, nil)
	h.do("PUT", "/webhdfs/v1/Projects/maps/Logs/g?op=CREATE", "x", h.as("ada")).want(t, 403, "archived")
	h.do("GET", "/webhdfs/v1/Projects/maps/Logs/f?op=OPEN", "", h.as("ada")).want(t, 200, "x")
	h.ask("ada", "PATCH", "/projects/maps", `{"archived":false,"description":"Back."}`, 200, nil)
	h.ask("ada", "PATCH", "/projects/maps", `{"namesLimit":100}`, 403, nil)
	h.ask("root", "PATCH", "/projects/maps", `{"namesLimit":100}`, 200, nil)
	h.ask("ada", "DELETE", "/projects/maps/members/ada", "", 409, nil) // the last owner

	h.ask("ada", "DELETE", "/projects/maps", "", 204, nil)
	h.ask("ada", "GET", "/projects/maps", "", 404, nil)
	h.do("GET", "/webhdfs/v1/Projects/maps/Logs/f?op=OPEN", "", h.as("root")).want(t, 404, "")
	h.ask("bob", "POST", "/projects", `{"name":"Maps"}`, 409, nil).problem(t, 409, "differs only in capitals")
	h.ask("bob", "POST", "/projects/maps/restore", "", 404, nil)
	var back Project
	h.ask("ada", "POST", "/projects/maps/restore", "", 200, &back)
	if back.Description != "Back." || back.Quota.NamesLimit != 100 {
		t.Errorf("it came back as %+v", back)
	}
	h.do("GET", "/webhdfs/v1/Projects/maps/Logs/f?op=OPEN", "", h.as("ada")).want(t, 200, "x")
}

// TestBodiesAreHeldAgainstTheDocument shows that a body that the document does not allow is refused with the name of the member.
func TestBodiesAreHeldAgainstTheDocument(t *testing.T) {
	h := newHouse(t)
	for body, words := range map[string]string{
		``:                                   "not JSON",
		`{`:                                  "not JSON",
		`[]`:                                 "object",
		`{}`:                                 "name",
		`{"name":1}`:                         "name",
		`{"name":"maps","size":3}`:           "size",
		`{"name":"a b"}`:                     "name",
		`{"name":"maps","datasets":["a/b"]}`: "datasets",
		`{"name":"maps"} {}`:                 "not JSON",
	} {
		h.ask("ada", "POST", "/projects", body, 400, nil).problem(t, 400, words)
	}
	h.ask("ada", "GET", "/projects?limit=0", "", 400, nil).problem(t, 400, "limit")
	h.ask("ada", "GET", "/projects?name=maps", "", 400, nil).problem(t, 400, "name is unknown here")
	h.ask("ada", "GET", "/projects", "", 200, nil)
	h.do("GET", restPrefix+"/projects", "").want(t, 401, "")
}

// TestRoutesSayWhatTheyAre checks each row's summary, tag and parameters, and its examples against its declared types.
func TestRoutesSayWhatTheyAre(t *testing.T) {
	ids := map[string]bool{}
	for _, r := range restRoutes {
		if !strings.HasSuffix(r.Summary, ".") || r.Tag == "" || ids[r.ID] {
			t.Errorf("%s %s: the summary %q, the tag %q or the id %q is not right", r.Method, r.Path, r.Summary, r.Tag, r.ID)
		}
		ids[r.ID] = true
		for _, p := range r.inPath() {
			if p.Doc == "" {
				t.Errorf("%s: the parameter %s in the path is not described", r.ID, p.Name)
			}
		}
		for text, typ := range map[string]reflect.Type{r.Example.Body: r.action.body, r.Example.Reply: r.action.reply} {
			if text == "" {
				continue
			}
			d := json.NewDecoder(strings.NewReader(text))
			d.DisallowUnknownFields()
			if err := d.Decode(reflect.New(typ).Interface()); err != nil {
				t.Errorf("%s: the example %s is none: %v", r.ID, text, err)
			}
		}
		if r.Method == http.MethodGet && r.action.body != reflect.TypeFor[none]() {
			t.Errorf("%s reads with a body", r.ID)
		}
	}
}

// TestChangesAreMadeOnce: a request that is sent again under its key gets the first answer.
func TestChangesAreMadeOnce(t *testing.T) {
	h := newHouse(t)
	key := header(idempotencyKey, "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11")
	for range 2 {
		h.do("POST", restPrefix+"/projects", `{"name":"maps"}`, h.as("ada"), key).want(t, 201, `"name":"maps"`)
	}
	h.do("POST", restPrefix+"/projects", `{"name":"other"}`, h.as("ada"), key).want(t, 409, "operation id")
}

// TestAskingToBeLetIn: what is listed can be found, and access to it requested; nothing else can.
func TestAskingToBeLetIn(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","description":"Maps of the city.","datasets":["tiles","notes"]}`, 201, nil)
	h.ask("ada", "POST", "/projects", `{"name":"secret","description":"Of the city, too."}`, 201, nil)
	var found FoundPage
	h.ask("bob", "GET", "/discover", "", 200, &found)
	if len(found.Items) != 0 {
		t.Fatalf("nothing is listed, and found: %+v", found)
	}
	h.ask("bob", "POST", "/projects/maps/requests", `{}`, 404, nil)
	var datasets DatasetPage
	h.ask("ada", "GET", "/projects/maps/datasets", "", 200, &datasets)
	tiles := datasets.Items[0]
	h.ask("ada", "PATCH", "/datasets/"+itoa(tiles.ID), `{"listed":true,"description":"100%_tiles"}`, 200, nil)
	h.ask("ada", "PATCH", "/projects/maps", `{"listed":true}`, 200, nil)
	for query, want := range map[string]int{"": 2, "CITY maps": 1, "tiles": 1, "100%25_": 1, "_": 1, "harbour": 0} {
		h.ask("bob", "GET", "/discover?query="+strings.ReplaceAll(query, " ", "+"), "", 200, &found)
		if len(found.Items) != want {
			t.Errorf("%q finds %+v, want %d", query, found.Items, want)
		}
	}
	h.ask("bob", "GET", "/discover?limit=1", "", 200, &found)
	first := found.Items[0]
	h.ask("bob", "GET", "/discover?limit=1&after="+found.Next, "", 200, &found)
	if len(found.Items) != 1 || found.Items[0] == first || found.Next != "" {
		t.Errorf("the second page is %+v after %+v", found, first)
	}
	// The top of a listed project is visible, but its content is closed.
	h.do("GET", "/webhdfs/v1/Projects/maps/tiles?op=LISTSTATUS", "", h.as("bob")).want(t, 403, "")

	var one, two Request
	h.ask("bob", "POST", "/projects/maps/requests", `{"message":"Please."}`, 201, &one)
	h.ask("bob", "POST", "/projects/maps/requests", `{"dataset":`+itoa(tiles.ID)+`}`, 201, &two)
	h.ask("bob", "POST", "/projects/maps/requests", `{"dataset":`+itoa(datasets.Items[1].ID)+`}`, 404, nil)
	h.ask("bob", "GET", "/projects/maps/requests", "", 403, nil)
	var asked RequestPage
	h.ask("ada", "GET", "/projects/maps/requests", "", 200, &asked)
	if len(asked.Items) != 2 || asked.Items[0].User != "bob" || asked.Items[0].Message != "Please." {
		t.Errorf("asked: %+v", asked)
	}
	h.ask("ada", "POST", "/datasets/"+itoa(tiles.ID)+"/shares", `{"user":"bob","level":"read"}`, 201, nil)
	h.ask("root", "DELETE", "/requests/"+itoa(one.ID), "", 204, nil)
	h.ask("bob", "GET", "/requests", "", 200, &asked)
	if len(asked.Items) != 0 {
		t.Errorf("answered, and still asked: %+v", asked)
	}
	h.ask("bob", "DELETE", "/requests/"+itoa(two.ID), "", 404, nil)
}
