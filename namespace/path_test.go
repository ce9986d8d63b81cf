package namespace

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"granary/blocks/seal"
)

func TestParsePath(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"/", "/"},
		{"//", "/"},
		{"/a", "/a"},
		{"/a/", "/a"},
		{"//a///b//", "/a/b"},
		{"/a b/+;:%2e%2F&?#", "/a b/+;:%2e%2F&?#"}, // decoded already, and never again
		{"/...", "/..."},
		{"/.a/..b/c.", "/.a/..b/c."},
		{"/é/e\u0301", "/é/e\u0301"}, // not normalised
		{"/／．．/x", "/／．．/x"},
		{`/a\..\b`, `/a\..\b`},
		{"/\x01\x7f\n", "/\x01\x7f\n"},
	} {
		got, err := ParsePath(tt.text)
		if err != nil || got.String() != tt.want {
			t.Errorf("%q: %q, %v, want %q", tt.text, got, err, tt.want)
		}
	}
	for _, tt := range []struct{ text, why string }{
		{"", "absolute"},
		{"a/b", "absolute"},
		{"./a", "absolute"},
		{"/.", "component"},
		{"/..", "component"},
		{"/a/../b", "component"},
		{"/a/./b", "component"},
		{"/a/..", "component"},
		{"//..//", "component"},
		{"/a\x00b", "NUL"},
		{"/\x00", "NUL"},
		{"/\xff", "UTF-8"},
		{"/a\xc0\xaf", "UTF-8"},
		{"/\xed\xa0\x80", "UTF-8"},
	} {
		_, err := ParsePath(tt.text)
		var e *Error
		if !errors.As(err, &e) || e.Kind != InvalidPath || !strings.Contains(e.Msg, tt.why) || !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: %v, want an invalid path for its %s", tt.text, err, tt.why)
		}
		if err != nil && (!utf8.ValidString(err.Error()) || strings.Contains(err.Error(), "\x00")) {
			t.Errorf("%q: the message is not plain text: %q", tt.text, err.Error())
		}
	}
}

func TestPartsOfPaths(t *testing.T) {
	for _, tt := range []struct {
		text, name, parent string
		names              int
	}{
		{"/", "", "/", 0},
		{"/a", "a", "/", 1},
		{"/a/b", "b", "/a", 2},
	} {
		p := path(t, tt.text)
		if p.Name() != tt.name || p.Parent().String() != tt.parent || len(p.names()) != tt.names || p.IsRoot() != (tt.text == "/") {
			t.Errorf("%s: name %q, parent %s, %d names", p, p.Name(), p.Parent(), len(p.names()))
		}
		if tt.names > 0 && p.Parent().Join(p.Name()) != p {
			t.Errorf("%s is not its name in its parent", p)
		}
	}
	for _, tt := range []struct {
		p, dir string
		want   bool
	}{
		{"/a/b", "/a", true},
		{"/a/b/c", "/a", true},
		{"/a", "/a", false},
		{"/ab", "/a", false}, // a prefix of text is not an ancestor
		{"/a", "/a/b", false},
		{"/a", "/", true},
		{"/", "/", false},
	} {
		if got := path(t, tt.p).under(path(t, tt.dir)); got != tt.want {
			t.Errorf("%s under %s: %v", tt.p, tt.dir, got)
		}
	}
}

func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{"/", "/a/b", "//a//", "/..", "/a/./b", "/\x00", "/\xff", "a", "", "/é日本😀", "/%2e%2e/x", `/a\b`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePath(text)
		if err != nil {
			if kindOf(err) != InvalidPath || !utf8.ValidString(err.Error()) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		clean := p.String()
		again, err := ParsePath(clean)
		if err != nil || again != p {
			t.Errorf("%q became %q, which becomes %q, %v", text, clean, again, err)
		}
		if !utf8.ValidString(clean) || strings.Contains(clean, "//") || strings.ContainsRune(clean, 0) || (clean != "/" && strings.HasSuffix(clean, "/")) {
			t.Errorf("%q became %q", text, clean)
		}
		built := Path{}
		for _, name := range p.names() {
			if name == "" || name == "." || name == ".." {
				t.Errorf("%q has a component %q", text, name)
			}
			built = built.Join(name)
		}
		if built != p {
			t.Errorf("%q: its components make %q", text, built)
		}
		// Nothing is lost but slashes.
		if strings.ReplaceAll(clean, "/", "") != strings.ReplaceAll(text, "/", "") {
			t.Errorf("%q became %q", text, clean)
		}
	})
}

