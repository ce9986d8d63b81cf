package auth

import (
	"bytes"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestVerify(t *testing.T) {
	a, h := newAuthority(t)
	for _, r := range []TokenRequest{
		{},
		{Project: 7, Root: 16999, Verbs: Read, TTL: 90 * time.Second},
		{Project: 7, TTL: 30 * 24 * time.Hour, Label: "nightly"},
	} {
		token := issue(t, a, r)
		p, c := verify(t, a, token)
		ttl := r.TTL
		if ttl == 0 {
			ttl = SessionTTL
		}
		scope := Scope{Project: r.Project, Root: r.Root, Verbs: r.Verbs}
		want := Principal{UserID: c.UserID, User: "ada", Groups: []string{"staff"}, Epoch: 1, Scope: scope, Expires: h.clock.now().Add(ttl)}
		if ttl > SessionTTL {
			want.Token = c.ID
		}
		if !samePrincipal(p, want) {
			t.Errorf("%+v: principal %+v; want %+v", r, p, want)
		}
		if c.User != "ada" || c.UserID == 0 || c.ID == uuid.Nil || c.Scope != scope || !c.Issued.Equal(h.clock.now()) || !c.Expires.Equal(want.Expires) {
			t.Errorf("%+v: claims %+v", r, c)
		}
		if again, _ := verify(t, a, token); !samePrincipal(again, want) { // from memory
			t.Errorf("%+v: the second time %+v", r, again)
		}
	}
}

func TestVerifyTimes(t *testing.T) {
	a, h := newAuthority(t)
	token := issue(t, a, TokenRequest{TTL: 10 * time.Minute})
	verify(t, a, token)

	h.clock.advance(-31 * time.Second)
	_, _, err := h.server().Verify(t.Context(), token)
	refused(t, err, NotYet, token)
	h.clock.advance(31 * time.Second)

	h.clock.advance(10*time.Minute - time.Second)
	verify(t, a, token) // which remembers it, for only a second
	h.clock.advance(time.Second + leeway - time.Second)
	verify(t, a, token)
	h.clock.advance(time.Second)
	_, _, err = a.Verify(t.Context(), token)
	refused(t, err, Expired, token)
	if !strings.Contains(err.Error(), "2026-03-01T12:10:00Z") {
		t.Errorf("the error does not say when the token expired: %v", err)
	}
}

func TestLongTokenNeedsItsRow(t *testing.T) {
	a, h := newAuthority(t)
	must(t, a.AddUser(t.Context(), User{Name: "eve"}))
	for name, tt := range map[string]struct {
		spoil string
		want  Kind
	}{
		"revoked":         {`UPDATE tokens SET revoked = now() WHERE jti = $1`, Revoked},
		"row gone":        {`DELETE FROM tokens WHERE jti = $1`, Revoked},
		"row of another":  {`UPDATE tokens SET user_id = (SELECT id FROM users WHERE name = 'eve') WHERE jti = $1`, Revoked},
		"row ends sooner": {`UPDATE tokens SET expires = '2026-03-01T11:59:30Z' WHERE jti = $1`, Expired},
	} {
		t.Run(name, func(t *testing.T) {
			long := issue(t, a, TokenRequest{TTL: SessionTTL + time.Second})
			p, c := verify(t, a, long)
			h.exec(tt.spoil, c.ID)
			_, _, err := a.Verify(t.Context(), long)
			refused(t, err, tt.want, long)
			_, err = a.Refresh(t.Context(), p)
			refused(t, err, tt.want)
		})
	}
	session := issue(t, a, TokenRequest{TTL: SessionTTL})
	h.exec(`DELETE FROM tokens`)
	verify(t, a, session)
}

func TestVerifyIsLive(t *testing.T) {
	a, h := newAuthority(t)
	other := h.server()
	token := issue(t, a, TokenRequest{})
	p, _ := verify(t, a, token)

	must(t, other.SetGroups(t.Context(), "ada", []string{"crew", Supergroup}))
	fresh, _ := verify(t, a, token)
	if fmt.Sprint(fresh.Groups) != "[crew supergroup]" || !fresh.Superuser || fresh.Epoch != p.Epoch+1 {
		t.Errorf("after a change of groups: %+v", fresh)
	}
	must(t, other.Disable(t.Context(), "ada"))
	_, _, err := a.Verify(t.Context(), token)
	refused(t, err, Disabled, token)
	_, err = a.Issue(t.Context(), TokenRequest{User: "ada"})
	refused(t, err, Disabled)
	must(t, other.Enable(t.Context(), "ada"))
	verify(t, a, token)

	h.exec(`DELETE FROM users`)
	_, _, err = a.Verify(t.Context(), token)
	refused(t, err, UnknownUser, token)
}

func TestRecallIsOnlyAHint(t *testing.T) {
	a, h := newAuthority(t, recall(time.Minute))
	other := h.server()
	token := issue(t, a, TokenRequest{TTL: 48 * time.Hour})
	p, c := verify(t, a, token)
	must(t, other.RevokeToken(t.Context(), c.ID))

	stale, _ := verify(t, a, token)
	if !samePrincipal(stale, p) {
		t.Errorf("from memory: %+v; want %+v", stale, p)
	}
	live, err := other.Principal(t.Context(), "ada")
	must(t, err)
	if live.Epoch == stale.Epoch {
		t.Error("the revocation left the epoch, so nobody can tell that the principal is stale")
	}
	_, err = a.Refresh(t.Context(), stale)
	refused(t, err, Revoked)
	_, _, err = a.Verify(t.Context(), token)
	refused(t, err, Revoked, token) // Refresh corrected the cache

	again := issue(t, a, TokenRequest{})
	verify(t, a, again)
	must(t, second(a.Principal(t.Context(), "ada")))
	must(t, other.Disable(t.Context(), "ada"))
	verify(t, a, again)
	_, err = a.Issue(t.Context(), TokenRequest{User: "ada"})
	refused(t, err, Disabled)
	h.clock.advance(time.Minute)
	_, _, err = a.Verify(t.Context(), again)
	refused(t, err, Disabled, again)

	must(t, a.Enable(t.Context(), "ada"))
	verify(t, a, again)
	must(t, a.Disable(t.Context(), "ada")) // one's own changes are seen at once
	_, _, err = a.Verify(t.Context(), again)
	refused(t, err, Disabled, again)
}

func TestRememberedGroupsAreNotShared(t *testing.T) {
	a, _ := newAuthority(t, recall(time.Minute))
	token := issue(t, a, TokenRequest{})
	p, _ := verify(t, a, token)
	p.Groups[0] = Supergroup
	if p, _ := verify(t, a, token); p.Groups[0] != "staff" || p.Superuser {
		t.Errorf("a caller changed what is remembered: %+v", p)
	}
}

func TestIssueBounds(t *testing.T) {
	a, _ := newAuthority(t, func(c *Config) { c.MaxTTL = 24 * time.Hour })
	for name, tt := range map[string]struct {
		r    TokenRequest
		want Kind
	}{
		"no time":           {TokenRequest{User: "ada", TTL: time.Second - 1}, Invalid},
		"negative":          {TokenRequest{User: "ada", TTL: -time.Hour}, Invalid},
		"too long":          {TokenRequest{User: "ada", TTL: 24*time.Hour + 1}, Invalid},
		"root, no project":  {TokenRequest{User: "ada", Root: 16999}, InvalidScope},
		"negative project":  {TokenRequest{User: "ada", Project: -1}, InvalidScope},
		"long label":        {TokenRequest{User: "ada", Label: strings.Repeat("x", maxLabel+1)}, Invalid},
		"label not UTF-8":   {TokenRequest{User: "ada", Label: "\xff"}, Invalid},
		"unknown user":      {TokenRequest{User: "bob"}, UnknownUser},
		"impossible user":   {TokenRequest{User: "a:b"}, InvalidName},
		"no user":           {TokenRequest{}, InvalidName},
		"PostgreSQL's bane": {TokenRequest{User: "a\x00b"}, InvalidName},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.Issue(t.Context(), tt.r)
			refused(t, err, tt.want)
		})
	}
}

