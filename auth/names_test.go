package auth

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
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

// The index must find every name that is alike: each letter is tried with its case variants, and each of ASCII with its look-alikes.
func TestTheIndexFindsWhatIsAlike(t *testing.T) {
	h := newHouse(t)
	var as, bs []string
	pair := func(a, b rune) {
		if x, y := "x"+string(a)+"y", "X"+string(b)+"Y"; Alike(x, y) {
			as, bs = append(as, x), append(bs, y)
		}
	}
	for r := ' ' + 1; r <= unicode.MaxRune; r++ {
		if r < 128 {
			for other := ' ' + 1; other < 128; other++ {
				pair(r, other)
			}
		}
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			pair(r, other)
		}
	}
	if len(as) < 2000 {
		t.Fatalf("only %d are alike", len(as))
	}
	rows, err := h.db.Query(t.Context(), `SELECT a, b FROM unnest($1::text[], $2::text[]) AS p (a, b) WHERE `+alikeSQL("a")+` <> `+alikeSQL("b"), as, bs)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var a, b string
		must(t, rows.Scan(&a, &b))
		t.Errorf("%s and %s are alike", a, b)
	}
	must(t, rows.Err())
}

// New names are checked one at a time, under a lock, so that the check must not take longer the more names there are.
func TestANameIsFreeHoweverManyThereAre(t *testing.T) {
	h := newHouse(t)
	h.exec(`INSERT INTO users (name, kind) SELECT 'user' || n, 'person' FROM generate_series(1, 20000) n`)
	h.exec(`ANALYZE users`)
	var text []byte
	must(t, h.db.QueryRow(t.Context(), `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT name FROM users WHERE `+alikeSQL("name")+` = `+alikeSQL("$1::text"), "another").Scan(&text))
	var plans []struct {
		Plan struct {
			Hit  int `json:"Shared Hit Blocks"`
			Read int `json:"Shared Read Blocks"`
		}
	}
	must(t, json.Unmarshal(text, &plans))
	if n := plans[0].Plan.Hit + plans[0].Plan.Read; n == 0 || n > 20 {
		t.Errorf("%d pages are read: %s", n, text)
	}
}
