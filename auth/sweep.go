package auth

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	// SweepEvery is how often a server calls [Authority.Sweep].
	SweepEvery = time.Minute

	// keptFor is how long the row of an expired token stays, so that clocks may differ.
	keptFor = time.Hour
	// maxUses bounds the tokens whose last use is noted between two sweeps; uses of further tokens are not noted.
	maxUses = 1 << 16
	// sweptAtOnce bounds the rows that one statement deletes.
	sweptAtOnce = 1000
)

// uses are the last uses of tokens that are not written down yet. A request only notes its own here.
type uses struct {
	mu   sync.Mutex
	last map[uuid.UUID]time.Time
}

// mark notes that token was used.
func (u *uses) mark(token uuid.UUID, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	last, known := u.last[token]
	if known && now.Before(last) || !known && len(u.last) >= maxUses {
		return
	}
	if u.last == nil {
		u.last = map[uuid.UUID]time.Time{}
	}
	u.last[token] = now
}

// use notes that the credential behind p was used.
func (a *Authority) use(p Principal) {
	if p.Token != uuid.Nil {
		a.uses.mark(p.Token, a.cfg.Now())
	}
}

// of returns the last use of token that this server has not written down yet, zero if there is none.
func (u *uses) of(token uuid.UUID) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.last[token]
}

// take returns what was noted and forgets it.
func (u *uses) take() map[uuid.UUID]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	last := u.last
	u.last = nil
	return last
}

// Sweep writes down when tokens were last used, removes expired tokens, sessions and links, old failures to sign in and
// past logins at providers, and ends the service accounts of deleted projects. A server calls it every [SweepEvery] and
// once when it stops; several may at once. Nothing needs it to end: it keeps tables small, and keeps tickets from being
// made with a retired key on a server that gets no signed requests.
func (a *Authority) Sweep(ctx context.Context) error {
	_, stale := a.keys.within(ctx, SweepEvery/2)
	return errors.Join(stale, a.keepUses(ctx), a.purgeTokens(ctx), a.purgeThrottles(ctx), a.purgeLogins(ctx), a.endServices(ctx))
}

// keepUses writes the noted uses down. It locks the rows in the order of their ids, so that servers that do the same at
// once do not deadlock.
func (a *Authority) keepUses(ctx context.Context) error {
	last := a.uses.take()
	if len(last) == 0 {
		return nil
	}
	ids := slices.Collect(maps.Keys(last))
	at := make([]time.Time, len(ids))
	for i, id := range ids {
		at[i] = last[id]
	}
	_, err := a.cfg.DB.Exec(ctx, `
		WITH locked AS (SELECT jti FROM tokens WHERE jti = ANY($1) ORDER BY jti FOR NO KEY UPDATE)
		UPDATE tokens t SET used = greatest(t.used, least(u.at, now())) FROM locked l, unnest($1::uuid[], $2::timestamptz[]) AS u (jti, at)
		WHERE t.jti = l.jti AND t.jti = u.jti`, ids, at)
	if err != nil {
		for id, now := range last { // the next sweep tries again
			a.uses.mark(id, now)
		}
		return unavailable("keep when tokens were used", err)
	}
	return nil
}

// purgeTokens deletes the rows of tokens that expired.
func (a *Authority) purgeTokens(ctx context.Context) error {
	return a.purge(ctx, "remove expired tokens", `DELETE FROM tokens WHERE jti IN (
		SELECT jti FROM tokens WHERE expires < `+pastSQL+` LIMIT $2 FOR UPDATE SKIP LOCKED)`, keptFor)
}

// pastSQL is the moment before which rows are removed, $3 ago by the clocks of both the server and the database: with the former
// alone, a server whose clock is ahead would remove what is still good elsewhere, such as everybody's tokens.
const pastSQL = `least($1::timestamptz, now()) - $3::interval`

// purge runs a statement that deletes at most $2 rows from before pastSQL until it finds no more.
func (a *Authority) purge(ctx context.Context, doing, statement string, age time.Duration) error {
	for {
		tag, err := a.cfg.DB.Exec(ctx, statement, a.cfg.Now(), sweptAtOnce, age)
		if err != nil {
			return unavailable(doing, err)
		}
		if tag.RowsAffected() < sweptAtOnce {
			return nil
		}
	}
}
