package oracle

import "strings"

// longName returns a name of n bytes.
func longName(n int) string { return strings.Repeat("n", n) }

// odd has names and paths as written in a request line, each with what is odd about it.
var odd = []struct{ name, path string }{
	{"a literal plus", "a+b"},
	{"an escaped plus", "a%2Bb"},
	{"an escaped space", "a%20b"},
	{"a literal semicolon", "a;b=c"},
	{"an escaped semicolon", "a%3Bb"},
	{"an escaped slash", "a%2Fb"},
	{"a lower-case escaped slash", "a%2fb"},
	{"a doubly escaped slash", "a%252Fb"},
	{"raw UTF-8", "café-日本"},
	{"escaped UTF-8", "caf%C3%A9"},
	{"a raw emoji", "😀"},
	{"decomposed UTF-8", "cafe%CC%81"},
	{"invalid UTF-8, escaped", "a%FFb"},
	{"invalid UTF-8, raw", "a\xffb"},
	{"an overlong encoding", "a%C0%AFb"},
	{"a surrogate", "a%ED%A0%80b"},
	{"a bad escape", "a%zzb"},
	{"a truncated escape", "a%2"},
	{"a lone percent sign", "a%"},
	{"a percent sign", "a%25b"},
	{"an escaped NUL", "a%00b"},
	{"an escaped control character", "a%01b"},
	{"an escaped newline", "a%0Ab"},
	{"an escaped DEL", "a%7Fb"},
	{"an escaped hash", "a%23b"},
	{"an escaped question mark", "a%3Fb"},
	{"a colon", "a:b"},
	{"an escaped colon", "a%3Ab"},
	{"a colon alone", ":"},
	{"a star", "a*b"},
	{"an escaped backslash", "a%5Cb"},
	{"a raw backslash", `a\b`},
	{"braces and brackets", "a{b}[c]"},
	{"quotes and angles", `a"b'<c>`},
	{"pipe, caret, backtick", "a|b^c`d"},
	{"ampersand, equals, comma, dollar", "a&b=c,d$e"},
	{"at, tilde, exclamation", "a@b~c!d"},
	{"a leading space", "%20a"},
	{"a trailing space", "a%20"},
	{"a trailing slash", "a/"},
	{"trailing slashes", "a//"},
	{"a doubled slash", "a//b"},
	{"an escaped doubled slash", "a%2F%2Fb"},
	{"a dot", "."},
	{"a dot inside", "a/./b"},
	{"a trailing dot", "a/."},
	{"two dots", "a/../b"},
	{"escaped dots", "a/%2E%2E/b"},
	{"dots behind an escaped slash", "a%2F..%2Fb"},
	{"three dots", "..."},
	{"a leading dot", ".a"},
	{"255 bytes", longName(255)},
	{"256 bytes", longName(256)},
	{"254 bytes in 127 characters", strings.Repeat("é", 127)},
	{"256 bytes in 128 characters", strings.Repeat("é", 128)},
	{"255 characters of two UTF-16 units", strings.Repeat("😀", 64)},
	{"a long parent", longName(256) + "/x"},
	{"a snapshot name", ".snapshot"},
	{"a name like a parameter", "op=DELETE"},
	{"no-break and zero-width spaces", "a%C2%A0%E2%80%8Bb"},
	{"upper and lower case", "ReadMe"},
}

// names sends every odd path in each operation that creates or finds a file.
var names = oddNames()

func oddNames() []row {
	all := make([]row, len(odd))
	for i, o := range odd {
		all[i] = row{o.name, "", try(`
			alice GET {dir}/{value}?op=GETFILESTATUS
			alice PUT {dir}/{value}?op=MKDIRS
			alice GET {dir}?op=LISTSTATUS
			alice GET {dir}/{value}?op=GETFILESTATUS
			alice GET {dir}/{value}?op=LISTSTATUS
			alice DELETE {dir}/{value}?op=DELETE
			alice PUT {dir}/{value}?op=CREATE -> "x"
			alice GET {dir}/{value}?op=OPEN ->
			alice PUT {dir}/src?op=CREATE -> "y"
			alice PUT {dir}/src?op=RENAME&destination={dir}/to-{value}
			alice GET {dir}?op=LISTSTATUS`, o.path)}
	}
	return all
}
