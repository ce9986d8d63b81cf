package auth

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
)

// DefaultNamePattern is what user and group names must match unless [Config] says otherwise: HDFS's default of
// dfs.webhdfs.user.provider.user.pattern.
const DefaultNamePattern = `^[A-Za-z_][A-Za-z0-9._-]*[$]?$`

// maxName bounds names in bytes: a user's home is /user/<name>, and 255 bytes is the most a path component may have.
const maxName = 255

// grammar decides which user and group names exist.
type grammar struct {
	pattern *regexp.Regexp
}

// newGrammar compiles pattern, which a name must match as a whole; "" means DefaultNamePattern.
func newGrammar(pattern string) (grammar, error) {
	if pattern == "" {
		pattern = DefaultNamePattern
	}
	re, err := regexp.Compile(`\A(?:` + pattern + `)\z`)
	if err != nil {
		return grammar{}, &Error{Kind: Invalid, Msg: fmt.Sprintf("name pattern %q is not a regular expression: %v", pattern, err)}
	}
	return grammar{re}, nil
}

// CheckUserName fails if name cannot be a user's, and says why. It goes by DefaultNamePattern.
func CheckUserName(name string) error {
	g, err := newGrammar("")
	if err != nil {
		return err
	}
	return g.checkNew("user", name)
}

// checkNew is check for a name that is to be given out. It refuses names that mix letters of several scripts, some of
// which look the same (a Latin and a Cyrillic "a"); the scripts of Japanese count as one. It accepts a name wholly in
// another script, if the pattern allows that, which the default does not.
func (g grammar) checkNew(what, name string) error {
	if err := g.check(what, name); err != nil {
		return err
	}
	if !norm.NFKC.IsNormalString(name) {
		return &Error{Kind: InvalidName, Msg: what + " name is not in Unicode's normal form KC: the same letters can be spelt in several ways, and only one is a name"}
	}
	scripts := map[string]bool{}
	for _, r := range name {
		for script, table := range unicode.Scripts {
			if unicode.Is(table, r) && script != "Common" && script != "Inherited" {
				if script == "Hiragana" || script == "Katakana" {
					script = "Han"
				}
				scripts[script] = true
			}
		}
	}
	if len(scripts) > 1 {
		return &Error{Kind: InvalidName, Msg: fmt.Sprintf("%s name mixes letters of %s, some of which look the same: use one script", what, strings.Join(slices.Sorted(maps.Keys(scripts)), " and "))}
	}
	return nil
}

// check reports why name cannot be the name of a what ("user" or "group"). Whatever the pattern allows, a name must be
// safe where names are written: between the separators of an ACL's text, as one component of a path, on one line of a
// listing.
func (g grammar) check(what, name string) error {
	refuse := func(why string) error {
		shown := fmt.Sprintf("%q", name)
		if len(name) > 64 { // as likely a pasted credential as a name
			shown = fmt.Sprintf("of %d bytes", len(name))
		}
		return &Error{Kind: InvalidName, Msg: fmt.Sprintf("%s name %s %s", what, shown, why)}
	}
	unsafe := func(r rune) bool { return strings.ContainsRune(`:,/\`, r) || unicode.IsSpace(r) || !unicode.IsPrint(r) }
	switch {
	case name == "":
		return refuse("is empty")
	case len(name) > maxName:
		return refuse(fmt.Sprintf("is too long: at most %d bytes", maxName))
	case !utf8.ValidString(name):
		return refuse("is not valid UTF-8")
	case strings.ContainsFunc(name, unsafe):
		return refuse(`may not contain ":", ",", "/", "\", white space or invisible characters`)
	case name == "." || name == "..":
		return refuse("is reserved for paths")
	case !g.pattern.MatchString(name):
		return refuse(fmt.Sprintf("does not match %s", g.pattern))
	}
	return nil
}

// lockNames is the advisory lock of [LockNames].
const lockNames = 0x6772_0101

// LockNames lets only one transaction at a time assign names, until tx ends: those of users, and those of groups and
// projects, which must be distinct. If tx also locks rows of users, it has to do that first.
func LockNames(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, 0)`, int32(lockNames))
	return err
}

// alikeSQL returns an expression that is equal for any two names that are [Alike], and for few others, so that an index
// can find them. It maps all characters outside ASCII to "?", and k and s as well, the only ASCII letters that equal a
// character outside ASCII but for case (the Kelvin sign and the long s).
func alikeSQL(name string) string {
	return `translate(regexp_replace(lower(` + name + ` COLLATE "C"), '[^ -~]', '?', 'g'), '01iks', 'oll??')`
}

// checkFree fails if name is a user's or looks like one.
func checkFree(ctx context.Context, tx pgx.Tx, name string) error {
	if err := LockNames(ctx, tx); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT name FROM users WHERE `+alikeSQL("name")+` = `+alikeSQL("$1::text"), name)
	if err != nil {
		return err
	}
	var other string
	_, err = pgx.ForEachRow(rows, []any{&other}, func() error {
		switch {
		case other == name:
			return &Error{Kind: Exists, Msg: "user " + name + " exists already"}
		case Alike(other, name):
			return &Error{Kind: Exists, Msg: fmt.Sprintf("user name %s looks like that of user %s: capitals do not tell names apart, nor 0 from O, nor 1 from l and I", name, other)}
		}
		return nil
	})
	return err
}

// Alike reports whether people may mistake one name for the other.
func Alike(a, b string) bool {
	return strings.EqualFold(a, b) || strings.EqualFold(looks.Replace(a), looks.Replace(b))
}

// looks replaces characters by those that they look like.
var looks = strings.NewReplacer("0", "o", "1", "l", "I", "l")
