package server

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"granary/auth"
)

func TestDelegationTokens(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	long := func(user string) string {
		token, err := h.auth.Issue(t.Context(), auth.TokenRequest{User: user, TTL: 48 * time.Hour})
		must(t, err)
		return token
	}
	ada, bob := long("ada"), long("bob")
	get := func(query string) string {
		a := h.do("GET", "/webhdfs/v1/?op=GETDELEGATIONTOKEN"+query, "", bearer(ada))
		var reply struct{ Token struct{ URLString string } }
		if err := json.Unmarshal([]byte(a.body), &reply); err != nil || reply.Token.URLString == "" {
			t.Fatalf("%d %s: want a token", a.StatusCode, a.body)
		}
		return reply.Token.URLString
	}
	envelope := func(token string) string {
		b, err := base64.RawURLEncoding.DecodeString(token)
		must(t, err)
		return string(b)
	}
	token := get("&renewer=bob")
	if text := envelope(token); !strings.HasSuffix(text, "WEBHDFS delegation\x0f"+strings.TrimPrefix(h.url, "http://")) {
		t.Errorf("kind and service of %q; want this server's", text[max(0, len(text)-60):])
	}
	if text := envelope(get("&kind=OTHER&service=nn:1")); !strings.HasSuffix(text, "\x05OTHER\x04nn:1") {
		t.Errorf("kind and service of %q; want those asked for", text[max(0, len(text)-60):])
	}
	const home = "/webhdfs/v1/?op=GETHOMEDIRECTORY&delegation="
	h.do("GET", home+token, "").want(t, 200, "/user/ada")
	h.do("GET", "/webhdfs/v1/?op=GETDELEGATIONTOKEN&delegation="+token, "").want(t, 400, "delegation parameter is not null.")
	h.do("GET", "/webhdfs/v1/?op=GETDELEGATIONTOKEN", "", bearer(auth.TokenOf(token))).want(t, 400, "not for another delegation")
	h.do("GET", "/webhdfs/v1/?op=GETDELEGATIONTOKEN&renewer=a@x", "", bearer(ada)).want(t, 200, "Token")
	h.do("GET", "/webhdfs/v1/?op=GETDELEGATIONTOKEN&renewer=a%20b", "", bearer(ada)).want(t, 400, "renewer name")

	renew, cancel := "/webhdfs/v1/?op=RENEWDELEGATIONTOKEN&token=", "/webhdfs/v1/?op=CANCELDELEGATIONTOKEN&token="
	h.do("PUT", renew+token, "", bearer(bob)).want(t, 200, `{"long":1`)
	h.do("PUT", renew+token, "", bearer(ada)).want(t, 403, "ada tries to renew a token with non-matching renewer bob")
	h.do("PUT", renew+"rubbish", "", bearer(ada)).want(t, 403, `"javaClassName":"org.apache.hadoop.security.token.SecretManager$InvalidToken"`)
	h.do("PUT", renew+bob, "", bearer(bob)).want(t, 400, "not a delegation")
	h.do("PUT", cancel+token, "", bearer(h.token("root"))).want(t, 403, "root is not authorized to cancel the token")
	h.do("PUT", cancel+token, "", bearer(ada)).want(t, 200, "")
	h.do("GET", home+token, "").want(t, 403, "InvalidToken")
}

func TestNoDelegationTokensWhereNamesAreBelieved(t *testing.T) {
	h := newHouse(t, simple)
	h.do("GET", "/webhdfs/v1/?op=GETDELEGATIONTOKEN&user.name=ada", "").want(t, 200, `{"Token":null}`)
	h.do("GET", "/webhdfs/v1/?op=GETDELEGATIONTOKEN&user.name=ada&delegation=x", "").want(t, 400, "delegation parameter is not null.")
	h.do("PUT", "/webhdfs/v1/?op=RENEWDELEGATIONTOKEN&user.name=ada&token=xxx", "").want(t, 403, "InvalidToken")
}
