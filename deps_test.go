// Package granary_test holds the tests of the house as a whole: which room may import which, and the files that put
// the rooms into the hands of others, such as the composition for containers. The rooms test themselves.
package granary_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// module is the path that our own packages begin with.
const module = "granary"

// edges states who may import whom, one room on each line: "room → rooms". The packages on the left may import those
// on the right and nothing else of this module; "." is the top, which holds only tests. A star stands for one or more
// whole names, as in blocks/*. Tests may import what their room may, the room itself, and what the lines "tests of"
// add. A room without a line is a fault, and so is a line without a room.
const edges = `
.                     →
auth                  → auth/perm turnstile
auth/perm             →
backup                → blocks blocks/disk blocks/seal migrations
bench                 →
bench/growth          → auth blocks/mem blocks/seal migrations namespace postgres
blocks                →
blocks/*              → blocks
clients/go            →
cmd/granary           → auth backup blocks blocks/disk blocks/s3 blocks/seal blocks/traced clients/go cmd/granary/login migrations namespace postgres server server/oidc
cmd/granary/login     → auth
curves                → namespace tfevents turnstile
e2e                   →
e2e/clients           → e2e/marks
e2e/contract          →
e2e/contract/record   → e2e/contract
e2e/crash             →
e2e/marks             →
e2e/mutants           →
e2e/noskip            →
e2e/oracle            →
e2e/oracle/record     → e2e/oracle
e2e/s3test            →
e2e/soak              → e2e/marks
migrations            →
namespace             → auth auth/perm blocks blocks/seal namespace/filesum turnstile
namespace/filesum     →
openapi               →
postgres              →
postgres/pgtest       → migrations postgres
postgres/pgtest/run   → postgres/pgtest
server                → auth auth/perm curves namespace namespace/filesum openapi server/oidc web
server/oidc           →
tfevents              →
tfevents/tfeventstest →
turnstile             →
web                   →

tests of blocks/*     → blocks/* e2e/s3test
tests of e2e          → clients/go e2e/s3test postgres
tests of e2e/crash    → namespace postgres
tests of curves       → auth blocks/seal
tests of server       → blocks/seal
tests of *            → blocks/blockstest blocks/mem postgres/pgtest tfevents/tfeventstest
`

// outside states who may import what is not ours: "import only rooms" or "import not rooms". It speaks of the import
// and everything below it, and of tests too.
const outside = `
github.com/alecthomas/kong    only cmd/granary
github.com/go-chi/chi         only server
github.com/coreos/go-oidc     only server/oidc
github.com/golang-jwt/jwt     only auth
github.com/hashicorp/golang-lru only auth namespace server
github.com/jackc/pgx          only auth backup bench/growth cmd/granary e2e e2e/crash migrations namespace postgres postgres/*
github.com/minio/minio-go     only blocks/s3
github.com/minio/sio          only blocks/seal
github.com/oapi-codegen       only clients/go
github.com/pressly/goose      only migrations
go.opentelemetry.io           only blocks/traced cmd/granary server
golang.org/x/time             only server
google.golang.org/protobuf    only tfevents tfevents/tfeventstest
gonum.org/v1/plot             only bench bench/growth
golang.org/x/oauth2           only server/oidc
net/http                      not  auth auth/* backup blocks blocks/blockstest blocks/disk blocks/mem blocks/seal blocks/traced cmd/granary/login curves migrations namespace namespace/*
os/exec                       not  auth auth/* backup blocks blocks/* cmd/granary/login migrations namespace namespace/* openapi server server/* curves tfevents
`

// room is a package as `go list -json` prints it.
type room struct {
	ImportPath   string
	Imports      []string // by the package
	TestImports  []string // by its tests inside the package
	XTestImports []string // by its tests outside the package
}

// name is the room's path in the house.
func (r room) name() string { return inside(r.ImportPath) }

// inside returns the path below the module of one of our packages, and "" for others.
func inside(importPath string) string {
	if importPath == module {
		return "."
	}
	name, ours := strings.CutPrefix(importPath, module+"/")
	if !ours {
		return ""
	}
	return name
}

// edge is a line of edges.
type edge struct {
	tests    bool // it is about tests
	from     string
	to       []string
	original string
}

