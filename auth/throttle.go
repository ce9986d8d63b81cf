package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// freeFailures is how often a password may be wrong for one account from one address before the next attempt has to
	// wait: a second, then two, four and so on up to maxDelay.
	freeFailures = 5
	// freeAddress is the same for one address and any accounts; it is higher because many people may share an address.
	freeAddress = 50
	firstDelay  = time.Second
	maxDelay    = 15 * time.Minute
	// forgetAfter is how long failures are counted together, from the first one on. If it counted from the last one,
	// those of an address where somebody mistypes a password every day would never be forgotten.
	forgetAfter = 24 * time.Hour
)

// Origin is where an attempt to sign in comes from.
type Origin struct {
	Address string // of the client, without a port
	Agent   string // the browser's User-Agent; more than 200 bytes are cut
}

// attempt is a guess in progress. It is counted before anything is compared, since otherwise concurrent guesses would
// all be free, and taken back if it was right.
type attempt struct {
	pair, address []byte
}

// newAttempt returns the attempt to prove something (what) about who, from an address. It is not counted yet.
func newAttempt(what, who, address string) attempt {
	if ip, err := netip.ParseAddr(address); err == nil && ip.Is6() && !ip.Is4In6() {
		if net, err := ip.WithZone("").Prefix(64); err == nil { // a /64 is what one household gets
			address = net.String()
		}
	}
	return attempt{pair: throttleKey(what, "pair", address, who), address: throttleKey(what, "address", address)}
}

// attempt counts one attempt to prove something (what) about who, from an address. It fails with Throttled if the pair
// or the address has to wait, whether or not who exists: then nothing is compared, and nothing is learnt.
func (a *Authority) attempt(ctx context.Context, what, who, address string) (attempt, error) {
	at := newAttempt(what, who, address)
	leave, err := a.turns.take(ctx, string(at.address))
	if err != nil {
		return at, err
	}
	defer leave()
	now := a.cfg.Now()
	return at, counted(pgx.BeginFunc(ctx, a.cfg.DB, func(tx pgx.Tx) error {
		if err := charge(ctx, tx, at.pair, freeFailures, now); err != nil {
			return err
		}
		return charge(ctx, tx, at.address, freeAddress, now)
	}))
}

// held is attempt for secrets that nobody can guess: it fails in the same way but counts nothing, which is left to
// failed. So any number of right attempts may be in progress at once.
func (a *Authority) held(ctx context.Context, what, who, address string) (attempt, error) {
	at := newAttempt(what, who, address)
	now := a.cfg.Now()
	var until *time.Time
	err := a.cfg.DB.QueryRow(ctx, `SELECT max(until) FROM throttles WHERE key = ANY($1) AND until > $2 AND NOT until`+unbound, [][]byte{at.pair, at.address}, now).Scan(&until)
	if err == nil && until != nil {
		err = throttled(until.Sub(now))
	}
	return at, counted(err)
}

// failed counts an attempt that was let through and failed.
func (a *Authority) failed(ctx context.Context, at attempt) error {
	ctx = context.WithoutCancel(ctx)
	now := a.cfg.Now()
	for _, k := range []struct {
		key  []byte
		free int
	}{{at.pair, freeFailures}, {at.address, freeAddress}} {
		err := counted(pgx.BeginFunc(ctx, a.cfg.DB, func(tx pgx.Tx) error { return charge(ctx, tx, k.key, k.free, now) }))
		if err != nil && KindOf(err) != Throttled { // caused by concurrent attempts
			return err
		}
	}
	return nil
}

// counted dresses a failure of counting.
func counted(err error) error {
	var ours *Error
	if err == nil || errors.As(err, &ours) {
		return err
	}
	return unavailable("count attempts to sign in", err)
}

