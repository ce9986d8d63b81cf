package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// row is one line of the result.
type row struct{ What, Found, Took string }

// parser makes rows from the output of a command.
type parser interface {
	line(text string)
	// rows fails if the command did not do all that it should.
	rows() ([]row, error)
}

// step is a command with a parser for its output.
type step struct {
	command string
	parse   func() parser
}

// steps are the steps of a soak. The fresh clone, which has a time limit, comes first, while the machine is quiet.
var steps = slices.Concat(
	[]step{{"e2e/fresh.sh test", func() parser { return &freshParser{} }}},
	testSteps(),
	[]step{
		{"make --no-print-directory schemathesis", func() parser { return &casesParser{} }},
		{"make --no-print-directory clients", func() parser { return &clientsParser{} }},
		{"make --no-print-directory fuzz", func() parser { return &fuzzParser{} }},
	},
)

// testSteps returns a step for each reported test, since some of them take an hour.
func testSteps() (all []step) {
	for _, r := range allReported {
		all = append(all, step{
			"go run ./e2e/noskip -show ^ -count=1 -timeout 12h -run '" + pattern(r) + "' " + r.in,
			func() parser { return &testParser{of: r} },
		})
	}
	return all
}

// reported is a test of a package whose result goes into the document. It must have run.
type reported struct {
	in, test, what string
	quick          bool // a quick soak runs it with higher counts than make test
}

const (
	quick = true  // run by both forms of a soak
	whole = false // run only by a full one
)

var allReported = []reported{
	{"./namespace", "TestModel", "Random operations against a model with modes, ACLs, roles and three principals", quick},
	{"./namespace", "TestPairsAreSerial", "Every pair of operations decided on the same state", whole},
	{"./namespace", "TestPairsNeedLocks", "The same with the locks taken out: the test notices", whole},
	{"./namespace", "TestHistoriesAreLinearizable", "Recorded histories of concurrent clients that some order explains", quick},
	{"./namespace", "TestHistoriesNeedLocks", "The same with the locks taken out: the test notices", whole},
	{"./namespace", "TestAFailureLeavesNoTrace", "Operations that failed at every statement changed nothing", whole},
	{"./namespace", "TestRenameStorm", "Directories moved by many at once", quick},
	{"./namespace", "TestQuotaNeverOvershoots", "Quotas under concurrent writers", quick},
	{"./namespace", "TestSubscribersSeeEverythingInOrder", "Changes of many writers, as subscribers who come and go see them", quick},
	{"./namespace", "TestSearchAmongAMillion", "Pages of the database that searches read, and no table read whole", whole},
	{"./e2e/crash", "TestFeedOfTwoServers", "A project's feed, changed and followed by way of two servers that are killed", quick},
	{"./e2e/crash", "TestRevocationsOnTwoServers", "Tokens, memberships and shares taken away on one server and used on another", quick},
	{"./e2e/crash", "TestKillServer", "kill -9 of the server under load", quick},
	{"./e2e/crash", "TestKillPostgres", "kill -9 of PostgreSQL under load", quick},
	{"./e2e/crash", "TestKillBackend", "kill -9 of one of PostgreSQL's processes under load, which it survives", quick},
	{"./e2e/crash", "TestKillBoth", "kill -9 of both", whole},
	{"./e2e/crash", "TestTerminate", "SIGTERM under load", whole},
	{"./server", "TestAccessMatrix", "Every operation and route, asked for by everybody who may have to do with a project", whole},
	{"./e2e/mutants", "TestAttacksNeedTheirDefences", "Tests of attacks, each without the defence that it is about", quick},
	{"./e2e/crash", "TestNothingInTheClear", "Search for content and credentials in the clear", whole},
	{"./e2e/crash", "TestRefuseToServe", "Databases that lose files, and foreign root keys, are refused", whole},
}

// tests returns a pattern for the names of the tests that a quick soak runs.
func tests() string {
	return pattern(slices.DeleteFunc(slices.Clone(allReported), func(r reported) bool { return !r.quick })...)
}

func pattern(of ...reported) string {
	names := make([]string, len(of))
	for i := range of {
		names[i] = of[i].test
	}
	return "^(" + strings.Join(names, "|") + ")$"
}

// testParser parses the output of noskip.
type testParser struct {
	of     reported
	logged []string
	passed map[string]row
}

