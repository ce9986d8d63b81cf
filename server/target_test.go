package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"granary/namespace"
)

func TestDecodePath(t *testing.T) {
	for _, c := range []struct{ raw, want string }{ // want "" means that the path is invalid
		{"", "/"},
		{"/", "/"},
		{"/a/b", "/a/b"},
		{"/a//b/", "/a/b"},
		{"/a%20b", "/a b"},
		{"/a+b", "/a+b"},
		{"/a;x=1/b", "/a;x=1/b"},
		{"/a%3Bb", "/a;b"},
		{"/a%2Fb", "/a/b"},
		{"/a%252Fb", "/a%2Fb"}, // decoded once
		{"/caf%C3%A9", "/café"},
		{"/café", "/café"}, // raw, as the JDK sends it
		{"/e%CC%81", "/e\u0301"},
		{"/a:b@c&d=e$,!~*'()", "/a:b@c&d=e$,!~*'()"},
		{"/a%3Fb%23c", "/a?b#c"},
		{"/a#b", "/a#b"},
		{"/...", "/..."},
		{"/..a/b..", "/..a/b.."},
		{"/" + strings.Repeat("n", 256), "/" + strings.Repeat("n", 256)}, // may be looked up, but not created
		{strings.Repeat("/a", 10_000), strings.Repeat("/a", 10_000)},

		{"/..", ""},
		{"/a/../b", ""},
		{"/a/./b", ""},
		{"/.", ""},
		{"/%2e%2e/a", ""},
		{"/%2E%2e", ""},
		{"/.%2e/a", ""},
		{"/a%2F..%2Fb", ""},
		{"/%2F..", ""},
		{"/a%00b", ""},
		{"/%00", ""},
		{"/%ff", ""},
		{"/\xff", ""},
		{"/%C3", ""},
		{"/%c0%af", ""}, // an overlong slash
		{"/a%zz", ""},
		{"/a%", ""},
		{"/a%4", ""},
		{"a", ""},
	} {
		got, err := decodePath(c.raw)
		if c.want == "" {
			if explain(err).class != "org.apache.hadoop.fs.InvalidPathException" {
				t.Errorf("decodePath(%.60q) = %q, %v; want an InvalidPathException", c.raw, got, err)
			}
			continue
		}
		if err != nil || got.String() != c.want {
			t.Errorf("decodePath(%.60q) = %.60q, %v; want %.60q", c.raw, got, err, c.want)
		}
	}
}

func TestParseQuery(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want query
	}{
		{"", nil},
		{"&&", nil},
		{"op=OPEN", query{{"op", "OPEN"}}},
		{"OP=open&noRedirect=true", query{{"op", "open"}, {"noredirect", "true"}}},
		{"user.name=ada&User.Name=eve&DOAS=x", query{{"user.name", "ada"}, {"User.Name", "eve"}, {"DOAS", "x"}}},
		{"a=1&a=2", query{{"a", "1"}, {"a", "2"}}},
		{"a=b+c%2B", query{{"a", "b c+"}}},
		{"a=1;b=2", query{{"a", "1;b=2"}}},
		{"destination=%2Fx%3By", query{{"destination", "/x;y"}}},
		{"a", query{{"a", ""}}},
		{"a=b=c", query{{"a", "b=c"}}},
		{"=x", query{{"", "x"}}},
		{"a=café", query{{"a", "café"}}},
		{"a=%2565", query{{"a", "%65"}}},
	} {
		got, err := parseQuery(c.raw)
		if err != nil || len(got) != len(c.want) {
			t.Errorf("parseQuery(%q) = %q, %v; want %q", c.raw, got, err, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("parseQuery(%q) = %q; want %q", c.raw, got, c.want)
			}
		}
	}
	for _, raw := range []string{
		"a=%zz", "%zz=a", "a=%", "a=%4", "op=OPEN&delegation=%zz;x", "a=%ff", "%ff=a", strings.Repeat("a&", maxPairs+1),
	} {
		if got, err := parseQuery(raw); explain(err).class != "java.lang.IllegalArgumentException" {
			t.Errorf("parseQuery(%.40q) = %.40q, %v; want an IllegalArgumentException", raw, got, err)
		}
	}
}

func TestQueryGet(t *testing.T) {
	q := query{{"a", "1"}, {"a", "2"}, {"b", ""}}
	for name, want := range map[string]string{"a": "1", "b": "", "c": ""} {
		if got := q.get(name); got != want {
			t.Errorf("get(%q) = %q; want %q", name, got, want)
		}
	}
}

