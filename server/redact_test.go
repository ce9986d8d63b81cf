package server

import (
	"strings"
	"testing"
)

// jwt is a token with a header as package auth writes it.
const jwt = "eyJhbGciOiJFZERTQSIsImtpZCI6IjEiLCJ0eXAiOiJncmFuYXJ5K2p3dCJ9.eyJpc3MiOiJ0ZXN0IiwiZXhwIjoxfQ.c2lnbmF0dXJl-_x"

// A token must not get into the log, whatever part of a request it is put into, by mistake or cut off by a tool.
func TestNoTokenInTheLog(t *testing.T) {
	for name, option := range map[string]func(*Config){"jwt": func(*Config) {}, "simple": simple} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, option)
			token := h.token("ada")
			cut := token[:120]
			for _, target := range []string{
				"/webhdfs/v1/" + token + "?op=LISTSTATUS", "/webhdfs/v1/a/" + cut + "?op=OPEN", "/webhdfs/v1/%65" + token[1:] + "?op=NOTHING",
				"/webhdfs/v1/?op=LISTSTATUS&access-token=" + token, "/webhdfs/v1/?op=LISTSTATUS&user.name=" + token, "/webhdfs/v1/?op=LISTSTATUS&user.name=" + cut,
				"/webhdfs/v1/?op=LISTSTATUS&auth=" + cut, "/webhdfs/v1/?op=" + token, "/webhdfs/v1/?" + token, "/webhdfs/v1/?op=MKDIRS&permission=" + token,
				"/api/v1/fs/list-status?path=/" + token, "/api/v1/projects/" + token, "/api/v1/tokens/" + token, "/" + token, "/gr_" + strings.Repeat("x", 20),
				"/webhdfs/v1/gr_" + strings.Repeat("x", 20) + "?op=LISTSTATUS",
				"/webhdfs/v1/?op=LISTSTATUS&access-token=%65" + token[1:], "/webhdfs/v1/?op=LISTSTATUS&%65" + token[1:] + "=1", "/webhdfs/v1/?op=LISTSTATUS&auth=gr%5F" + strings.Repeat("x", 20),
			} {
				h.do("GET", target, "", h.as("ada"))
				h.do("GET", target, "")
			}
			h.do(cut, "/webhdfs/v1/?op=LISTSTATUS", "")
			log := h.log.String()
			if strings.Count(log, "\n") < 33 {
				t.Errorf("the log: %s", log)
			}
			payload, signature := strings.Split(token, ".")[1], strings.Split(token, ".")[2]
			for line := range strings.Lines(log) {
				for _, secret := range []string{token[:20], payload[:12], signature[:12], "gr_x"} {
					if strings.Contains(line, secret) {
						t.Errorf("a token is in the log: %s", line)
						break
					}
				}
			}
		})
	}
}

func TestRedact(t *testing.T) {
	for raw, want := range map[string]string{
		"":                          "",
		"op=OPEN&offset=3":          "op=OPEN&offset=3",
		"op=OPEN&delegation=s3cr":   "op=OPEN&delegation=***",
		"DELEGATION=s3cr":           "DELEGATION=***",
		"d%65legation=s3cr":         "d%65legation=***",
		"+ticket=s3cr":              "+ticket=***",
		"a=1;token=s3cr":            "a=1&token=***",
		"%zz=s3cr":                  "***",
		"ticket=s3cr&ticket=s3cr2":  "ticket=***&ticket=***",
		"doas=s3cr&user.name=ada":   "doas=***&user.name=ada",
		"a=\x01\n":                  "a=\uFFFD\uFFFD",
		"access-token=" + jwt:       "access-token=***",
		"a=x" + jwt[:40] + "&b=1":   "a=x***&b=1",
		jwt + "=1":                  "***=1",
		"a=%65" + jwt[1:] + "%26b":  "a=***&b",
		"auth=gr%5Fxxxxxxxxxxxxxxx": "auth=***",
		"a=%zz" + jwt:               "a=%zz***",
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

// FuzzRedact looks for a spelling that the parser understands and redaction does not.
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
