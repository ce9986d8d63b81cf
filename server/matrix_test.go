package server

import (
	"cmp"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// The access matrix tries every operation as everybody who may have to do with a project. The expectations are tables that were
// written by hand, from DESIGN.md and HDFS's documentation: what an operation needs in [opCells] and [routeCells], and what each
// relation gives in [relations]. None of them is derived from the code that decides.

// What an operation needs of its target. Each need is a letter among those that a relation gives there.
const (
	toKnow   = "k" // its existence, mode and ACL
	toRead   = "r" // content, names in a directory
	toChange = "w" // content, times; entries of a directory
	toAdd    = "a" // an entry in it
	toAppend = "p" // to it
	toRemove = "d" // it, or its name
	toManage = "m" // mode, ACL, group
	toRule   = "s" // what only a superuser may do
	nothing  = ""  // but a credential
)

// What a relation gives where it gives no rights.
const (
	hidden  = "-" // the answer is exactly that for a target that does not exist
	refused = "!" // 403, also for a target that does not exist
	denied  = "." // 403, where existence is no secret
	unknown = "x" // 401: the credential is not valid
	unasked = "?" // the relation has no such target
)

// Kinds of targets.
const (
	files = "f"
	dirs  = "d"
	both  = "fd"
)

// cell is one way to call an operation.
type cell struct {
	needs   string
	on      string // kinds of targets; "": the operation has no path
	query   string // {new} is a name beside the target, {other} another file there, {project} the project's name
	body    string
	entry   bool   // the path is that of an entry in the target
	own     bool   // it changes its target, and gets one that is used for nothing else
	deep    bool   // it looks at everything below its target, which may include somebody's private trash
	first   bool   // it is the first of two requests
	status  int    // where it is allowed; 0: 200
	fails   string // the exception where it is allowed, for what is not possible
	missing int    // 200 if a missing target is no failure
}

// longBody is too long to be stored beside its inode, and so takes another path than short bodies.
var longBody = strings.Repeat("0123456789abcdef", 5<<10)

// target is a place at which operations are tried.
type target struct {
	name, path, kind string
	gives            string
}

// targets returns the places at which r is tried.
func (r *relation) targets() []target {
	top := "/Projects/" + r.project
	tiles := cmp.Or(r.mount, top+tilesIn)
	return slices.DeleteFunc([]target{
		{"file", tiles + "/f", files, r.inDataset},
		{"directory", tiles + "/sub", dirs, r.inDataset},
		{"beside", top + "/deep/other", files, r.beside},
		{"root", top, dirs, r.root},
	}, func(t target) bool { return t.gives == unasked })
}

// request is a request to be sent.
type request struct {
	method, target, body string
}

// at returns the request for row on a path.
func (c *cell) at(row *op, api bool, path, query string) request {
	r := request{method: row.Method, body: c.body}
	if api {
		r.target = apiPrefix + row.Slug() + "?" + query
		if c.on != "" {
			r.target += "&path=" + url.QueryEscape(path)
		}
		return r
	}
	r.target = "/webhdfs/v1" + cmp.Or(path, "/") + "?op=" + row.Name + "&" + query
	return r
}

// outcome is what a caller learns.
type outcome struct {
	status    int
	exception string
	message   string
}

// learn reads the outcome from an answer of either mount.
func learn(a answer) outcome {
	o := outcome{status: a.StatusCode, message: a.body}
	var body struct {
		RemoteException exception
		Problem
	}
	if a.StatusCode >= 300 && json.Unmarshal([]byte(a.body), &body) == nil {
		o.exception = body.RemoteException.Exception + body.Problem.Exception
		o.message = body.RemoteException.Message + body.Problem.Detail
		if java := body.RemoteException.JavaClassName; strings.Contains(java, "$") {
			o.exception = java[strings.LastIndexByte(java, '.')+1:]
		}
	}
	return o
}

// TestAccessMatrix tries every operation, through both mounts, for every relation at every target, and every route of the REST
// API for every relation.
func TestAccessMatrix(t *testing.T) {
	e := newEstate(t)
	for i := range ops {
		if len(opCells[ops[i].Name]) == 0 {
			t.Errorf("the operation %s is not in the access matrix: say in opCells what it needs", ops[i].Name)
		}
	}
	for i := range restRoutes {
		if len(routeCells[restRoutes[i].ID]) == 0 {
			t.Errorf("the route %s is not in the access matrix: say in routeCells who may", restRoutes[i].ID)
		}
	}
	before := map[string]string{}
	for _, project := range []string{"maps", "open", "done"} {
		before[project] = e.fingerprint(project)
	}
	var cells atomic.Int64
	all := relations(e)
	enough := int64(20_000)
	if testing.Short() {
		const part = 8 // the race detector does not need all of them
		begin := rand.IntN(part)
		t.Logf("every relation of %d in %d, from number %d on", len(all), part, begin)
		for i := range len(all) / part {
			all[i] = all[begin+part*i]
		}
		all, enough = all[:len(all)/part], enough/part/2
	}
	t.Run("as", func(t *testing.T) {
		for i := range all {
			t.Run(all[i].name, func(t *testing.T) {
				t.Parallel()
				cells.Add(e.under(t).playOps(&all[i]))
				if standings[all[i].name] != "" {
					cells.Add(e.under(t).playRoutes(&all[i]))
				}
			})
		}
	})
	for _, project := range slices.Sorted(maps.Keys(before)) {
		if after := e.fingerprint(project); after != before[project] {
			t.Errorf("what was refused, or was to change something else, changed %s:\n%s\nwas\n%s", project, after, before[project])
		}
	}
	if cells.Load() < enough {
		t.Errorf("only %d cells", cells.Load())
	}
	t.Logf("soak: %d cells of the access matrix, %d operations and %d routes, %d relations", cells.Load(), len(ops), len(restRoutes), len(all))
}

// under returns e for a subtest.
func (e *estate) under(t *testing.T) *estate {
	within, house := *e, *e.house
	house.t = t
	within.house = &house
	return &within
}

// playOps asks for every operation as r, and returns the number of cells.
func (e *estate) playOps(r *relation) (cells int64) {
	for i := range ops {
		row := &ops[i]
		for j := range opCells[row.Name] {
			c := &opCells[row.Name][j]
			for _, api := range []bool{false, true} {
				if api && (row.compat || c.first) || !api && row.modern {
					continue
				}
				if c.on == "" {
					e.play(r, row, c, api, target{name: "no path", gives: r.pathless})
					cells++
					continue
				}
				for _, target := range r.targets() {
					if strings.Contains(c.on, target.kind) && e.play(r, row, c, api, target) {
						cells++
					}
				}
			}
		}
	}
	return cells
}

// play asks for one operation at one target, and reports whether there was anything to ask.
func (e *estate) play(r *relation, row *op, c *cell, api bool, at target) bool {
	allowed := at.gives != unknown && gives(at.gives, c.needs)
	if at.name == "root" && allowed && (c.own || c.deep) {
		return false // a cell cannot have a root of its own
	}
	if c.own && allowed {
		at.path = e.own(r, at)
	}
	path, query := at.path, c.query
	parent := path[:strings.LastIndexByte(path, '/')+1]
	if c.entry {
		path += "/" + e.fresh()
	}
	other := "other2"
	if at.name != "beside" {
		other = "f2"
	}
	if c.own && allowed && strings.Contains(query, "{other}") {
		other = e.own(r, at)[len(parent):]
	}
	query = strings.NewReplacer("{new}", parent+e.fresh(), "{other}", parent+other, "{project}", r.project).Replace(query)
	got := e.send(r, c.at(row, api, path, query))
	if api {
		e.playBatch(r, row, c, path, got)
	}
	what := r.name + ": " + row.Name + " " + query + " at the " + at.name
	if api {
		what += ", /api"
	}
	switch {
	case at.gives == unknown:
		if got.status != http.StatusUnauthorized {
			e.t.Errorf("%s: %+v, want 401", what, got)
		}
	case allowed && c.fails != "":
		if got.exception != c.fails && !strings.HasSuffix(c.fails, "$"+got.exception) {
			e.t.Errorf("%s: %+v, want %s", what, got, c.fails)
		}
	case allowed:
		if got.status != cmp.Or(c.status, http.StatusOK) {
			e.t.Errorf("%s: %+v, want %d", what, got, cmp.Or(c.status, http.StatusOK))
		}
	case at.gives == hidden:
		if got.status < 300 && c.missing != got.status {
			e.t.Errorf("%s: %+v", what, got)
		}
		absent := e.send(r, c.at(row, api, elsewhereThan(path, r.project), elsewhereThan(query, r.project)))
		absent.message = strings.ReplaceAll(absent.message, "nothing", r.project)
		if got != absent {
			e.t.Errorf("%s: %+v; what is not there is answered with %+v", what, got, absent)
		}
	default:
		if got.status != http.StatusForbidden || got.exception != "AccessControlException" {
			e.t.Errorf("%s: %+v, want 403 AccessControlException", what, got)
		}
		if at.gives != refused {
			break
		}
		beside := parent + "nothing"
		absent := e.send(r, c.at(row, api, strings.Replace(path, at.path, beside, 1), query))
		absent.message = strings.ReplaceAll(absent.message, beside, at.path)
		if got != absent {
			e.t.Errorf("%s: %+v; what is not there is answered with %+v", what, got, absent)
		}
	}
	return true
}

// gives reports whether given includes all of needs.
func gives(given, needs string) bool {
	for _, need := range needs {
		if !strings.ContainsRune(given, need) {
			return false
		}
	}
	return true
}

// elsewhereThan returns text with the project replaced by one that does not exist.
func elsewhereThan(text, project string) string {
	return strings.ReplaceAll(text, "/Projects/"+project, "/Projects/nothing")
}

// send sends a request as r.
func (e *estate) send(r *relation, q request) outcome {
	e.t.Helper()
	return learn(e.do(q.method, q.target, q.body, r.credential))
}

// own makes a file or directory beside the target, for one cell, and returns where r finds it.
func (e *estate) own(r *relation, at target) string {
	name := "/" + e.fresh()
	parent := at.path[:strings.LastIndexByte(at.path, '/')]
	lies := parent
	if r.mount != "" {
		lies = "/Projects/maps" + tilesIn
	}
	if at.kind == dirs {
		e.mkdir(lies + name)
	} else {
		e.write(lies + name)
	}
	return parent + name
}
