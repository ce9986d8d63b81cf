package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"granary/auth"
)

// listing is a list of the API, and how to add to it.
type listing struct {
	path string
	as   func(*http.Request)
	add  func(i int) // makes a row
	id   string      // the member that identifies an item
	// newest: the newest come first, so that rows added between pages may be on none.
	newest bool
	bad    []string // cursors that are refused
}

// TestListsComeInPages reads each list by pages of two while rows are added before and after the place that was reached.
func TestListsComeInPages(t *testing.T) {
	h := newHouse(t)
	for name, owner := range map[string]string{"maps": "ada", "vision": "bob"} {
		h.ask(owner, "POST", "/projects", `{"name":"`+name+`","datasets":[]}`, 201, nil)
	}
	h.ask("ada", "PATCH", "/projects/maps", `{"listed":true}`, 200, nil)
	h.do("PUT", "/webhdfs/v1/user/ada/f?op=CREATE", "f", h.as("ada")).want(t, 201, "")
	h.ask("ada", "POST", "/projects/maps/service-accounts", `{"name":"svc-robot","role":"observer"}`, 201, nil)
	cookie := h.signedIn()
	user := func(i int) string {
		name := fmt.Sprintf("user%d", i)
		must(t, h.auth.AddUser(t.Context(), auth.User{Name: name}))
		return name
	}
	dataset := func(owner, project, name string) int64 {
		var d Dataset
		h.ask(owner, "POST", "/projects/"+project+"/datasets", fmt.Sprintf(`{"path":"/Projects/%s/%s","create":true,"listed":true}`, project, name), 201, &d)
		return d.ID
	}
	share := func(owner, project, name, to string) {
		h.ask(owner, "POST", "/datasets/"+itoa(dataset(owner, project, name))+"/shares", `{`+to+`,"level":"read"}`, 201, nil)
	}
	numbers := []string{"0", "-1", "x", "1.5", "99999999999999999999"}
	tokens := []string{"1", "x.y", "0.3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11", "1.3F6C1A7E-7f0e-4d1c-8d4e-2b8a6a1f5b11", "99999999999999999.3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11"}
	for name, l := range map[string]listing{
		"members": {path: "/projects/maps/members", as: h.as("ada"), id: "user", add: func(i int) {
			h.ask("ada", "PUT", "/projects/maps/members/"+user(100+i), `{"role":"observer"}`, 200, nil)
		}},
		"service accounts": {path: "/projects/maps/service-accounts", as: h.as("ada"), id: "name", add: func(i int) {
			h.ask("ada", "POST", "/projects/maps/service-accounts", fmt.Sprintf(`{"name":"svc-%d","role":"observer"}`, 200+i), 201, nil)
		}},
		"datasets": {path: "/projects/vision/datasets", as: h.as("bob"), id: "id", bad: numbers, add: func(i int) {
			dataset("bob", "vision", fmt.Sprintf("d%d", i))
		}},
		"my shares": {path: "/shares", as: h.as("bob"), id: "id", bad: numbers, add: func(i int) {
			share("ada", "maps", fmt.Sprintf("bob%d", i), `"user":"bob"`)
		}},
		"requests": {path: "/projects/maps/requests", as: h.as("ada"), id: "id", bad: numbers, add: func(i int) {
			h.ask(user(300+i), "POST", "/projects/maps/requests", `{}`, 201, nil)
		}},
		"my requests": {path: "/requests", as: h.as("bob"), id: "id", bad: numbers, add: func(i int) {
			h.ask("bob", "POST", "/projects/maps/requests", `{"dataset":`+itoa(dataset("ada", "maps", fmt.Sprintf("asked%d", i)))+`}`, 201, nil)
		}},
		"tokens": {path: "/tokens", as: h.as("ada"), id: "id", bad: tokens, newest: true, add: func(int) { h.personal("ada") }},
		"links": {path: "/links", as: h.as("ada"), id: "id", bad: tokens, newest: true, add: func(int) {
			h.ask("ada", "POST", "/links", `{"path":"/user/ada/f"}`, 201, nil)
		}},
		"sessions": {path: "/sessions", as: named(loopbackCookie, cookie), id: "id", bad: tokens, newest: true, add: func(int) {
			_, _, err := h.auth.Login(t.Context(), "ada", adasPassword, auth.Origin{})
			must(t, err)
		}},
		"tokens of a service": {
			path: "/projects/maps/service-accounts/svc-robot/tokens", as: h.as("ada"), id: "id", bad: tokens, newest: true,
			add: func(int) { h.personal("svc-robot") },
		},
		"jobs": {path: "/jobs", as: h.as("ada"), id: "id", bad: numbers, newest: true, add: func(i int) {
			h.ask("ada", "POST", "/jobs", fmt.Sprintf(`{"kind":"copy","sources":["/user/ada/f"],"target":"/user/ada/copy%d"}`, i), 202, nil)
		}},
	} {
		t.Run(name, func(t *testing.T) { h.readByPages(t, l) })
	}
}