func TestSplitTarget(t *testing.T) {
	for _, c := range []struct{ target, path, query string }{
		{"/webhdfs/v1/a%2Fb?op=OPEN", "/webhdfs/v1/a%2Fb", "op=OPEN"},
		{"//webhdfs/v1/a", "//webhdfs/v1/a", ""},
		{"/webhdfs/v1/a?b?c", "/webhdfs/v1/a", "b?c"},
		{"http://other.example/webhdfs/v1/a%2Fb?op=OPEN", "/webhdfs/v1/a%2Fb", "op=OPEN"},
		{"http://other.example", "", ""},
	} {
		u, err := url.ParseRequestURI(c.target)
		must(t, err)
		path, query := splitTarget(&http.Request{RequestURI: c.target, URL: u})
		if path != c.path || query != c.query {
			t.Errorf("splitTarget(%q) = %q, %q; want %q, %q", c.target, path, query, c.path, c.query)
		}
	}
}

// FuzzDecodePath compares the decoder with the standard library's, which follows the same rule for paths, and checks the
// promises of a Path.
func FuzzDecodePath(f *testing.F) {
	for _, s := range []string{"/a/../b", "/%2e%2e", "/a+b;c", "/a%2Fb%25", "/\xff%00", "//", "/caf\u00e9%C3%A9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		path, err := decodePath(raw)
		naive, naiveErr := url.PathUnescape(raw)
		if err != nil {
			if naiveErr == nil && creatable(naive) {
				t.Fatalf("decodePath(%q) fails: %v", raw, err)
			}
			return
		}
		if naiveErr != nil {
			t.Fatalf("decodePath(%q) = %q; the standard library refuses it: %v", raw, path, naiveErr)
		}
		if got, want := path.String(), collapse(naive); got != want {
			t.Fatalf("decodePath(%q) = %q; want %q", raw, got, want)
		}
		again, err := namespace.ParsePath(path.String())
		if err != nil || again != path {
			t.Fatalf("ParsePath(%q) = %q, %v", path, again, err)
		}
		if back, err := decodePath(string(escape(nil, path.String(), "/"))); err != nil || back != path {
			t.Fatalf("escaped and decoded, %q is %q, %v", path, back, err)
		}
	})
}

// creatable is the naive model of which decoded texts are paths.
func creatable(s string) bool {
	if s != "" && s[0] != '/' || !utf8.ValidString(s) || strings.Contains(s, "\x00") {
		return false
	}
	for _, name := range strings.Split(s, "/") {
		if name == "." || name == ".." {
			return false
		}
	}
	return true
}

// collapse is the naive model of what a decoded text means.
func collapse(s string) string {
	for strings.Contains(s, "//") {
		s = strings.ReplaceAll(s, "//", "/")
	}
	if s = strings.TrimSuffix(s, "/"); s == "" {
		return "/"
	}
	return s
}

// FuzzParseQuery compares the parser with the standard library's, which has the same rules except for ";" and for case.
func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"op=OPEN&a=b+c", "a=1;b=2", "a=%zz", "A=%41&a=", "=&=&", "=&=0", "a=&A=1", "\xff=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := parseQuery(raw)
		naive, naiveErr := url.ParseQuery(strings.ReplaceAll(raw, ";", "%3B"))
		if err != nil {
			return // the table covers what is refused besides bad escapes
		}
		if naiveErr != nil {
			t.Fatalf("parseQuery(%q) = %q; the standard library refuses it: %v", raw, q, naiveErr)
		}
		count := 0
		for name, values := range naive {
			count += len(values)
			if strings.ToLower(name) == name && naiveFirst(raw, name) != q.get(name) {
				t.Fatalf("parseQuery(%q).get(%q) = %q; want %q", raw, name, q.get(name), naiveFirst(raw, name))
			}
		}
		if count != len(q) {
			t.Fatalf("parseQuery(%q) has %d pairs; want %d", raw, len(q), count)
		}
	})
}

// naiveFirst returns the first value that is not empty and whose name is name in any case.
func naiveFirst(raw, name string) string {
	for _, piece := range strings.Split(raw, "&") {
		if piece == "" {
			continue
		}
		k, v, _ := strings.Cut(piece, "=")
		k, _ = url.QueryUnescape(k)
		if k == name || strings.ToLower(k) == name && name != "user.name" && name != "doas" {
			if v, _ = url.QueryUnescape(v); v != "" {
				return v
			}
		}
	}
	return ""
}
