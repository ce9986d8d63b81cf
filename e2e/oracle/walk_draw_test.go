package oracle

import (
	"math/rand/v2"
	"strings"
)

// A walker draws random requests in a few names, so that they meet: what one makes another removes, replaces, closes to
// others, or finds where it should be missing. It draws nothing in which Granary differs on purpose and what follows would
// differ, too, such as TRUNCATE inside a block, which HDFS finishes later.
type walker struct {
	*rand.Rand
	odd float64 // the share of requests with a parameter that no client sends
}

func (w walker) one(all ...string) string  { return all[w.IntN(len(all))] }
func (w walker) chance(share float64) bool { return w.Float64() < share }
func (w walker) several(draw func() string) string {
	all := []string{draw()}
	for w.chance(.4) {
		all = append(all, draw())
	}
	return strings.Join(all, ",")
}

// script returns n lines.
func (w walker) script(n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = w.line()
	}
	return lines
}

func (w walker) user() string {
	return w.one("alice", "alice", "alice", "bob", "bob", "carol", "eve", "super", Superuser, Superuser)
}

// path draws a place that is likely to exist.
func (w walker) path() string {
	return "{dir}" + w.one("", "/a", "/a", "/b", "/b", "/f", "/f", "/a/b", "/a/b", "/a/b", "/a/b/c", "/a/b/c", "/a/b/c/d", "/a/f", "/b/f", "/a/g", "/b/b",
		w.one("/a/f/x", "/b/b/f", "/f/f", "/a/b/f", "/%66", "/a/%62"))
}

func (w walker) mode() string {
	return w.one("755", "700", "777", "1777", "0", "644", "600", "750", "070", "007", "500", "300", "1755", "444", "555", "711", "1700", "2755", "4755", "01777", "0755")
}

// entry draws an entry of an access list, with its permission or as REMOVEACLENTRIES takes it.
func (w walker) entry(permission bool) string {
	e := w.one("", "", "", "default:") +
		w.one("user::", "user:bob:", "user:carol:", "group::", "group:team:", "group:groupY:", "mask::", "other::", "user:alice:")
	if permission {
		return e + w.one("rwx", "r-x", "r--", "---", "rw-", "-wx", "--x")
	}
	return strings.TrimSuffix(e, w.one(":", ""))
}

// list draws an access list; every other one holds the entries that SETACL demands.
func (w walker) list() string {
	list := w.several(func() string { return w.entry(true) })
	if w.chance(.5) {
		return list
	}
	base := "user::" + w.one("rwx", "rw-", "r-x") + ",group::" + w.one("r-x", "---", "rwx") + ",other::" + w.one("r-x", "---", "--x")
	return w.one(base, base+","+list)
}

func (w walker) attribute() string {
	return w.one("user.a", "user.b", "user.c", "user.A", "USER.a", "user.", "a", "trusted.t", "system.s", "security.s", "raw.r")
}

// drawn is a request that is being drawn.
type drawn struct {
	walker
	method, op, body string
	query            []string
}

// maybe adds a parameter to that share of the requests.
func (d *drawn) maybe(share float64, name string, values ...string) {
	if d.chance(share) {
		d.query = append(d.query, name+"="+d.one(values...))
	}
}

// line draws a request.
func (w walker) line() string {
	d := drawn{walker: w}
	operations[w.IntN(len(operations))](&d)
	if len(d.query) > 0 && w.chance(w.odd) {
		d.distort()
	}
	query := append([]string{"op=" + d.op}, d.query...)
	if w.chance(.1) {
		w.Shuffle(len(query), func(i, j int) { query[i], query[j] = query[j], query[i] })
	}
	return w.user() + " " + d.method + " " + w.path() + "?" + strings.Join(query, "&") + d.body
}

// distort changes a parameter into one that no client would send.
func (d *drawn) distort() {
	i := d.IntN(len(d.query))
	name, value, _ := strings.Cut(d.query[i], "=")
	switch name {
	case "sources", "replication", "encoding": // whose order of checks, default and absence differ on purpose
		return
	}
	switch d.IntN(6) {
	case 0:
		d.query[i] = name + "="
	case 1:
		d.query[i] = name
	case 2:
		d.query[i] = strings.ToUpper(name) + "=" + value
	case 3:
		d.query = append(d.query, d.query[i])
	case 4:
		if value != "" {
			d.query = append(d.query, name+"="+d.one("1", "x", "true", "false"))
		}
	default:
		d.query[i] = name + "=" + d.one("x", "-2", "1e3", "%20"+value, value+"%20", "0x1", "99999999999999999999", "TRUE", "tRuE", "+1", "%2B1", "1.0", "%C3%A9")
	}
}

// repeated makes a draw n times as likely as others.
func repeated(n int, draw func(*drawn)) []func(*drawn) {
	all := make([]func(*drawn), n)
	for i := range all {
		all[i] = draw
	}
	return all
}
