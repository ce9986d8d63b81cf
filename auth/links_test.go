package auth

import (
	"testing"
	"time"
)

func TestLink(t *testing.T) {
	a, h := newSessions(t)
	other := h.server()
	session, _ := login(t, a)
	by, err := a.Session(t.Context(), session)
	must(t, err)
	for _, project := range []int64{0, 7} {
		secret, made, err := a.MakeLink(t.Context(), by, LinkRequest{Project: project, Inode: 70, Label: "for Bob"})
		must(t, err)
		if !made.Expires.Equal(h.clock.now().Add(LinkTTL)) || made.Locked {
			t.Errorf("made %+v", made)
		}
		p, link, err := other.UseLink(t.Context(), secret, "", Origin{})
		must(t, err)
		if want := (Scope{Project: project, Root: 70, Verbs: Read}); p.Scope != want || p.User != "ada" || p.Token != made.ID || link.Uses != 1 || link.Label != "for Bob" {
			t.Errorf("used as %+v, %+v", p, link)
		}
		if _, _, err := a.Verify(t.Context(), secret); err == nil {
			t.Error("a link is taken for a token")
		}
		if _, err := a.Session(t.Context(), secret); err == nil {
			t.Error("a link is taken for a session")
		}
	}
	must(t, a.Logout(t.Context(), session)) // links stay
	links, err := a.Links(t.Context(), "ada", TokenQuery{})
	must(t, err)
	if len(links) != 2 || links[0].Kind != Link || links[0].Uses != 1 || links[0].Used.IsZero() || !links[0].Revoked.IsZero() {
		t.Errorf("listed: %+v", links)
	}
}

func TestLinksEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		end  func(a *Authority, h *house, issuer, link Token) error
		want Kind
	}{
		"revoked":        {func(a *Authority, _ *house, _, link Token) error { return a.RevokeToken(t.Context(), link.ID) }, Revoked},
		"with its token": {func(a *Authority, _ *house, issuer, _ Token) error { return a.RevokeToken(t.Context(), issuer.ID) }, Revoked},
		"with its user":  {func(a *Authority, _ *house, _, _ Token) error { return a.Disable(t.Context(), "ada") }, Disabled},
		"expired":        {func(_ *Authority, h *house, _, _ Token) error { h.clock.advance(2*time.Hour + leeway); return nil }, Expired},
	} {
		t.Run(name, func(t *testing.T) {
			a, h := newAuthority(t)
			other := h.server()
			token, issuer, err := a.IssueToken(t.Context(), TokenRequest{User: "ada", Personal: true, TTL: 2 * time.Hour})
			must(t, err)
			by, _ := verify(t, a, token)
			secret, link, err := a.MakeLink(t.Context(), by, LinkRequest{Inode: 70, TTL: MaxLinkTTL})
			must(t, err)
			if !link.Expires.Equal(issuer.Expires) {
				t.Errorf("it lives until %v, the token that made it until %v", link.Expires, issuer.Expires)
			}
			p, _, err := other.UseLink(t.Context(), secret, "", Origin{})
			must(t, err)
			must(t, tt.end(a, h, issuer, link))
			_, _, err = other.UseLink(t.Context(), secret, "", Origin{})
			refused(t, err, tt.want, secret)
			_, err = other.Refresh(t.Context(), p) // in the middle of a download
			refused(t, err, tt.want)
		})
	}
}

func TestLinksAreNotMade(t *testing.T) {
	a, _ := newAuthority(t, simple)
	p, _ := verify(t, a, issue(t, a, TokenRequest{Project: 7, Verbs: Read}))
	adding, _ := verify(t, a, issue(t, a, TokenRequest{Verbs: Add}))
	believed, err := a.Simple(t.Context(), "ada")
	must(t, err)
	for name, tt := range map[string]struct {
		by   Principal
		r    LinkRequest
		want Kind
	}{
		"too long":        {p, LinkRequest{Project: 7, Inode: 1, TTL: MaxLinkTTL + time.Second}, Invalid},
		"too short":       {p, LinkRequest{Project: 7, Inode: 1, TTL: time.Millisecond}, Invalid},
		"another project": {p, LinkRequest{Project: 8, Inode: 1}, InvalidScope},
		"no project":      {p, LinkRequest{Inode: 1}, InvalidScope},
		"no file":         {p, LinkRequest{Project: 7}, InvalidScope},
		"may not read":    {adding, LinkRequest{Inode: 1}, InvalidScope},
		"short password":  {p, LinkRequest{Project: 7, Inode: 1, Password: "short"}, Invalid},
		"believed":        {believed, LinkRequest{Inode: 1}, NotBelieved},
		"odd label":       {p, LinkRequest{Project: 7, Inode: 1, Label: "\xff"}, Invalid},
	} {
		_, _, err := a.MakeLink(t.Context(), tt.by, tt.r)
		if KindOf(err) != tt.want || err == nil {
			t.Errorf("%s: %v, want kind %d", name, err, tt.want)
		}
	}
}

func TestLinkWithPassword(t *testing.T) {
	a, h := newAuthority(t)
	by, _ := verify(t, a, issue(t, a, TokenRequest{}))
	secret, link, err := a.MakeLink(t.Context(), by, LinkRequest{Inode: 70, Password: password})
	must(t, err)
	if !link.Locked {
		t.Error("not listed as one with a password")
	}
	use := func(password Password) error {
		_, _, err := a.UseLink(t.Context(), secret, password, Origin{Address: "192.0.2.1"})
		return err
	}
	refused(t, use(""), Missing, secret)
	must(t, use(password))
	for range freeFailures {
		refused(t, use("wrong horse"), WrongPassword, secret)
	}
	refused(t, use(password), Throttled)
	refused(t, use(""), Missing) // asking whether a password is needed is not throttled
	h.clock.advance(firstDelay)
	must(t, use(password))
}

func TestKeyList(t *testing.T) {
	a, h := newAuthority(t)
	before, err := a.PublicKeys(t.Context())
	must(t, err)
	must(t, a.Rotate(t.Context(), time.Hour))
	keys, err := a.Keys(t.Context())
	must(t, err)
	after, err := a.PublicKeys(t.Context())
	must(t, err)
	signing := 0
	for _, k := range keys {
		if k.Retires.IsZero() {
			signing++
		}
	}
	if len(before) != 1 || len(after) != 2 || len(keys) != 4 || signing != 2 {
		t.Errorf("%d public keys before, %d after; %d keys, %d of which sign", len(before), len(after), len(keys), signing)
	}
	for _, k := range after {
		if signer := a.keys.set.Load().byKid[k.ID]; signer == nil || signer.purpose != forTokens || !signer.public().Equal(k.Key) {
			t.Errorf("%s is not a key that verifies tokens", k.ID)
		}
	}
	h.clock.advance(time.Hour)
	if keys, err := a.Keys(t.Context()); err != nil || len(keys) != 2 {
		t.Errorf("after the overlap: %d, %v", len(keys), err)
	}
	if public, err := a.PublicKeys(t.Context()); err != nil || len(public) != 1 {
		t.Errorf("after the overlap: %d public, %v", len(public), err)
	}
}
