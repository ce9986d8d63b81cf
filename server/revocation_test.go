package server

import (
	"net/http"
	"testing"

	"granary/auth"
	"granary/namespace"
)

// TestRevocationReachesAnotherServer ends credentials on one server while another, as in production, has cached them for a minute.
// The next requests there, for files and for the API, are refused.
func TestRevocationReachesAnotherServer(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	other := h.nextDoor()
	must(t, h.auth.SetPassword(t.Context(), "ada", adasPassword))
	path, err := namespace.ParsePath("/example/hello.txt")
	must(t, err)
	for trial := range 20 {
		token, made, err := h.auth.IssueToken(t.Context(), auth.TokenRequest{User: "ada", Personal: true})
		must(t, err)
		hour, _, err := h.auth.Exchange(t.Context(), "ada", token, auth.Origin{})
		must(t, err)
		session, begun, err := h.auth.Login(t.Context(), "ada", adasPassword, auth.Origin{Address: "192.0.2.1"})
		must(t, err)
		by, _, err := h.auth.Verify(t.Context(), token)
		must(t, err)
		status, err := h.fs.As(by).Stat(t.Context(), path)
		must(t, err)
		link, _, err := h.auth.MakeLink(t.Context(), by, auth.LinkRequest{Inode: status.ID})
		must(t, err)
		ask := func(admitted bool) {
			t.Helper()
			check := func(a answer) {
				t.Helper()
				if refused := a.StatusCode == 401 || a.StatusCode == 403 || a.StatusCode == 404; refused == admitted || !refused && a.StatusCode != 200 {
					t.Fatalf("trial %d, %s: %d %s; admitted: %v", trial, a.Request.URL.Path, a.StatusCode, a.body, admitted)
				}
			}
			for _, target := range []string{"/webhdfs/v1/example/hello.txt?op=OPEN", restPrefix + "/users/me", restPrefix + "/projects", restPrefix + "/tokens"} {
				for _, with := range []func(*http.Request){bearer(token), bearer(hour), named(loopbackCookie, session)} {
					check(h.do("GET", other.url+target, "", with))
				}
			}
			check(h.do("GET", other.url+linksPrefix+link, ""))
		}
		ask(true)
		if trial%2 == 0 {
			must(t, h.auth.RevokeToken(t.Context(), made.ID))
			must(t, h.auth.RevokeToken(t.Context(), begun.ID))
			ask(false)
			continue
		}
		must(t, h.auth.Disable(t.Context(), "ada"))
		ask(false)
		must(t, h.auth.Enable(t.Context(), "ada"))
	}
}
