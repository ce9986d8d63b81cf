package main

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"granary/e2e/marks"
)

// suites is a report of pytest, in JUnit's format. conftest.py adds the properties.
type suites struct {
	Cases []struct {
		Name       string     `xml:"name,attr"`
		File       string     `xml:"classname,attr"`
		Failures   []struct{} `xml:"failure"`
		Errors     []struct{} `xml:"error"`
		Skipped    []struct{} `xml:"skipped"`
		Properties []struct {
			Name  string `xml:"name,attr"`
			Value string `xml:"value,attr"`
		} `xml:"properties>property"`
	} `xml:"testsuite>testcase"`
}

// client is one version of a program or library.
type client struct{ name, version string }

// passed counts a client's checks, and how they identify the user; some do it in both ways.
type passed struct{ checks, byToken, byName int }

// report writes what passed into a document, if everything passed, and prints the totals on w.
func report(w io.Writer, results, document string, now time.Time) error {
	files, err := filepath.Glob(filepath.Join(results, "*.xml"))
	if err != nil {
		return err
	}
	found := map[client]passed{}
	for _, file := range files {
		if err := count(found, file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if len(found) == 0 {
		return fmt.Errorf("%s has no results", results)
	}
	text, err := os.ReadFile(document)
	if err != nil {
		return err
	}
	done, err := marks.Between(string(text), "clients", "make clients", table(found, now))
	if err != nil {
		return fmt.Errorf("%s: %w", document, err)
	}
	if err := os.WriteFile(document, []byte(done), 0o644); err != nil {
		return err
	}
	checks := 0
	for _, p := range found {
		checks += p.checks
	}
	fmt.Fprintf(w, "clients: %d clients passed %d checks\n", len(found), checks)
	return nil
}

// count adds the results in one of pytest's reports, and fails if a check did not pass.
func count(found map[client]passed, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var all suites
	if err := xml.Unmarshal(text, &all); err != nil {
		return err
	}
	if len(all.Cases) == 0 {
		return errors.New("no check was made")
	}
	for _, c := range all.Cases {
		if len(c.Failures)+len(c.Errors)+len(c.Skipped) > 0 {
			return fmt.Errorf("%s.%s did not pass", c.File, c.Name)
		}
		said := map[string]string{}
		for _, p := range c.Properties {
			said[p.Name] = p.Value
		}
		of := client{said["client"], said["version"]}
		if of.name == "" || of.version == "" {
			return fmt.Errorf("%s.%s does not say of which client and version it is", c.File, c.Name)
		}
		p := found[of]
		p.checks++
		if said["token"] != "" {
			p.byToken++
		}
		if said["user.name"] != "" {
			p.byName++
		}
		found[of] = p
	}
	return nil
}

// table renders the results.
func table(found map[client]passed, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s. Everything passed.\n\n", now.UTC().Format(time.DateOnly))
	b.WriteString("| client | version | checks | with a token | with user.name |\n|---|---|--:|--:|--:|\n")
	for _, c := range slices.SortedFunc(maps.Keys(found), func(a, b client) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), cmp.Compare(a.version, b.version))
	}) {
		p := found[c]
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d |\n", c.name, c.version, p.checks, p.byToken, p.byName)
	}
	return b.String()
}
