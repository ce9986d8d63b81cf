package auth

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

func delegate(t *testing.T, a *Authority, p Principal, renewer string) (string, Claims) {
	t.Helper()
	token, err := a.Delegate(t.Context(), p, renewer)
	must(t, err)
	_, c := verify(t, a, token)
	return token, c
}

func TestDelegateNeverWidens(t *testing.T) {
	a, h := newAuthority(t)
	for name, r := range map[string]TokenRequest{
		"session":     {},
		"a day":       {TTL: 24 * time.Hour},
		"a month":     {TTL: 30 * 24 * time.Hour},
		"a directory": {TTL: 24 * time.Hour, Project: 7, Root: 20_000},
		"reading":     {TTL: 24 * time.Hour, Verbs: Read, Project: 7},
	} {
		p, parent := verify(t, a, issue(t, a, r))
		token, c := delegate(t, a, p, "yarn/rm.example.org@EXAMPLE.ORG")
		q, _ := verify(t, a, token)
		if q.Scope != p.Scope || q.User != p.User || q.Token != c.ID || !c.Delegation {
			t.Errorf("%s: %+v became %+v", name, p, q)
		}
		want := h.clock.now().Add(DelegationTTL)
		if parent.Expires.Before(want) {
			want = parent.Expires
		}
		if !c.Expires.Equal(want) {
			t.Errorf("%s: until %v; want %v", name, c.Expires, want)
		}
	}
}

func TestDelegationIsRenewed(t *testing.T) {
	a, h := newAuthority(t)
	must(t, a.AddUser(t.Context(), User{Name: "yarn"}))
	yarn, err := a.Principal(t.Context(), "yarn")
	must(t, err)
	ada, _ := verify(t, a, issue(t, a, TokenRequest{TTL: 30 * 24 * time.Hour}))
	token, c := delegate(t, a, ada, "yarn/rm.example.org@EXAMPLE.ORG")

	h.clock.advance(RenewalTTL - time.Hour)
	refused(t, second(a.RenewDelegation(t.Context(), ada, token)), NotYours, token)
	until, err := a.RenewDelegation(t.Context(), yarn, token)
	must(t, err)
	if want := h.clock.now().Add(RenewalTTL); !until.Equal(want) {
		t.Errorf("renewed until %v; want %v", until, want)
	}
	h.clock.advance(RenewalTTL - time.Hour)
	verify(t, a, token)
	for range 5 {
		must(t, second(a.RenewDelegation(t.Context(), yarn, token)))
		h.clock.advance(RenewalTTL - time.Hour)
	}
	if until, err = a.RenewDelegation(t.Context(), yarn, token); err != nil || !until.Equal(c.Expires) {
		t.Errorf("renewed at last until %v, %v; want the end, %v", until, err, c.Expires)
	}
	h.clock.advance(RenewalTTL)
	refused(t, second(a.RenewDelegation(t.Context(), yarn, token)), Expired, token)

	forgotten, _ := delegate(t, a, ada, "")
	h.clock.advance(RenewalTTL + leeway)
	_, _, err = a.Verify(t.Context(), forgotten)
	refused(t, err, Expired, forgotten)
}

func TestDelegationIsCancelled(t *testing.T) {
	a, _ := newAuthority(t)
	for _, name := range []string{"yarn", "eve"} {
		must(t, a.AddUser(t.Context(), User{Name: name}))
	}
	eve, err := a.Principal(t.Context(), "eve")
	must(t, err)
	for _, by := range []string{"ada", "yarn"} {
		ada, _ := verify(t, a, issue(t, a, TokenRequest{})) // its children have rows, though it has none
		token, _ := delegate(t, a, ada, "yarn")
		refused(t, a.CancelDelegation(t.Context(), eve, token), NotYours, token)
		verify(t, a, token)
		p, err := a.Principal(t.Context(), by)
		must(t, err)
		must(t, a.CancelDelegation(t.Context(), p, token))
		_, _, err = a.Verify(t.Context(), token)
		refused(t, err, Revoked, token)
		refused(t, a.CancelDelegation(t.Context(), p, token), Revoked, token)
	}
	own := issue(t, a, TokenRequest{TTL: 24 * time.Hour})
	ada, _ := verify(t, a, own)
	refused(t, a.CancelDelegation(t.Context(), ada, own), Invalid, own)
	refused(t, second(a.RenewDelegation(t.Context(), ada, "rubbish")), Malformed)
}

func TestDelegationEndsWithItsParent(t *testing.T) {
	a, _ := newAuthority(t)
	ada, parent := verify(t, a, issue(t, a, TokenRequest{TTL: 24 * time.Hour}))
	token, _ := delegate(t, a, ada, "")
	other, _ := verify(t, a, issue(t, a, TokenRequest{TTL: 24 * time.Hour}))
	kept, _ := delegate(t, a, other, "")

	must(t, a.RevokeToken(t.Context(), parent.ID))
	_, _, err := a.Verify(t.Context(), token)
	refused(t, err, Revoked, token)
	refused(t, second(a.Delegate(t.Context(), ada, "")), Revoked)
	verify(t, a, kept)
}

