package auth

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// purpose is what a key is for. A key never serves two, so nothing made as one kind can pass as another.
type purpose string

const (
	forTokens  purpose = "token"  // Ed25519: tokens leave the house, and others may want to check them
	forTickets purpose = "ticket" // HMAC-SHA256: only our own servers check tickets; it has no public half
)

const (
	secretSize = 32 // bytes of an Ed25519 seed and of a MAC key
	kidSize    = 8  // random bytes of a key's name; as text: 16 hexadecimal digits

	// keysFor is how long loaded keys are used before the table is read again: after at most this, a server signs
	// with the newest key and no longer accepts one that was retired.
	keysFor = time.Minute
	// reloadEvery is the least time between two reads that callers can force by naming keys that do not exist.
	reloadEvery = 2 * time.Second
)

// key is one row of signing_keys, unsealed.
type key struct {
	kid     string
	purpose purpose
	retires time.Time          // zero: no end is set
	private ed25519.PrivateKey // of a token key
	mac     []byte             // of a ticket key
	macs    sync.Pool          // of hash.Hash, keyed with mac: keying takes as long as what is hashed
}

// keySet is the keys that verify at the time it was loaded.
type keySet struct {
	loaded time.Time
	byKid  map[string]*key
	newest map[purpose]*key // the only one without an end; it signs
}

// keyring keeps the keys of the table signing_keys at hand. Keys come from nowhere else: whatever a token says about
// where to find its key is ignored.
type keyring struct {
	db     *pgxpool.Pool
	seal   func(label string, plain []byte) []byte
	unseal func(label string, sealed []byte) ([]byte, error)
	now    func() time.Time

	loading sync.Mutex
	set     atomic.Pointer[keySet]
}

// open loads the keys and makes those that are missing. Two servers that open together make one key.
func (r *keyring) open(ctx context.Context) error {
	if err := r.change(ctx, func(tx pgx.Tx) error { return nil }); err != nil {
		return err
	}
	return r.load(ctx)
}

// rotate makes new keys and lets the old ones verify for overlap more. record writes that down in the same transaction.
func (r *keyring) rotate(ctx context.Context, overlap time.Duration, record func(tx pgx.Tx) error) error {
	now := r.now()
	err := r.change(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE signing_keys SET retires = least(retires, $1)`, now.Add(overlap))
		if err == nil {
			_, err = tx.Exec(ctx, `DELETE FROM signing_keys WHERE retires <= $1`, now)
		}
		if err == nil {
			err = record(tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.load(ctx)
}

// change runs f with the table locked against other changes, then adds a key for each purpose that has none without an
// end.
func (r *keyring) change(ctx context.Context, f func(pgx.Tx) error) error {
	err := pgx.BeginFunc(ctx, r.db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		if err := f(tx); err != nil {
			return err
		}
		for _, p := range []purpose{forTokens, forTickets} {
			var have bool
			err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM signing_keys WHERE purpose = $1 AND retires IS NULL)`, p).Scan(&have)
			if err == nil && !have {
				err = r.add(ctx, tx, p)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return unavailable("keep signing keys", err)
	}
	return nil
}

// add inserts a fresh key for p.
func (r *keyring) add(ctx context.Context, tx pgx.Tx, p purpose) error {
	var kid [kidSize]byte
	var secret [secretSize]byte
	rand.Read(kid[:])
	rand.Read(secret[:])
	name := hex.EncodeToString(kid[:])
	public := []byte{}
	if p == forTokens {
		public = ed25519.NewKeyFromSeed(secret[:]).Public().(ed25519.PublicKey)
	}
	_, err := tx.Exec(ctx, `INSERT INTO signing_keys (kid, purpose, public, sealed) VALUES ($1, $2, $3, $4)`,
		name, p, public, r.seal(keyLabel(p, name), secret[:]))
	return err
}

// keyLabel binds a sealed secret to its row, so that swapped or copied ones do not unseal.
func keyLabel(p purpose, kid string) string { return "auth/signing-key/" + string(p) + "/" + kid }

