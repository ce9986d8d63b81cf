package server

import (
	"strings"
	"testing"
)

// jwt is the beginning of a signed token as package auth makes them, and an end.
const jwt = "eyJhbGciOiJFZERTQSIsImtpZCI6IjEiLCJ0eXAiOiJncmFuYXJ5K2p3dCJ9.eyJpc3MiOiJ0ZXN0IiwiZXhwIjoxfQ.c2lnbmF0dXJl-_x"

func TestRedact(t *testing.T) {
	for raw, want := range map[string]string{
		"":                         "",
		"op=OPEN&offset=3":         "op=OPEN&offset=3",
		"op=OPEN&delegation=s3cr":  "op=OPEN&delegation=***",
		"DELEGATION=s3cr":          "DELEGATION=***",
		"d%65legation=s3cr":        "d%65legation=***",
		"+ticket=s3cr":             "+ticket=***",
		"a=1;token=s3cr":           "a=1&token=***",
		"%zz=s3cr":                 "***",
		"ticket=s3cr&ticket=s3cr2": "ticket=***&ticket=***",
		"doas=s3cr&user.name=ada":  "doas=***&user.name=ada",
		"a=\x01\n":                 "a=\uFFFD\uFFFD",
		"access-token=" + jwt:      "access-token=***",
		"a=x" + jwt[:40] + "&b=1":  "a=x***&b=1",
		jwt + "=1":                 "***=1",
	} {
		if got := redact(raw); got != want {
			t.Errorf("redact(%q) = %q; want %q", raw, got, want)
		}
	}
	for raw, want := range map[string]string{
		"/webhdfs/v1/" + jwt:                                 "/webhdfs/v1/***",
		"/webhdfs/v1/%65" + jwt[1:]:                          "/webhdfs/v1/***",
		"/a/" + strings.Join(strings.Split(jwt, "."), "%2E"): "/a/***",
		"/a/eyJ.json":                                        "/a/eyJ.json",
	} {
		if got := redactPath(raw); got != want {
			t.Errorf("redactPath(%q) = %q; want %q", raw, got, want)
		}
	}
	if got := redact(strings.Repeat("a=1&", 100_000)); len(got) > maxLoggedQuery+8 {
		t.Errorf("a long query takes %d bytes of log", len(got))
	}
}

// FuzzRedact looks for a spelling of the parser's that redaction does not know.
func FuzzRedact(f *testing.F) {
	f.Add("delegation=canary", "")
	f.Add("op=OPEN&%64elegation", "=canary&x=1")
	f.Fuzz(func(t *testing.T, before, after string) {
		raw := before + "canary" + after
		q, err := parseQuery(raw)
		if err != nil {
			return
		}
		for _, p := range q {
			if secrets[strings.ToLower(p.name)] && strings.Contains(p.value, "canary") && strings.Count(raw, "canary") == 1 &&
				strings.Contains(redact(raw), "canary") {
				t.Fatalf("redact(%q) = %q", raw, redact(raw))
			}
		}
	})
}