func TestTokensListAndRevoke(t *testing.T) {
	a, h := newAuthority(t)
	h.clock.advance(300 * time.Millisecond) // a token's times are whole seconds, and so those of its row must be
	long := issue(t, a, TokenRequest{TTL: 48*time.Hour + 400*time.Millisecond, Label: "nightly", Project: 3, Root: 17000, Verbs: Read})
	other := issue(t, a, TokenRequest{TTL: 24 * time.Hour})
	session := issue(t, a, TokenRequest{})
	_, c := verify(t, a, long)
	_, sc := verify(t, a, session)

	revoked := h.clock.now()
	must(t, a.RevokeToken(t.Context(), c.ID))
	h.clock.advance(time.Minute)
	must(t, a.RevokeToken(t.Context(), c.ID))
	_, _, err := a.Verify(t.Context(), long)
	refused(t, err, Revoked, long)
	verify(t, a, other)
	refused(t, a.RevokeToken(t.Context(), sc.ID), UnknownToken)

	tokens, err := a.Tokens(t.Context(), "ada", TokenQuery{})
	must(t, err)
	if len(tokens) != 2 {
		t.Fatalf("%d tokens listed; want the two that have rows", len(tokens))
	}
	for _, tok := range tokens {
		if tok.ID != c.ID {
			if !tok.Revoked.IsZero() || !tok.Scope.IsZero() {
				t.Errorf("the other token: %+v", tok)
			}
			continue
		}
		if tok.User != "ada" || tok.Label != "nightly" || tok.Scope != c.Scope || !tok.Expires.Equal(c.Expires) ||
			!tok.Created.Equal(c.Issued) || !tok.Revoked.Equal(revoked) {
			t.Errorf("the revoked token: %+v", tok)
		}
	}
	h.clock.advance(24 * time.Hour)
	if tokens, err = a.Tokens(t.Context(), "ada", TokenQuery{}); err != nil || len(tokens) != 1 {
		t.Errorf("after a day: %d tokens, %v; want 1", len(tokens), err)
	}
}

