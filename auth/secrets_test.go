package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestSecrets(t *testing.T) {
	seen := map[string]bool{}
	digits := map[rune]int{}
	for range 500 {
		secret, sum := newSecret(personalPrefix)
		if of := sha256.Sum256([]byte(secret)); string(of[:]) != string(sum) || !isSecret(secret, personalPrefix) || seen[secret] {
			t.Fatalf("the secret %q, seen before: %v", secret, seen[secret])
		}
		seen[secret] = true
		for _, r := range secret[len(personalPrefix):] {
			digits[r]++
		}
	}
	if len(digits) != len(secretAlphabet) {
		t.Errorf("%d digits of %d occur", len(digits), len(secretAlphabet))
	}
	good, _ := newSecret(personalPrefix)
	for _, bad := range []string{"", "gr_", good[:len(good)-1], good + "0", good[:10] + "-" + good[11:], good + "\n", "grl_" + good[3:], " " + good[1:]} {
		if isSecret(bad, personalPrefix) {
			t.Errorf("%q passes for a personal token", bad)
		}
	}
}

func TestPersonalToken(t *testing.T) {
	a, h := newAuthority(t)
	text, made, err := a.IssueToken(t.Context(), TokenRequest{User: "ada", Personal: true, Label: "laptop", Project: 7, Root: 70, Verbs: Read | Add})
	must(t, err)
	scope := Scope{Project: 7, Root: 70, Verbs: Read | Add}
	if made.Kind != Personal || made.Scope != scope || !made.Expires.Equal(h.clock.now().Add(PersonalTTL)) {
		t.Errorf("made %+v", made)
	}
	for range 2 { // from the database, from memory
		p, c := verify(t, a, text)
		want := Principal{UserID: c.UserID, User: "ada", Groups: []string{"staff"}, Epoch: 1, Scope: scope, Token: made.ID, Expires: made.Expires}
		if !samePrincipal(p, want) || c.ID != made.ID || !c.Personal {
			t.Errorf("principal %+v, claims %+v", p, c)
		}
		p, err := a.Refresh(t.Context(), p)
		must(t, err)
		if !samePrincipal(p, want) {
			t.Errorf("refreshed %+v", p)
		}
	}
	if got := TokenOf(text); got != text {
		t.Errorf("as a delegation parameter it is read as %q", got)
	}
	if got := TokenOf(HadoopDelegation(text, KindWebHDFS, "localhost:9870")); got != text {
		t.Errorf("in Hadoop's envelope it is read as %q", got)
	}
}

// TestNoSecretIsKept looks for the secrets in every column of every row.
func TestNoSecretIsKept(t *testing.T) {
	a, h := newAuthority(t)
	must(t, a.SetPassword(t.Context(), "ada", "correct horse"))
	personal := issue(t, a, TokenRequest{Personal: true})
	session, _, err := a.Login(t.Context(), "ada", "correct horse", Origin{Address: "192.0.2.1"})
	must(t, err)
	var rows string
	must(t, h.db.QueryRow(t.Context(), `SELECT (SELECT string_agg(t::text, ' ') FROM tokens t) || (SELECT string_agg(u::text, ' ') FROM users u)
		|| (SELECT coalesce(string_agg(x::text, ' '), '') FROM throttles x)`).Scan(&rows))
	for _, secret := range []string{personal, session, "correct horse"} {
		for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))} {
			if strings.Contains(rows, form) {
				t.Errorf("%s is in the database", form)
			}
		}
	}
}

func TestPersonalTokensEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		end  func(*Authority, *house, uuid.UUID) error
		want Kind
	}{
		"revoked":  {func(a *Authority, _ *house, id uuid.UUID) error { return a.RevokeToken(t.Context(), id) }, Revoked},
		"disabled": {func(a *Authority, _ *house, _ uuid.UUID) error { return a.Disable(t.Context(), "ada") }, Disabled},
		"row gone": {func(_ *Authority, h *house, id uuid.UUID) error {
			return second(h.db.Exec(t.Context(), `DELETE FROM tokens WHERE jti = $1`, id))
		}, Revoked},
		"expired": {func(_ *Authority, h *house, _ uuid.UUID) error { h.clock.advance(2*time.Hour + leeway); return nil }, Expired},
	} {
		t.Run(name, func(t *testing.T) {
			a, h := newAuthority(t)
			other := h.server()
			text, made, err := a.IssueToken(t.Context(), TokenRequest{User: "ada", Personal: true, TTL: 2 * time.Hour})
			must(t, err)
			verify(t, a, text)
			verify(t, other, text)
			must(t, tt.end(a, h, made.ID))
			for _, server := range []*Authority{a, other} {
				_, _, err := server.Verify(t.Context(), text)
				refused(t, err, tt.want, text)
				if tt.want == Expired && !strings.Contains(err.Error(), "the personal token expired at") {
					t.Errorf("it is told %q", err)
				}
			}
		})
	}
}

