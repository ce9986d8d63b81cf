package server

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"granary/auth"
)

// answered demands the status, and decodes the answer.
func answered[T any](t *testing.T, a answer, status int) (out T) {
	t.Helper()
	a.want(t, status, "")
	must(t, json.Unmarshal([]byte(a.body), &out))
	return out
}

func TestTokensOfTheAPI(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	// What a session makes may outlive it; h.as sends a token of an hour, and what that makes ends with it.
	session := all(named(loopbackCookie, h.signedIn()), header(forgeryHeader, "1"))
	made := answered[MadeToken](t, h.do("POST", restPrefix+"/tokens",
		`{"label":"laptop","verbs":["read","manage"],"project":"maps","path":"/Projects/maps/Logs","expiresIn":86400}`, session), 201)
	if !strings.HasPrefix(made.Secret, "gr_") || made.Kind != "personal" || made.FileID == 0 || made.Project == 0 ||
		!slices.Equal(made.Verbs, []string{"read", "manage"}) || made.Expires.Sub(made.Created) != 24*time.Hour {
		t.Errorf("made %+v", made)
	}
	limited := bearer(made.Secret)
	h.do("GET", "/webhdfs/v1/Projects/maps/Logs?op=LISTSTATUS", "", limited).want(t, 200, "")
	h.do("GET", "/webhdfs/v1/Projects/maps/Models?op=LISTSTATUS", "", limited).want(t, 403, "outside it")
	h.do("PUT", "/webhdfs/v1/Projects/maps/Logs/d?op=MKDIRS", "", limited).want(t, 403, "limited to read,manage")

	hour := answered[MadeToken](t, h.do("POST", restPrefix+"/tokens", `{"kind":"token","expiresIn":3600}`, session), 201)
	if hour.Kind != "token" || strings.HasPrefix(hour.Secret, "gr_") {
		t.Errorf("made %+v", hour)
	}
	short := answered[MadeToken](t, h.ask("ada", "POST", "/tokens", `{"expiresIn":864000}`, 201, nil), 201)
	if short.Expires.Sub(short.Created) > time.Hour {
		t.Errorf("what a token of an hour made lives until %v", short.Expires)
	}
	listed := answered[TokenPage](t, h.do("GET", restPrefix+"/tokens", "", session), 200)
	if len(listed.Items) != 2 || !slices.ContainsFunc(listed.Items, func(t Token) bool { return t.ID == made.ID && t.Label == "laptop" }) {
		t.Errorf("listed %+v", listed)
	}
	h.ask("ada", "PUT", "/fs/rename?path=/Projects/maps/Logs&destination=/Projects/maps/Runs", "", 200, nil)
	moved := answered[TokenPage](t, h.do("GET", restPrefix+"/tokens", "", session), 200)
	for _, token := range moved.Items {
		name, path := "", ""
		if token.ID == made.ID {
			name, path = "maps", "/Projects/maps/Runs"
		}
		if token.ProjectName != name || token.Path != path {
			t.Errorf("%s is shown for %q and %q, want %q and %q", token.Label, token.ProjectName, token.Path, name, path)
		}
	}
	h.ask("ada", "PUT", "/fs/rename?path=/Projects/maps/Runs&destination=/Projects/maps/Logs", "", 200, nil)
	// The limited token sees only itself, and gives out no more rights than its own.
	if own := answered[TokenPage](t, h.do("GET", restPrefix+"/tokens", "", limited), 200); len(own.Items) != 1 || own.Items[0].ID != made.ID {
		t.Errorf("the limited one sees %+v", own)
	}
	h.do("DELETE", restPrefix+"/tokens/"+short.ID.String(), "", limited).problem(t, 404, "no such token")
	child := answered[MadeToken](t, h.do("POST", restPrefix+"/tokens", `{"verbs":["read"]}`, limited), 201)
	if child.FileID != made.FileID || child.Expires.After(made.Expires) {
		t.Errorf("its child is %+v", child)
	}
	for body, words := range map[string]string{
		`{"verbs":["write"]}`: "may not do what the token that asks",
		`{"verbs":["read"],"project":"maps","path":"/Projects/maps/Models"}`: "outside it",
	} {
		if a := h.do("POST", restPrefix+"/tokens", body, limited); a.StatusCode != 400 && a.StatusCode != 403 || !strings.Contains(a.body, words) {
			t.Errorf("%s: %d %s", body, a.StatusCode, a.body)
		}
	}
	// Other users neither see nor end it.
	h.ask("bob", "DELETE", "/tokens/"+made.ID.String(), "", 404, nil)
	if others := answered[TokenPage](t, h.ask("bob", "GET", "/tokens", "", 200, nil), 200); len(others.Items) != 0 {
		t.Errorf("bob sees %+v", others)
	}
	h.do("DELETE", restPrefix+"/tokens/"+made.ID.String(), "", session).want(t, 204, "")
	for _, ended := range []string{made.Secret, child.Secret} {
		h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", bearer(ended)).want(t, 401, "revoked")
	}
	reading, err := h.auth.Issue(t.Context(), auth.TokenRequest{User: "ada", Verbs: auth.Read})
	must(t, err)
	for _, path := range []string{"/tokens", "/sessions", "/links"} {
		h.do("GET", restPrefix+path, "", bearer(reading)).problem(t, 403, "limited to read")
	}
	// A token that may not manage tokens can end itself, but no other, not even the one that gave it out.
	narrow := answered[MadeToken](t, h.ask("ada", "POST", "/tokens", `{"verbs":["read"]}`, 201, nil), 201)
	holder, _, err := h.auth.Verify(t.Context(), narrow.Secret)
	must(t, err)
	offspring, err := h.auth.Issue(t.Context(), auth.TokenRequest{User: "ada", Verbs: auth.Read, By: holder})
	must(t, err)
	for _, with := range []string{reading, offspring} {
		h.do("DELETE", restPrefix+"/tokens/"+narrow.ID.String(), "", bearer(with)).problem(t, 403, "limited to read")
	}
	h.do("DELETE", restPrefix+"/tokens/"+narrow.ID.String(), "", bearer(narrow.Secret)).want(t, 204, "")
	h.do("GET", restPrefix+"/users/me", "", bearer(narrow.Secret)).problem(t, 401, "revoked")
	if strings.Contains(h.log.String(), made.Secret[8:20]) {
		t.Error("the log shows a token")
	}
}

