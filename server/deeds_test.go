package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"granary/auth"
)

// auditOf returns, as text, what root reads in the audit about users and credentials, the oldest first.
func (h *house) auditOf(query string) (all []string) {
	h.t.Helper()
	var page AuditPage
	h.ask("root", "GET", "/audit?limit=1000"+query, "", 200, &page)
	for _, e := range slices.Backward(page.Items) {
		if e.Seq != 0 || e.Outcome == "allowed" || e.Op == "create token" && e.Client == "" { // made by the tests' own requests
			continue
		}
		d := e.Detail
		text := fmt.Sprintf("%s %s %s %s", e.User, e.Outcome, e.Op, d.User)
		if d.Kind != "" {
			text += " " + d.Kind
		}
		if d.Groups != nil {
			text += fmt.Sprint(" ", *d.Groups)
		}
		if (e.Credential != "") != (e.Client != "") && e.Op != "add user" && e.Op != "set mapped groups" && e.Outcome != "denied" {
			h.t.Errorf("%s: credential %q, client %q", text, e.Credential, e.Client)
		}
		all = append(all, strings.TrimSpace(text))
	}
	return all
}

// TestAuditOfCredentials does everything that can be done to users and credentials, and reads in the audit who did it, with what
// and from where, and no secret.
func TestAuditOfCredentials(t *testing.T) {
	h, p := newSignInHouse(t, auth.IdentityRules{Create: true, Groups: map[string][]string{"eng": {"gpu"}}})
	ctx := t.Context()
	begun := len(h.auditOf(""))
	must(t, h.auth.SetGroups(ctx, "bob", []string{"staff"}))
	must(t, h.auth.SetAdmin(ctx, "bob", false))
	must(t, h.auth.SetPassword(ctx, "ada", adasPassword))
	must(t, h.auth.LinkUser(ctx, "bob", "https://login.example.org", "7"))
	must(t, h.auth.UnlinkUser(ctx, "bob", "https://login.example.org", "7"))
	must(t, h.auth.Rotate(ctx, auth.SessionTTL))

	b := h.browser()
	b.signIn(p, claims{"groups": []string{"eng"}}).want(t, 303, "")
	must(t, h.auth.Disable(ctx, "carol"))
	b.signIn(p, claims{}).want(t, 403, "is disabled")
	must(t, h.auth.Enable(ctx, "carol"))

	own := header(forgeryHeader, "1")
	signIn := func(user, password string, status int) answer {
		t.Helper()
		a := h.do("POST", restPrefix+"/sessions", `{"user":"`+user+`","password":"`+password+`"}`, own)
		a.want(t, status, "")
		return a
	}
	signIn("ada", "a wrong one", 401)
	signIn("hunter2, typed where the name belongs", "x", 401)
	a := signIn("ada", string(adasPassword), 201)
	session := named(secureCookie, a.Cookies()[0].Value)
	made := answered[MadeToken](t, h.do("POST", restPrefix+"/tokens", `{"expiresIn":60,"kind":"personal"}`, session, own), 201)
	h.furnish()
	h.do("POST", restPrefix+"/links", `{"path":"/example/hello.txt"}`, session, own).want(t, 201, "")
	h.do("GET", "/webhdfs/v1/?op=GETDELEGATIONTOKEN", "", session, own).want(t, 200, "")
	exchange := "grant_type=client_credentials&client_id=ada&client_secret="
	form := header("Content-Type", "application/x-www-form-urlencoded")
	h.do("POST", "/oauth2/token", exchange+made.Secret, form).want(t, 200, "")
	h.do("POST", "/oauth2/token", exchange+"gr_wrong", form).want(t, 401, "")
	h.do("DELETE", restPrefix+"/tokens/"+made.ID.String(), "", session, own).want(t, 204, "")
	h.do("POST", restPrefix+"/projects", `{"name":"maps","datasets":[]}`, session, own).want(t, 201, "")
	h.do("POST", restPrefix+"/projects/maps/service-accounts", `{"name":"svc-robot","role":"scientist"}`, session, own).want(t, 201, "")
	h.do("POST", restPrefix+"/tokens", `{"expiresIn":60,"kind":"token","project":"maps","serviceAccount":"svc-robot"}`, session, own).want(t, 201, "")
	h.do("DELETE", restPrefix+"/projects/maps/service-accounts/svc-robot", "", session, own).want(t, 204, "")
	h.do("DELETE", restPrefix+"/sessions/current", "", session, own).want(t, 204, "")

	want := []string{
		"root changed set groups bob [staff]", "root changed set admin bob", "root changed set password ada",
		"root changed link user bob", "root changed unlink user bob", "root changed rotate keys",
		"carol changed add user carol", "carol changed set mapped groups carol [gpu]", "carol changed sign in carol session",
		"root changed disable user carol", "root changed enable user carol",
		"ada changed sign in ada session", "ada changed create token ada personal", "ada changed create link ada link",
		"ada changed create token ada delegation", "ada changed exchange token ada", "ada changed revoke token ada personal",
		"ada changed add service account svc-robot", "ada changed create token svc-robot", "ada changed end service account svc-robot",
		"ada changed revoke token ada session",
	}
	if got := h.auditOf("")[begun:]; !slices.Equal(got, want) {
		t.Errorf("the audit tells\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	var page AuditPage
	h.ask("ada", "GET", "/audit?project=maps", "", 200, &page)
	if got := len(page.Items); got != 4 { // the account is made, becomes a member, gets a token, and ends
		t.Errorf("the owner is told %d things of the project: %+v", got, page.Items)
	}
	if a := h.do("GET", restPrefix+"/audit", "", h.as("bob")); a.StatusCode != 200 || strings.Contains(a.body, "ada") {
		t.Errorf("somebody else is told %d %s", a.StatusCode, a.body)
	}
	h.do("GET", restPrefix+"/audit?user=ada", "", h.as("bob")).want(t, 403, "")

	// Refusals are written after their answers, and at the latest when the server ends.
	h.stop()
	must(t, h.fs.Close())
	denied := func(text string) bool { return strings.Contains(text, " denied sign in") }
	next := h.nextDoor()
	refused := slices.DeleteFunc(next.auditOf("&reads=true"), func(text string) bool { return !denied(text) })
	if want := []string{"carol denied sign in", "ada denied sign in", "ada denied sign in"}; !slices.Equal(refused, want) {
		t.Errorf("the audit tells %q; want %q", refused, want)
	}
	a = next.do("GET", restPrefix+"/audit?reads=true&limit=1000", "", next.as("root"))
	for _, secret := range []string{made.Secret, "hunter2", string(adasPassword), "a wrong one", "gr_wrong"} {
		if strings.Contains(a.body, secret) {
			t.Errorf("%q is in the audit", secret)
		}
	}
	if !strings.Contains(a.body, `"client":"127.0.0.1"`) || a.StatusCode != http.StatusOK {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
