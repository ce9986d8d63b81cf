package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// reported is what pytest reports of three checks, as conftest.py has it say.
const reported = `<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" tests="3">
<testcase classname="test_x" name="test_read[token]" time="0.1"><properties>
<property name="client" value="x"/><property name="version" value="1.2"/><property name="token" value="yes"/></properties></testcase>
<testcase classname="test_x" name="test_read[user.name]" time="0.1"><properties>
<property name="client" value="x"/><property name="version" value="1.2"/><property name="user.name" value="yes"/></properties></testcase>
<testcase classname="test_x" name="test_ways" time="0.1"><properties>
<property name="client" value="x"/><property name="version" value="1.2"/><property name="token" value="yes"/>
<property name="user.name" value="yes"/></properties></testcase></testsuite></testsuites>`

func TestReport(t *testing.T) {
	const mark, endMark = "<!-- clients: written by make clients -->\n", "<!-- clients: end -->\n"
	for name, test := range map[string]struct {
		files []string
		table string // "" if nothing may be written
	}{
		"two files": {
			[]string{reported, strings.NewReplacer(`"x"`, `"A"`, "test_read", "test_write").Replace(reported)},
			"| A | 1.2 | 3 | 2 | 2 |\n| x | 1.2 | 3 | 2 | 2 |\n",
		},
		"two files of one client": {[]string{reported, reported}, "| x | 1.2 | 6 | 4 | 4 |\n"},
		"nothing":                 {nil, ""},
		"no check":                {[]string{reported, `<testsuites><testsuite name="pytest"></testsuite></testsuites>`}, ""},
		"a failure":               {[]string{strings.Replace(reported, "</testcase>", "<failure>x</failure></testcase>", 1)}, ""},
		"an error":                {[]string{strings.Replace(reported, "</testcase>", "<error>x</error></testcase>", 1)}, ""},
		"a skip":                  {[]string{strings.Replace(reported, "</testcase>", "<skipped>x</skipped></testcase>", 1)}, ""},
		"no client":               {[]string{strings.Replace(reported, `"client"`, `"other"`, 1)}, ""},
		"torn":                    {[]string{reported[:200]}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			results, document := t.TempDir(), filepath.Join(t.TempDir(), "clients.md")
			for i, text := range test.files {
				if err := os.WriteFile(filepath.Join(results, string(rune('a'+i))+".xml"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			before := "before\n" + mark + "old\n" + endMark + "after\n"
			if err := os.WriteFile(document, []byte(before), 0o600); err != nil {
				t.Fatal(err)
			}
			want := before
			if test.table != "" {
				want = "before\n" + mark + "2026-01-02. Everything passed.\n\n| client | version | checks | with a token | with user.name |\n" +
					"|---|---|--:|--:|--:|\n" + test.table + endMark + "after\n"
			}
			err := report(io.Discard, results, document, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
			if (err == nil) != (test.table != "") {
				t.Errorf("err = %v", err)
			}
			if got, err := os.ReadFile(document); string(got) != want || err != nil {
				t.Errorf("got %s, %v, want %s", got, err, want)
			}
		})
	}
}

// The document of this repository must take a result before clients are run for it.
func TestDocumentHasMarks(t *testing.T) {
	document := filepath.Join(t.TempDir(), "clients.md")
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "clients.md"))
	if err != nil {
		t.Fatal(err)
	}
	results := t.TempDir()
	for file, text := range map[string]string{document: string(text), filepath.Join(results, "x.xml"): reported} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := report(io.Discard, results, document, time.Now()); err != nil {
		t.Error(err)
	}
}
