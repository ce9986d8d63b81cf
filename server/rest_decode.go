package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"granary/namespace"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Bounds of a request's JSON body in bytes.
const (
	maxJSON       = 1 << 20
	maxLongJSON   = 16 << 20 // for batches
	maxPublicJSON = 16 << 10 // from a client that shows no credential

	// maxCommas bounds the values in a body. Until the first error is reported, each invalid value costs some hundred times its
	// own length in memory.
	maxCommas = 1 << 18
)

// decode reads the body into in, which is a pointer. If the document does not allow the body, the error names the member.
func (c *call) decode(in any) error {
	t := reflect.TypeOf(in).Elem()
	check := c.server.types.checks[t]
	if check == nil {
		return nil // the operation has no body
	}
	bad := func(format string, args ...any) error {
		return &namespace.Error{Op: "read the body", Kind: namespace.InvalidArgument, Msg: fmt.Sprintf(format, args...)}
	}
	most, within := maxJSON, bodyTime
	switch {
	case c.long:
		most = maxLongJSON
	case c.session == nil:
		most, within = maxPublicJSON, publicBodyTime
	}
	text, err := c.whole(most, within)
	if err != nil {
		return err
	}
	if len(text) > most {
		return bad("The body is longer than %d bytes.", most)
	}
	if !utf8.Valid(text) || halvesOfCharacter(text) {
		// The decoder would put U+FFFD in its place, and the request would be about another name.
		return bad("The body is not UTF-8, or has half of a character, such as \\udcff: no text here, and no name, may hold that.")
	}
	values := commas(text)
	if values > maxCommas {
		return bad("The body has more than %d values: nothing here takes as many.", maxCommas)
	}
	tree, err := c.holdTree(text, values)
	if err != nil {
		return err
	}
	defer c.letGo(tree)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return bad("The body is not JSON: %v", err)
	}
	if holdsOddNumber(value) {
		return bad("The body has a number of more than %d characters, or one with an exponent beyond %d: nothing here is as large, or as small.", maxNumber, maxExponent)
	}
	if err := check.Validate(value); err != nil {
		var failed *jsonschema.ValidationError
		if errors.As(err, &failed) {
			return bad("The body is not what is wanted here: %s", firstCause(failed))
		}
		return err
	}
	if holdsNUL(value) {
		return bad("The body has a text with a NUL, \\u0000, which no text here may hold.")
	}
	if text, err = json.Marshal(plain(value)); err != nil {
		return err
	}
	if err := json.Unmarshal(text, in); err != nil { // such as a number that Go cannot hold
		return bad("The body cannot be read: %s", printable(err.Error()))
	}
	return nil
}

// halvesOfCharacter reports whether a JSON text escapes one half of a surrogate pair without the other. Python writes bytes of a file's
// name that are not UTF-8 like that.
func halvesOfCharacter(text []byte) bool {
	for i := bytes.IndexByte(text, '\\'); i >= 0 && i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		switch first := escaped(text[i:]); {
		case !utf16.IsSurrogate(first):
			i++ // what is escaped may be a backslash
		case utf16.DecodeRune(first, escaped(text[i+escapeLength:])) == utf8.RuneError:
			return true
		default:
			i += 2*escapeLength - 1
		}
	}
	return false
}

const escapeLength = len(`\u0000`)

// escaped returns the number that text begins with, as \uXXXX, or -1.
func escaped(text []byte) rune {
	if len(text) < escapeLength || string(text[:2]) != `\u` {
		return -1
	}
	n, err := strconv.ParseUint(string(text[2:escapeLength]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

// commas counts the commas outside of strings in a JSON text.
func commas(text []byte) (n int) {
	quoted, escaped := false, false
	for _, b := range text {
		switch {
		case escaped:
			escaped = false
		case b == '\\':
			escaped = quoted
		case b == '"':
			quoted = !quoted
		case b == ',' && !quoted:
			n++
		}
	}
	return n
}

// plain rewrites whole numbers without a fraction, since 3.0 is an integer to JSON Schema, but not to Go.
func plain(value any) any {
	switch v := value.(type) {
	case json.Number:
		const exact = 1 << 53 // above it a float64 skips integers
		if f, err := v.Float64(); err == nil && strings.ContainsAny(v.String(), ".eE") && f == math.Trunc(f) && math.Abs(f) < exact {
			return json.Number(strconv.FormatInt(int64(f), 10))
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = plain(v[name])
		}
	}
	return value
}

// holdsNUL reports whether a string in value has a NUL, which PostgreSQL cannot store.
func holdsNUL(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, holdsNUL)
	case map[string]any:
		for _, member := range v {
			if holdsNUL(member) {
				return true
			}
		}
	}
	return false
}

// Bounds of numbers, in characters and in powers of ten. No field needs a longer one, and the time to compare a number with the
// bounds of a field grows with the square of its length, and with its exponent.
const (
	maxNumber   = 40
	maxExponent = 30
)

// holdsOddNumber reports whether a number in value exceeds maxNumber or maxExponent.
func holdsOddNumber(value any) bool {
	switch v := value.(type) {
	case json.Number:
		if at := strings.IndexAny(string(v), "eE"); at >= 0 {
			if exponent, err := strconv.Atoi(string(v[at+1:])); err != nil || max(exponent, -exponent) > maxExponent {
				return true
			}
		}
		return len(v) > maxNumber
	case []any:
		return slices.ContainsFunc(v, holdsOddNumber)
	case map[string]any:
		for _, member := range v {
			if holdsOddNumber(member) {
				return true
			}
		}
	}
	return false
}

// english prints validation errors.
var english = message.NewPrinter(language.English)

// firstCause says where and why a value does not match its schema.
func firstCause(e *jsonschema.ValidationError) string {
	for len(e.Causes) > 0 {
		e = e.Causes[0]
	}
	where := strings.Join(e.InstanceLocation, ".")
	if where == "" {
		where = "it"
	}
	return printable(where + ": " + e.ErrorKind.LocalizedString(english))
}
