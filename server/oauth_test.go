package server

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"granary/auth"
)

// askToken posts a form to the token endpoint.
func (h *house) askToken(form url.Values) answer {
	return h.do("POST", "/oauth2/token", form.Encode(), header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"))
}

// TestOAuthToken does what Hadoop's two providers do.
func TestOAuthToken(t *testing.T) {
	h := newHouse(t)
	secret, made, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: "ada", Personal: true, Verbs: auth.Read})
	must(t, err)
	var tokens []string
	for _, form := range []url.Values{
		{"grant_type": {"client_credentials"}, "client_id": {"ada"}, "client_secret": {secret}},
		{"grant_type": {"refresh_token"}, "client_id": {"ada"}, "refresh_token": {secret}},
	} {
		a := h.askToken(form)
		a.want(t, 200, "access_token")
		var got struct {
			Token   string `json:"access_token"`
			Type    string `json:"token_type"`
			Expires int    `json:"expires_in"`
		}
		must(t, json.Unmarshal([]byte(a.body), &got))
		if got.Type != "Bearer" || got.Expires < 3590 || got.Expires > 3600 || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%+v, %v", got, a.Header)
		}
		h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY&user.name=root", "", bearer(got.Token)).want(t, 200, "/user/ada")
		h.do("PUT", "/webhdfs/v1/user/ada/d?op=MKDIRS", "", bearer(got.Token)).want(t, 403, "read-only")
		tokens = append(tokens, got.Token)
	}
	must(t, h.auth.RevokeToken(t.Context(), made.ID))
	for _, token := range tokens {
		h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", bearer(token)).want(t, 401, "revoked")
	}
	if log := h.log.String(); strings.Contains(log, secret[8:20]) || strings.Contains(log, tokens[0][len(tokens[0])-20:]) {
		t.Error("a token is in the log")
	}
}

// TestOAuthClientsMayUseBasic as RFC 6749 has it, section 2.3.1.
func TestOAuthClientsMayUseBasic(t *testing.T) {
	h := newHouse(t)
	secret := h.personal("ada")
	ask := func(form, user, password string) answer {
		return h.do("POST", "/oauth2/token", form, header("Content-Type", "application/x-www-form-urlencoded"), func(r *http.Request) { r.SetBasicAuth(user, password) })
	}
	const credentials, refresh = "grant_type=client_credentials", "grant_type=refresh_token&refresh_token="
	for name, c := range map[string]struct {
		form, user, password string
		status               int
		code                 string
	}{
		"a secret":                {credentials, "ada", secret, 200, "access_token"},
		"the name in both":        {credentials + "&client_id=ada", "ada", secret, 200, "access_token"},
		"both encoded":            {credentials, "%61d%61", "%67" + secret[1:], 200, "access_token"},
		"a broken name":           {credentials, "%zz", secret, 400, invalidRequest},
		"a wrong secret":          {credentials, "ada", "gr_rubbish", 401, invalidClient},
		"no secret":               {credentials, "ada", "", 400, invalidRequest},
		"another name":            {credentials + "&client_id=bob", "ada", secret, 400, invalidRequest},
		"the secret in both":      {credentials + "&client_secret=" + secret, "ada", secret, 400, invalidRequest},
		"a refresh token":         {refresh + secret, "ada", "", 200, "access_token"},
		"and a secret":            {refresh + secret, "ada", secret, 200, "access_token"},
		"and another secret":      {refresh + secret, "ada", "another", 400, invalidRequest},
		"another's refresh token": {refresh + secret, "bob", "", 400, invalidGrant},
	} {
		a := ask(c.form, c.user, c.password)
		if a.StatusCode != c.status || !strings.Contains(a.body, c.code) {
			t.Errorf("%s: %d %s; want %d %s", name, a.StatusCode, a.body, c.status, c.code)
		}
		if challenge := a.Header.Get("WWW-Authenticate"); c.status == 401 && challenge != `Basic realm="granary"` {
			t.Errorf("%s: WWW-Authenticate: %s", name, challenge)
		}
	}
	if log := h.log.String(); strings.Contains(log, secret[8:20]) {
		t.Error("a secret is in the log")
	}
}

