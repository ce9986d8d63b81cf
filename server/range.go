package server

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"granary/namespace"
)

// part is the range of a file that a header asks for: n bytes from off on. A nil part is the whole file.
type part struct{ off, n int64 }

// unsatisfiable is the face of a range beyond the end of the file.
var unsatisfiable = face{
	http.StatusRequestedRangeNotSatisfiable, "java.io.EOFException", http.StatusRequestedRangeNotSatisfiable, "Range not satisfiable",
}

// ranged returns the part of s that the request's Range asks for (RFC 9110, section 14), nil for the whole. An empty file has no
// parts. Several ranges get the whole file, as the RFC allows, and so does an If-Range that names another revision. name is what
// a refusal calls the file.
//
// http.ServeContent cannot be used: its refusals are not in the format of the mounts, and it needs an open file, while here the
// part must be known before the file is opened.
func (x *exchange) ranged(s namespace.Status, name string) (*part, error) {
	values := x.r.Header.Values("Range")
	if len(values) != 1 || x.r.Method != http.MethodGet || s.Size == 0 {
		return nil, nil
	}
	unit, spec, _ := strings.Cut(values[0], "=")
	if spec = strings.Trim(spec, " \t"); !strings.EqualFold(unit, "bytes") || strings.Contains(spec, ",") {
		return nil, nil
	}
	// A date cannot match, as there is no Last-Modified to compare it with: a date cannot hold the milliseconds of a file's time.
	if state := x.r.Header.Get("If-Range"); state != "" && state != entityTag(s.Revision()) {
		return nil, nil
	}
	p, ok := parseSpan(spec, s.Size)
	if !ok {
		return nil, badHeader(name, "Range", values[0], "is none: ask for bytes=0-99, for bytes=100- or for bytes=-100")
	}
	if p == nil {
		return nil, &denial{
			face: unsatisfiable, contentRange: "bytes */" + strconv.FormatInt(s.Size, 10),
			msg: "Range " + printable(values[0]) + " lies outside " + name + ", which has " + strconv.FormatInt(s.Size, 10) + " bytes",
		}
	}
	return p, nil
}

// parseSpan parses first-last, first- or -suffix for a file of size bytes. The part is nil if it lies beyond the end. parseSpan
// reports false if spec is not a span.
func parseSpan(spec string, size int64) (*part, bool) {
	from, to, found := strings.Cut(spec, "-")
	first, firstOK := parsePosition(from)
	last, lastOK := parsePosition(to)
	switch {
	case !found || !firstOK && from != "" || !lastOK && to != "" || !firstOK && !lastOK || firstOK && lastOK && last < first:
		return nil, false
	case !firstOK: // the last bytes
		n := min(last, size)
		first, last = size-n, size-1
	case !lastOK:
		last = size - 1
	}
	last = min(last, size-1)
	if first > last {
		return nil, true
	}
	return &part{first, last - first + 1}, true
}

// parsePosition parses a decimal number. One that does not fit into an int64 counts as the largest.
func parsePosition(text string) (int64, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return math.MaxInt64, true
	}
	return n, err == nil
}

// wholeContent refuses a CREATE whose Content-Range says that the body is a part (RFC 9110, section 14.5), as it would replace
// the whole file. curl sends a part for -C with a number, but the whole with a Content-Range for -C -: "bytes 0--1/0" with an
// empty file, and "bytes 0--2/-1" with one whose length it does not know.
func (c *call) wholeContent() error {
	values := c.r.Header["Content-Range"]
	if len(values) == 0 || c.op.Name != "CREATE" {
		return nil
	}
	unit, span, _ := strings.Cut(values[0], " ")
	first, rest, _ := strings.Cut(span, "-")
	last, size, _ := strings.Cut(rest, "/")
	to, toErr := strconv.ParseInt(last, 10, 64)
	n, nErr := strconv.ParseInt(size, 10, 64)
	whole := len(values) == 1 && strings.EqualFold(unit, "bytes") && first == "0" && toErr == nil && nErr == nil && n >= -1 && to == n-1
	comes := c.r.ContentLength // 0 on the first hop
	if !whole || comes >= 0 && comes != n && (comes > 0 || c.data) {
		return c.badHeader("Content-Range", strings.Join(values, ", "),
			"is not that of the whole content, and a CREATE replaces the whole file: send all of it, or its parts to "+restPrefix+uploadsPath)
	}
	return nil
}

// contentRange returns the Content-Range of p in a file of size bytes.
func (p *part) contentRange(size int64) string {
	b := append([]byte(nil), "bytes "...)
	b = strconv.AppendInt(b, p.off, 10)
	b = strconv.AppendInt(append(b, '-'), p.off+p.n-1, 10)
	return string(strconv.AppendInt(append(b, '/'), size, 10))
}
