package server

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"granary/auth"
)

// TestAdministeringUsers: root adds a user who signs in, and every change by root holds for the next request.
func TestAdministeringUsers(t *testing.T) {
	h := newHouse(t)
	begun := len(h.auditOf(""))
	const word = "correct horse battery staple"
	grace := answered[User](t, h.ask("root", "POST", "/admin/users", `{"name":"grace","password":"`+word+`","groups":["staff"]}`, 201, nil), 201)
	if grace.Name != "grace" || !slices.Equal(grace.Groups, []string{"staff"}) || !grace.Password || grace.Superuser || grace.Disabled || grace.Service {
		t.Errorf("%+v", grace)
	}
	h.ask("root", "POST", "/admin/users", `{"name":"Grace"}`, 409, nil)
	h.ask("root", "POST", "/admin/users", `{"name":"short","password":"x"}`, 400, nil)
	h.ask("ada", "POST", "/admin/users", `{"name":"eve"}`, 403, nil).problem(t, 403, "is not a superuser")
	signIn := func(status int) answer {
		t.Helper()
		a := h.do("POST", restPrefix+"/sessions", `{"user":"grace","password":"`+word+`"}`, header(forgeryHeader, "1"))
		a.want(t, status, "")
		return a
	}
	session := func(a answer) func(int) {
		cookie := a.Cookies()[0]
		return func(status int) {
			t.Helper()
			h.do("GET", restPrefix+"/users/me", "", named(cookie.Name, cookie.Value)).want(t, status, "")
		}
	}
	first := session(signIn(201))
	first(200)
	h.ask("root", "DELETE", "/admin/users/grace/sessions", "", 204, nil)
	first(401)
	second := session(signIn(201))
	h.ask("root", "PATCH", "/admin/users/grace", `{"disabled":true}`, 200, nil)
	second(401)
	signIn(401)
	var page UserPage
	h.ask("root", "GET", "/admin/users?query=RAC", "", 200, &page)
	if len(page.Items) != 1 || !page.Items[0].Disabled {
		t.Errorf("%+v", page)
	}
	h.ask("root", "GET", "/admin/users?query=%25", "", 200, &page)
	if len(page.Items) != 0 {
		t.Errorf("%% is found in %+v", page)
	}
	h.ask("root", "PATCH", "/admin/users/grace", `{"disabled":false,"admin":true}`, 200, nil)
	third := session(signIn(201))
	third(200)
	h.ask("grace", "GET", "/admin/users?limit=1", "", 200, &page)
	if len(page.Items) != 1 || page.Next != page.Items[0].Name {
		t.Errorf("%+v", page)
	}
	// Nobody can shut themselves out.
	for _, body := range []string{`{"disabled":true}`, `{"admin":false}`} {
		h.ask("grace", "PATCH", "/admin/users/grace", body, 400, nil).problem(t, 400, "shut yourself out")
	}
	h.ask("root", "PUT", "/admin/users/grace/password", `{"password":"another horse battery staple"}`, 204, nil)
	third(401)
	signIn(401)
	h.ask("root", "PATCH", "/admin/users/grace", `{"admin":false}`, 200, nil)
	h.ask("grace", "GET", "/admin/users", "", 403, nil)
	h.ask("root", "PATCH", "/admin/users/nobody", `{"admin":false}`, 404, nil)
	var done []string
	for _, text := range h.auditOf("")[begun:] {
		if strings.HasPrefix(text, "root changed") {
			done = append(done, strings.TrimPrefix(text, "root changed "))
		}
	}
	want := []string{
		"add user grace [staff]", "end sessions grace", "disable user grace", "set admin grace", "enable user grace", "set password grace", "set admin grace",
	}
	if !slices.Equal(done, want) {
		t.Errorf("the audit says %q, want %q", done, want)
	}
}

