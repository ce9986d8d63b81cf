package oracle

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// Superuser is the name of the superuser in every script. The HDFS that is recorded must run as this user, and Granary
// must be started with it as its superuser.
const Superuser = "root"

// A Sequence is one question with its preparation. Setup and Script have one request per line (see the package
// comment for their grammar); blank lines are skipped.
type Sequence struct {
	Op     string // the file that holds the answer: testdata/<Op>.json
	Name   string // a sentence fragment, unique within Op
	Setup  string // must succeed; not recorded
	Script string // recorded and compared
}

// notInNames matches what is left out when a directory's name is made from a sequence's name.
var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// Dir returns the directory that only this sequence uses, on any server.
func (s Sequence) Dir() string {
	return "/oracle/" + strings.Trim(notInNames.ReplaceAllString(strings.ToLower(s.Op+"-"+s.Name), "-"), "-")
}

// A step is one line of a script.
type step struct {
	line   string // as written
	user   string // "" sends no user.name
	method string
	target string // what follows /webhdfs/v1
	header []string
	hops   []hop // further requests to the first reply's Location
	finish bool  // sends the rest of the body that an earlier step left open, instead of a request
}

// A hop is what an arrow adds to the Location that it follows.
type hop struct {
	query   string // appended with "&"
	replace bool   // query replaces parameters of the same names in the Location
	body    []byte
	open    bool // the last byte of body is held back, so that the writer is still writing during the next steps
}

// steps parses a script.
func steps(script string) ([]step, error) {
	var all []step
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		s, err := parseStep(line)
		if err != nil {
			return nil, fmt.Errorf("script line %q: %w", line, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func parseStep(line string) (step, error) {
	s := step{line: line, finish: line == "finish"}
	if s.finish {
		return s, nil
	}
	user, rest, _ := strings.Cut(line, " ")
	if user != "-" {
		s.user = user
	}
	s.method, rest, _ = strings.Cut(rest, " ")
	s.target, rest, _ = strings.Cut(rest, " ")
	if s.target == "" {
		return step{}, fmt.Errorf("want USER METHOD TARGET")
	}
	for rest = strings.TrimSpace(rest); strings.HasPrefix(rest, "["); rest = strings.TrimSpace(rest) {
		h, after, closed := strings.Cut(rest[1:], "]")
		if !closed {
			return step{}, fmt.Errorf("header %q lacks its closing bracket", rest)
		}
		s.header, rest = append(s.header, h), after
	}
	for rest != "" {
		after, arrow := strings.CutPrefix(rest, "->")
		if !arrow {
			return step{}, fmt.Errorf("want an arrow at %q", rest)
		}
		h, left, err := parseHop(strings.TrimSpace(after))
		if err != nil {
			return step{}, err
		}
		s.hops, rest = append(s.hops, h), strings.TrimSpace(left)
	}
	return s, nil
}

// parseHop parses what follows one arrow and returns the rest of the line.
func parseHop(text string) (hop, string, error) {
	var h hop
	if strings.HasPrefix(text, "+") || strings.HasPrefix(text, "=") {
		h.replace = text[0] == '='
		h.query, text, _ = strings.Cut(text[1:], " ")
		text = strings.TrimSpace(text)
	}
	text, h.open = strings.CutPrefix(text, "open ")
	switch {
	case strings.HasPrefix(text, `"`):
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			return hop{}, "", fmt.Errorf("body %s is no Go string literal: %w", text, err)
		}
		body, err := strconv.Unquote(quoted)
		if err != nil {
			return hop{}, "", fmt.Errorf("body %s is no Go string literal: %w", quoted, err)
		}
		h.body, text = []byte(body), text[len(quoted):]
	case strings.HasPrefix(text, "bytes:"):
		count, left, _ := strings.Cut(strings.TrimPrefix(text, "bytes:"), " ")
		n, err := strconv.Atoi(count)
		if err != nil || n < 0 {
			return hop{}, "", fmt.Errorf("body bytes:%s: want a number of bytes", count)
		}
		h.body, text = Content(0, n), left
	}
	if h.open && len(h.body) == 0 {
		return hop{}, "", fmt.Errorf("open: want a body whose last byte can be held back")
	}
	return h, text, nil
}

// Content returns n bytes, from offset off, of a file that has the byte (i*31+7) mod 251 at position i.
func Content(off, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(((off+i)*31 + 7) % 251)
	}
	return b
}

// uploads reports whether the second request of a method carries a body.
func uploads(method string) bool {
	return method == http.MethodPut || method == http.MethodPost
}