var (
	// testLog matches a line that a test has logged.
	testLog = regexp.MustCompile(`^ +\w+_test\.go:\d+: (.*)$`)
	// testPassed matches the last line of a passed test's output.
	testPassed = regexp.MustCompile(`^--- PASS: (\w+) \(([\d.]+)s\)$`)
)

func (p *testParser) line(text string) {
	if m := testLog.FindStringSubmatch(text); m != nil {
		p.logged = append(p.logged, strings.TrimPrefix(m[1], "soak: "))
	}
	if strings.HasPrefix(text, "=== RUN") && !strings.Contains(text, "/") {
		p.logged = nil
	}
	if m := testPassed.FindStringSubmatch(text); m != nil {
		if p.passed == nil {
			p.passed = map[string]row{}
		}
		p.passed[m[1]] = row{Found: strings.Join(p.logged, "; "), Took: m[2] + " s"}
		p.logged = nil
	}
}

func (p *testParser) rows() ([]row, error) {
	passed, ok := p.passed[p.of.test]
	if !ok {
		return nil, fmt.Errorf("%s did not run", p.of.test)
	}
	passed.What = p.of.what
	if passed.Found == "" {
		passed.Found = "passed"
	}
	return []row{passed}, nil
}

// fuzzParser parses the output of make fuzz.
type fuzzParser struct{ found []row }

var (
	fuzzBegins = regexp.MustCompile(`^fuzz (Fuzz\w+) in (\S+) for (\S+)$`)
	fuzzGoesOn = regexp.MustCompile(`^fuzz: elapsed: (\w+), (execs: \d+) .*$`)
)

func (p *fuzzParser) line(text string) {
	if m := fuzzBegins.FindStringSubmatch(text); m != nil {
		p.found = append(p.found, row{What: m[1] + " in " + m[2], Took: m[3]})
	}
	if m := fuzzGoesOn.FindStringSubmatch(text); m != nil && len(p.found) > 0 {
		last := &p.found[len(p.found)-1]
		last.Found, last.Took = "no failure; "+m[2], m[1]
	}
}

func (p *fuzzParser) rows() ([]row, error) {
	for _, r := range p.found {
		if r.Found == "" {
			return nil, fmt.Errorf("%s did not run", r.What)
		}
	}
	if len(p.found) == 0 {
		return nil, fmt.Errorf("no fuzz test ran")
	}
	return p.found, nil
}

// freshParser parses the output of e2e/fresh.sh.
type freshParser struct{ found []row }

var freshResult = regexp.MustCompile(`^(make \w+ as \w+) (served after|passed in) (\d+ s)(, of \d+)?$`)

func (p *freshParser) line(text string) {
	if m := freshResult.FindStringSubmatch(text); m != nil {
		p.found = append(p.found, row{What: "A fresh clone, an empty home folder: " + m[1], Found: m[2] + " " + m[3] + m[4], Took: m[3]})
	}
}

func (p *freshParser) rows() ([]row, error) {
	if len(p.found) == 0 {
		return nil, fmt.Errorf("nothing was run in a fresh clone")
	}
	return p.found, nil
}

// casesParser parses the output of make schemathesis.
type casesParser struct{ found []row }

var casesResult = regexp.MustCompile(`schemathesis: (\d+ cases in \d+ runs, .*); (\S+) in all$`)

func (p *casesParser) line(text string) {
	if m := casesResult.FindStringSubmatch(text); m != nil {
		p.found = append(p.found, row{What: "Requests made up from the OpenAPI document by schemathesis, with all its checks", Found: m[1], Took: m[2]})
	}
}

func (p *casesParser) rows() ([]row, error) {
	if len(p.found) == 0 {
		return nil, fmt.Errorf("schemathesis did not run")
	}
	return p.found, nil
}

// clientsParser parses the output of make clients.
type clientsParser struct{ found []row }

var clientsResult = regexp.MustCompile(`^clients: (\d+ clients passed \d+ checks)$`)

func (p *clientsParser) line(text string) {
	if m := clientsResult.FindStringSubmatch(text); m != nil {
		p.found = append(p.found, row{What: "Stock clients as their makers publish them, see clients.md", Found: m[1]})
	}
}

func (p *clientsParser) rows() ([]row, error) {
	if len(p.found) == 0 {
		return nil, fmt.Errorf("no client was run")
	}
	return p.found, nil
}