// ban is a line of outside: rooms that alone may, or may not, import something.
type ban struct {
	what  string
	only  bool
	rooms []string
}

// policy is what edges and outside state.
type policy struct {
	edges []edge
	bans  []ban
}

// parsePolicy reads the two texts.
func parsePolicy(edges, outside string) (policy, error) {
	var p policy
	for line := range lines(edges) {
		left, right, found := strings.Cut(line, "→")
		from, tests := strings.CutPrefix(strings.TrimSpace(left), "tests of ")
		if !found || from == "" || strings.Contains(from, " ") {
			return policy{}, fmt.Errorf("want \"room → rooms\": %s", line)
		}
		p.edges = append(p.edges, edge{tests, from, strings.Fields(right), line})
	}
	for line := range lines(outside) {
		words := strings.Fields(line)
		if len(words) < 3 || words[1] != "only" && words[1] != "not" {
			return policy{}, fmt.Errorf("want \"import only rooms\" or \"import not rooms\": %s", line)
		}
		p.bans = append(p.bans, ban{words[0], words[1] == "only", words[2:]})
	}
	return p, nil
}

// lines yields the lines of a text that hold something.
func lines(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// matches reports whether a room is one of those that a pattern means.
func matches(pattern, name string) bool {
	if pattern == "*" {
		return true
	}
	above, below := strings.CutSuffix(pattern, "/*")
	if below {
		return strings.HasPrefix(name, above+"/")
	}
	return name == pattern
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, name) })
}

// faults returns one sentence for everything in the rooms that the policy does not allow.
func (p policy) faults(rooms []room) []string {
	var faults []string
	used := map[string]bool{}
	for _, r := range rooms {
		allowed, found := p.allowed(r.name(), used)
		if !found {
			faults = append(faults, fmt.Sprintf("%s has no line that says what it may import", r.name()))
			continue
		}
		for _, imported := range r.Imports {
			faults = append(faults, p.judge(r.name(), "", imported, allowed)...)
		}
		inTests := slices.Concat(allowed, p.allowedInTests(r.name(), used), []string{r.name()})
		for _, imported := range slices.Concat(r.TestImports, r.XTestImports) {
			faults = append(faults, p.judge(r.name(), "in its tests ", imported, inTests)...)
		}
	}
	for _, e := range p.edges {
		if !used[e.original] {
			faults = append(faults, "no room is meant by the line: "+e.original)
		}
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

// allowed returns what a room may import, from the line that names it or else from one with a star.
func (p policy) allowed(name string, used map[string]bool) (to []string, found bool) {
	for _, exact := range []bool{true, false} {
		for _, e := range p.edges {
			if !e.tests && (e.from == name) == exact && matches(e.from, name) {
				used[e.original] = true
				return e.to, true
			}
		}
	}
	return nil, false
}

// allowedInTests returns what the lines about tests add for a room.
func (p policy) allowedInTests(name string, used map[string]bool) (to []string) {
	for _, e := range p.edges {
		if e.tests && matches(e.from, name) {
			used[e.original] = true
			to = append(to, e.to...)
		}
	}
	return to
}

// judge returns what is wrong with one import.
func (p policy) judge(name, where, imported string, allowed []string) (faults []string) {
	if target := inside(imported); target != "" {
		if !matchesAny(allowed, target) {
			faults = append(faults, fmt.Sprintf("%s %simports %s, which its line does not name", name, where, target))
		}
		return faults
	}
	for _, b := range p.bans {
		if imported != b.what && !strings.HasPrefix(imported, b.what+"/") {
			continue
		}
		if matchesAny(b.rooms, name) != b.only {
			faults = append(faults, fmt.Sprintf("%s %simports %s, which is %s for %s", name, where, imported,
				map[bool]string{true: "only", false: "not"}[b.only], strings.Join(b.rooms, ", ")))
		}
	}
	return faults
}

// TestImportDirection holds the rooms of the house against the policy, on every system that has files of its own.
func TestImportDirection(t *testing.T) {
	t.Parallel()
	p, err := parsePolicy(edges, outside)
	if err != nil {
		t.Fatal(err)
	}
	for _, system := range []string{"linux", "darwin"} {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			rooms, err := listRooms(t, system)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range p.faults(rooms) {
				t.Error(fault)
			}
		})
	}
}