// readByPages adds five rows, and reads the list by pages of two while more rows are added.
func (h *house) readByPages(t *testing.T, l listing) {
	for i := range 5 {
		l.add(i)
	}
	there := h.items(t, l, "limit=1000").ids(l.id)
	var seen []string
	after := ""
	for pages := 0; ; pages++ {
		page := h.items(t, l, "limit=2"+after)
		if len(page.Items) > 2 || pages > 10 {
			t.Fatalf("page %d has %d items", pages, len(page.Items))
		}
		seen = append(seen, page.ids(l.id)...)
		if page.Next == "" {
			break
		}
		if len(page.Items) != 2 {
			t.Errorf("page %d of %s has %d items and is not the last", pages, l.path, len(page.Items))
		}
		after = "&after=" + url.QueryEscape(page.Next)
		if pages < 2 {
			l.add(6 + pages)
		}
	}
	want := there
	if l.newest { // rows that were added in the same moment may be on a later page
		once := slices.Compact(slices.Sorted(slices.Values(seen)))
		if len(once) != len(seen) {
			t.Errorf("items came twice: %v", seen)
		}
		seen = slices.DeleteFunc(seen, func(id string) bool { return !slices.Contains(there, id) })
	} else if want = h.items(t, l, "").ids(l.id); len(want) != len(there)+2 {
		t.Fatalf("%d items after two more than %d", len(want), len(there))
	}
	if len(there) < 5 || !slices.Equal(seen, want) {
		t.Errorf("by pages:\n%v\nat once:\n%v", seen, want)
	}
	for _, limit := range []string{"0", "-1", "1001", "x"} {
		h.do("GET", restPrefix+l.path+"?limit="+limit, "", l.as).problem(t, http.StatusBadRequest, "limit")
	}
	for _, cursor := range l.bad {
		h.do("GET", restPrefix+l.path+"?after="+cursor, "", l.as).problem(t, http.StatusBadRequest, "after")
	}
}

// itemsPage is a page of any list; of shares, the items are those given, then those received.
type itemsPage struct {
	Items, Given, Received []map[string]any
	Next                   string
}

func (p itemsPage) ids(member string) (ids []string) {
	for _, item := range p.Items {
		ids = append(ids, fmt.Sprint(item[member]))
	}
	return ids
}

func (h *house) items(t *testing.T, l listing, query string) (p itemsPage) {
	t.Helper()
	a := h.do("GET", restPrefix+l.path+"?"+query, "", l.as)
	a.want(t, http.StatusOK, "")
	must(t, json.Unmarshal([]byte(a.body), &p))
	p.Items = slices.Concat(p.Items, p.Given, p.Received)
	return p
}