func TestTokensOfTheAPIAreRefused(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.ask("bob", "POST", "/projects", `{"name":"hidden"}`, 201, nil)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	for body, c := range map[string]struct {
		status int
		words  string
	}{
		`{"verbs":[]}`:                                       {400, "verbs"},
		`{"verbs":["fly"]}`:                                  {400, "verbs"},
		`{"kind":"delegation"}`:                              {400, "kind"},
		`{"expiresIn":0}`:                                    {400, "expiresIn"},
		`{"expiresIn":99999999}`:                             {400, "expiresIn"},
		`{"path":"/Projects/maps/Logs"}`:                     {400, "path needs project"},
		`{"serviceAccount":"svc-robot"}`:                     {400, "serviceAccount needs project"},
		`{"project":"hidden"}`:                               {404, "no project"},
		`{"project":"nothing"}`:                              {404, "no project"},
		`{"project":"maps","path":"/example"}`:               {403, "outside it"},
		`{"project":"maps","path":"/Projects/maps/nothing"}`: {404, "does not exist"},
		`{"project":"maps","path":"Logs"}`:                   {400, "path"},
		`{"project":"maps","serviceAccount":"bob"}`:          {404, "no service account"},
		`{"project":"maps","serviceAccount":"nobody"}`:       {404, "does not exist"},
		`{"label":"` + strings.Repeat("ä", 150) + `"}`:       {400, "label"},
	} {
		a := h.ask("ada", "POST", "/tokens", body, c.status, nil)
		if !strings.Contains(a.body, c.words) {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	h.do("POST", restPrefix+"/tokens", `{}`, h.as("ada"), header(idempotencyKey, "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11")).problem(t, 400, "carried out again")
	h.ask("ada", "DELETE", "/tokens/nothing", "", 404, nil)
	believing := newHouse(t, simple)
	believing.ask("ada", "POST", "/tokens", `{}`, 403, nil)
}

func TestServiceAccountsOfTheAPI(t *testing.T) {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	h.ask("ada", "PUT", "/projects/maps/members/bob", `{"role":"scientist"}`, 200, nil)
	const accounts = "/projects/maps/service-accounts"
	h.ask("bob", "POST", accounts, `{"name":"svc-robot","role":"scientist"}`, 403, nil)
	h.ask("ada", "POST", accounts, `{"name":"svc-robot","role":"owner"}`, 400, nil)
	h.ask("ada", "POST", accounts, `{"name":"bob","role":"scientist"}`, 400, nil).problem(t, 400, "^svc-")
	h.ask("ada", "POST", accounts, `{"name":"svc-robot","role":"scientist"}`, 201, nil)
	made := answered[MadeToken](t, h.ask("ada", "POST", "/tokens", `{"project":"maps","serviceAccount":"svc-robot","verbs":["read","add"]}`, 201, nil), 201)
	h.ask("ada", "POST", accounts, `{"name":"svc-R0bot","role":"scientist"}`, 409, nil).problem(t, 409, "looks like")
	if made.User != "svc-robot" {
		t.Errorf("made %+v", made)
	}
	h.ask("bob", "POST", "/tokens", `{"project":"maps","serviceAccount":"svc-robot"}`, 403, nil)
	robot := bearer(made.Secret)
	h.do("PUT", "/webhdfs/v1/Projects/maps/Logs/f?op=CREATE", "x", robot).want(t, 201, "")
	h.do("DELETE", "/webhdfs/v1/Projects/maps/Logs/f?op=DELETE", "", robot).want(t, 403, "limited to read,add")
	h.do("GET", "/webhdfs/v1/tmp?op=LISTSTATUS", "", robot).want(t, 403, "outside it")
	if me := answered[Me](t, h.do("GET", restPrefix+"/users/me", "", robot), 200); me.Name != "svc-robot" || me.Project == 0 || me.Superuser {
		t.Errorf("it is %+v", me)
	}
	h.ask("bob", "GET", accounts+"/svc-robot/tokens", "", 403, nil)
	tokens := answered[TokenPage](t, h.ask("ada", "GET", accounts+"/svc-robot/tokens", "", 200, nil), 200)
	if len(tokens.Items) != 1 || tokens.Items[0].ID != made.ID {
		t.Errorf("its tokens are %+v", tokens)
	}
	h.ask("bob", "DELETE", "/tokens/"+made.ID.String(), "", 404, nil)
	// Who is told that there is no such token takes it for revoked.
	h.exec(`ALTER TABLE projects RENAME COLUMN name TO gone`)
	h.ask("ada", "DELETE", "/tokens/"+made.ID.String(), "", 500, nil)
	h.exec(`ALTER TABLE projects RENAME COLUMN gone TO name`)
	h.ask("ada", "DELETE", "/tokens/"+made.ID.String(), "", 204, nil)
	h.do("GET", "/webhdfs/v1/Projects/maps/Logs?op=LISTSTATUS", "", robot).want(t, 401, "revoked")
	again := answered[MadeToken](t, h.ask("ada", "POST", "/tokens", `{"project":"maps","serviceAccount":"svc-robot"}`, 201, nil), 201)
	h.ask("bob", "DELETE", accounts+"/svc-robot", "", 403, nil)
	h.ask("ada", "DELETE", accounts+"/svc-robot", "", 204, nil)
	h.do("GET", "/webhdfs/v1/Projects/maps/Logs?op=LISTSTATUS", "", bearer(again.Secret)).want(t, 401, "disabled")
	listed := answered[ServiceAccountPage](t, h.ask("ada", "GET", accounts, "", 200, nil), 200)
	if len(listed.Items) != 1 || !listed.Items[0].Disabled {
		t.Errorf("listed %+v", listed)
	}
}

func TestSessionsOfTheAPI(t *testing.T) {
	h := newHouse(t)
	must(t, h.auth.SetPassword(t.Context(), "ada", adasPassword))
	own := header(forgeryHeader, "1")
	const good = `{"user":"ada","password":"correct horse"}`
	a := h.do("POST", restPrefix+"/sessions", good, own, header("User-Agent", "Mozilla/5.0"))
	session := answered[WebSession](t, a, 201)
	cookies := a.Cookies()
	if len(cookies) != 1 || cookies[0].Name != loopbackCookie || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode ||
		cookies[0].Path != "/" || cookies[0].Secure || cookies[0].Domain != "" || strings.Contains(a.body, cookies[0].Value) {
		t.Fatalf("cookies %+v", cookies)
	}
	with := named(loopbackCookie, cookies[0].Value)
	if me := answered[Me](t, h.do("GET", restPrefix+"/users/me", "", with), 200); me.Name != "ada" || me.Home != "/user/ada" {
		t.Errorf("signed in as %+v", me)
	}
	listed := answered[WebSessionPage](t, h.do("GET", restPrefix+"/sessions", "", with), 200)
	if len(listed.Items) != 1 || !listed.Items[0].Current || listed.Items[0].ID != session.ID || listed.Items[0].Agent != "Mozilla/5.0" || listed.Items[0].Address != "127.0.0.1" {
		t.Errorf("listed %+v", listed)
	}
	h.do("DELETE", restPrefix+"/sessions/current", "", with).problem(t, 400, forgeryHeader)
	h.do("GET", restPrefix+"/users/me", "", with).want(t, 200, "")
	a = h.do("DELETE", restPrefix+"/sessions/current", "", with, own)
	a.want(t, 204, "")
	if cookies := a.Cookies(); len(cookies) != 1 || cookies[0].MaxAge >= 0 || cookies[0].Value != "" {
		t.Errorf("signed out with cookies %+v", cookies)
	}
	h.do("GET", restPrefix+"/users/me", "", with).want(t, 401, "revoked")

	second := h.do("POST", restPrefix+"/sessions", good, own).Cookies()[0].Value
	third := h.do("POST", restPrefix+"/sessions", good, own).Cookies()[0].Value
	id := answered[WebSessionPage](t, h.do("GET", restPrefix+"/sessions", "", named(loopbackCookie, third)), 200).Items
	for _, s := range id {
		if !s.Current && !s.Revoked { // a session can end another
			h.do("DELETE", restPrefix+"/tokens/"+s.ID.String(), "", named(loopbackCookie, third), own).want(t, 204, "")
		}
	}
	h.do("GET", restPrefix+"/users/me", "", named(loopbackCookie, second)).want(t, 401, "")
	h.ask("ada", "DELETE", "/sessions", "", 204, nil)
	h.do("GET", restPrefix+"/users/me", "", named(loopbackCookie, third)).want(t, 401, "")

	// A page of another site cannot sign its visitor in as somebody else, and guesses are throttled.
	h.do("POST", restPrefix+"/sessions", good, header("Sec-Fetch-Site", "cross-site")).problem(t, 403, "another site")
	h.do("POST", restPrefix+"/sessions", good, func(r *http.Request) { r.Host = "elsewhere.example" }).problem(t, 403, "https")
	for range 5 {
		h.do("POST", restPrefix+"/sessions", `{"user":"ada","password":"wrong horse"}`, own).problem(t, 401, "user name or password is wrong")
	}
	if a := h.do("POST", restPrefix+"/sessions", good, own); a.StatusCode != 429 || a.Header.Get("Retry-After") == "" || len(a.Cookies()) != 0 {
		t.Errorf("after many failures: %d %s", a.StatusCode, a.body)
	}
	if log := h.log.String(); strings.Contains(log, "correct horse") || strings.Contains(log, third[8:20]) {
		t.Error("the log shows a password or a session")
	}
}

func TestLinksOfTheAPI(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	made := answered[MadeLink](t, h.ask("ada", "POST", "/links", `{"path":"/example/hello.txt","label":"for Bob","password":"open sesame"}`, 201, nil), 201)
	if !strings.HasPrefix(made.URL, h.url+linksPrefix+"grl_") || !made.Locked || made.FileID == 0 {
		t.Fatalf("made %+v", made)
	}
	h.do("GET", made.URL, "").want(t, 401, passwordHeader)
	h.do("GET", made.URL, "", header(passwordHeader, "open sesame")).want(t, 200, "Hello, world!")
	listed := answered[DownloadLinkPage](t, h.ask("ada", "GET", "/links", "", 200, nil), 200)
	if len(listed.Items) != 1 || listed.Items[0].ID != made.ID || listed.Items[0].Uses != 1 {
		t.Errorf("listed %+v", listed)
	}
	h.ask("bob", "DELETE", "/tokens/"+made.ID.String(), "", 404, nil)
	h.ask("ada", "DELETE", "/tokens/"+made.ID.String(), "", 204, nil)
	h.do("GET", made.URL, "", header(passwordHeader, "open sesame")).want(t, 404, "")
	h.do("PUT", "/webhdfs/v1/example?op=SETPERMISSION&permission=750", "", h.as("ada")).want(t, 200, "")
	for body, status := range map[string]int{
		`{}`: 400, `{"path":"example"}`: 400, `{"path":"/example"}`: 404, `{"path":"/example/nothing"}`: 404,
		`{"path":"/example/hello.txt","expiresIn":604801}`: 400, `{"path":"/example/hello.txt","password":"short"}`: 400,
	} {
		if a := h.do("POST", restPrefix+"/links", body, h.as("ada")); a.StatusCode != status {
			t.Errorf("%s: %d %s", body, a.StatusCode, a.body)
		}
	}
	h.ask("bob", "POST", "/links", `{"path":"/example/hello.txt"}`, 403, nil)
	secret, err := url.Parse(made.URL)
	must(t, err)
	if strings.Contains(h.log.String(), strings.TrimPrefix(secret.Path, linksPrefix)[8:20]) {
		t.Error("the log shows a link")
	}
}
