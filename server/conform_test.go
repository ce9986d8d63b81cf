package server

import (
	"net/url"
	"strings"
	"testing"
)

// TestParametersAreSpelledAsDocumented: under /api/v1, what HDFS tolerates under /webhdfs/v1 is an error.
func TestParametersAreSpelledAsDocumented(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	for _, c := range []struct{ method, webhdfs, api, query string }{
		{"GET", "GETTRASHROOTS", "get-trash-roots", "allusers="},
		{"GET", "GETTRASHROOTS", "get-trash-roots", "allusers=TRUE"},
		{"PUT", "MKDIRS", "mkdirs", "permission=0000755"},
		{"PUT", "MKDIRS", "mkdirs", "permission=null"},
		{"PUT", "SETREPLICATION", "set-replication", "replication=%2B3"},
		{"PUT", "RENAME", "rename", "destination=/tmp/b&renameoptions=overwrite"},
		{"PUT", "SETSTORAGEPOLICY", "set-storage-policy", "storagepolicy=cold"},
	} {
		query := c.query + "&user.name=root"
		if a := h.do(c.method, "/webhdfs/v1/example/hello.txt?op="+c.webhdfs+"&"+query, ""); a.StatusCode == 400 {
			t.Errorf("%s of HDFS: %d %s", c.query, a.StatusCode, a.body)
		}
		h.do(c.method, apiPrefix+c.api+"?path=/example/hello.txt&"+query, "").problem(t, 400, "Invalid value")
	}
	h.do("PUT", apiPrefix+"mkdirs?path=/example/d", "", h.as("ada"), header(idempotencyKey, "")).want(t, 400, "is not a UUID")
	h.do("PUT", apiPrefix+"mkdirs?path=/example/d", "", h.as("ada"), header(idempotencyKey, "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c1")).want(t, 400, "is not a UUID")
}

// TestNoTextHoldsNUL: PostgreSQL cannot store NUL, and would fail with an internal error.
func TestNoTextHoldsNUL(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps","description":"a\u0000b"}`, 400, nil).problem(t, 400, "NUL")
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":["a\u0000b"]}`, 400, nil).problem(t, 400, "datasets.0") // refused by the pattern
	h.ask("ada", "POST", "/projects", `{"name":"maps","description":"a\\u0000b"}`, 201, nil)                             // an escaped backslash: six characters, no NUL
	for i := range restRoutes {
		r := &restRoutes[i]
		path := r.Path
		for _, p := range r.inPath() {
			path = strings.ReplaceAll(path, "{"+p.Name+"}", "%00")
		}
		if path != r.Path {
			h.do(r.Method, restPrefix+path, r.Example.Body, h.as("ada")).problem(t, 400, "NUL")
			h.do(r.Method, restPrefix+strings.ReplaceAll(path, "%00", "%FF"), r.Example.Body, h.as("ada")).problem(t, 400, "UTF-8")
		}
		for _, p := range r.params {
			if a := h.do(r.Method, restPrefix+path+"?"+p.spec().Name+"="+url.QueryEscape("\x00"), "", h.as("ada")); a.StatusCode != 400 {
				t.Errorf("%s: %s with a NUL: %d %s", r.ID, p.spec().Name, a.StatusCode, a.body)
			}
		}
	}
}

// TestNoParameterHoldsNUL: WebHDFS refuses NUL, too, except in what is stored as bytes.
func TestNoParameterHoldsNUL(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	for _, o := range ops {
		for _, p := range o.params {
			name := p.spec().Name
			a := h.do(o.Method, "/webhdfs/v1/example?op="+o.Name+"&"+name+"=%00", "", h.as("root"))
			if a.StatusCode >= 500 || a.StatusCode < 400 && !keepsBytes[name] {
				t.Errorf("%s: %s with a NUL: %d %s", o.Name, name, a.StatusCode, a.body)
			}
		}
	}
	h.do("PUT", "/webhdfs/v1/example?op=SETXATTR&flag=CREATE&xattr.name=user.a%00b&xattr.value=%22c%00d%22", "", h.as("ada")).want(t, 200, "")
	h.do("GET", "/webhdfs/v1/example?op=GETXATTRS&encoding=HEX", "", h.as("ada")).want(t, 200, `0x630064`)
}