func TestSecretsAreRefused(t *testing.T) {
	a, _ := newAuthority(t)
	must(t, a.SetPassword(t.Context(), "ada", "correct horse"))
	personal := issue(t, a, TokenRequest{Personal: true})
	session, _, err := a.Login(t.Context(), "ada", "correct horse", Origin{})
	must(t, err)
	unknown, _ := newSecret(personalPrefix)
	for _, tt := range []struct {
		text string
		want Kind
	}{
		{unknown, Revoked},
		{personal[:20], Malformed},
		{personal + "x", Malformed},
		{personal + "\n", Malformed},
		{strings.ToUpper(personal), Malformed}, // without its prefix it would have to be a JWT, and is none
		{session, Malformed},                   // a cookie is no token
	} {
		_, _, err := a.Verify(t.Context(), tt.text)
		refused(t, err, tt.want, tt.text)
		if strings.HasPrefix(tt.text, personalPrefix) && !strings.Contains(err.Error(), "personal token") {
			t.Errorf("%s is told %q, which does not say of what", tt.text, err)
		}
	}
	for _, text := range []string{personal, unknown, "", sessionPrefix + personal[len(personalPrefix):]} {
		if _, err := a.Session(t.Context(), text); err == nil {
			t.Errorf("%q is taken for a session", text)
		}
	}
	p, err := a.Session(t.Context(), session)
	must(t, err)
	if p.User != "ada" || !p.Scope.IsZero() {
		t.Errorf("the session is of %+v", p)
	}
}

// TestTokensGivenOutByTokens shows that such tokens never exceed the token they were asked for with, and end with it.
func TestTokensGivenOutByTokens(t *testing.T) {
	a, h := newAuthority(t)
	other := h.server()
	parent, made, err := a.IssueToken(t.Context(), TokenRequest{User: "ada", Personal: true, Project: 7, Verbs: Read | Manage, TTL: 3 * time.Hour})
	must(t, err)
	by, _ := verify(t, a, parent)
	for name, r := range map[string]TokenRequest{
		"without the project": {Verbs: Read},
		"another project":     {Project: 8, Verbs: Read},
		"without verbs":       {Project: 7},
		"another verb":        {Project: 7, Verbs: Write},
	} {
		r.User, r.By = "ada", by
		_, err := a.Issue(t.Context(), r)
		if refused(t, err, InvalidScope); err == nil {
			t.Errorf("%s was given out", name)
		}
	}
	children := map[string]string{}
	for name, r := range map[string]TokenRequest{
		"session":  {TTL: time.Hour},
		"long":     {TTL: 48 * time.Hour},
		"personal": {Personal: true},
	} {
		r.User, r.By, r.Project, r.Verbs = "ada", by, 7, Read
		text, child, err := a.IssueToken(t.Context(), r)
		must(t, err)
		if child.Expires.After(made.Expires) {
			t.Errorf("%s lives until %v, its parent until %v", name, child.Expires, made.Expires)
		}
		p, _ := verify(t, other, text)
		children[name] = text
		children["delegation of "+name], err = a.Delegate(t.Context(), p, "")
		must(t, err)
		verify(t, other, children["delegation of "+name])
	}
	must(t, a.RevokeToken(t.Context(), made.ID))
	for name, text := range children {
		_, _, err := other.Verify(t.Context(), text)
		if KindOf(err) != Revoked {
			t.Errorf("%s outlives what it was given out for: %v", name, err)
		}
	}
	if _, err := a.Issue(t.Context(), TokenRequest{User: "ada", Project: 7, Verbs: Read, By: by}); KindOf(err) != Revoked {
		t.Errorf("the revoked token still gives out others: %v", err)
	}
}

func TestLastUse(t *testing.T) {
	a, h := newAuthority(t)
	text, made, err := a.IssueToken(t.Context(), TokenRequest{User: "ada", Personal: true})
	must(t, err)
	used := func() time.Time {
		t.Helper()
		token, err := a.Token(t.Context(), made.ID)
		must(t, err)
		return token.Used
	}
	must(t, a.Sweep(t.Context()))
	if got := used(); !got.IsZero() {
		t.Errorf("never used, and listed as used at %v", got)
	}
	verify(t, a, text)
	first := h.clock.now()
	if got := used(); !got.IsZero() {
		t.Errorf("a request wrote its use down itself, at %v", got)
	}
	must(t, a.Sweep(t.Context()))
	if got := used(); !got.Equal(first) {
		t.Errorf("used at %v, want %v", got, first)
	}
	// A slower server does not turn the time of the last use back.
	a.uses.mark(made.ID, first.Add(-time.Hour))
	must(t, a.Sweep(t.Context()))
	if got := used(); !got.Equal(first) {
		t.Errorf("used at %v, want %v", got, first)
	}
}

func TestUsesAreBounded(t *testing.T) {
	var u uses
	for range maxUses + 10 {
		u.mark(uuid.New(), time.Unix(1, 0))
	}
	if n := len(u.take()); n != maxUses {
		t.Errorf("%d uses are noted", n)
	}
	if n := len(u.take()); n != 0 {
		t.Errorf("%d uses are noted twice", n)
	}
}

func TestSweepRemovesWhatHasEnded(t *testing.T) {
	a, h := newAuthority(t)
	for _, ttl := range []time.Duration{2 * time.Hour, 24 * time.Hour} {
		issue(t, a, TokenRequest{Personal: true, TTL: ttl})
		issue(t, a, TokenRequest{TTL: ttl})
	}
	_, err := a.attempt(t.Context(), "login", "eve", "192.0.2.1")
	must(t, err)
	count := func(table string) (n int) {
		t.Helper()
		must(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n))
		return n
	}
	for _, step := range []struct {
		after             time.Duration
		tokens, throttles int
	}{
		{0, 4, 2},
		{2*time.Hour + keptFor, 4, 2},
		{time.Second, 2, 2},
		{24 * time.Hour, 0, 0},
	} {
		h.clock.advance(step.after)
		must(t, a.Sweep(t.Context()))
		if tokens, throttles := count("tokens"), count("throttles"); tokens != step.tokens || throttles != step.throttles {
			t.Errorf("after %v more: %d tokens and %d throttles, want %d and %d", step.after, tokens, throttles, step.tokens, step.throttles)
		}
	}
}
