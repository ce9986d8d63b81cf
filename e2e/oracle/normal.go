package oracle

import (
	"bytes"
	"crypto/md5"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rootID is the only inode number that is the same on every HDFS.
const rootID = "16385"

// recent and future separate times from a server's clock from those that a script sets: 2001-09-09 and 2096-10-02, in milliseconds.
const (
	recent = 1_000_000_000_000
	future = 4_000_000_000_000
)

// A Reply is the part of a response that two servers can agree on.
type Reply struct {
	Status  int               `json:"status"`
	Header  map[string]string `json:"header,omitempty"`  // those that clients read
	JSON    json.RawMessage   `json:"json,omitempty"`    // keys sorted
	Content string            `json:"content,omitempty"` // a body that is not JSON: short text, or its size and MD5
}

// kept are the headers that clients read. Content-Length is kept only for bodies that are not JSON: those hold no times that
// would make it vary.
var kept = []string{
	"Content-Type", "Content-Length", "Location", "WWW-Authenticate",
	"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age",
}

// volatile is what differs in texts between servers or runs, with its replacements.
var volatile = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b`), "{host}"},
	{regexp.MustCompile(`\blocalhost(:\d+)?\b`), "{host}"},
	{regexp.MustCompile(`\(inode \d+\)`), "(inode {id})"},
	{regexp.MustCompile(`\bDFSClient_(NONMAPREDUCE_-?\d+_)?-?\d+\b`), "{client}"},
	// Granary names the user where HDFS names a number that it made up.
	{regexp.MustCompile(`for \w+ on {host} because this file lease is currently owned by \w+ on {host}`), "for {client} on {host} because this file lease is currently owned by {client} on {host}"},
	{regexp.MustCompile(`Holder \w+ does not have any open files`), "Holder {client} does not have any open files"},
	{regexp.MustCompile(`@[0-9a-f]{5,8}\b`), "@{object}"},
}

// A normalizer replaces what is specific to one sequence on one server.
type normalizer struct {
	dir         string // becomes {dir}
	replication string // the server's configured default; becomes {default} in a status
}

// reply reduces a response to what can be compared.
func (n normalizer) reply(r response) (Reply, error) {
	out := Reply{Status: r.status}
	kind := r.header.Get("Content-Type")
	isJSON := strings.HasPrefix(kind, "application/json") || kind == "" && bytes.HasPrefix(r.body, []byte("{"))
	for _, name := range kept {
		value := r.header.Get(name)
		switch {
		case value == "", name == "Content-Length" && isJSON:
			continue
		case name == "Location":
			value = n.location(value)
		}
		if out.Header == nil {
			out.Header = map[string]string{}
		}
		out.Header[name] = value
	}
	switch {
	case len(r.body) == 0:
	case isJSON:
		body, err := n.json(r.body)
		if err != nil {
			return Reply{}, fmt.Errorf("body %q of status %d: %w", r.body, r.status, err)
		}
		out.JSON = body
	default:
		out.Content = n.content(r)
		if prose(r) != "" {
			delete(out.Header, "Content-Length")
		}
	}
	return out, nil
}

// prose names a body that a servlet engine writes by itself and no client reads; it is "" for anything else.
func prose(r response) string {
	switch kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";"); kind {
	case "text/html":
		return "<html>"
	case "application/vnd.sun.wadl+xml":
		return "<wadl>"
	}
	return ""
}

// content describes a body that is not JSON. For a servlet engine's own text it gives only the kind.
func (n normalizer) content(r response) string {
	if name := prose(r); name != "" {
		return name
	}
	text := string(r.body)
	unprintable := func(c rune) bool { return !unicode.IsPrint(c) }
	if len(text) <= 64 && utf8.ValidString(text) && !strings.ContainsFunc(text, unprintable) {
		return n.text(text)
	}
	return fmt.Sprintf("bytes:%d md5:%x", len(r.body), md5.Sum(r.body))
}

// location keeps scheme, path and operation. The other parameters are a server's message to itself.
func (n normalizer) location(location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" {
		return n.text(location)
	}
	text := u.Scheme + "://{host}" + printable(strings.ReplaceAll(u.Path, n.dir, "{dir}"))
	if op := u.Query().Get("op"); op != "" {
		text += "?op=" + strings.ToUpper(op)
	}
	return text
}

// text replaces what is volatile in a text, and drops the lines of a stack trace.
func (n normalizer) text(text string) string {
	text, _, _ = strings.Cut(text, "\n\tat ")
	text = printable(strings.TrimSuffix(text, "\n"))
	text = strings.ReplaceAll(text, n.dir, "{dir}")
	for _, v := range volatile {
		text = v.pattern.ReplaceAllString(text, v.instead)
	}
	return text
}

// printable writes bytes that are not UTF-8 as \xNN; some scripts and some of HDFS's own headers have such bytes.
func printable(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, text[i])
		} else {
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return b.String()
}

// json decodes exactly one JSON value and returns it normalised, with sorted keys and without HTML escapes.
func (n normalizer) json(body []byte) (json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("decode JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more follows the JSON value")
	}
	return compact(n.value("", v))
}

// compact renders a value on one line, without HTML escapes.
func compact(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode JSON: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// value normalises the value of key.
func (n normalizer) value(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if id, ok := v["fileId"].(json.Number); ok && id.String() == rootID {
			v["childrenNum"] = "{children}" // other sequences and other users add to the root
		}
		if v["javaClassName"] == "java.lang.NullPointerException" {
			v["message"] = nil // a JVM only fills it in until it has compiled the code
		}
		for k, inner := range v {
			v[k] = n.value(k, inner)
		}
		return v
	case []any:
		for i, inner := range v {
			v[i] = n.value(key, inner)
		}
		return v
	case string:
		if key == "Location" {
			return n.location(v)
		}
		return n.text(v)
	case json.Number:
		return n.number(key, v)
	default:
		return v
	}
}

// number replaces clock times, inode numbers and the default replication.
func (n normalizer) number(key string, v json.Number) any {
	switch key {
	case "accessTime", "modificationTime", "access_time", "modification_time":
		if ms, err := strconv.ParseInt(v.String(), 10, 64); err == nil && ms >= recent && ms < future {
			return "{time}"
		}
	case "fileId":
		if v.String() != rootID {
			return "{id}"
		}
	case "replication":
		if v.String() == n.replication {
			return "{default}"
		}
	}
	return v
}
