package auth

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"sync"
	"testing"
	"time"
)

func TestOpenMakesKeysOnce(t *testing.T) {
	h := newHouse(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := Open(t.Context(), h.config()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	h.server()
	var tokens, tickets int
	must(t, h.db.QueryRow(t.Context(), `
		SELECT count(*) FILTER (WHERE purpose = 'token'), count(*) FILTER (WHERE purpose = 'ticket') FROM signing_keys`).Scan(&tokens, &tickets))
	if tokens != 1 || tickets != 1 {
		t.Errorf("%d token keys and %d ticket keys; want one of each", tokens, tickets)
	}
}

func TestOpenRefusesBadConfig(t *testing.T) {
	h := newHouse(t)
	for name, spoil := range map[string]func(*Config){
		"no database":     func(c *Config) { c.DB = nil },
		"no seal":         func(c *Config) { c.Seal = nil },
		"no unseal":       func(c *Config) { c.Unseal = nil },
		"no issuer":       func(c *Config) { c.Issuer = "" },
		"long memory":     func(c *Config) { c.Recall = time.Minute + 1 },
		"negative memory": func(c *Config) { c.Recall = -1 },
		"short tokens":    func(c *Config) { c.MaxTTL = SessionTTL - 1 },
		"bad pattern":     func(c *Config) { c.NamePattern = "(" },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := h.config()
			spoil(&cfg)
			_, err := Open(t.Context(), cfg)
			refused(t, err, Invalid)
		})
	}
}

func TestOpenRefusesStrangeKeys(t *testing.T) {
	public, _, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	db := newHouse(t)
	for name, spoil := range map[string]func(*house){
		"other root key": func(h *house) { h.root = newRootKey(t) },
		"public half replaced": func(h *house) {
			h.exec(`UPDATE signing_keys SET public = $1 WHERE purpose = 'token'`, []byte(public))
		},
		"ticket key as token key": func(h *house) { h.exec(`UPDATE signing_keys SET purpose = 'token'`) },
		"token key as ticket key": func(h *house) { h.exec(`UPDATE signing_keys SET purpose = 'ticket'`) },
		"secret of another length": func(h *house) {
			sealed := h.root.seal(keyLabel(forTickets, "00"), []byte("short"))
			h.exec(`INSERT INTO signing_keys (kid, purpose, public, sealed) VALUES ('00', 'ticket', '', $1)`, sealed)
		},
		"row renamed":       func(h *house) { h.exec(`UPDATE signing_keys SET kid = '0011223344556677' WHERE purpose = 'token'`) },
		"sealed half short": func(h *house) { h.exec(`UPDATE signing_keys SET sealed = ''`) },
		"from the future": func(h *house) {
			sealed := h.root.seal(keyLabel("seal", "00"), make([]byte, secretSize))
			h.exec(`INSERT INTO signing_keys (kid, purpose, public, sealed) VALUES ('00', 'seal', '', $1)`, sealed)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := &house{t: t, db: db.db, root: db.root, clock: db.clock}
			h.exec(`TRUNCATE signing_keys`)
			h.server()
			spoil(h)
			_, err := Open(t.Context(), h.config())
			refused(t, err, Invalid)
		})
	}
}

// A server that receives nothing signed still learns of a new key, and makes tickets with it.
func TestTicketsAreMadeWithTheNewKey(t *testing.T) {
	a, h := newAuthority(t)
	other := h.server()
	p, _ := verify(t, other, issue(t, a, TokenRequest{Personal: true}))
	must(t, a.Rotate(t.Context(), 0))
	h.clock.advance(SweepEvery)
	must(t, other.Sweep(t.Context()))
	must(t, second(a.VerifyTicket(t.Context(), other.Ticket(p, openFile), openFile.Op, openFile.Path)))
}

