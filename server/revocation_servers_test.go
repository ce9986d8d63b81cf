package server

import (
	"net/http"
	"testing"
	"time"

	"granary/auth"
)

// TestRevocationIsAtOnce takes a right away on one server, and tries the very next request on another, which caches users as the
// command line has it: to read a file, to write one, and to look at the dataset through the API. All of it was allowed a moment
// before.
func TestRevocationIsAtOnce(t *testing.T) {
	const trials = 25
	h := newHouse(t)
	next := h.nextDoor()
	must(t, h.auth.AddUser(t.Context(), auth.User{Name: "sam"}))
	must(t, h.auth.AddUser(t.Context(), auth.User{Name: "pia"}))
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	h.ask("bob", "POST", "/projects", `{"name":"vision","datasets":[]}`, 201, nil)
	var tiles Dataset
	h.ask("ada", "POST", "/projects/maps/datasets", `{"path":"/Projects/maps/tiles","create":true}`, 201, &tiles)
	const file = "/webhdfs/v1/Projects/maps/tiles/f"
	h.do("PUT", file+"?op=CREATE&permission=660", "tile", h.as("ada")).want(t, 201, "")
	member := func() { h.ask("ada", "PUT", "/projects/maps/members/sam", `{"role":"scientist"}`, 200, nil) }
	member()
	share := func(offer, by string) (id string) {
		var s Share
		h.ask("ada", "POST", "/datasets/"+itoa(tiles.ID)+"/shares", offer, 201, &s)
		h.ask(by, "POST", "/shares/"+itoa(s.ID)+"/accept", `{}`, 200, nil)
		return itoa(s.ID)
	}
	long := func(user string) (credential func(*http.Request), id string) {
		token, described, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: user, TTL: 24 * time.Hour})
		must(t, err)
		return bearer(token), described.ID.String()
	}

	const read, change = "?op=OPEN", "?op=APPEND&data=true"
	asked := func(what string, with func(*http.Request), mayRead, mayChange bool) {
		t.Helper()
		for target, may := range map[string]bool{read: mayRead, change: mayChange} {
			method, body := "GET", ""
			if target == change {
				method, body = "POST", "x"
			}
			got := next.do(method, file+target, body, with)
			if refused := got.StatusCode == 401 || got.StatusCode == 403 || got.StatusCode == 404; refused == may || may && got.StatusCode != 200 {
				t.Fatalf("%s, %s: %d %s; want allowed %v", what, target, got.StatusCode, got.body, may)
			}
		}
		got := next.do("GET", restPrefix+"/datasets/"+itoa(tiles.ID), "", with)
		if (got.StatusCode == 200) != mayRead || got.StatusCode >= 500 {
			t.Fatalf("%s, the dataset: %d %s; want allowed %v", what, got.StatusCode, got.body, mayRead)
		}
	}
	revocations := map[string]func() (user string, end, undo func(), stillReads bool){
		"membership": func() (string, func(), func(), bool) {
			return "sam", func() { h.ask("ada", "DELETE", "/projects/maps/members/sam", "", 204, nil) }, member, false
		},
		"role": func() (string, func(), func(), bool) {
			return "sam", func() { h.ask("ada", "PUT", "/projects/maps/members/sam", `{"role":"observer"}`, 200, nil) }, member, true
		},
		"share with a person": func() (string, func(), func(), bool) {
			id := share(`{"user":"pia","level":"edit"}`, "pia")
			return "pia", func() { h.ask("ada", "DELETE", "/shares/"+id, "", 204, nil) }, func() {}, false
		},
		"share with a project, by who received it": func() (string, func(), func(), bool) {
			id := share(`{"project":"vision","level":"edit"}`, "bob")
			return "bob", func() { h.ask("bob", "DELETE", "/shares/"+id, "", 204, nil) }, func() {}, false
		},
		"level of a share": func() (string, func(), func(), bool) {
			id := share(`{"user":"pia","level":"edit"}`, "pia")
			down := func() {
				h.ask("ada", "POST", "/datasets/"+itoa(tiles.ID)+"/shares", `{"user":"pia","level":"read"}`, 201, nil)
			}
			return "pia", down, func() { h.ask("ada", "DELETE", "/shares/"+id, "", 204, nil) }, true
		},
		"use of the project": func() (string, func(), func(), bool) {
			return "sam", func() { h.ask("ada", "PATCH", "/projects/maps", `{"archived":true}`, 200, nil) },
				func() { h.ask("ada", "PATCH", "/projects/maps", `{"archived":false}`, 200, nil) }, true
		},
		"user": func() (string, func(), func(), bool) {
			return "sam", func() { must(t, h.auth.Disable(t.Context(), "sam")) }, func() { must(t, h.auth.Enable(t.Context(), "sam")) }, false
		},
	}
	for range trials {
		for name, prepare := range revocations {
			user, end, undo, stillReads := prepare()
			with, _ := long(user)
			asked(name+", before", with, true, true)
			end()
			asked(name, with, stillReads, false)
			undo()
		}
		with, id := long("sam")
		asked("token, before", with, true, true)
		h.ask("sam", "DELETE", "/tokens/"+id, "", 204, nil)
		asked("token", with, false, false)
	}
	t.Logf("soak: %d trials of %d kinds of revocation on two servers: each held for the next request", trials, len(revocations)+1)
}
