package server

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"granary/openapi"
)

// wholeNumber is how JSON, and so the document, writes an integer.
var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// patterns caches compiled patterns of parameters by their text.
var patterns sync.Map

// errNUL is the refusal of a text with a NUL, which PostgreSQL cannot store.
const errNUL = cause("it holds a NUL, which no text here may.")

// conform fails if given is one of an operation's own parameters and is not spelled as the document says. It is for /api/v1, where
// a program that sends TRUE, 00644 or an empty value has a bug; under /webhdfs/v1 these are accepted as in HDFS. It does not
// check ranges, which the parameter does itself.
func conform(own []parameter, given pair) error {
	for _, p := range own {
		if spec := p.spec(); spec.Name == given.name {
			schema := spec.Schema
			if schema.Type == "array" { // each value is an item
				schema = *schema.Items
			}
			return spelled(schema, given.value)
		}
	}
	return nil
}

// spelled fails for a text that a schema does not allow.
func spelled(schema openapi.Schema, text string) error {
	switch {
	case strings.ContainsRune(text, 0):
		return errNUL
	case (schema.Format != "" || schema.Ref != "") && text == "":
		return causef("it is empty; leave it out instead.")
	case schema.Enum != nil:
		if !slices.Contains(schema.Enum, text) {
			return causef("%q is not one of %s.", printable(text), strings.Join(schema.Enum, ", "))
		}
	case schema.Type == "boolean":
		if text != "true" && text != "false" {
			return causef("Failed to parse %q to Boolean: send true or false.", printable(text))
		}
	case schema.Type == "integer":
		if !wholeNumber.MatchString(text) {
			return causef("Failed to parse %q as a number: send decimal digits.", printable(text))
		}
	case schema.Pattern != "":
		compiled, ok := patterns.Load(schema.Pattern)
		if !ok {
			compiled, _ = patterns.LoadOrStore(schema.Pattern, regexp.MustCompile(schema.Pattern))
		}
		if !compiled.(*regexp.Regexp).MatchString(text) { //nolint:forcetypeassert // nothing else is put there
			return causef("%q does not match %s.", printable(text), schema.Pattern)
		}
	}
	return nil
}