// What a delegation gave out ends with the delegation, even if its row was deleted before its token expires.
func TestWhatADelegationGivesOutEndsWithIt(t *testing.T) {
	a, h := newAuthority(t)
	ada, parent := verify(t, a, issue(t, a, TokenRequest{TTL: 7 * 24 * time.Hour}))
	delegation, _ := delegate(t, a, ada, "")
	worker, _ := verify(t, a, delegation)
	token := issue(t, a, TokenRequest{By: worker, TTL: 6 * 24 * time.Hour})
	_, link, err := a.MakeLink(t.Context(), worker, LinkRequest{Inode: 7, TTL: 6 * 24 * time.Hour})
	must(t, err)
	if until := h.clock.now().Add(RenewalTTL); link.Expires.After(until) {
		t.Errorf("the link ends at %v, the delegation at %v", link.Expires, until)
	}
	h.clock.advance(RenewalTTL + leeway + time.Second)
	must(t, a.Sweep(t.Context()))
	must(t, a.RevokeToken(t.Context(), parent.ID))
	_, _, err = a.Verify(t.Context(), token)
	refused(t, err, Expired, token)
}

func TestWhoMayDelegate(t *testing.T) {
	a, _ := newAuthority(t)
	ada, _ := verify(t, a, issue(t, a, TokenRequest{TTL: 24 * time.Hour}))
	token, _ := delegate(t, a, ada, "")
	child, _ := verify(t, a, token)
	refused(t, second(a.Delegate(t.Context(), child, "")), Invalid)
	named, err := a.Principal(t.Context(), "ada")
	must(t, err)
	refused(t, second(a.Delegate(t.Context(), named, "")), NotBelieved)
	refused(t, second(a.Delegate(t.Context(), ada, "no such name")), InvalidName)
	ghost := ada
	ghost.UserID, ghost.Token = ada.UserID+1000, uuid.Nil
	refused(t, second(a.Delegate(t.Context(), ghost, "")), Revoked)
}

// A delegation that a proxy gets for a user lasts as long as any other, but ends with the proxy's token.
func TestDelegationOfAProxy(t *testing.T) {
	a, h := newAuthority(t)
	for _, name := range []string{"hue", "yarn"} {
		must(t, a.AddUser(t.Context(), User{Name: name}))
	}
	yarn, err := a.Principal(t.Context(), "yarn")
	must(t, err)
	ada, err := a.Principal(t.Context(), "ada")
	must(t, err)
	hue, own := verify(t, a, issue(t, a, TokenRequest{User: "hue", TTL: 30 * 24 * time.Hour, Verbs: Read}))
	short, until := verify(t, a, issue(t, a, TokenRequest{User: "hue", TTL: 48 * time.Hour}))

	token, c := delegate(t, a, a.For(ada, hue), "yarn")
	p, _ := verify(t, a, token)
	if p.User != "ada" || p.Proxy != "hue" || p.Scope != hue.Scope || !c.Expires.Equal(h.clock.now().Add(DelegationTTL)) {
		t.Errorf("%+v until %v; want ada's by hue, until %v", p, c.Expires, h.clock.now().Add(DelegationTTL))
	}
	if _, c := delegate(t, a, a.For(ada, short), "yarn"); !c.Expires.Equal(until.Expires) {
		t.Errorf("until %v; want the end of hue's token, %v", c.Expires, until.Expires)
	}
	h.clock.advance(RenewalTTL - time.Hour)
	must(t, second(a.RenewDelegation(t.Context(), yarn, token)))
	h.clock.advance(RenewalTTL - time.Hour)
	verify(t, a, token)

	// A delegation gives no other delegation, and neither does a proxy whose user is disabled.
	child, _ := verify(t, a, token)
	refused(t, second(a.Delegate(t.Context(), a.For(ada, child), "")), Invalid)
	// Nor does a delegation give tokens, with a row or without, or links, since the proxy would not be checked at their use.
	for _, r := range []TokenRequest{{}, {TTL: 24 * time.Hour}, {Personal: true}} {
		r.User, r.Verbs, r.By = "ada", Read, child
		refused(t, second(a.Issue(t.Context(), r)), Invalid)
	}
	_, _, err = a.MakeLink(t.Context(), child, LinkRequest{Inode: 7})
	refused(t, err, Invalid)
	acting := a.For(ada, hue)
	must(t, a.Disable(t.Context(), "ada"))
	refused(t, second(a.Delegate(t.Context(), acting, "")), Revoked)
	must(t, a.Enable(t.Context(), "ada"))
	must(t, second(a.Delegate(t.Context(), acting, "")))

	// Disabling the proxy also changes the epoch of who acts for ada by the delegation, so that they are checked again.
	before, _ := verify(t, a, token)
	must(t, a.Disable(t.Context(), "hue"))
	_, _, err = a.Verify(t.Context(), token)
	refused(t, err, Disabled, token)
	must(t, a.Enable(t.Context(), "hue"))
	if after, _ := verify(t, a, token); after.Epoch == before.Epoch {
		t.Error("nobody is asked anew")
	}

	must(t, a.RevokeToken(t.Context(), own.ID))
	_, _, err = a.Verify(t.Context(), token)
	refused(t, err, Revoked, token)
	refused(t, second(a.Delegate(t.Context(), acting, "")), Revoked)
}