func TestBoundsOfNamesAndPaths(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	mkdirs := func(name string) error {
		_, err := s.Mkdirs(t.Context(), path(t, name), MkdirOptions{Mode: 0o755})
		return err
	}
	n255, n256 := strings.Repeat("n", 255), strings.Repeat("n", 256)
	if err := mkdirs("/tmp/" + n255); err != nil {
		t.Error(err)
	}
	if err := mkdirs("/tmp/" + strings.Repeat("é", 127) + "n"); err != nil { // 255 bytes
		t.Error(err)
	}
	levels := func(n int) string { return "/tmp" + strings.Repeat("/a", n-1) }
	if err := mkdirs(levels(MaxDepth)); err != nil {
		t.Errorf("%d levels: %v", MaxDepth, err)
	}
	for _, tt := range []struct {
		what string
		err  error
		kind Kind
		msg  string
	}{
		{
			"256 bytes", mkdirs("/tmp/" + n256), NameTooLong,
			"The maximum path component name limit of " + n256 + " in directory /tmp is exceeded: limit=255 length=256",
		},
		{
			"128 letters of two bytes", mkdirs("/tmp/" + strings.Repeat("é", 128)), NameTooLong,
			"The maximum path component name limit of " + strings.Repeat("é", 128) + " in directory /tmp is exceeded: limit=255 length=256",
		},
		{"1001 levels", mkdirs(levels(MaxDepth + 1)), IO, "Pathname too long.  Limit 8000 characters, 1000 levels."},
		{"10,000 levels", mkdirs(levels(10_000)), IO, "Pathname too long.  Limit 8000 characters, 1000 levels."},
		{"8001 letters", mkdirs("/tmp" + strings.Repeat("/"+n255[:200], 40)), IO, "Pathname too long.  Limit 8000 characters, 1000 levels."},
		{"a colon", mkdirs("/tmp/a:b"), InvalidPath, "Invalid path name Invalid file name: /tmp/a:b"},
		{"a snapshot", mkdirs("/tmp/.snapshot"), InvalidValue, `".snapshot" is a reserved name.`},
		{"a reserved name", mkdirs("/.reserved/a"), InvalidValue, `File name ".reserved" is reserved and cannot be created.`},
	} {
		var e *Error
		if !errors.As(tt.err, &e) || e.Kind != tt.kind || !strings.Contains(e.Msg, tt.msg) {
			t.Errorf("%s: %v (%s), want %s, %q", tt.what, tt.err, kindOf(tt.err), tt.kind, tt.msg)
		}
		if e != nil && len(e.Msg) > 1000 {
			t.Errorf("%s: a message of %d bytes", tt.what, len(e.Msg))
		}
	}
	if err := mkdirs("/tmp/.reserved"); err != nil { // reserved in the root only
		t.Error(err)
	}
	// What cannot be made can still be looked up and deleted: there is nothing.
	for _, name := range []string{levels(10_000), "/tmp/" + n256, "/tmp/a:b"} {
		if _, err := s.Stat(t.Context(), path(t, name)); kindOf(err) != NotExist {
			t.Errorf("stat of something %d bytes long: %s", len(name), kindOf(err))
		}
		if ok, err := s.Delete(t.Context(), path(t, name), true); ok || err != nil {
			t.Errorf("delete of something %d bytes long: %v, %v", len(name), ok, err)
		}
	}
	if ok, err := s.Delete(t.Context(), path(t, "/tmp/a"), true); !ok || err != nil {
		t.Error(ok, err)
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Error(err)
	}
	fs.clean(t)
}

func TestADirectoryGetsFull(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.MaxChildren = 3 })
	s := fs.as(t, superuser)
	for _, name := range []string{"/tmp/d/a", "/tmp/d/b", "/tmp/d/c", "/tmp/x"} {
		s.put(t, name, []byte("x"))
	}
	const msg = "The directory item limit of /tmp/d is exceeded: limit=3 items=3"
	full := func(what string, err error) {
		t.Helper()
		var e *Error
		if !errors.As(err, &e) || e.Kind != TooManyChildren || e.Msg != msg {
			t.Errorf("%s: %v, want %q", what, err, msg)
		}
	}
	_, err := s.Create(t.Context(), path(t, "/tmp/d/e"), CreateOptions{Mode: 0o644, Size: -1}, strings.NewReader("x"))
	full("create", err)
	_, err = s.Mkdirs(t.Context(), path(t, "/tmp/d/e/f"), MkdirOptions{Mode: 0o755})
	full("mkdirs", err)
	_, err = s.Rename(t.Context(), path(t, "/tmp/x"), path(t, "/tmp/d"))
	full("rename", err)
	// Replacing what is there, and renaming within the directory, need no room.
	s.put(t, "/tmp/d/a", []byte("y"))
	if err := s.Move(t.Context(), path(t, "/tmp/x"), path(t, "/tmp/d/a"), MoveOptions{Overwrite: true}); err != nil {
		t.Error(err)
	}
	if ok, err := s.Rename(t.Context(), path(t, "/tmp/d/a"), path(t, "/tmp/d/z")); !ok || err != nil {
		t.Error(ok, err)
	}
	fs.clean(t)
}

func TestAnotherRootKeyIsRefused(t *testing.T) {
	var config Config
	newFS(t, func(c *Config) { config = *c })
	other, err := seal.LoadRoot(filepath.Join(t.TempDir(), "other.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	config.Root = other
	if fs, err := Open(t.Context(), config); err == nil {
		fs.Close()
		t.Fatal("data written under one root key was opened with another")
	} else if !strings.Contains(err.Error(), "key") {
		t.Errorf("%v does not speak of the key", err)
	}
}
