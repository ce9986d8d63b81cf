//go:build e2e

package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	neturl "net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLoginAgainWithItsOwnToken, as for other clients' settings, ends that token no more than its clients would like, and a logout does.
func TestLoginAgainWithItsOwnToken(t *testing.T) {
	const password = "the password of olga"
	byToken.with(t, "olga", password)
	for _, verbs := range []string{"read,write", "read,manage"} {
		u := newUser(t)
		u.must(password, "login", byToken.url, "--user", "olga", "--password-file", "-", "--verbs", verbs)
		olga := &caller{t, byToken, u.token()}
		again := []string{"login", byToken.url, "--token-file", filepath.Join(u.home, ".config/granary/token")}
		u.refused("that is made of it for --project", "", append(again, "--verbs", "read")...)
		u.must("", append(again, "--for", "hdfscli")...)
		if u.token() != olga.token {
			t.Errorf("with %s the clients have another token", verbs)
		}
		olga.want(http.StatusOK, "GET", "/api/v1/users/me", nil)
		u.must("", "logout")
		olga.want(http.StatusUnauthorized, "GET", "/api/v1/users/me", nil)
	}
}

// TestLoginThatCannotSignOut warns of that, and has logged in all the same.
func TestLoginThatCannotSignOut(t *testing.T) {
	const password = "the password of pia"
	byToken.with(t, "pia", password)
	there, err := neturl.Parse(byToken.url)
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(there)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete && r.URL.Path == "/api/v1/sessions/current" {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	defer front.Close()
	u := newUser(t)
	if out := u.must(password, "login", front.URL, "--user", "pia", "--password-file", "-"); !strings.Contains(out, "warning: the session in which the token was made") {
		t.Errorf("it says\n%s", out)
	}
	(&caller{t, byToken, u.token()}).want(http.StatusOK, "GET", "/webhdfs/v1/Projects/pia?op=LISTSTATUS", nil)
}

// TestLoginIsInterrupted at a question, without Enter.
func TestLoginIsInterrupted(t *testing.T) {
	u := newUser(t)
	term := newTerminal(t)
	cmd := u.command("login", byToken.url)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = term.inside, term.inside, term.inside
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	term.await("User [")
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(term.rest(), "interrupted; nothing was changed") {
		t.Errorf("it ends with %v", err)
	}
}
