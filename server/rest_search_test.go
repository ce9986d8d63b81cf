package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"granary/auth"
)

// found returns the paths of what user finds.
func (h *house) found(user, query string) (paths []string) {
	h.t.Helper()
	var page HitPage
	h.ask(user, "GET", "/search?"+query, "", 200, &page)
	for _, hit := range page.Items {
		paths = append(paths, hit.Path)
	}
	return paths
}

// TestSearch follows tags and search for a day: ada labels files, and bob finds what is shared with him, until the share ends.
func TestSearch(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	var tiles Dataset
	h.ask("ada", "POST", "/projects/maps/datasets", `{"path":"/Projects/maps/tiles","create":true,"description":"Scans."}`, 201, &tiles)
	h.do("PUT", "/webhdfs/v1/Projects/maps/tiles/north.las?op=CREATE", "tile", h.as("ada")).want(t, 201, "")
	h.do("PUT", "/webhdfs/v1/Projects/maps/tiles/README.md?op=CREATE", "# Tiles", h.as("ada")).want(t, 201, "")
	const north = "/Projects/maps/tiles/north.las"
	var labels Labels
	h.ask("ada", "PATCH", "/labels?path="+north, `{"set":{"sensor":"lidar"},"description":"The north side."}`, 200, &labels)
	if labels.Tags["sensor"] != "lidar" || labels.Description != "The north side." {
		t.Errorf("the labels are %+v", labels)
	}
	var page HitPage
	h.ask("ada", "GET", "/search?query=NORTH&kind=file&owner=ada&tag=sensor%3Dlidar&project=maps", "", 200, &page)
	if len(page.Items) != 1 || page.Partial || page.Next != "" {
		t.Fatalf("found %+v", page)
	}
	if hit := page.Items[0]; hit.Path != north || hit.Kind != "file" || hit.Length != 4 || hit.In != "name" || hit.Tags["sensor"] != "lidar" || hit.FileID == 0 {
		t.Errorf("found %+v", hit)
	}
	if got := h.found("ada", "query=scans&kind=dataset"); !slices.Equal(got, []string{"/Projects/maps/tiles"}) {
		t.Errorf("by a dataset's description: %q", got)
	}
	var readme Readme
	h.ask("ada", "GET", "/readme?path=/Projects/maps/tiles", "", 200, &readme)
	if readme.Name != "README.md" || readme.Text != "# Tiles" || !readme.Whole {
		t.Errorf("the README is %+v", readme)
	}
	if got := h.found("bob", "query=north"); got != nil {
		t.Errorf("bob finds %q", got)
	}
	var share Share
	h.ask("ada", "POST", "/datasets/"+itoa(tiles.ID)+"/shares", `{"user":"bob","level":"read"}`, 201, &share)
	h.ask("bob", "POST", "/shares/"+itoa(share.ID)+"/accept", `{}`, 200, nil)
	if got := h.found("bob", "query=north"); !slices.Equal(got, []string{north}) {
		t.Errorf("with the share bob finds %q", got)
	}
	h.ask("bob", "PATCH", "/labels?path="+north, `{"set":{"mine":""}}`, 403, nil)
	h.ask("ada", "DELETE", "/shares/"+itoa(share.ID), "", 204, nil)
	if got := h.found("bob", "query=north"); got != nil {
		t.Errorf("after it bob finds %q", got)
	}
	// The event has the tags.
	var events Events
	h.ask("ada", "GET", "/projects/maps/events?limit=1000", "", 200, &events)
	if !slices.ContainsFunc(events.Items, func(e Event) bool {
		return e.Op == "set labels" && e.Detail.Tags["sensor"] == "lidar" && e.Path == north
	}) {
		t.Errorf("no event of the labels: %+v", events.Items)
	}
}

// Every mistake in a search or in labels is named, and none is answered with 500.
func TestSearchSaysWhatIsWrong(t *testing.T) {
	h := newHouse(t)
	h.do("PUT", "/webhdfs/v1/user/ada/f?op=CREATE", "x", h.as("ada")).want(t, 201, "")
	for query, words := range map[string]string{
		"":                                  "want a text, a tag or both",
		"query=ab":                          "want at least 3",
		"query=%20%20":                      "is blank",
		"query=%FF%FE%FD":                   "UTF-8",
		"query=" + strings.Repeat("x", 256): "more than 255",
		"query=abc&limit=0":                 "limit",
		"query=abc&kind=link":               "kind",
		"query=abc&from=yesterday":          "no time",
		"query=abc&path=relative":           "absolute",
		"query=abc&project=p&path=/x":       "want one of them",
		"query=abc&after=AAAA":              "not of this search",
		"query=abc&after='%20OR%201":        "not of this search",
		"query=abc&colour=red":              "unknown",
		"tag=%3D":                           "want a key",
	} {
		h.do("GET", restPrefix+"/search?"+query, "", h.as("ada")).problem(t, 400, words)
	}
	for body, words := range map[string]string{
		`{"set":{"a b":""}}`:                   "of the form",
		`{"set":{"a":1}}`:                      "want string",
		`{"set":{"a":"x\ny"}}`:                 "one line",
		`{"set":{"a":""},"remove":["a"]}`:      "both to be set and to be removed",
		`{"description":"\u0000"}`:             "NUL",
		`{"tags":{}}`:                          "additional properties",
		`{"set":{"\u0430":"looks like an a"}}`: "of the form",
	} {
		h.do("PATCH", restPrefix+"/labels?path=/user/ada/f", body, h.as("ada")).problem(t, 400, words)
	}
}