// throttled refuses an attempt that has to wait.
func throttled(wait time.Duration) error {
	wait = max(wait.Round(time.Second), time.Second)
	return &Error{Kind: Throttled, Retry: wait, Msg: fmt.Sprintf("too many attempts failed; try again in %v", wait)}
}

// throttleKey identifies what is counted. Only its hash is kept: people type passwords where names belong.
func throttleKey(parts ...string) []byte {
	var b []byte
	for _, part := range parts {
		b = appendText(b, part)
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// noDelay is the value of until where nobody need wait. It is not the current time, because the clocks of servers
// differ, and of two attempts the later may be counted first.
const noDelay = `to_timestamp(0)`

// unbound is a condition for a time in throttles that binds nobody: it is further ahead of $2, the present, than mostAhead, and no delay is
// as long.
var unbound = fmt.Sprintf(` > $2::timestamptz + interval '%d seconds'`, mostAhead/time.Second)

// charge counts one attempt under key unless it has to wait.
func charge(ctx context.Context, tx pgx.Tx, key []byte, free int, now time.Time) error {
	tag, err := tx.Exec(ctx, `
		INSERT INTO throttles AS t (key, failures, until, since) VALUES ($1, 1, `+noDelay+`, $2)
		ON CONFLICT (key) DO UPDATE SET
			failures = CASE WHEN t.since < $3 OR t.since`+unbound+` THEN 1 ELSE t.failures + 1 END,
			until = CASE WHEN t.since < $3 OR t.since`+unbound+` OR t.failures + 1 < $4 THEN `+noDelay+`
				ELSE $2 + least($6::interval, $5::interval * power(2, least(t.failures + 1 - $4, 30))) END,
			since = CASE WHEN t.since < $3 OR t.since`+unbound+` THEN $2 ELSE t.since END
		WHERE t.until <= $2 OR t.until`+unbound, key, now, now.Add(-forgetAfter), free, firstDelay, maxDelay)
	if err != nil || tag.RowsAffected() == 1 {
		return err
	}
	var until time.Time
	if err := tx.QueryRow(ctx, `SELECT until FROM throttles WHERE key = $1`, key).Scan(&until); err != nil {
		return err
	}
	return throttled(until.Sub(now))
}

// succeeded takes the attempt back and forgets the failures of its account and address before it. Those of the address
// alone stay: whoever knows one password must not be able to clear the way to others.
func (a *Authority) succeeded(ctx context.Context, at attempt) error {
	ctx = context.WithoutCancel(ctx) // a right attempt counts as right even if the client leaves now
	if err := a.forgive(ctx, at); err != nil {
		return err
	}
	return a.takeBack(ctx, at.address)
}

// forgive forgets the failures of an attempt's account and address together.
func (a *Authority) forgive(ctx context.Context, at attempt) error {
	_, err := a.cfg.DB.Exec(ctx, `DELETE FROM throttles WHERE key = $1`, at.pair)
	return counted(err)
}

// undecided takes back an attempt that could not be judged, and returns why it could not. It works even if the caller is
// gone.
func (a *Authority) undecided(ctx context.Context, at attempt, why error) error {
	ctx = context.WithoutCancel(ctx)
	for _, key := range [][]byte{at.pair, at.address} {
		if err := a.takeBack(ctx, key); err != nil {
			return err
		}
	}
	return why
}

func (a *Authority) takeBack(ctx context.Context, key []byte) error {
	_, err := a.cfg.DB.Exec(ctx, `UPDATE throttles SET failures = greatest(failures - 1, 0), until = `+noDelay+` WHERE key = $1`, key)
	return counted(err)
}

// purgeThrottles forgets old failures.
func (a *Authority) purgeThrottles(ctx context.Context) error {
	return a.purge(ctx, "forget attempts to sign in", `DELETE FROM throttles WHERE key IN (
		SELECT key FROM throttles WHERE since < `+pastSQL+` AND until < least($1, now()) LIMIT $2 FOR UPDATE SKIP LOCKED)`, forgetAfter)
}
