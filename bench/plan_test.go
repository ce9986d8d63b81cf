package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseSizes(t *testing.T) {
	for text, want := range map[string]string{
		"0B":             "[0]",
		"1B":             "[1]",
		"4KiB,64KiB":     "[4096 65536]",
		"16MiB":          "[16777216]",
		"17MiB":          `"17MiB" is not a size between`,
		"1GiB":           "is not a size between",
		"-1KiB":          "is not a size between",
		"4":              "whole number and B",
		"4KB":            "is not a size between", // KB could be 1,000 or 1,024
		"":               "whole number and B",
		"KiB":            "is not a size between",
		"99999999999GiB": "is not a size between",
	} {
		sizes, err := parseSizes(text)
		if got := outcome(sizes, err); !strings.Contains(got, want) {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestParseClients(t *testing.T) {
	for text, want := range map[string]string{
		"1,16,64": "[1 16 64]",
		"256":     "[256]",
		"257":     "not a number between 1 and 256",
		"0":       "not a number between",
		"1,":      "not a number between",
		"many":    `"many" is not`,
	} {
		clients, err := parseClients(text)
		if got := outcome(clients, err); !strings.Contains(got, want) {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func outcome(value any, err error) string {
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(value)
}

func TestSizeTextIsWhatParses(t *testing.T) {
	for _, n := range []int64{0, 1, 511, 1024, 1025, 4096, 3 << 19, 256 << 20, 4 << 30} {
		got, err := parseSize(strings.ReplaceAll(sizeText(n), " ", ""), maxLarge)
		if err != nil || got != n {
			t.Errorf("%d is written %q, which is read as %d (%v)", n, sizeText(n), got, err)
		}
	}
}

// Sizes multiply what depends on them and nothing else, one client is left the first of them, and a large file is written
// before it is read.
func TestPlan(t *testing.T) {
	rows, err := newPlan([]string{"ranges", "bigread", "stat", "create", "bigwrite"}, []int{1, 16}, []int64{1024, 4096}, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range rows {
		got = append(got, fmt.Sprint(s, " ", s.clients))
	}
	want := []string{
		"create 1 KiB, redirected 1", "create 1 KiB, redirected 16", "create 4 KiB, redirected 16",
		"stat 1", "stat 16", "write 1 MiB 1", "read 1 MiB 1", "read ranges of 64 KiB 1", "read ranges of 64 KiB 16",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the rows are\n%q, want\n%q", got, want)
	}
	if _, err := newPlan([]string{"creat"}, nil, nil, 0); err == nil || !strings.Contains(err.Error(), "create, create1, read") {
		t.Errorf("an unknown operation gives %v, want the names of the known", err)
	}
}

func TestPlanIsBounded(t *testing.T) {
	good := plan{rounds: 1, duration: time.Second, most: 1, warm: 0}
	if err := good.check(); err != nil {
		t.Errorf("a plan within bounds is refused: %v", err)
	}
	for name, change := range map[string]func(*plan){
		"-rounds":   func(p *plan) { p.rounds = 0 },
		"-duration": func(p *plan) { p.duration = time.Hour },
		"-most":     func(p *plan) { p.most = maxOps + 1 },
		"-warm":     func(p *plan) { p.warm = -1 },
	} {
		p := good
		change(&p)
		if err := p.check(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("a plan with a bad %s gives %v", name, err)
		}
	}
}

// A table that others may quote is not written from a run that is too short to mean anything.
func TestPageWantsEnough(t *testing.T) {
	for _, short := range []string{"-rounds=4", "-warm=4999"} {
		if _, err := parse([]string{"-page=x.md", short}); err == nil || !strings.Contains(err.Error(), "worth reading") {
			t.Errorf("%s gives %v, want a refusal", short, err)
		}
		if _, err := parse([]string{short}); err != nil {
			t.Errorf("%s without a page: %v", short, err)
		}
	}
	if _, err := parse([]string{"-page=x.md"}); err != nil {
		t.Errorf("the defaults are not enough for a page: %v", err)
	}
}
