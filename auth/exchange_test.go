package auth

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestExchange(t *testing.T) {
	a, h := newAuthority(t)
	other := h.server()
	secret, made, err := a.IssueToken(t.Context(), TokenRequest{User: "ada", Personal: true, Project: 7, Root: 70, Verbs: Read, TTL: 90 * time.Minute})
	must(t, err)
	token, expires, err := a.Exchange(t.Context(), "ada", secret, Origin{Address: "192.0.2.1"})
	must(t, err)
	p, c := verify(t, other, token)
	if p.Scope != made.Scope || p.Token != made.ID || c.Personal || !expires.Equal(c.Expires) || !expires.Equal(h.clock.now().Add(SessionTTL)) {
		t.Errorf("until %v: %+v, %+v", expires, p, c)
	}
	h.clock.advance(45 * time.Minute)
	_, expires, err = a.Exchange(t.Context(), "ada", secret, Origin{})
	must(t, err)
	if !expires.Equal(made.Expires) {
		t.Errorf("the session token lives until %v, the personal one until %v", expires, made.Expires)
	}
	must(t, a.RevokeToken(t.Context(), made.ID))
	_, _, err = other.Verify(t.Context(), token)
	refused(t, err, Revoked, token)
	_, err = other.Refresh(t.Context(), p)
	refused(t, err, Revoked)
}

func TestExchangeIsRefused(t *testing.T) {
	a, h := newAuthority(t)
	must(t, a.AddUser(t.Context(), User{Name: "bob"}))
	good := issue(t, a, TokenRequest{Personal: true})
	revoked, made, err := a.IssueToken(t.Context(), TokenRequest{User: "ada", Personal: true})
	must(t, err)
	must(t, a.RevokeToken(t.Context(), made.ID))
	expired := issue(t, a, TokenRequest{Personal: true, TTL: time.Minute})
	h.clock.advance(time.Hour)
	for name, tt := range map[string]struct{ client, secret string }{
		"another's":   {"bob", good},
		"other case":  {"Ada", good},
		"nobody's":    {"", good},
		"nothing":     {"ada", ""},
		"no secret":   {"ada", "gr_rubbish"},
		"a JWT":       {"ada", issue(t, a, TokenRequest{})},
		"a long JWT":  {"ada", issue(t, a, TokenRequest{TTL: 48 * time.Hour})},
		"revoked":     {"ada", revoked},
		"expired":     {"ada", expired},
		"odd name":    {"ada\x00", good},
		"a long name": {string(make([]byte, 9000)), good},
	} {
		_, _, err := a.Exchange(t.Context(), tt.client, tt.secret, Origin{Address: name})
		if KindOf(err) != WrongPassword {
			t.Errorf("%s: %v", name, err)
		}
		refused(t, err, WrongPassword, tt.secret)
	}
	must(t, a.Disable(t.Context(), "ada"))
	_, _, err = a.Exchange(t.Context(), "ada", good, Origin{})
	refused(t, err, WrongPassword)
}

// A personal token that another server has ended is refused like one that never was, though this server remembers it.
func TestExchangeOfWhatEndedElsewhere(t *testing.T) {
	a, h := newAuthority(t)
	other := h.server(recall(time.Minute))
	for what, end := range map[string]func(id uuid.UUID) error{
		"revoked":    func(id uuid.UUID) error { return a.RevokeToken(t.Context(), id) },
		"for nobody": func(uuid.UUID) error { return a.Disable(t.Context(), "ada") },
	} {
		must(t, a.Enable(t.Context(), "ada"))
		secret, made, err := a.IssueToken(t.Context(), TokenRequest{User: "ada", Personal: true})
		must(t, err)
		exchange := func() error {
			_, _, err := other.Exchange(t.Context(), "ada", secret, Origin{Address: what})
			return err
		}
		must(t, exchange())
		must(t, end(made.ID))
		for range freeFailures {
			refused(t, exchange(), WrongPassword, secret)
		}
		refused(t, exchange(), Throttled)
	}
}

func TestExchangeIsThrottled(t *testing.T) {
	a, h := newAuthority(t)
	good := issue(t, a, TokenRequest{Personal: true})
	var wg sync.WaitGroup
	for range 3 * freeFailures { // the nodes of a cluster that starts are not guessers
		wg.Go(func() {
			if _, _, err := a.Exchange(t.Context(), "ada", good, Origin{Address: "192.0.2.1"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	wrong := func() error {
		_, _, err := a.Exchange(t.Context(), "ada", "gr_rubbish", Origin{Address: "192.0.2.1"})
		return err
	}
	for range freeFailures {
		refused(t, wrong(), WrongPassword)
	}
	_, _, err := a.Exchange(t.Context(), "ada", good, Origin{Address: "192.0.2.1"})
	refused(t, err, Throttled)
	h.clock.advance(firstDelay)
	_, _, err = a.Exchange(t.Context(), "ada", good, Origin{Address: "192.0.2.1"})
	must(t, err)
}
