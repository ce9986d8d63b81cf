package server

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"granary/namespace"
)

// maxPairs bounds the parameters of one request. Clients of HDFS send about ten.
const maxPairs = 1000

// splitTarget returns the path and the query of the request target as they came over the wire. The parsed URL is not enough:
// its Path has lost which slashes were escaped, and its Query drops what it does not understand.
func splitTarget(r *http.Request) (path, query string) {
	target := r.RequestURI
	if !strings.HasPrefix(target, "/") { // absolute form, which clients send to proxies
		target = r.URL.EscapedPath()
		if r.URL.ForceQuery || r.URL.RawQuery != "" {
			target += "?" + r.URL.RawQuery
		}
	}
	path, query, _ = strings.Cut(target, "?")
	return path, query
}

// decodePath parses a file's path as the target spells it. Escapes are decoded once; "+" and ";" stand for themselves, "%2F" is
// a separator, and raw UTF-8 is accepted, as the JDK's client sends it. [namespace.ParsePath] then refuses what no path may
// hold, however it was spelled.
func decodePath(raw string) (namespace.Path, error) {
	text, ok := unescape(raw, false)
	if !ok {
		return namespace.Path{}, &namespace.Error{
			Op: "parse path", Path: printable(raw), Kind: namespace.InvalidPath,
			Msg: "Invalid path name " + printable(raw) + ": % must be followed by two hexadecimal digits",
		}
	}
	if text == "" {
		text = "/" // /webhdfs/v1 without a slash
	}
	return namespace.ParsePath(text)
}

// query holds the parameters of a request in their order. Names are lower case, since HDFS ignores their case, except that of
// user.name and doas.
type query []pair

type pair struct{ name, value string }

// parseQuery parses the query part of a target: pairs are separated only by "&", ";" stands for itself, "+" is a space,
// and nothing is dropped silently. It fails for invalid escapes and for text that is not UTF-8.
func parseQuery(raw string) (query, error) {
	refuse := func(piece, why string) (query, error) {
		return nil, &namespace.Error{
			Op: "parse query", Kind: namespace.InvalidArgument, Msg: `Invalid query parameter "` + printable(piece) + `": ` + why,
		}
	}
	q := make(query, 0, min(strings.Count(raw, "&")+1, maxPairs))
	var piece string
	for raw != "" {
		if piece, raw, _ = strings.Cut(raw, "&"); piece == "" {
			continue
		}
		if len(q) == maxPairs {
			return nil, &namespace.Error{
				Op: "parse query", Kind: namespace.InvalidArgument, Msg: "Too many query parameters: at most 1000 are read",
			}
		}
		rawName, rawValue, _ := strings.Cut(piece, "=")
		name, nameOK := unescape(rawName, true)
		value, valueOK := unescape(rawValue, true)
		switch {
		case !nameOK || !valueOK:
			return refuse(rawName, "% must be followed by two hexadecimal digits")
		case !utf8.ValidString(name) || !utf8.ValidString(value):
			return refuse(rawName, "it must be UTF-8")
		}
		if lower := strings.ToLower(name); lower != "user.name" && lower != "doas" {
			name = lower
		}
		q = append(q, pair{name, value})
	}
	return q, nil
}

// get returns the first value of name that is not empty, "" if there is none: to HDFS an empty value is absent, and the first of
// several counts. Tickets are bound to what get returns, so readParams must choose the same value.
func (q query) get(name string) string {
	for _, p := range q {
		if p.name == name && p.value != "" {
			return p.value
		}
	}
	return ""
}

// twice returns the name of a parameter that occurs more than once, "" if there is none.
func (q query) twice() string {
	seen := map[string]bool{}
	for _, p := range q {
		if seen[p.name] {
			return p.name
		}
		seen[p.name] = true
	}
	return ""
}

// unescape decodes %XX once, and "+" to a space if plus is set. It reports false for an invalid escape.
func unescape(s string, plus bool) (string, bool) {
	if !strings.ContainsRune(s, '%') && (!plus || !strings.ContainsRune(s, '+')) {
		return s, true
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%':
			if i+2 >= len(s) {
				return "", false
			}
			high, low := unhex(s[i+1]), unhex(s[i+2])
			if high < 0 || low < 0 {
				return "", false
			}
			out = append(out, byte(high<<4|low))
			i += 2
		case s[i] == '+' && plus:
			out = append(out, ' ')
		default:
			out = append(out, s[i])
		}
	}
	return string(out), true
}

// unhex returns the value of a hexadecimal digit, -1 if c is not one.
func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

const hexDigits = "0123456789ABCDEF"

// escape appends s with every byte that is neither unreserved by RFC 3986 nor in keep as %XX, which every URL parser decodes to
// the same bytes.
func escape(b []byte, s, keep string) []byte {
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			c == '-' || c == '.' || c == '_' || c == '~' || strings.IndexByte(keep, c) >= 0 {
			b = append(b, c)
			continue
		}
		b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
	}
	return b
}

// printable returns s fit to be quoted in a message: short, valid UTF-8 and without control characters.
func printable(s string) string {
	const keep = 128
	if len(s) > keep {
		s = s[:keep] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