// load reads the table.
func (r *keyring) load(ctx context.Context) error {
	set := &keySet{loaded: r.now(), byKid: map[string]*key{}, newest: map[purpose]*key{}}
	rows, err := r.db.Query(ctx, `SELECT kid, purpose, public, sealed, retires FROM signing_keys WHERE retires IS NULL OR retires > $1`, set.loaded)
	if err != nil {
		return unavailable("read signing keys", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k key
		var public, sealed []byte
		var retires *time.Time
		if err := rows.Scan(&k.kid, &k.purpose, &public, &sealed, &retires); err != nil {
			return unavailable("read signing keys", err)
		}
		if retires != nil {
			k.retires = *retires
		}
		if err := r.unsealKey(&k, public, sealed); err != nil {
			return err
		}
		set.byKid[k.kid] = &k
		if k.retires.IsZero() {
			set.newest[k.purpose] = &k
		}
	}
	if err := rows.Err(); err != nil {
		return unavailable("read signing keys", err)
	}
	if set.newest[forTokens] == nil || set.newest[forTickets] == nil {
		return &Error{Kind: Invalid, Msg: "signing_keys holds no key to sign with: rows were removed by hand; start a server again to make new ones"}
	}
	r.set.Store(set)
	return nil
}

// unsealKey fills in the private half of k. The public half is derived, never read: somebody who can write to the
// database but lacks the root key must not be able to have tokens of their own accepted.
func (r *keyring) unsealKey(k *key, public, sealed []byte) error {
	secret, err := r.unseal(keyLabel(k.purpose, k.kid), sealed)
	if err != nil || len(secret) != secretSize {
		return &Error{Kind: Invalid, Msg: fmt.Sprintf("signing key %s does not unseal: the root key must be the one that this database was made with", k.kid)}
	}
	switch k.purpose {
	case forTokens:
		k.private = ed25519.NewKeyFromSeed(secret)
		if !k.public().Equal(ed25519.PublicKey(public)) {
			return &Error{Kind: Invalid, Msg: fmt.Sprintf("signing key %s was changed in the database: its public half does not belong to its private half", k.kid)}
		}
	case forTickets:
		k.mac = secret
	default:
		return &Error{Kind: Invalid, Msg: fmt.Sprintf("signing key %s has the unknown purpose %q: this database was written by a newer Granary", k.kid, k.purpose)}
	}
	return nil
}

// public returns the public half of a token key.
func (k *key) public() ed25519.PublicKey { return k.private.Public().(ed25519.PublicKey) }

// current returns the keys, no older than keysFor.
func (r *keyring) current(ctx context.Context) (*keySet, error) { return r.within(ctx, keysFor) }

// within returns the keys, loaded less than age ago. Callers that come while another loads wait and share its result.
func (r *keyring) within(ctx context.Context, age time.Duration) (*keySet, error) {
	if set := r.set.Load(); elapsed(set.loaded, r.now()) < age {
		return set, nil
	}
	r.loading.Lock()
	defer r.loading.Unlock()
	if set := r.set.Load(); elapsed(set.loaded, r.now()) < age {
		return set, nil
	}
	if err := r.load(ctx); err != nil {
		return nil, err
	}
	return r.set.Load(), nil
}

// find returns the key called kid if it is for p and not retired. An unknown name may be that of a key that another
// server has just made, so the table is read again unless that was done less than reloadEvery ago.
func (r *keyring) find(ctx context.Context, p purpose, kid string) (*key, error) {
	set, err := r.current(ctx)
	if err != nil {
		return nil, err
	}
	if set.byKid[kid] == nil {
		if set, err = r.within(ctx, reloadEvery); err != nil {
			return nil, err
		}
	}
	k := set.byKid[kid]
	if k == nil || k.purpose != p || (!k.retires.IsZero() && !r.now().Before(k.retires)) {
		return nil, &Error{Kind: Signature, Msg: "the " + string(p) + " is signed by a key that this installation does not have, or no longer: get a new one here"}
	}
	return k, nil
}

// Rotate makes new keys, which sign from now on; other servers follow within a minute. The old ones go on verifying for
// overlap: Config.MaxTTL lets everything they signed live out its life; 0 ends every token and ticket of all users,
// which is right after a key leaked. Other servers may use the leaked key for two minutes more at most, since they
// remember keys for one minute and good signatures for another.
func (a *Authority) Rotate(ctx context.Context, overlap time.Duration) error {
	if overlap < 0 {
		return &Error{Kind: Invalid, Msg: "the overlap of a key rotation may not be negative"}
	}
	if err := a.keys.rotate(ctx, overlap, func(tx pgx.Tx) error { return a.record(ctx, tx, deed{op: "rotate keys"}) }); err != nil {
		return err
	}
	a.verified.clear()
	return nil
}