// Tags are stored as they are, and sent as JSON, which no browser runs as a page.
func TestAttackScriptInATag(t *testing.T) {
	h := newHouse(t)
	h.do("PUT", "/webhdfs/v1/user/ada/f?op=CREATE", "x", h.as("ada")).want(t, 201, "")
	const script = `<script>alert(1)</script>`
	h.ask("ada", "PATCH", "/labels?path=/user/ada/f", `{"set":{"k":"`+script+`"},"description":"`+script+`"}`, 200, nil)
	for _, path := range []string{"/labels?path=/user/ada/f", "/search?query=" + url.QueryEscape(script)} {
		got := h.ask("ada", "GET", path, "", 200, nil)
		if strings.Count(got.body, script) != 2 {
			t.Errorf("%s: %s", path, got.body)
		}
		if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") || got.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %s, %v", path, kind, got.Header)
		}
	}
}

// Text that LIKE or SQL would interpret finds only itself.
func TestAttackPatterns(t *testing.T) {
	h := newHouse(t)
	h.do("PUT", "/webhdfs/v1/user/ada/plain?op=CREATE", "x", h.as("ada")).want(t, 201, "")
	h.do("PUT", "/webhdfs/v1/user/ada/100%25_'x?op=CREATE", "x", h.as("ada")).want(t, 201, "")
	for query, want := range map[string]bool{
		"%%%": false, "___": false, "pl_in": false, "p%n": false, `\\\`: false, "pla%": false, "' OR '1'='1": false, "'; DROP TABLE names; --": false,
		"[a-z]in": false, "(plain|x)": false, "100%_'": true, "%_'": true, "PLAIN": true,
	} {
		if got := h.found("ada", "query="+url.QueryEscape(query)); (len(got) == 1) != want || len(got) > 1 {
			t.Errorf("%s finds %q", query, got)
		}
	}
}

// A search is no oracle: its answers to a user who may not list a directory do not depend on what is in it.
func TestAttackSearchAsAnOracle(t *testing.T) {
	h := newHouse(t)
	must(t, h.auth.AddUser(t.Context(), auth.User{Name: "sam"}))
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	h.ask("ada", "PUT", "/projects/maps/members/sam", `{"role":"scientist"}`, 200, nil)
	h.do("PUT", "/webhdfs/v1/Projects/maps/vault?op=MKDIRS&permission=711", "", h.as("ada")).want(t, http.StatusOK, "")
	h.do("PUT", "/webhdfs/v1/Projects/maps/vault?op=SETPERMISSION&permission=711", "", h.as("ada")).want(t, http.StatusOK, "")
	queries := []string{"query=merger", "query=mer&project=maps", "query=m&project=maps", "tag=merger", "tag=k%3Dmerger", "query=k%3Dmerger", "query=takeover&limit=1"}
	answers := func(user string) (all []string) {
		for _, q := range queries {
			all = append(all, h.do("GET", restPrefix+"/search?"+q, "", h.as(user)).body)
		}
		return all
	}
	before := [][]string{answers("sam"), answers("bob")}
	h.do("PUT", "/webhdfs/v1/Projects/maps/vault/merger?op=CREATE", "x", h.as("ada")).want(t, 201, "")
	h.ask("ada", "PATCH", "/labels?path=/Projects/maps/vault/merger", `{"set":{"merger":"","k":"merger"},"description":"takeover"}`, 200, nil)
	if got := h.found("ada", "query=merger"); len(got) != 1 {
		t.Fatalf("ada finds %q", got)
	}
	if h.do("GET", restPrefix+"/labels?path=/Projects/maps/vault/merger", "", h.as("sam")).StatusCode != 200 {
		t.Fatal("sam, who knows the name, may know of the file")
	}
	for i, user := range []string{"sam", "bob"} {
		for j, after := range answers(user) {
			// Failures name the ids of their requests, which differ.
			if cut := func(s string) string { s, _, _ = strings.Cut(s, `"requestId"`); return s }; cut(after) != cut(before[i][j]) {
				t.Errorf("%s, %s: %s; before there was anything %s", user, queries[j], after, before[i][j])
			}
		}
	}
}
