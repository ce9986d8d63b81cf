package crash

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// withdrawal is one thing that is taken away on one server, while it is used on the other.
type withdrawal struct {
	kind  string
	with  string // the token of who uses it
	dir   string // of a long file and a short one
	taken string // what is deleted to take it away, below /api/v1
	on    int    // the server on which it is taken away

	soon, long time.Duration // until the last of the short requests was refused; until the download ended
}

const (
	longFile  = 24 << 20
	sip       = 32 << 10
	sipEvery  = 250 * time.Millisecond // a download reads a sip so often, and would take minutes
	gulpEvery = 16 * time.Millisecond  // once what allows it was taken away: the rest would take 12 seconds
	takenTime = 2 * time.Second        // bounds for how long a download has gone on when what allows it is taken away
)

// publishedBound is how soon a download ends, in the words of the README.
func publishedBound(t *testing.T) time.Duration {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`on every server at once, and within (\d+) seconds also in the middle of a download`).FindSubmatch(text)
	if m == nil {
		t.Fatal("the README does not say when a revocation holds")
	}
	seconds, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(seconds) * time.Second
}

// TestRevocationsOnTwoServers takes tokens, memberships and shares away on one server while they are used on the other: the
// next request there is refused, and a download that is under way ends within the time that is published.
// GRANARY_REVOCATIONS says how many trials there are; they run at once.
func TestRevocationsOnTwoServers(t *testing.T) {
	began := time.Now()
	n, bound := count(t, "GRANARY_REVOCATIONS", 6), publishedBound(t)
	p := newPair(t)
	alice := p.servers[0].token(t, "alice")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var dataset struct{ ID json.RawMessage }
	must(p.ask(alice, "POST", "/projects", `{"name":"given","datasets":[]}`, nil))
	must(p.ask(alice, "POST", "/projects/given/datasets", `{"path":"/Projects/given/shared","create":true}`, &dataset))
	must(p.furnish(alice, "/Projects/given/own"))
	must(p.furnish(alice, "/Projects/given/shared"))
	trials := make([]*withdrawal, n)
	var preparing errgroup.Group
	preparing.SetLimit(2)
	for i := range trials {
		w := &withdrawal{on: i % len(p.servers), dir: "/Projects/given/own"}
		trials[i] = w
		preparing.Go(func() error {
			if i%3 == 0 {
				var token struct{ ID, Token string }
				err := p.ask(alice, "POST", "/tokens", `{"kind":"token","expiresIn":86400}`, &token)
				w.kind, w.with, w.taken = "token", token.Token, "/tokens/"+token.ID
				return err
			}
			user := fmt.Sprintf("user%d", i)
			if _, err := p.servers[0].run("user", "add", user); err != nil {
				return err
			}
			token, err := p.servers[0].run("token", "create", "--user", user)
			if err != nil {
				return err
			}
			w.with = strings.TrimSpace(token)
			if i%3 == 1 {
				w.kind, w.taken = "membership", "/projects/given/members/"+user
				return p.ask(alice, "PUT", w.taken, `{"role":"scientist"}`, nil)
			}
			var share struct{ ID json.RawMessage }
			if err := p.ask(alice, "POST", "/datasets/"+string(dataset.ID)+"/shares", `{"user":"`+user+`","level":"edit"}`, &share); err != nil {
				return err
			}
			w.kind, w.dir, w.taken = "share", "/Projects/given/shared", "/shares/"+string(share.ID)
			return p.ask(w.with, "POST", w.taken+"/accept", `{}`, nil)
		})
	}
	must(preparing.Wait())
	choices := seed(t)
	var trying sync.WaitGroup
	for i, w := range trials {
		trying.Go(func() {
			if err := w.try(t.Context(), p, alice, choicesOf(choices, i)); err != nil {
				t.Errorf("trial %d, a %s: %v", i, w.kind, err)
			}
		})
	}
	trying.Wait()
	var soon, long time.Duration
	for i, w := range trials {
		if w.long > bound {
			t.Errorf("trial %d: the download went on for %v after the %s was taken away; %v are published", i, w.long, w.kind, bound)
		}
		soon, long = max(soon, w.soon), max(long, w.long)
	}
	for _, g := range p.servers {
		g.terminate(t)
	}
	t.Logf("soak: %d tokens, memberships and shares taken away on one server and used on another: every next request there was refused, "+
		"the last of them within %v; downloads under way ended within %v, where %v are published; %v in all",
		n, soon.Round(time.Millisecond), long.Round(10*time.Millisecond), bound, time.Since(began).Round(time.Second))
}

// ask sends a request to the first server, of which it wants a success.
func (p *pair) ask(token, method, path, body string, into any) error {
	status, text, err := request(context.Background(), p.place(0), token, method, "/api/v1"+path, strings.NewReader(body))
	switch {
	case err != nil:
		return err
	case status >= 300:
		return fmt.Errorf("%s %s: %d %s", method, path, status, text)
	case into == nil:
		return nil
	}
	return json.Unmarshal(text, into)
}

