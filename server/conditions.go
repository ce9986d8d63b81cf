package server

import (
	"errors"
	"net/http"
	"strings"

	"granary/namespace"
)

// The headers of conditions (RFC 9110, section 13). A Location carries them as parameters, since clients do not repeat their
// headers on the second hop, where the conditions must hold.
const (
	ifMatch     = "If-Match"
	ifNoneMatch = "If-None-Match"
)

// conditionParams are the parameters of a Location that hold the conditions, by header.
var conditionParams = map[string]string{ifMatch: "if-match", ifNoneMatch: "if-none-match"}

// listed returns the value of the header name, "" if it is absent. Several headers are joined into one list.
func (x *exchange) listed(name string) string { return strings.Join(x.r.Header[name], ", ") }

// conditionText returns the value of a condition's header; on the data hop, the parameter of the address counts as well.
func (c *call) conditionText(name string) (string, error) {
	text := c.listed(name)
	if !c.hadoop || !c.data {
		return text, nil
	}
	bound := c.query.get(conditionParams[name])
	switch {
	case text == "":
		return bound, nil
	case bound != "" && bound != text:
		return "", c.badHeader(name, text, "differs from the condition "+printable(bound)+" of the first request: follow its redirect unchanged")
	}
	return text, nil
}

// conditionally makes c's session refuse what the request's conditions forbid.
func (c *call) conditionally() error {
	match, err := c.conditionText(ifMatch)
	if err != nil {
		return err
	}
	noneMatch, err := c.conditionText(ifNoneMatch)
	if err != nil {
		return err
	}
	condition, err := c.condition(c.path.String(), match, noneMatch)
	if err != nil {
		return err
	}
	switch {
	case condition.IsZero() || c.op.Method == http.MethodGet && !c.op.Conditional && condition.Match == nil:
		return nil // other replies have no ETag that If-None-Match could name
	case !c.op.Conditional:
		return &namespace.Error{
			Op: "read header", Path: c.path.String(), Kind: namespace.InvalidArgument,
			Msg: c.op.Name + " takes no conditions: leave out " + ifMatch + " and " + ifNoneMatch,
		}
	}
	c.session.If(condition)
	return nil
}

// condition parses the values of the two headers. file is what a refusal calls the file.
func (x *exchange) condition(file, match, noneMatch string) (condition namespace.Condition, err error) {
	if condition.Match, err = x.revisions(file, ifMatch, match); err != nil {
		return condition, err
	}
	condition.NoneMatch, err = x.revisions(file, ifNoneMatch, noneMatch)
	return condition, err
}

// revisions parses the value of one of the two headers: * or a list of entity tags. Tags that are not Granary's match no file.
// It returns nil if the header is absent.
func (x *exchange) revisions(file, name, text string) (*namespace.Revisions, error) {
	if text == "" {
		if len(x.r.Header[name]) > 0 {
			return nil, badHeader(file, name, text, "is empty: send * or a list of ETags, or leave it out")
		}
		return nil, nil
	}
	if strings.TrimSpace(text) == "*" {
		return &namespace.Revisions{Any: true}, nil
	}
	set := new(namespace.Revisions)
	for rest := text; ; {
		rest = strings.TrimLeft(rest, " \t,")
		if rest == "" {
			return set, nil
		}
		tag, weak := strings.CutPrefix(rest, "W/")
		tag, quoted := strings.CutPrefix(tag, `"`)
		tag, after, closed := strings.Cut(tag, `"`)
		if after = strings.TrimLeft(after, " \t"); !quoted || !closed || after != "" && after[0] != ',' {
			return nil, badHeader(file, name, text, `is neither * nor a list of ETags such as "16400-3", with their quotes`)
		}
		// If-Match requires identical bytes, which a weak tag does not promise.
		if r, ok := namespace.ParseRevision(tag); ok && !(weak && name == ifMatch) {
			set.Some = append(set.Some, r)
		}
		rest = after
	}
}

// badHeader returns the refusal of a header's value in a request about path.
func badHeader(path, name, value, why string) error {
	return &namespace.Error{Op: "read header", Path: path, Kind: namespace.InvalidArgument, Msg: name + " " + printable(value) + " " + why}
}

func (c *call) badHeader(name, value, why string) error {
	return badHeader(c.path.String(), name, value, why)
}

// boundConditions returns the request's conditions, to which a ticket is bound, as name=value.
func (c *call) boundConditions() []string {
	var bound []string
	for _, name := range []string{ifMatch, ifNoneMatch} {
		text := c.query.get(conditionParams[name])
		if !c.data {
			text = c.listed(name)
		}
		if text != "" {
			bound = append(bound, conditionParams[name]+"="+text)
		}
	}
	return bound
}

// entityTag returns a revision as an ETag, "" for the zero revision.
func entityTag(r namespace.Revision) string {
	if r.IsZero() {
		return ""
	}
	return `"` + r.String() + `"`
}

// tagged sets the answer's ETag to the revision of the content.
func (x *exchange) tagged(s namespace.Status) {
	if tag := entityTag(s.Revision()); tag != "" {
		x.w.set("Etag", tag)
	}
}

// unchanged answers 304 if err says that the client has the file in its current state, and reports whether it did.
func (x *exchange) unchanged(err error) bool {
	var other *namespace.MismatchError
	if !errors.As(err, &other) || !other.None {
		return false
	}
	x.w.set("Etag", entityTag(other.Now))
	x.w.WriteHeader(http.StatusNotModified)
	return true
}
