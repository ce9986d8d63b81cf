package perm

import (
	"regexp"
	"strings"
)

// hadoopDomain is the form that an aclspec must have before anyone reads it, as Hadoop has it by default
// (dfs.webhdfs.acl.provider.permission.pattern) and quotes it in refusals. The class inside a class is a union in
// Java and something else in Go, so it is not what specForm matches with.
const hadoopDomain = `^(default:)?(user|group|mask|other):[[A-Za-z_][A-Za-z0-9._-]]*:([rwx-]{3})?(,(default:)?(user|group|mask|other):[[A-Za-z_][A-Za-z0-9._-]]*:([rwx-]{3})?)*$`

// specForm matches a whole aclspec: entries between commas.
var specForm = func() *regexp.Regexp {
	const entry = `(default:)?(user|group|mask|other):([A-Za-z0-9._-]+)?:([rwx-]{3})?`
	return regexp.MustCompile(`^` + entry + `(,` + entry + `)*$`)
}()

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
	if !specForm.MatchString(spec) {
		return nil, &DomainError{Value: spec, Domain: hadoopDomain}
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
