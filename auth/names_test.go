package auth

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	standard, err := newGrammar("")
	must(t, err)
	lax, err := newGrammar(`.*`)
	must(t, err)
	for _, tt := range []struct {
		name          string
		standard, lax bool
	}{
		{"ada", true, true},
		{"_svc.job-1", true, true},
		{"machine$", true, true},
		{"A", true, true},
		{strings.Repeat("a", maxName), true, true},
		{"ada@example.org", false, true},
		{"1st", false, true},
		{"-ada", false, true},
		{"a$b", false, true},
		{"zoë", false, true},
		{"", false, false},
		{strings.Repeat("a", maxName+1), false, false},
		{"a:b", false, false},
		{"a,b", false, false},
		{"a/b", false, false},
		{`a\b`, false, false},
		{"a b", false, false},
		{"a\u00a0b", false, false},
		{"a\tb", false, false},
		{"ada\n", false, false},
		{"a\x00", false, false},
		{"a\x7f", false, false},
		{"a\u202eb", false, false},
		{"a\xff", false, false},
		{".", false, false},
		{"..", false, false},
	} {
		for _, g := range []struct {
			grammar
			want bool
		}{{standard, tt.standard}, {lax, tt.lax}} {
			err := g.check("user", tt.name)
			switch {
			case g.want && err != nil:
				t.Errorf("%q under %s: %v", tt.name, g.pattern, err)
			case !g.want && KindOf(err) != InvalidName:
				t.Errorf("%q under %s: %v; want it refused", tt.name, g.pattern, err)
			}
		}
	}
}

func TestNamePatternMatchesWholeNames(t *testing.T) {
	g, err := newGrammar(`ada|bob`)
	must(t, err)
	for name, want := range map[string]bool{"ada": true, "bob": true, "adam": false, "xbob": false} {
		if ok := g.check("user", name) == nil; ok != want {
			t.Errorf("%s: %v; want %v", name, ok, want)
		}
	}
}

func TestPastedCredentialIsNotQuoted(t *testing.T) {
	g, err := newGrammar("")
	must(t, err)
	secret := strings.Repeat("c4n4ry", 40) + " "
	refused(t, g.check("user", secret), InvalidName, secret)
}