// TestSuperusersStayIn: somebody who is a superuser only by a group cannot leave that group on their own.
func TestSuperusersStayIn(t *testing.T) {
	h := newHouse(t)
	h.ask("root", "POST", "/admin/users", `{"name":"joan","groups":["staff","supergroup"]}`, 201, nil)
	h.ask("joan", "PATCH", "/admin/users/joan", `{"groups":["supergroup"]}`, 200, nil)
	for _, body := range []string{`{"groups":["staff"]}`, `{"groups":[]}`, `{"groups":[],"admin":false}`} {
		h.ask("joan", "PATCH", "/admin/users/joan", body, 400, nil).problem(t, 400, "shut yourself out")
	}
	joan := answered[User](t, h.ask("joan", "PATCH", "/admin/users/joan", `{"groups":["staff"],"admin":true}`, 200, nil), 200)
	if !joan.Admin || !slices.Equal(joan.Groups, []string{"staff"}) {
		t.Errorf("%+v", joan)
	}
	h.ask("joan", "PATCH", "/admin/users/joan", `{"groups":[]}`, 200, nil) // the mark is enough
	h.ask("root", "PATCH", "/admin/users/joan", `{"groups":["supergroup"],"admin":false}`, 200, nil)
	h.ask("root", "PATCH", "/admin/users/joan", `{"groups":["staff"]}`, 200, nil)
	h.ask("joan", "GET", "/admin/users", "", 403, nil)
}

// TestAdministeringProjects: root sees all projects, with owners and usage, even those in the trash, and restores one.
func TestAdministeringProjects(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	h.ask("ada", "POST", "/projects", `{"name":"tiles","datasets":[]}`, 201, nil)
	h.do("PUT", "/webhdfs/v1/Projects/maps/f?op=CREATE&data=true&replication=1", "hello", h.as("ada")).want(t, 201, "")
	h.ask("root", "PATCH", "/projects/maps", `{"bytesLimit":1000}`, 200, nil)
	h.ask("ada", "DELETE", "/projects/tiles", "", 204, nil)
	var page ProjectRecordPage
	h.ask("root", "GET", "/admin/projects", "", 200, &page)
	if len(page.Items) != 1 {
		t.Fatalf("%+v", page)
	}
	if p := page.Items[0]; p.Name != "maps" || !slices.Equal(p.Owners, []string{"ada"}) || !p.Counted || p.Quota.Bytes != 5 || p.Quota.BytesLimit != 1000 || p.Quota.NamesLimit != -1 || !p.Deleted.IsZero() {
		t.Errorf("%+v %+v", p, p.Quota)
	}
	h.ask("root", "GET", "/admin/projects?deleted=true", "", 200, &page)
	if len(page.Items) != 1 || page.Items[0].Name != "tiles" || page.Items[0].Deleted.IsZero() || page.Items[0].Counted {
		t.Fatalf("%+v", page)
	}
	h.ask("root", "POST", "/projects/tiles/restore", "", 200, nil)
	h.ask("root", "GET", "/admin/projects?query=ILE", "", 200, &page)
	if len(page.Items) != 1 || page.Items[0].Name != "tiles" {
		t.Errorf("%+v", page)
	}
}

// TestDescribingTheSystem: the answer says how much is stored, and what is out of order.
func TestDescribingTheSystem(t *testing.T) {
	ill := errors.New("the disk is on fire")
	h := newHouse(t, func(c *Config) {
		c.Ready = map[string]func(context.Context) error{"blocks": func(context.Context) error { return ill }, "database": func(context.Context) error { return nil }}
	})
	must(t, h.auth.AddUser(t.Context(), auth.User{Name: "sam"}))
	h.do("PUT", "/webhdfs/v1/tmp/f?op=CREATE&data=true", strings.Repeat("x", 3<<20), h.as("ada")).want(t, 201, "")
	var s System
	h.ask("root", "GET", "/admin/system", "", 200, &s)
	if len(s.Stores) != 1 || len(s.Checks) != 2 || s.Checks[0].Fault != ill.Error() || s.Checks[1].Fault != "" {
		t.Fatalf("%+v", s)
	}
	store := s.Stores[0]
	if store.Fault != ill.Error() || !store.Measured || store.Remaining != 600000 || store.Live.Count == 0 || store.Live.Bytes < 3<<20 || !store.Live.Oldest.IsZero() {
		t.Errorf("%+v", store)
	}
	if !slices.ContainsFunc(s.Servers, func(s ServerSeen) bool { return s.Answer && s.Alive }) {
		t.Errorf("%+v", s.Servers)
	}
	h.ask("sam", "GET", "/admin/system", "", 403, nil)
}