// TestSharesOfAProjectComeInPages: shares given come first, then those received, and none is lost where a page has both.
func TestSharesOfAProjectComeInPages(t *testing.T) {
	for _, n := range []struct{ given, received int }{{3, 2}, {2, 3}, {4, 0}, {0, 4}, {1, 1}, {2, 2}, {0, 0}} {
		h := newHouse(t)
		h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":["g0","g1","g2","g3"]}`, 201, nil)
		h.ask("bob", "POST", "/projects", `{"name":"vision","datasets":["r0","r1","r2","r3"]}`, 201, nil)
		offer := func(owner, project, to string, count int) (ids []string) {
			var datasets DatasetPage
			h.ask(owner, "GET", "/projects/"+project+"/datasets", "", 200, &datasets)
			for _, d := range datasets.Items[:count] {
				var s Share
				h.ask(owner, "POST", "/datasets/"+itoa(d.ID)+"/shares", `{"project":"`+to+`","level":"read"}`, 201, &s)
				ids = append(ids, itoa(s.ID))
			}
			return ids
		}
		received := offer("bob", "vision", "maps", n.received)
		want := append(offer("ada", "maps", "vision", n.given), received...)
		var seen []string
		for after, pages := "", 0; ; pages++ {
			if pages > 5 {
				t.Fatalf("%+v: the pages do not end: %v", n, seen)
			}
			var page SharePage
			h.ask("ada", "GET", "/projects/maps/shares?limit=2"+after, "", 200, &page)
			for _, s := range page.Given {
				seen = append(seen, itoa(s.ID))
				if s.Project != "maps" {
					t.Errorf("given: %+v", s)
				}
			}
			for _, s := range page.Received {
				seen = append(seen, itoa(s.ID))
				if s.ToProject != "maps" {
					t.Errorf("received: %+v", s)
				}
			}
			if page.Next == "" {
				break
			}
			if len(page.Given)+len(page.Received) != 2 {
				t.Fatalf("%+v: a page that is not the last has %+v", n, page)
			}
			after = "&after=" + page.Next
		}
		if !slices.Equal(seen, want) {
			t.Errorf("%+v: by pages %v, want %v", n, seen, want)
		}
		for _, cursor := range []string{"1", "taken.1", "given.0", "given.01", "received.", "received.x", "given.9999999999999999999"} {
			h.do("GET", restPrefix+"/projects/maps/shares?after="+cursor, "", h.as("ada")).problem(t, http.StatusBadRequest, "after")
		}
	}
}

// TestPagesTellNothingElse: a page is filled with what its reader may know; neither its items nor its cursor reveal anything of
// the rest.
func TestPagesTellNothingElse(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":["a","b","c","d","e"]}`, 201, nil)
	h.ask("ada", "PATCH", "/projects/maps", `{"listed":true}`, 200, nil)
	var all, shown DatasetPage
	h.ask("ada", "GET", "/projects/maps/datasets", "", 200, &all)
	if len(all.Items) != 5 {
		t.Fatalf("%+v", all)
	}
	for _, i := range []int{1, 3} {
		h.ask("ada", "PATCH", "/datasets/"+itoa(all.Items[i].ID), `{"public":true}`, 200, nil)
	}
	h.ask("bob", "GET", "/projects/maps/datasets?limit=1", "", 200, &shown)
	if len(shown.Items) != 1 || shown.Items[0].ID != all.Items[1].ID || shown.Next != itoa(all.Items[1].ID) {
		t.Errorf("the first page is %+v", shown)
	}
	h.ask("bob", "GET", "/projects/maps/datasets?limit=1&after="+shown.Next, "", 200, &shown)
	if len(shown.Items) != 1 || shown.Items[0].ID != all.Items[3].ID || shown.Next != "" {
		t.Errorf("the second page is %+v; what follows is not for bob", shown)
	}

	// A token that may only manage sees the tokens that may do no more than it, and its pages are full.
	limited, _, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: "ada", Personal: true, Verbs: auth.Manage})
	must(t, err)
	for range 3 {
		h.personal("ada")
		_, _, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: "ada", Personal: true, Verbs: auth.Manage})
		must(t, err)
	}
	var seen []string
	for after := ""; ; {
		page := answered[TokenPage](t, h.do("GET", restPrefix+"/tokens?limit=2"+after, "", bearer(limited)), 200)
		for _, token := range page.Items {
			seen = append(seen, token.ID.String())
			if !slices.Equal(token.Verbs, []string{"manage"}) {
				t.Errorf("a token that may only manage sees %+v", token)
			}
		}
		if page.Next == "" {
			break
		}
		if len(page.Items) != 2 || !strings.HasSuffix(page.Next, "."+page.Items[1].ID.String()) {
			t.Fatalf("%+v", page)
		}
		after = "&after=" + page.Next
	}
	if slices.Sort(seen); len(slices.Compact(seen)) != 4 {
		t.Errorf("it sees %v, want four", seen)
	}
}
