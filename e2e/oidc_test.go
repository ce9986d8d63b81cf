//go:build e2e

package e2e

import (
	"bufio"
	"encoding/json"
	"errors"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// openid is a running OpenID provider: e2e/oidc/provider.mjs.
type openid struct {
	t           *testing.T
	address     string // host and port
	environment []string
	process     *exec.Cmd
}

// freePort returns an address of this machine that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start starts the provider with other keys than before, for these people, and returns when it serves.
func (o *openid) start(people map[string]map[string]any, environment ...string) {
	t := o.t
	t.Helper()
	o.stop()
	folder := installed(t, "oidc", "e2e/oidc/package.json")
	node := filepath.Join(installed(t, "typescript", "clients/typescript/requirements.txt"), "bin", "node")
	// Node.js looks for packages beside the program.
	program, err := os.ReadFile("oidc/provider.mjs")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "provider.mjs"), program, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(people)
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(o.address)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, filepath.Join(folder, "provider.mjs"))
	cmd.Env = append(append(os.Environ(), "PEOPLE="+string(text), "PORT="+port), append(o.environment, environment...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // node is a script that starts the true one
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	o.process = cmd
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || strings.TrimSpace(line) != "http://"+o.address {
		t.Fatalf("the provider says %q, %v\n%s", line, errors.Join(err, cmd.Wait()), &complaints)
	}
}

// stop ends the provider, if it runs.
func (o *openid) stop() {
	if o.process == nil {
		return
	}
	if err := syscall.Kill(-o.process.Process.Pid, syscall.SIGKILL); err != nil {
		o.t.Error(err)
	}
	_ = o.process.Wait() // it was killed, and says so
	o.process = nil
}

// visitor is somebody with a browser: it keeps cookies and follows what it is sent on to.
type visitor struct {
	t      *testing.T
	client *http.Client
	last   *url.URL // where the last page was
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// open opens a page, or posts a form to it, and returns its status and text.
func (v *visitor) open(address string, form url.Values) (int, string) {
	v.t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, address, body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	reply, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.last = reply.Request.URL
	return reply.StatusCode, string(text)
}

// The forms of the provider's pages.
var (
	formAction  = regexp.MustCompile(`<form[^>]* action="([^"]+)" method="post"`)
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
)

// signIn opens an address and fills in the forms that come, until none does. It returns the last page.
func (v *visitor) signIn(address, login string) (status int, text string) {
	v.t.Helper()
	status, text = v.open(address, nil)
	for range 5 {
		action := formAction.FindStringSubmatch(text)
		if action == nil {
			return status, text
		}
		form := url.Values{}
		for _, field := range hiddenField.FindAllStringSubmatch(text, -1) {
			form.Set(field[1], html.UnescapeString(field[2]))
		}
		if form.Get("prompt") == "login" {
			form.Set("login", login)
			form.Set("password", "whatever")
		}
		status, text = v.open(html.UnescapeString(action[1]), form)
	}
	v.t.Fatalf("the provider asks without end: %s", text)
	return 0, ""
}

// TestSignIn signs in at oidc-provider, as it is published: for the first time, again with other groups and other keys, and with
// claims in the token and beside it. It begins while the provider is not there.
func TestSignIn(t *testing.T) {
	installed(t, "oidc", "e2e/oidc/package.json")
	const secret = "the client's secret & more"
	at, file := freePort(t), filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	origin := "http://" + at
	provider := &openid{t: t, address: freePort(t), environment: []string{"CLIENT_SECRET=" + secret, "REDIRECT=" + origin + "/login/oidc/callback"}}
	t.Cleanup(provider.stop)
	g := launch(t, "--listen", at, "--public-url", origin, "--oidc-issuer", "http://"+provider.address, "--oidc-client-id", "granary",
		"--oidc-client-secret-file", file, "--oidc-groups", "engineering=gpu;/ml=staff", "--oidc-new-users", "create")
	sends := func(v *visitor, login string, want int, words string) {
		t.Helper()
		if status, text := v.signIn(origin+"/login/oidc?return=/healthz", login); status != want || !strings.Contains(text, words) {
			t.Fatalf("%s: %d %s; want %d %s", v.last, status, text, want, words)
		}
	}
	knows := func(v *visitor, words string) {
		t.Helper()
		if status, text := v.open(origin+"/api/v1/users/me", nil); status != http.StatusOK || !strings.Contains(text, words) {
			t.Errorf("%d %s; want %s", status, text, words)
		}
	}
	people := func(groups ...string) map[string]map[string]any {
		return map[string]map[string]any{
			"u-1": {"preferred_username": "carol", "groups": groups},
			"u-2": {"preferred_username": "admin"}, "u-3": {"preferred_username": "c a"},
		}
	}

	carol := newVisitor(t)
	sends(carol, "u-1", http.StatusServiceUnavailable, "<h1>Try again</h1>")
	provider.start(people("engineering", "supergroup"))
	sends(carol, "u-1", http.StatusOK, "ok")
	if carol.last.String() != origin+"/healthz" {
		t.Errorf("sent on to %s", carol.last)
	}
	knows(carol, `"name":"carol","groups":["gpu"],"superuser":false`)
	sends(newVisitor(t), "u-2", http.StatusForbidden, "an administrator can link you")
	sends(newVisitor(t), "u-3", http.StatusForbidden, "may not contain")

	// With other keys, with another algorithm, and with everything in the ID token.
	provider.start(people("/ml"), "ALGORITHM=ES256", "CLAIMS_IN_TOKEN=1")
	again := newVisitor(t)
	sends(again, "u-1", http.StatusOK, "ok")
	knows(again, `"name":"carol","groups":["staff"]`)
	knows(carol, `"groups":["staff"]`)

	// Who began the login is known to the provider by the verifier, without which it gives out no code.
	sent := func() *url.URL {
		t.Helper()
		v := newVisitor(t)
		v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		reply, err := v.client.Get(origin + "/login/oidc")
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		to, err := reply.Location()
		if err != nil {
			t.Fatal(err)
		}
		v.client.CheckRedirect = nil
		again = v
		return to
	}
	for what, c := range map[string]struct {
		change func(url.Values)
		words  string
	}{
		"no challenge":      {func(q url.Values) { q.Del("code_challenge"); q.Del("code_challenge_method") }, "let you sign in: invalid_request"},
		"another challenge": {func(q url.Values) { q.Set("code_challenge", strings.Repeat("x", 43)) }, "does not hold"},
		"another nonce":     {func(q url.Values) { q.Set("nonce", "another") }, "does not hold"},
		"another state":     {func(q url.Values) { q.Set("state", "another") }, "another browser"},
	} {
		to := sent()
		q := to.Query()
		c.change(q)
		to.RawQuery = q.Encode()
		if status, text := again.signIn(to.String(), "u-1"); status != http.StatusForbidden || !strings.Contains(text, c.words) {
			t.Errorf("%s: %d %s; want %s", what, status, text, c.words)
		}
	}

	provider.start(people(), "ALGORITHM=HS256", "CLAIMS_IN_TOKEN=1")
	sends(newVisitor(t), "u-1", http.StatusForbidden, "does not hold")
	g.mu.Lock()
	defer g.mu.Unlock()
	if log := strings.Join(g.log, "\n"); strings.Contains(log, secret) || strings.Contains(log, "eyJ") {
		t.Errorf("the log holds a secret: %s", log)
	}
}
