//go:build e2e

package e2e

import (
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	neturl "net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// user is somebody on a machine of their own, who knows nothing of the server but its address.
type user struct {
	t    *testing.T
	home string
}

func newUser(t *testing.T) *user {
	t.Helper()
	return &user{t, filepath.Join(t.TempDir(), "home")}
}

// command is one of granary's in the user's hands.
func (u *user) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(u.t.Context(), binary, args...)
	cmd.Env = []string{"HOME=" + u.home, "PATH=" + os.Getenv("PATH")}
	cmd.Dir = "/"
	return cmd
}

// run runs a command of granary and returns all that it printed.
func (u *user) run(stdin string, args ...string) (string, error) {
	cmd := u.command(args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// must runs a command that must succeed.
func (u *user) must(stdin string, args ...string) string {
	u.t.Helper()
	out, err := u.run(stdin, args...)
	if err != nil {
		u.t.Fatalf("granary %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// refused runs a command that must fail, say certain words, and leave the home as it is.
func (u *user) refused(words, stdin string, args ...string) {
	u.t.Helper()
	before := u.files()
	out, err := u.run(stdin, args...)
	if err == nil || !strings.Contains(out, words) {
		u.t.Errorf("granary %s: %v\n%s\nwant words about %q", strings.Join(args, " "), err, out, words)
	}
	if secret := strings.TrimSpace(stdin); secret != "" && strings.Contains(out, secret) {
		u.t.Errorf("granary %s shows the secret:\n%s", strings.Join(args, " "), out)
	}
	if after := u.files(); !maps.Equal(before, after) {
		u.t.Errorf("granary %s changes the home:\n%q\nto\n%q", strings.Join(args, " "), before, after)
	}
}

// files returns what is in the home.
func (u *user) files() map[string]string {
	u.t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(u.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			found[path] = ""
			return err
		}
		text, err := os.ReadFile(path)
		found[path] = string(text)
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		u.t.Fatal(err)
	}
	return found
}

// put makes a file in the home.
func (u *user) put(name, text string) {
	u.t.Helper()
	path := filepath.Join(u.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		u.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		u.t.Fatal(err)
	}
}

// token returns the one that clients show.
func (u *user) token() string {
	u.t.Helper()
	text, err := os.ReadFile(filepath.Join(u.home, ".config/granary/token"))
	if err != nil {
		u.t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// with adds a user with a password, who has a project of the same name.
func (g *granary) with(t *testing.T, name, password string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, append([]string{"user", "add", name, "--password-stdin", "--data", g.data}, g.flags...)...)
	cmd.Stdin = strings.NewReader(password + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := g.admin("project", "create", name, "--owner", name); err != nil {
		t.Fatal(err)
	}
}

// good returns how many tokens of a user are good that granary login made.
func (g *granary) good(t *testing.T, name string) int {
	t.Helper()
	out, err := g.admin("token", "list", "--user", name)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(out) {
		if strings.Contains(line, "valid") && strings.Contains(line, `"granary login`) {
			n++
		}
	}
	return n
}

// TestLogin logs in with a password, again for less, and out.
func TestLogin(t *testing.T) {
	const password = "correct horse battery staple"
	byToken.with(t, "lara", password)
	u := newUser(t)
	u.put("password", password+"\n")
	before := u.files()
	file := filepath.Join(u.home, "password")

	out := u.must("", "login", byToken.url, "--user", "lara", "--password-file", file)
	token := u.token()
	for _, secret := range []string{password, token} {
		if strings.Contains(out, secret) {
			t.Errorf("it shows a secret:\n%s", out)
		}
	}
	for name := range maps.Keys(u.files()) {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && name != file && !strings.Contains(out, name) {
			t.Errorf("it wrote %s without a word:\n%s", name, out)
		}
	}
	lara := &caller{t, byToken, token}
	lara.want(http.StatusCreated, "PUT", "/webhdfs/v1/Projects/lara/Logs/f?op=CREATE&data=true", strings.NewReader("x"))
	lara.want(http.StatusForbidden, "GET", "/api/v1/tokens", nil) // the clients have no need to manage

	u.must(password, "login", byToken.url, "--user", "lara", "--password-file", "-",
		"--project", "lara", "--directory", "/Projects/lara/Logs", "--verbs", "read", "--expires", "2h", "--for", "hdfscli")
	lara.want(http.StatusUnauthorized, "GET", "/webhdfs/v1/Projects/lara/Logs/f?op=OPEN", nil)
	less := &caller{t, byToken, u.token()}
	less.want(http.StatusOK, "GET", "/webhdfs/v1/Projects/lara/Logs/f?op=OPEN", nil)
	less.want(http.StatusForbidden, "DELETE", "/webhdfs/v1/Projects/lara/Logs/f?op=DELETE", nil)
	less.want(http.StatusForbidden, "GET", "/webhdfs/v1/Projects/lara/Models?op=LISTSTATUS", nil)
	var me struct{ Expires time.Time }
	if err := json.Unmarshal([]byte(less.want(http.StatusOK, "GET", "/api/v1/users/me", nil).body), &me); err != nil || time.Until(me.Expires) > 2*time.Hour {
		t.Errorf("the token ends at %v, %v", me.Expires, err)
	}
	if n := byToken.good(t, "lara"); n != 1 {
		t.Errorf("after two logins %d tokens are good", n)
	}

	u.must("", "logout")
	less.want(http.StatusUnauthorized, "GET", "/webhdfs/v1/Projects/lara/Logs/f?op=OPEN", nil)
	if after := u.files(); !maps.Equal(before, after) {
		t.Errorf("left is %q", after)
	}
	u.refused("nobody is logged in here", "", "logout")
}

// TestLoginWithToken logs in with tokens that may make others, and with one that may not.
func TestLoginWithToken(t *testing.T) {
	u := newUser(t)
	parent := byToken.token(t, "alice", "--personal", "--verbs", "read,manage", "--project", "vision")
	u.must(parent, "login", byToken.url, "--token-file", "-")
	made := &caller{t, byToken, u.token()}
	made.want(http.StatusOK, "GET", "/webhdfs/v1/Projects/vision?op=LISTSTATUS", nil)
	if made.token == parent {
		t.Error("a token that may make others is given to the clients itself")
	}

	reading := byToken.token(t, "alice", "--read-only")
	u.refused("leave them out, or log in with a password", reading, "login", byToken.url, "--token-file", "-", "--project", "vision")
	out := u.must(reading, "login", byToken.url, "--token-file", "-")
	if u.token() != reading || !strings.Contains(out, "granary logout does not end it") {
		t.Errorf("a token that may not make others is taken as\n%s", out)
	}
	u.must("", "logout")
	(&caller{t, byToken, reading}).want(http.StatusOK, "GET", "/api/v1/users/me", nil)
}

// TestLoginIsRefused with what can be wrong. Each says so, changes nothing, and leaves no token that is good.
func TestLoginIsRefused(t *testing.T) {
	byToken.with(t, "mona", "a password of mona's")
	gone := byToken.token(t, "mona", "--personal", "--label", "gone")
	(&caller{t, byToken, gone}).want(http.StatusNoContent, "DELETE", "/api/v1/tokens/"+tokenID(t, gone, "gone"), nil)
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	moved := httptest.NewServer(http.RedirectHandler("https://granary.example.org/", http.StatusMovedPermanently))
	defer moved.Close()
	free := httptest.NewServer(nil)
	free.Close()
	// A token is good for some time after its end. This says what a server says then.
	later := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnauthorized)
		if _, err := w.Write([]byte(`{"title": "Credential required", "status": 401, "detail": "the token expired", "requestId": "1"}`)); err != nil {
			t.Error(err)
		}
	}))
	defer later.Close()

	u := newUser(t)
	for _, c := range []struct {
		words, stdin string
		args         []string
	}{
		{"is not Granary: it answers 404", "s3cret", []string{other.URL, "--token-file", "-"}},
		{"sends its visitors on to https://granary.example.org/", "s3cret", []string{moved.URL, "--token-file", "-"}},
		{"there is no answer from " + free.URL, "s3cret", []string{free.URL, "--token-file", "-"}},
		{"believes names", "s3cret", []string{byName.url, "--token-file", "-"}},
		{"give it as https://", "s3cret", []string{strings.TrimPrefix(byToken.url, "http://"), "--token-file", "-"}},
		{"where a password can be overheard", "a password of mona's", []string{"http://granary.example.org", "--user", "mona", "--password-file", "-"}},
		{"user name or password is wrong", "not it", []string{byToken.url, "--user", "mona", "--password-file", "-"}},
		{"user name or password is wrong", "not it", []string{byToken.url, "--user", "nobody-here", "--password-file", "-"}},
		{"the first line is empty", "\ns3cret", []string{byToken.url, "--token-file", "-"}},
		{"no such file", "", []string{byToken.url, "--token-file", "/nothing"}},
		{"log in with the token:", "nonsense", []string{byToken.url, "--token-file", "-"}},
		{"log in with the token: Credential required: the token expired", "s3cret", []string{later.URL, "--token-file", "-"}},
		{"revoked", gone, []string{byToken.url, "--token-file", "-"}},
		{"--password-file needs --user", "s3cret", []string{byToken.url, "--password-file", "-"}},
		{"--user is for a password", "s3cret", []string{byToken.url, "--token-file", "-", "--user", "mona"}},
		{"can't be used together", "s3cret", []string{byToken.url, "--token-file", "-", "--password-file", "-"}},
		{"there is no terminal", "", []string{byToken.url}},
		{"--directory needs --project", "a password of mona's", []string{byToken.url, "--user", "mona", "--password-file", "-", "--directory", "/tmp"}},
		{`There is no project "nothing"`, "a password of mona's", []string{byToken.url, "--user", "mona", "--password-file", "-", "--project", "nothing"}},
		{"verbs.0: value must be one of 'read', 'add', 'write', 'manage'", "a password of mona's", []string{byToken.url, "--user", "mona", "--password-file", "-", "--verbs", "fly"}},
		{"hue", "s3cret", []string{byToken.url, "--token-file", "-", "--for", "hue"}},
	} {
		u.refused(c.words, c.stdin, append([]string{"login"}, c.args...)...)
	}
	// Where nothing can be written, not even by root.
	nowhere := &user{t, "/proc/1/nothing"}
	nowhere.refused("nothing was changed: mkdir /proc/1/nothing", "a password of mona's", "login", byToken.url, "--user", "mona", "--password-file", "-")
	if n := byToken.good(t, "mona"); n != 0 {
		t.Errorf("%d tokens are good after refusals", n)
	}
}

// tokenID returns the id of a token with a label, which another token of the same user sees.
func tokenID(t *testing.T, token, label string) string {
	t.Helper()
	var tokens struct{ Items []struct{ ID, Label string } }
	a := (&caller{t, byToken, token}).want(http.StatusOK, "GET", "/api/v1/tokens", nil)
	if err := json.Unmarshal([]byte(a.body), &tokens); err != nil {
		t.Fatalf("%v: %v", err, a)
	}
	for _, found := range tokens.Items {
		if found.Label == label {
			return found.ID
		}
	}
	t.Fatalf("no token is labelled %s: %v", label, a)
	return ""
}

// TestLoginOverPlainHTTP to another machine warns, as far as a token goes. 0.0.0.0 is this machine, but it does not say so.
func TestLoginOverPlainHTTP(t *testing.T) {
	u := newUser(t)
	there := strings.Replace(byToken.url, "127.0.0.1", "0.0.0.0", 1)
	out := u.must(byToken.token(t, "alice"), "login", there, "--token-file", "-")
	if !strings.Contains(out, "warning: "+there+" is plain http to another machine") {
		t.Errorf("it says\n%s", out)
	}
	if out := u.must(byToken.token(t, "alice"), "login", byToken.url, "--token-file", "-"); strings.Contains(out, "warning") {
		t.Errorf("on this machine it says\n%s", out)
	}
}

// TestLoginAsks before it changes what others wrote, and changes only its own part of that.
func TestLoginAsks(t *testing.T) {
	u := newUser(t)
	const cfg = "[global]\ndefault.alias = prod\n\n[prod.alias]\nurl = http://prod:9870\n"
	u.put(".hdfscli.cfg", cfg)
	u.put("conf/core-site.xml", "<configuration>\n  <property><name>fs.defaultFS</name><value>hdfs://prod:8020</value></property>\n</configuration>\n")
	before := u.files()
	login := []string{"login", byToken.url, "--token-file", "-", "--hadoop-conf", filepath.Join(u.home, "conf")}
	u.refused("with --yes they are changed, and those settings stay", byToken.token(t, "alice"), login...)
	u.must(byToken.token(t, "alice"), append(login, "--yes")...)
	now := u.files()
	if text := now[filepath.Join(u.home, ".hdfscli.cfg")]; !strings.HasPrefix(text, cfg) || !strings.Contains(text, "[granary.alias]") {
		t.Errorf(".hdfscli.cfg is now\n%s", text)
	}
	if text := now[filepath.Join(u.home, "conf/core-site.xml")]; strings.Contains(text, "prod:8020") || !strings.Contains(text, "web"+strings.Replace(byToken.url, "http", "hdfs", 1)) {
		t.Errorf("core-site.xml is now\n%s", text)
	}
	u.must("", "logout", "--yes")
	if after := u.files(); !maps.Equal(before, after) {
		t.Errorf("after the logout there is\n%q\nwant\n%q", after, before)
	}
}

// TestLoginAtATerminal asks for what is not said. The password does not show.
func TestLoginAtATerminal(t *testing.T) {
	const password = "nobody shall see this"
	byToken.with(t, "nora", password)
	for _, agrees := range []bool{false, true} {
		u := newUser(t)
		u.put(".hdfscli.cfg", "[prod.alias]\n")
		before := u.files()
		term := newTerminal(t)
		cmd := u.command("login", byToken.url)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = term.inside, term.inside, term.inside
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		term.await("Change them? [y/N] ")
		if agrees {
			term.enter("y")
			term.await("User [")
			term.enter("nora")
			term.await("Password of nora: ")
			term.enter(password)
		} else {
			term.enter("")
		}
		err := cmd.Wait()
		said := term.rest()
		if (err == nil) != agrees || strings.Contains(said, password) {
			t.Errorf("agreed %v: %v\n%s", agrees, err, said)
		}
		if !agrees && !maps.Equal(before, u.files()) {
			t.Errorf("changed without leave:\n%s", said)
		}
		if agrees {
			(&caller{t, byToken, u.token()}).want(http.StatusOK, "GET", "/webhdfs/v1/Projects/nora?op=LISTSTATUS", nil)
		}
	}
}

// TestLogoutWithoutService changes nothing, unless the token is to be forgotten.
func TestLogoutWithoutService(t *testing.T) {
	there, err := neturl.Parse(byToken.url)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(httputil.NewSingleHostReverseProxy(there))
	u := newUser(t)
	u.must(byToken.token(t, "alice"), "login", front.URL, "--token-file", "-")
	front.Close()
	u.refused("--forget takes the files away all the same", "", "logout")
	if out := u.must("", "logout", "--forget"); !strings.Contains(out, "is still good") {
		t.Errorf("it says\n%s", out)
	}
}