// listRooms asks the go command for all packages, with the tests that need more than Go.
func listRooms(t *testing.T, system string) ([]room, error) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-tags=e2e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	output, err := list.Output()
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		return nil, fmt.Errorf("go list: %w\n%s", err, failed.Stderr)
	}
	if err != nil {
		return nil, err
	}
	var rooms []room
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var r room
		if err := decoder.Decode(&r); errors.Is(err, io.EOF) {
			return rooms, nil
		} else if err != nil {
			return nil, err
		}
		rooms = append(rooms, r)
	}
}

// TestImportFaults shows for each kind of rule that breaking it is noticed.
func TestImportFaults(t *testing.T) {
	const (
		edges = `
			upper      → lower lower/*
			lower      →
			lower/*    → lower
			lower/deep →
			tests of lower → fake
			fake       →
		`
		outside = `
			example.org/sql only lower
			net/http        not  lower lower/*
		`
	)
	sound := map[string]room{
		"upper":      {Imports: []string{"granary/lower", "granary/lower/side", "net/http", "fmt"}},
		"lower":      {Imports: []string{"example.org/sql/driver"}, XTestImports: []string{"granary/lower", "granary/fake"}},
		"lower/side": {Imports: []string{"granary/lower"}},
		"lower/deep": {},
		"fake":       {},
	}
	for name, test := range map[string]struct {
		at   string // the room that is replaced
		by   room
		want string // "" if nothing is wrong
	}{
		"sound":                 {"fake", room{}, ""},
		"upwards":               {"lower", room{Imports: []string{"granary/upper"}}, "lower imports upper, which its line does not name"},
		"sideways":              {"lower/side", room{Imports: []string{"granary/lower/deep"}}, "lower/side imports lower/deep, which its line does not name"},
		"exact before star":     {"lower/deep", room{Imports: []string{"granary/lower"}}, "lower/deep imports lower, which its line does not name"},
		"top":                   {"fake", room{Imports: []string{"granary"}}, "fake imports ., which its line does not name"},
		"test room in code":     {"lower", room{Imports: []string{"granary/fake"}}, "lower imports fake, which its line does not name"},
		"in tests":              {"upper", room{TestImports: []string{"granary/fake"}}, "upper in its tests imports fake, which its line does not name"},
		"in outer tests":        {"upper", room{XTestImports: []string{"granary/fake"}}, "upper in its tests imports fake, which its line does not name"},
		"only":                  {"upper", room{Imports: []string{"example.org/sql"}}, "upper imports example.org/sql, which is only for lower"},
		"only, below it":        {"upper", room{TestImports: []string{"example.org/sql/x"}}, "upper in its tests imports example.org/sql/x, which is only for lower"},
		"only, another module":  {"upper", room{Imports: []string{"example.org/sqlite"}}, ""},
		"not":                   {"lower/side", room{Imports: []string{"net/http"}}, "lower/side imports net/http, which is not for lower, lower/*"},
		"not, below it":         {"lower", room{Imports: []string{"net/http/httptrace"}}, "lower imports net/http/httptrace, which is not for lower, lower/*"},
		"room without a line":   {"attic", room{}, "attic has no line that says what it may import"},
		"line without its room": {"fake", room{ImportPath: "granary/upper"}, "no room is meant by the line: fake       →"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := parsePolicy(edges, outside)
			if err != nil {
				t.Fatal(err)
			}
			house := maps.Clone(sound)
			house[test.at] = test.by
			var rooms []room
			for at, r := range house {
				if r.ImportPath == "" {
					r.ImportPath = path.Join(module, at)
				}
				rooms = append(rooms, r)
			}
			if got := strings.Join(p.faults(rooms), "\n"); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// TestPolicyGrammar shows that a line that states nothing is not passed over.
func TestPolicyGrammar(t *testing.T) {
	for _, wrong := range []struct{ edges, outside string }{
		{"upper lower", ""},
		{"upper, lower → fake", ""},
		{"→ fake", ""},
		{"", "net/http never lower"},
		{"", "net/http not"},
	} {
		if _, err := parsePolicy(wrong.edges, wrong.outside); err == nil {
			t.Errorf("%q and %q are accepted", wrong.edges, wrong.outside)
		}
	}
}
