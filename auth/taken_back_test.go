package auth

import (
	"testing"
	"time"
)

// A principal that is let in again on one server is let in on the others after refusedFor, though they cache refusals.
func TestWhoIsLetInAgainIsLetInEverywhere(t *testing.T) {
	a, h := newService(t)
	other := h.server(recall(time.Minute))
	token := issue(t, a, TokenRequest{})
	robot := issue(t, a, TokenRequest{User: "svc-robot"})
	renewed, _ := verify(t, a, issue(t, a, TokenRequest{TTL: 72 * time.Hour}))
	delegation, c := delegate(t, a, renewed, "")
	for what, x := range map[string]struct {
		token     string
		end, back func() error
		kind      Kind
	}{
		"a user": {
			token, func() error { return a.Disable(t.Context(), "ada") }, func() error { return a.Enable(t.Context(), "ada") }, Disabled,
		},
		"a project": {
			robot, func() error { h.exec(`UPDATE projects SET state = 'd' WHERE id = 7`); return nil },
			func() error { h.exec(`UPDATE projects SET state = 'a' WHERE id = 7`); return nil }, Disabled,
		},
		"a delegation": {
			delegation, func() error {
				h.exec(`UPDATE tokens SET expires = now() - interval '1 year' WHERE jti = $1`, c.ID)
				return nil
			},
			func() error { h.exec(`UPDATE tokens SET expires = $2 WHERE jti = $1`, c.ID, c.Expires); return nil }, Expired,
		},
	} {
		must(t, x.end())
		_, _, err := other.Verify(t.Context(), x.token)
		refused(t, err, x.kind)
		must(t, x.back())
		h.clock.advance(refusedFor)
		if _, _, err := other.Verify(t.Context(), x.token); err != nil {
			t.Errorf("%s that is back: %v", what, err)
		}
	}
}

// Who is disabled while a request is under way begins nothing more with it: no session, no link and no delegation.
func TestWhoIsDisabledMeanwhileBeginsNothing(t *testing.T) {
	a, _ := newSessions(t)
	p, _ := verify(t, a, issue(t, a, TokenRequest{Personal: true}))
	id, hash, err := a.checkPassword(t.Context(), "ada", password)
	must(t, err)
	must(t, a.Disable(t.Context(), "ada"))
	_, _, err = a.beginSession(t.Context(), id, "ada", hash, Origin{})
	refused(t, err, WrongPassword)
	_, _, err = a.MakeLink(t.Context(), p, LinkRequest{Inode: 70})
	refused(t, err, Revoked)
	refused(t, second(a.Delegate(t.Context(), p, "")), Revoked)
}

// A delegation that another server has just cancelled is not renewed by one that remembers it.
func TestACancelledDelegationIsNotRenewed(t *testing.T) {
	a, h := newAuthority(t)
	other := h.server(recall(time.Minute))
	ada, _ := verify(t, a, issue(t, a, TokenRequest{TTL: 48 * time.Hour}))
	token, _ := delegate(t, a, ada, "")
	verify(t, other, token)
	must(t, a.CancelDelegation(t.Context(), ada, token))
	refused(t, second(other.RenewDelegation(t.Context(), ada, token)), Revoked, token)
}

// A proxy must not act for a superuser, not even for a user who became one while the proxy acted.
func TestAttackForWhoBecomesASuperuser(t *testing.T) {
	a, _ := newAuthority(t, recall(time.Minute))
	must(t, a.AddUser(t.Context(), User{Name: "hue"}))
	hue, _ := verify(t, a, issue(t, a, TokenRequest{User: "hue"}))
	ada, err := a.Principal(t.Context(), "ada")
	must(t, err)
	as := a.For(ada, hue)
	long, _ := verify(t, a, issue(t, a, TokenRequest{User: "hue", TTL: 48 * time.Hour}))
	token, _ := delegate(t, a, a.For(ada, long), "")
	later, _ := verify(t, a, token)
	ticket := a.Ticket(as, openFile)
	redirected, err := a.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
	must(t, err)
	for what, p := range map[string]Principal{"at once": as, "by a delegation": later, "after a redirect": redirected} {
		must(t, second(a.Refresh(t.Context(), p)))
		must(t, a.SetAdmin(t.Context(), "ada", true))
		_, err := a.Refresh(t.Context(), p)
		if KindOf(err) != Disabled {
			t.Errorf("%s: %v", what, err)
		}
		_, err = a.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
		refused(t, err, Disabled, ticket)
		must(t, a.SetAdmin(t.Context(), "ada", false))
		must(t, second(a.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)))
	}
}

// A proxy must get nothing in its user's name that would go on working when the proxy may no longer act for the user.
func TestAttackKeepActingForOthers(t *testing.T) {
	a, _ := newAuthority(t)
	must(t, a.AddUser(t.Context(), User{Name: "hue"}))
	hue, _ := verify(t, a, issue(t, a, TokenRequest{User: "hue", TTL: 48 * time.Hour}))
	ada, err := a.Principal(t.Context(), "ada")
	must(t, err)
	as := a.For(ada, hue)
	for _, r := range []TokenRequest{{}, {TTL: 24 * time.Hour}, {Personal: true}} {
		r.User, r.By = "ada", as
		refused(t, second(a.Issue(t.Context(), r)), Invalid)
	}
	_, _, err = a.MakeLink(t.Context(), as, LinkRequest{Inode: 16400})
	refused(t, err, Invalid)
}
