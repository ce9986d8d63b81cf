package auth

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

func BenchmarkTicket(b *testing.B) {
	a := newOffline()
	p := Principal{UserID: 1, User: "ada", Expires: a.cfg.Now().Add(time.Hour)}
	ticket := a.Ticket(p, openFile)
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			a.Ticket(p, openFile)
		}
	})
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			if _, err := a.openTicket(b.Context(), ticket, openFile); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkToken(b *testing.B) {
	a := newOffline()
	now := a.cfg.Now()
	token, err := sign(a.keys.set.Load().newest[forTokens], issuer, Claims{ID: uuid.UUID{1}, UserID: 1, User: "ada", Issued: now, Expires: now.Add(time.Hour)})
	must(b, err)
	b.Run("signature", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := a.parse(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("remembered", func(b *testing.B) {
		for b.Loop() {
			if _, err := a.claims(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
}