func TestRotateWithOverlap(t *testing.T) {
	a, h := newAuthority(t)
	other := h.server()
	const overlap = 48 * time.Hour
	old := issue(t, a, TokenRequest{TTL: 72 * time.Hour})
	p, _ := verify(t, a, old)
	ticket := a.Ticket(p, openFile)
	before := a.keys.set.Load().newest[forTokens].kid

	must(t, a.Rotate(t.Context(), overlap))
	if a.keys.set.Load().newest[forTokens].kid == before {
		t.Fatal("the old key still signs")
	}
	h.exec(`UPDATE signing_keys SET retires = retires WHERE retires IS NOT NULL`) // changes the physical order of the rows, which must not matter
	if kid := h.server().keys.set.Load().newest[forTokens].kid; kid != a.keys.set.Load().newest[forTokens].kid {
		t.Error("two servers sign with different keys")
	}
	fresh := issue(t, a, TokenRequest{TTL: 72 * time.Hour})
	h.clock.advance(reloadEvery) // the most that a server takes to look up a key it does not know
	verify(t, other, fresh)
	if other.keys.set.Load().newest[forTokens].kid == before {
		t.Error("the other server goes on signing with the old key")
	}
	must(t, second(other.VerifyTicket(t.Context(), a.Ticket(p, openFile), openFile.Op, openFile.Path)))

	h.clock.advance(overlap - reloadEvery - time.Second)
	for _, s := range []*Authority{a, other, h.server()} {
		verify(t, s, old)
		must(t, second(s.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)))
	}
	h.clock.advance(time.Second) // although all servers have the signature and the key in their caches, for a minute
	for _, s := range []*Authority{a, other, h.server()} {
		_, _, err := s.Verify(t.Context(), old)
		refused(t, err, Signature, old)
		_, err = s.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
		refused(t, err, Signature, ticket)
		verify(t, s, fresh)
	}

	must(t, a.Rotate(t.Context(), overlap))
	var left int
	must(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM signing_keys`).Scan(&left))
	if left != 4 {
		t.Errorf("%d keys are kept; want the newest and the one before, for each purpose", left)
	}
}

func TestRotateAfterLeak(t *testing.T) {
	a, h := newAuthority(t)
	other := h.server()
	h.clock.advance(keysFor - time.Second)
	old := issue(t, a, TokenRequest{})
	p, _ := verify(t, other, old)
	ticket := a.Ticket(p, openFile)

	verify(t, a, old)
	must(t, a.Rotate(t.Context(), 0))
	_, _, err := a.Verify(t.Context(), old)
	refused(t, err, Signature, old)
	_, err = a.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
	refused(t, err, Signature, ticket)

	h.clock.advance(time.Second) // now the other server's keys are a minute old
	_, err = other.VerifyTicket(t.Context(), ticket, openFile.Op, openFile.Path)
	refused(t, err, Signature, ticket)
	h.clock.advance(verifiedFor - time.Second) // and now so is its cached token
	_, _, err = other.Verify(t.Context(), old)
	refused(t, err, Signature, old)

	refused(t, a.Rotate(t.Context(), -time.Second), Invalid)
}

func TestOverlapIsNeverProlonged(t *testing.T) {
	a, h := newAuthority(t)
	old := issue(t, a, TokenRequest{TTL: 72 * time.Hour})
	must(t, a.Rotate(t.Context(), time.Hour))
	must(t, a.Rotate(t.Context(), 100*time.Hour))
	verify(t, a, old)
	h.clock.advance(time.Hour)
	_, _, err := a.Verify(t.Context(), old)
	refused(t, err, Signature, old)
}

func TestUnknownKeysDoNotMakeTheTableReadEachTime(t *testing.T) {
	a, h := newAuthority(t)
	h.clock.advance(reloadEvery)
	_, _, err := a.Verify(t.Context(), forge(t, a, func(f *forgery) { f.header["kid"] = "0011223344556677" }))
	refused(t, err, Signature)

	must(t, h.server().Rotate(t.Context(), time.Hour)) // just after an unknown key id made the server look
	fresh := issue(t, h.server(), TokenRequest{})
	_, _, err = a.Verify(t.Context(), fresh)
	refused(t, err, Signature, fresh)
	h.clock.advance(reloadEvery)
	verify(t, a, fresh)
}

func TestUnavailableDatabase(t *testing.T) {
	a, h := newAuthority(t, simple)
	token := issue(t, a, TokenRequest{})
	p, c := verify(t, a, token)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range map[string]func() error{
		"Open":          func() error { return second(Open(ctx, h.config())) },
		"Verify":        func() error { _, _, err := a.Verify(ctx, token); return err },
		"VerifyTicket":  func() error { return second(a.VerifyTicket(ctx, a.Ticket(p, openFile), openFile.Op, openFile.Path)) },
		"Refresh":       func() error { return second(a.Refresh(ctx, p)) },
		"Simple":        func() error { return second(a.Simple(ctx, "ada")) },
		"Principal":     func() error { return second(a.Principal(ctx, "ada")) },
		"Issue":         func() error { return second(a.Issue(ctx, TokenRequest{User: "ada"})) },
		"Tokens":        func() error { return second(a.Tokens(ctx, "ada", TokenQuery{})) },
		"RevokeToken":   func() error { return a.RevokeToken(ctx, c.ID) },
		"Users":         func() error { return second(a.Users(ctx)) },
		"AddUser":       func() error { return a.AddUser(ctx, User{Name: "bob"}) },
		"SetGroups":     func() error { return a.SetGroups(ctx, "ada", nil) },
		"CheckPassword": func() error { return checkPassword(ctx, a, "ada", "whatever it is") },
		"Rotate":        func() error { return a.Rotate(ctx, 0) },
		"stale keys": func() error {
			h.clock.advance(keysFor)
			_, _, err := a.Verify(ctx, token)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { refused(t, call(), Unavailable, token) })
	}
}
