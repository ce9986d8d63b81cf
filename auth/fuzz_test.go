package auth

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
)

// newOffline returns an authority with fixed keys and time, and without a database, to test what is decided before any row
// is read.
func newOffline() *Authority {
	now := func() time.Time { return time.Unix(1_800_000_000, 0) }
	token := &key{kid: "0102030405060708", purpose: forTokens, private: ed25519.NewKeyFromSeed(make([]byte, secretSize))}
	ticket := &key{kid: "1112131415161718", purpose: forTickets, mac: make([]byte, secretSize)}
	a := &Authority{
		cfg:      Config{Issuer: issuer, Now: now},
		keys:     &keyring{now: now},
		parser:   newParser(issuer, now),
		verified: newLRU[[32]byte, Claims](remembered),
	}
	a.keys.set.Store(&keySet{
		loaded: now(),
		byKid:  map[string]*key{token.kid: token, ticket.kid: ticket},
		newest: map[purpose]*key{forTokens: token, forTickets: ticket},
	})
	return a
}

func FuzzToken(f *testing.F) {
	a := newOffline()
	now := a.cfg.Now()
	good, err := sign(a.keys.set.Load().newest[forTokens], issuer, Claims{
		ID: uuid.UUID{1}, UserID: 1, User: "ada", Scope: Scope{Project: 3}, Issued: now, Expires: now.Add(time.Hour),
	})
	must(f, err)
	f.Add(good)
	f.Add("")
	f.Add("..")
	f.Add("e30.e30.")
	f.Add(good + "\n")
	f.Fuzz(func(t *testing.T, token string) {
		_, err := a.claims(t.Context(), token)
		var e *Error
		switch {
		case err == nil && token != good:
			t.Errorf("accepted %q", token)
		case err != nil && !errors.As(err, &e):
			t.Errorf("%T is not ours: %v", err, err)
		}
	})
}

func FuzzTicket(f *testing.F) {
	a := newOffline()
	p := Principal{UserID: 1, User: "ada", Scope: Scope{Project: 3, Root: 16999, Verbs: Read}, Token: uuid.UUID{1}, Expires: a.cfg.Now().Add(time.Hour)}
	good := a.Ticket(p, openFile)
	raw, err := base64.RawURLEncoding.DecodeString(good)
	must(f, err)
	body := raw[ticketHead : len(raw)-ticketMAC]
	f.Add(good, body)
	f.Add("", []byte{})
	f.Add(good+"\r", body[:5])
	f.Fuzz(func(t *testing.T, ticket string, body []byte) {
		_, err := a.openTicket(t.Context(), ticket, openFile)
		var e *Error
		switch {
		case err == nil && ticket != good:
			t.Errorf("accepted %q", ticket)
		case err != nil && !errors.As(err, &e):
			t.Errorf("%T is not ours: %v", err, err)
		}
		// A body with a valid MAC comes from a server, and is not hostile; still, nothing may panic or be out of range.
		if p, _, ok := parseTicket(body); ok && (p.UserID < 0 || p.Scope.Project < 0 || p.Scope.Root < 0) {
			t.Errorf("%x: %+v", body, p)
		}
	})
}