// furnish makes a long file and a short one, for all of the group to change.
func (p *pair) furnish(token, dir string) error {
	for name, size := range map[string]int{"long": longFile, "short": 1} {
		status, text, err := request(context.Background(), p.place(0), token, "PUT", "/api/v1/fs/create?permission=660&path="+dir+"/"+name, bytes.NewReader(make([]byte, size)))
		if err != nil || status >= 300 {
			return fmt.Errorf("create %s/%s: %d %s %w", dir, name, status, text, err)
		}
	}
	return nil
}

// request sends a request and reads the answer.
func request(ctx context.Context, place, token, method, target string, body io.Reader) (status int, text []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, method, place+target, body)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err = io.ReadAll(answer.Body)
	return answer.StatusCode, text, err
}

// use is a request.
type use struct{ method, target string }

// uses are short requests that w allows.
func (w *withdrawal) uses() []use {
	uses := []use{
		{http.MethodGet, "/api/v1/fs/open?path=" + w.dir + "/short"},
		{http.MethodGet, "/api/v1/fs/get-file-status?path=" + w.dir + "/long"},
		{http.MethodGet, "/api/v1/fs/list-status?path=" + w.dir},
		{http.MethodPost, "/api/v1/fs/append?path=" + w.dir + "/short"},
		{http.MethodGet, "/webhdfs/v1" + w.dir + "/short?op=OPEN"},
		{http.MethodPost, "/webhdfs/v1" + w.dir + "/short?op=APPEND&data=true"},
		{http.MethodPut, "/webhdfs/v1" + w.dir + "/new?op=MKDIRS"},
	}
	if w.kind == "token" { // which is for what lies nowhere, too
		uses = append(uses, use{http.MethodGet, "/webhdfs/v1/?op=GETHOMEDIRECTORY"}, use{http.MethodGet, "/api/v1/projects"})
	}
	return uses
}

// try uses what is there, has it taken away, and uses it again.
func (w *withdrawal) try(ctx context.Context, p *pair, alice string, r *rand.Rand) error {
	there, here := p.place(w.on), p.place(w.on+1)
	uses := w.uses()
	r.Shuffle(len(uses), func(i, j int) { uses[i], uses[j] = uses[j], uses[i] }) // any of them may be the first after all
	useAll := func(allowed bool) error {
		for _, u := range uses {
			status, text, err := request(ctx, here, w.with, u.method, u.target, strings.NewReader("x"))
			if err != nil {
				return err
			}
			if refused := status == 401 || status == 403 || status == 404; refused == allowed || allowed && status >= 300 {
				return fmt.Errorf("%s %s: %d %.200s; is it allowed: %v", u.method, u.target, status, text, allowed)
			}
		}
		return nil
	}
	if err := useAll(true); err != nil {
		return err
	}
	hurry := make(chan struct{})
	d, err := w.download(ctx, here, hurry)
	if err != nil {
		return err
	}
	select {
	case <-time.After(time.Duration(r.Int64N(int64(takenTime)))):
	case err := <-d:
		return fmt.Errorf("the download ended by itself: %w", err)
	}
	status, text, err := request(ctx, there, alice, http.MethodDelete, "/api/v1"+w.taken, http.NoBody)
	if err != nil || status >= 300 {
		return fmt.Errorf("take away: %d %s %w", status, text, err)
	}
	taken := time.Now()
	close(hurry)
	if err := useAll(false); err != nil {
		return err
	}
	w.soon = time.Since(taken)
	err = <-d
	w.long = time.Since(taken)
	if err == nil {
		return errors.New("the download got the whole file")
	}
	return nil
}

// download begins to read the long file slowly, and says how that ends: with nil if all of it came. When hurry is closed it
// reads faster, to see the end soon that comes behind what is on its way.
func (w *withdrawal) download(ctx context.Context, place string, hurry <-chan struct{}) (<-chan error, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, place+"/api/v1/fs/open?path="+w.dir+"/long", http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+w.with)
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		var d net.Dialer
		c, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return c, c.(*net.TCPConn).SetReadBuffer(sip)
	}}
	answer, err := transport.RoundTrip(r) //nolint:bodyclose // it is closed by who reads it, below
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("download: %s", answer.Status), answer.Body.Close())
	}
	ended := make(chan error, 1)
	go func() {
		defer answer.Body.Close()
		pace := time.NewTicker(sipEvery)
		defer pace.Stop()
		for range longFile / sip {
			select {
			case <-pace.C:
			case <-hurry:
				pace.Reset(gulpEvery)
				hurry = nil
				<-pace.C
			}
			if _, err := io.CopyN(io.Discard, answer.Body, sip); err != nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	return ended, nil
}
