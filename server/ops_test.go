package server

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
)

// asAda is the caller of the examples.
const asAda = "user.name=ada"

// forSuperusers are the operations whose examples ada may not run.
var forSuperusers = map[string]bool{"SETQUOTA": true, "SETQUOTABYSTORAGETYPE": true}

// TestExamples runs each row's example through both mounts: what the document shows is what happens.
func TestExamples(t *testing.T) {
	h := newHouse(t, simple)
	for i := range ops {
		row := &ops[i]
		if row.compat {
			continue // it is not in the document
		}
		e := row.Example
		query := asAda
		if forSuperusers[row.Name] {
			query = "user.name=root"
		}
		if e.Query != "" {
			query += "&" + e.Query
		}
		for mount, target := range map[string]string{
			"webhdfs": "/webhdfs/v1" + e.Path + "?op=" + row.Name + "&" + query,
			"api":     apiPrefix + row.Slug() + "?path=" + url.QueryEscape(e.Path) + "&" + query,
		} {
			if row.modern && mount == "webhdfs" {
				continue
			}
			t.Run(row.Name+"/"+mount, func(t *testing.T) {
				h.do("DELETE", "/webhdfs/v1/example?op=DELETE&recursive=true&user.name=root", "").want(t, 200, "")
				h.furnish()
				got := h.do(row.Method, target, e.Body)
				if row.hop == sumHop && mount == "webhdfs" {
					got = h.do(row.Method, got.location(t).String(), "")
				}
				check(t, row, got)
			})
		}
	}
}

// check compares an answer with the row, except for file ids, which depend on what was made before.
func check(t *testing.T, row *op, got answer) {
	t.Helper()
	if got.StatusCode != row.Reply.Status {
		t.Fatalf("%d %s; want %d", got.StatusCode, got.body, row.Reply.Status)
	}
	if row.Reply.Schema == nil {
		if got.body != row.Example.Reply {
			t.Errorf("%q; want %q", got.body, row.Example.Reply)
		}
		return
	}
	if gotType := got.Header.Get("Content-Type"); gotType != "application/json" {
		t.Errorf("Content-Type %q; want application/json", gotType)
	}
	var have, want any
	must(t, json.Unmarshal([]byte(got.body), &have))
	must(t, json.Unmarshal([]byte(row.Example.Reply), &want))
	sameIDs(have)
	sameIDs(want)
	if !reflect.DeepEqual(have, want) {
		t.Errorf("\n%s\nwant\n%s", got.body, row.Example.Reply)
	}
}

// sameIDs blanks the file ids in a decoded reply.
func sameIDs(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["fileId"].(float64); ok {
			v["fileId"] = 0.0
		}
		for _, member := range v {
			sameIDs(member)
		}
	case []any:
		for _, member := range v {
			sameIDs(member)
		}
	}
}

func TestRoutesAreTheTable(t *testing.T) {
	h, err := (&Server{telemetry: newTestTelemetry(t)}).routes()
	must(t, err)
	var mounted, want []string
	must(t, chi.Walk(h.(chi.Routes), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if strings.HasPrefix(route, "/api/") {
			mounted = append(mounted, method+" "+route)
		}
		return nil
	}))
	for i := range ops {
		if ops[i].compat {
			continue
		}
		want = append(want, ops[i].Method+" "+apiPrefix+ops[i].Slug())
		if ops[i].Method == http.MethodGet {
			want = append(want, "HEAD "+apiPrefix+ops[i].Slug())
		}
		found, err := find(ops[i].Method, strings.ToLower(ops[i].Name))
		if ops[i].modern {
			if found != nil {
				t.Errorf("%s is found under /webhdfs", ops[i].Name)
			}
			continue
		}
		if err != nil || found != &ops[i] {
			t.Errorf("find(%s, %s) = %v, %v", ops[i].Method, ops[i].Name, found, err)
		}
	}
	for i := range restRoutes {
		r := &restRoutes[i]
		want = append(want, r.Method+" "+restPrefix+r.Path)
		if r.Method == http.MethodGet {
			want = append(want, "HEAD "+restPrefix+r.Path)
		}
	}
	want = append(want, "OPTIONS "+restPrefix+uploadsPath) // as tus demands
	slices.Sort(mounted)
	slices.Sort(want)
	if !slices.Equal(mounted, want) {
		t.Errorf("mounted %q;\nthe table has %q", mounted, want)
	}
}

func newTestTelemetry(t testing.TB) *Telemetry {
	t.Helper()
	telemetry, err := newTelemetry()
	must(t, err)
	return telemetry
}

// TestFindRefuses checks the words that clients look for, as a real HDFS says them.
func TestFindRefuses(t *testing.T) {
	for _, c := range []struct{ method, name, want string }{
		{"GET", "FOO", `Invalid value for webhdfs parameter "op": FOO is not a valid GET operation.`},
		{"GET", "CREATE", `Invalid value for webhdfs parameter "op": CREATE is not a valid GET operation.`},
		{"PUT", "open", `Invalid value for webhdfs parameter "op": open is not a valid PUT operation.`},
		{"POST", "DELETE", `Invalid value for webhdfs parameter "op": DELETE is not a valid POST operation.`},
		{"GET", " OPEN", `Invalid value for webhdfs parameter "op":  OPEN is not a valid GET operation.`},
		{"GET", "", "op=NULL is not supported"},
		{"PUT", "null", "op=NULL is not supported"},
		{"DELETE", "null", "op=NULL is not supported"},
		{"PATCH", "OPEN", "PATCH is not supported: operations use GET, PUT, POST and DELETE"},
	} {
		row, err := find(c.method, c.name)
		if row != nil || err == nil || explain(err).msg != c.want {
			t.Errorf("find(%s, %q) = %v, %v; want %s", c.method, c.name, row, err, c.want)
		}
	}
}