// TestWholeNumbers: for JSON, 100.0 is an integer.
func TestWholeNumbers(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	h.ask("root", "PATCH", "/projects/maps", `{"namesLimit":100.0}`, 200, nil).want(t, 200, `"namesLimit":100,`)
	h.ask("root", "PATCH", "/projects/maps", `{"namesLimit":1e2}`, 200, nil)
	h.ask("root", "PATCH", "/projects/maps", `{"namesLimit":0.5}`, 400, nil).problem(t, 400, "integer")
	h.ask("root", "PATCH", "/projects/maps", `{"namesLimit":1e400}`, 400, nil)
}

// TestDatasetsOfADeletedProject: they do not exist, and the answer is not one to retry.
func TestDatasetsOfADeletedProject(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	h.ask("ada", "POST", "/projects", `{"name":"vision"}`, 201, nil)
	var tiles Dataset
	h.ask("ada", "POST", "/projects/maps/datasets", `{"path":"/Projects/maps/tiles","create":true}`, 201, &tiles)
	h.ask("ada", "DELETE", "/projects/maps", "", 204, nil)
	h.ask("ada", "GET", "/datasets/"+itoa(tiles.ID), "", 404, nil)
	h.ask("ada", "POST", "/datasets/"+itoa(tiles.ID)+"/shares", `{"project":"vision","level":"read"}`, 404, nil)
	h.ask("ada", "POST", "/projects/maps/restore", "", 200, nil)
	h.ask("ada", "GET", "/datasets/"+itoa(tiles.ID), "", 200, nil)
}

// TestTimesThatCannotBeWritten: RFC 3339 allows zones that lead beyond its last year, and zones of a whole day.
func TestTimesThatCannotBeWritten(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	var tiles Dataset
	h.ask("ada", "POST", "/projects/maps/datasets", `{"path":"/Projects/maps/tiles","create":true}`, 201, &tiles)
	shares := "/datasets/" + itoa(tiles.ID) + "/shares"
	h.ask("ada", "POST", shares, `{"user":"bob","level":"read","expires":"9999-12-31T23:59:59-01:00"}`, 400, nil).problem(t, 400, "after the year 9999")
	h.ask("ada", "POST", shares, `{"user":"bob","level":"read","expires":"9999-12-31T22:59:59-01:00"}`, 201, nil)
	var offered SharePage
	h.ask("bob", "GET", "/shares", "", 200, &offered)
	if len(offered.Received) != 1 {
		t.Fatalf("%+v", offered)
	}
	h.ask("bob", "DELETE", "/shares/"+itoa(offered.Received[0].ID), "", 204, nil)
	h.ask("ada", "GET", "/search?query=tiles&from=2020-01-01T00:00:00%2B24:00&after=x", "", 400, nil)
	h.ask("ada", "GET", "/search?query=tiles&from=2020-01-01T00:00:00%2B24:00", "", 200, nil)
	h.ask("ada", "GET", "/search?query=tiles&to=9999-12-31T23:59:59-01:00", "", 400, nil)
}

// TestNumbersThatTakeLong: comparing a number with a bound takes longer the more digits it has, and an exponent stands for digits.
func TestNumbersThatTakeLong(t *testing.T) {
	h := newHouse(t)
	for _, number := range []string{"1e1000000", "1e-1000000", strings.Repeat("9", 1<<19), "0." + strings.Repeat("1", 1<<19)} {
		a := h.ask("ada", "POST", "/links", `{"path":"/a","expiresIn":`+number+`}`, 400, nil)
		if a.problem(t, 400, "a number"); len(a.body) > 1000 {
			t.Errorf("an answer of %d bytes", len(a.body))
		}
	}
	a := h.ask("ada", "POST", "/fs/batch-read", `{"paths":["/a"],"shuffle":99999999999999999999999999999999999}`, 400, nil)
	if a.problem(t, 400, ""); len(a.body) > 1000 {
		t.Errorf("an answer of %d bytes", len(a.body))
	}
}
