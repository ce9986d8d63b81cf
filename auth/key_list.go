package auth

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// SigningKey describes a key, without anything secret.
type SigningKey struct {
	ID      string // the kid of what it signed
	Purpose string // "token" or "ticket"
	Created time.Time
	Retires time.Time // when it no longer verifies; zero: no end is set, and it is the one that signs
}

// Keys lists the signing keys that verify, the newest first.
func (a *Authority) Keys(ctx context.Context) ([]SigningKey, error) {
	rows, err := a.cfg.DB.Query(ctx, `SELECT kid, purpose, created, retires FROM signing_keys
		WHERE retires IS NULL OR retires > $1 ORDER BY created DESC, purpose DESC, kid`, a.cfg.Now())
	if err != nil {
		return nil, unavailable("list signing keys", err)
	}
	keys, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k SigningKey, err error) {
		var retires *time.Time
		err = row.Scan(&k.ID, &k.Purpose, &k.Created, &retires)
		if retires != nil {
			k.Retires = *retires
		}
		return k, err
	})
	if err != nil {
		return nil, unavailable("list signing keys", err)
	}
	return keys, nil
}

// PublicKey verifies tokens. There is none for tickets, which only our own servers check.
type PublicKey struct {
	ID  string // the kid of the tokens that it signed
	Key ed25519.PublicKey
}

// PublicKeys returns the keys that verify tokens now, in the order of their ids. They may be remembered for a minute.
func (a *Authority) PublicKeys(ctx context.Context) ([]PublicKey, error) {
	set, err := a.keys.current(ctx)
	if err != nil {
		return nil, err
	}
	var keys []PublicKey
	for _, k := range set.byKid {
		if k.purpose == forTokens && (k.retires.IsZero() || a.cfg.Now().Before(k.retires)) {
			keys = append(keys, PublicKey{k.kid, k.public()})
		}
	}
	slices.SortFunc(keys, func(a, b PublicKey) int { return cmp.Compare(a.ID, b.ID) })
	return keys, nil
}
