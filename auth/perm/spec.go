package perm

import (
	"fmt"
	"regexp"
	"strings"
)

// Grammar is the outer form that an aclspec parameter must have before anyone
// reads it. Hadoop configures it as one regular expression
// (dfs.webhdfs.acl.provider.permission.pattern); here only the form of the names
// can vary, because nothing else of it can change and still be read.
type Grammar struct {
	form   *regexp.Regexp
	domain string // the expression as a refusal quotes it
}

// hadoopDomain is Hadoop's default expression, quoted in refusals. The class
// inside a class is a union in Java and something else in Go, so it is not what
// defaultGrammar matches with.
const hadoopDomain = `^(default:)?(user|group|mask|other):[[A-Za-z_][A-Za-z0-9._-]]*:([rwx-]{3})?(,(default:)?(user|group|mask|other):[[A-Za-z_][A-Za-z0-9._-]]*:([rwx-]{3})?)*$`

var defaultGrammar = Grammar{
	form:   regexp.MustCompile(specForm(`[A-Za-z0-9._-]+`)),
	domain: hadoopDomain,
}

// specForm writes the expression of a whole aclspec around that of one name.
func specForm(names string) string {
	entry := `(default:)?(user|group|mask|other):(` + names + `)?:([rwx-]{3})?`
	return `^` + entry + `(,` + entry + `)*$`
}

// NewGrammar returns a grammar whose user and group names match names, a regular
// expression in Go's syntax without anchors, such as `[A-Za-z0-9._@$ -]+`. An
// empty name is always allowed. A colon or a comma in a name cannot work: they
// separate the parts of a specification.
func NewGrammar(names string) (*Grammar, error) {
	// Alone first: a stray parenthesis could fit into the whole by accident.
	if _, err := regexp.Compile(names); err != nil {
		return nil, fmt.Errorf("pattern of ACL names %q: %w", names, err)
	}
	form, err := regexp.Compile(specForm(names))
	if err != nil {
		return nil, fmt.Errorf("pattern of ACL names %q: %w", names, err)
	}
	return &Grammar{form: form, domain: form.String()}, nil
}

// DomainError is an aclspec that does not have the form at all. Hadoop answers
// it as any parameter outside its domain: 400 IllegalArgumentException.
type DomainError struct {
	Value  string // the parameter as it came
	Domain string // the regular expression that it does not match
}

// Error is worded as Hadoop's StringParam.
func (e *DomainError) Error() string {
	return `Invalid value: "` + e.Value + `" does not belong to the domain ` + e.Domain
}

// SpecError is an aclspec that has the form but cannot be read, such as a
// permission "rrr" or a removal that gives permissions. Hadoop answers it with
// 400 HadoopIllegalArgumentException.
type SpecError struct {
	Reason string // worded as Hadoop's AclEntry
}

// Error returns the reason.
func (e *SpecError) Error() string { return e.Reason }

// ParseSpec reads the aclspec parameter in Hadoop's default grammar: entries
// "[default:]type:name:perm" separated by commas, with names of letters, digits,
// dot, underscore and hyphen. withPerm is true for MODIFYACLENTRIES and SETACL,
// where every entry must have its three letters, and false for REMOVEACLENTRIES,
// where none may have them ("user:bob:"). The result keeps the order given and
// is not yet checked against the rules of an ACL.
//
// The error is a [*DomainError] or a [*SpecError].
func ParseSpec(spec string, withPerm bool) ([]Entry, error) {
	return defaultGrammar.Parse(spec, withPerm)
}

// Parse is [ParseSpec] in this grammar.
func (g *Grammar) Parse(spec string, withPerm bool) ([]Entry, error) {
	if !g.form.MatchString(spec) {
		return nil, &DomainError{Value: spec, Domain: g.domain}
	}
	var entries []Entry
	for text := range strings.FieldsFuncSeq(spec, func(r rune) bool { return r == ',' }) {
		e, err := parseSpecEntry(text, withPerm)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// parseSpecEntry reads one entry as AclEntry.parseAclEntry does: parts between
// colons, of which empty ones at the end do not count.
func parseSpecEntry(text string, withPerm bool) (Entry, error) {
	malformed := &SpecError{Reason: "Invalid <aclSpec> : " + text}
	parts := strings.Split(text, ":")
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}

	var e Entry
	if len(parts) > 0 && parts[0] == "default" {
		e.Scope = Default
		parts = parts[1:]
	}
	if len(parts) == 0 {
		return Entry{}, malformed
	}
	t, ok := parseType(parts[0])
	if !ok {
		return Entry{}, &SpecError{Reason: "Invalid type of acl in <aclSpec> :" + text}
	}
	e.Type = t
	parts = parts[1:]
	if len(parts) > 0 {
		e.Name = parts[0]
		parts = parts[1:]
	}
	if withPerm {
		if len(parts) == 0 {
			return Entry{}, malformed
		}
		p, err := ParseAction(parts[0])
		if err != nil {
			return Entry{}, &SpecError{Reason: "Invalid permission in <aclSpec> : " + text}
		}
		e.Perm = p
		parts = parts[1:]
	}
	if len(parts) > 0 {
		return Entry{}, malformed
	}
	return e, nil
}