func TestOAuthTokenIsRefused(t *testing.T) {
	h := newHouse(t)
	secret := h.personal("ada")
	values := func(pairs ...string) url.Values {
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		return form
	}
	for name, c := range map[string]struct {
		form   url.Values
		status int
		code   string
	}{
		"nothing":              {values(), 400, invalidRequest},
		"no grant":             {values("client_id", "ada", "client_secret", secret), 400, invalidRequest},
		"another grant":        {values("grant_type", "password", "client_id", "ada", "client_secret", secret), 400, unsupportedGrantType},
		"no client":            {values("grant_type", "client_credentials", "client_secret", secret), 400, invalidRequest},
		"no secret":            {values("grant_type", "client_credentials", "client_id", "ada"), 400, invalidRequest},
		"the wrong field":      {values("grant_type", "refresh_token", "client_id", "ada", "client_secret", secret), 400, invalidRequest},
		"a field twice":        {values("grant_type", "client_credentials", "client_id", "ada", "client_id", "bob", "client_secret", secret), 400, invalidRequest},
		"another's secret":     {values("grant_type", "client_credentials", "client_id", "bob", "client_secret", secret), 401, invalidClient},
		"a wrong secret":       {values("grant_type", "client_credentials", "client_id", "ada", "client_secret", "gr_rubbish"), 401, invalidClient},
		"another's refresh":    {values("grant_type", "refresh_token", "client_id", "bob", "refresh_token", secret), 400, invalidGrant},
		"a JWT as the refresh": {values("grant_type", "refresh_token", "client_id", "ada", "refresh_token", h.token("ada")), 400, invalidGrant},
	} {
		a := h.askToken(c.form)
		var got struct {
			Error string `json:"error"`
			Words string `json:"error_description"`
		}
		if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.StatusCode != c.status || got.Error != c.code || got.Words == "" ||
			a.Header.Get("Cache-Control") != "no-store" || strings.Contains(a.body, secret) {
			t.Errorf("%s: %d %s; want %d %s", name, a.StatusCode, a.body, c.status, c.code)
		}
	}
	good := values("grant_type", "client_credentials", "client_id", "ada", "client_secret", secret)
	h.do("POST", "/oauth2/token", good.Encode()).want(t, 400, invalidRequest) // no form
	h.do("POST", "/oauth2/token?"+good.Encode(), "", header("Content-Type", "application/x-www-form-urlencoded")).want(t, 400, invalidRequest)
	h.do("GET", "/oauth2/token?"+good.Encode(), "").want(t, 405, "not offered")
	h.askToken(values("grant_type", strings.Repeat("x", maxForm))).want(t, 400, "longer")
	for range 6 {
		h.askToken(values("grant_type", "client_credentials", "client_id", "ada", "client_secret", "gr_rubbish"))
	}
	if a := h.askToken(good); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Errorf("after many failures: %d %s", a.StatusCode, a.body)
	}
	if strings.Contains(h.log.String(), secret[8:20]) {
		t.Error("the secret is in the log")
	}
}

// TestJWKS checks a token with nothing but what the server publishes.
func TestJWKS(t *testing.T) {
	h := newHouse(t)
	token := h.token("ada")
	must(t, h.auth.Rotate(t.Context(), time.Hour))
	a := h.do("GET", "/.well-known/jwks.json", "")
	a.want(t, 200, "")
	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	must(t, json.Unmarshal([]byte(a.body), &set))
	if len(set.Keys) != 2 || a.Header.Get("Cache-Control") != "public, max-age=60" {
		t.Fatalf("%v %s", a.Header, a.body)
	}
	parts := strings.Split(token, ".")
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	must(t, err)
	verified := 0
	for _, k := range set.Keys {
		public, err := base64.RawURLEncoding.DecodeString(k["x"])
		must(t, err)
		if k["kty"] != "OKP" || k["crv"] != "Ed25519" || k["alg"] != "EdDSA" || k["use"] != "sig" || len(k) != 6 {
			t.Errorf("the key %v", k)
		}
		if ed25519.Verify(public, []byte(parts[0]+"."+parts[1]), signature) {
			verified++
		}
	}
	if verified != 1 {
		t.Errorf("%d of the published keys verify the token", verified)
	}
}