// TestNothingIsLogged passes a canary to everything that refuses, also when the database is gone.
func TestNothingIsLogged(t *testing.T) {
	var out bytes.Buffer
	was, wasOut := slog.Default(), log.Writer()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug - 8})))
	log.SetOutput(&out)
	defer func() {
		slog.SetDefault(was)
		log.SetOutput(wasOut)
	}()

	a, h := newAuthority(t, simple)
	token := issue(t, a, TokenRequest{TTL: 48 * time.Hour})
	p, c := verify(t, a, token)
	ticket := a.Ticket(p, Ticket{Op: "OPEN", Path: "/canary"})
	h.exec(`UPDATE users SET password = 'garbage'`)
	const password = "canary-in-the-mine"
	try := func() (errs []error) {
		_, _, err := a.Verify(t.Context(), token)
		errs = append(errs, err)
		_, err = a.VerifyTicket(t.Context(), ticket, "OPEN", "/canary")
		errs = append(errs, err, checkPassword(t.Context(), a, "ada", password))
		errs = append(errs, a.AddUser(t.Context(), User{Name: "ada", Password: password}))
		_, err = a.Simple(t.Context(), token) // pasted into the wrong field
		return append(errs, err)
	}
	must(t, a.RevokeToken(t.Context(), c.ID))
	errs := try()
	h.db.Close()
	errs = append(errs, try()...)
	for i, err := range errs {
		if err == nil {
			t.Errorf("attempt %d passed", i)
			continue
		}
		for _, secret := range append(strings.Split(token, "."), ticket, password) {
			if shown := leak(err, secret); shown != "" {
				t.Errorf("an error shows %q: %v", shown, err)
			}
		}
	}
	if out.Len() > 0 {
		t.Errorf("logged: %s", out.String())
	}
}
