package namespace

import (
	"strings"
	"unicode/utf8"
)

// Bounds of names and paths, as in HDFS (dfs.namenode.fs-limits.max-component-length, and DFSUtil's and
// HdfsServerConstants' MAX_PATH_LENGTH and MAX_PATH_DEPTH).
const (
	MaxName  = 255  // bytes of one component
	MaxPath  = 8000 // characters of a path that is created
	MaxDepth = 1000 // components of a path that is created
)

// PathPattern is what [ParsePath] accepts, as a regular expression. It also accepts a path with a colon, which names nothing.
const PathPattern = `^(/([^/:.\x00][^/:\x00]*|\.[^/:.\x00][^/:\x00]*|\.\.[^/:\x00]+)?)+$`

// Path is an absolute path: no empty, "." or ".." component, no NUL, valid UTF-8. Its zero value is the root. Names
// are compared byte by byte and are never normalised. [ParsePath] is the only way from text to a Path.
type Path struct {
	text string // "" for the root, else "/a/b"
}

// ParsePath reads a decoded path. It collapses repeated slashes and drops a trailing one, as HDFS's clients expect,
// and fails with [InvalidPath] for a path that is relative, holds NUL or bytes that are not UTF-8, or has a "." or
// ".." component: those name a place only after interpretation, and checking one spelling while acting on another is
// how path checks get bypassed.
func ParsePath(s string) (Path, error) {
	invalid := func(why string) (Path, error) {
		return Path{}, &Error{
			Op: "parse path", Path: strings.ToValidUTF8(s, "\uFFFD"), Kind: InvalidPath,
			Msg: "Invalid path name " + strings.ToValidUTF8(s, "\uFFFD") + why,
		}
	}
	if s == "" || s[0] != '/' {
		return invalid(": a path is absolute")
	}
	if !utf8.ValidString(s) {
		return invalid(": a path is UTF-8")
	}
	if strings.IndexByte(s, 0) >= 0 {
		return Path{}, &Error{
			Op: "parse path", Path: strings.ReplaceAll(s, "\x00", "\uFFFD"), Kind: InvalidPath,
			Msg: "Invalid path name " + strings.ReplaceAll(s, "\x00", "\uFFFD") + ": a path holds no NUL",
		}
	}
	var b strings.Builder
	for name := range strings.SplitSeq(s, "/") {
		switch name {
		case "":
			continue
		case ".", "..":
			return invalid(`: a path has no "." or ".." component`)
		}
		b.WriteByte('/')
		b.WriteString(name)
	}
	return Path{b.String()}, nil
}

// String returns the path as text: "/" or "/a/b".
func (p Path) String() string {
	if p.text == "" {
		return "/"
	}
	return p.text
}

// IsRoot reports whether p is "/".
func (p Path) IsRoot() bool { return p.text == "" }

// Name returns the last component, "" for the root.
func (p Path) Name() string { return p.text[strings.LastIndexByte(p.text, '/')+1:] }

// Parent returns the path without its last component; the root is its own parent.
func (p Path) Parent() Path { return Path{p.text[:max(strings.LastIndexByte(p.text, '/'), 0)]} }

// Join returns the path of the entry name in the directory p. name is one component that a Path or an inode holds.
func (p Path) Join(name string) Path { return Path{p.text + "/" + name} }

// names returns the components; the root has none.
func (p Path) names() []string {
	if p.text == "" {
		return []string{}
	}
	return strings.Split(p.text[1:], "/")
}

// prefix returns the path of the first n components.
func (p Path) prefix(n int) Path {
	at := 0
	for range n {
		next := strings.IndexByte(p.text[at+1:], '/')
		if next < 0 {
			return p
		}
		at += 1 + next
	}
	return Path{p.text[:at]}
}

// under reports whether p lies below dir, which it does not if they are equal.
func (p Path) under(dir Path) bool {
	return len(p.text) > len(dir.text) && p.text[:len(dir.text)] == dir.text && p.text[len(dir.text)] == '/'
}

// Valid fails for paths that may be looked up but never name anything: those with a colon (DFSUtil.isValidName). HDFS
// checks this before it redirects a request.
func (p Path) Valid() error {
	if strings.IndexByte(p.text, ':') >= 0 {
		return &Error{Op: "check path", Path: p.String(), Kind: InvalidPath, Msg: "Invalid path name " + p.String()}
	}
	return nil
}

// creatable fails for paths that may not be made: those that are not valid, and those that are too long.
func (p Path) creatable() error {
	if p.Valid() != nil {
		return fail(InvalidPath, "Invalid path name Invalid file name: %s", p)
	}
	if utf8.RuneCountInString(p.text) > MaxPath || strings.Count(p.text, "/") > MaxDepth {
		return fail(IO, "%s: Pathname too long.  Limit %d characters, %d levels.", abbreviate(p.text), MaxPath, MaxDepth)
	}
	return nil
}

// reserved is the directory that HDFS keeps for itself in the root.
const reserved = ".reserved"

// checkNames fails if a component from the i-th on (the first is 0) is a name that cannot be given: too long, or kept
// for the file system's own use (FSDirectory.verifyINodeName).
func (p Path) checkNames(i int) error {
	for n, name := range p.names() {
		switch {
		case n < i:
		case n == 0 && name == reserved:
			return fail(InvalidValue, "File name \"%s\" is reserved and cannot be created. If this is during upgrade change "+
				"the name of the existing file or directory to another name before upgrading to the new release.", name)
		case name == snapshots:
			return fail(InvalidValue, "\"%s\" is a reserved name.", name)
		case len(name) > MaxName:
			return fail(NameTooLong, "The maximum path component name limit of %s in directory %s is exceeded: limit=%d length=%d",
				name, p.prefix(n), MaxName, len(name))
		}
	}
	return nil
}

// abbreviate keeps an error message readable when it must quote a very long path.
func abbreviate(s string) string {
	const keep = 256
	if len(s) <= keep {
		return s
	}
	return strings.ToValidUTF8(s[:keep], "") + "…"
}
