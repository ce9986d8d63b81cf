package auth

import (
	"testing"
	"time"
	"unsafe"
)

// asleep returns what time.Now returns if the machine slept meanwhile: the monotonic clock, unlike the other one, stands still then.
func asleep(now time.Time, slept time.Duration) time.Time {
	const seconds = 1 << 30                                                 // in the first word of a time with a monotonic reading, above the nanoseconds
	*(*uint64)(unsafe.Pointer(&now)) += uint64(slept/time.Second) * seconds //nolint:gosec // no other way sets the two clocks apart
	return now
}

// What a server remembers of keys and tokens is not good for longer because its machine slept: until then, a key that has leaked may have
// been replaced, and a token without a row may have ended.
func TestNothingIsRememberedThroughSleep(t *testing.T) {
	slept := time.Duration(0)
	a, h := newAuthority(t, func(c *Config) { c.Now = time.Now })
	other := h.server(func(c *Config) { c.Now = func() time.Time { return asleep(time.Now(), slept) } })
	if woken := asleep(time.Now(), time.Hour); time.Until(woken) > time.Minute || time.Until(woken.Round(0)) < time.Hour-time.Minute {
		t.Fatal("times are made otherwise")
	}
	short, long := issue(t, a, TokenRequest{TTL: time.Hour}), issue(t, a, TokenRequest{TTL: 24 * time.Hour})
	verify(t, other, short)
	verify(t, other, long)
	slept = time.Hour + leeway + time.Second
	_, _, err := other.Verify(t.Context(), short)
	refused(t, err, Expired, short)
	verify(t, other, long)
	must(t, a.Rotate(t.Context(), 0))
	slept *= 2
	_, _, err = other.Verify(t.Context(), long)
	refused(t, err, Signature, long)
}

// A server whose clock is far ahead refuses tokens, and does not take them from everybody.
func TestAServerWhoseClockIsAheadRemovesNothing(t *testing.T) {
	a, h := newSessions(t)
	h.clock.advance(time.Since(h.clock.now()))
	token := issue(t, a, TokenRequest{Personal: true, TTL: 24 * time.Hour})
	refused(t, fail(t, a, 1, "ada", "192.0.2.1"), WrongPassword)
	ahead := h.server(func(c *Config) { c.Now = func() time.Time { return time.Now().Add(2 * year) } })
	_, _, err := ahead.Verify(t.Context(), token)
	refused(t, err, Expired, token)
	must(t, ahead.Sweep(t.Context()))
	verify(t, a, token)
	var counted int
	must(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM throttles`).Scan(&counted))
	if counted == 0 {
		t.Error("failures to sign in are forgotten")
	}
}

// Nor is a session that was used at such a server in use until that time comes.
func TestAServerWhoseClockIsAheadKeepsNoSession(t *testing.T) {
	a, h := newSessions(t)
	h.clock.advance(time.Since(h.clock.now()))
	secret, _ := login(t, a)
	ahead := h.server(func(c *Config) { c.Now = func() time.Time { return time.Now().Add(SessionIdle / 2) } })
	must(t, second(ahead.Session(t.Context(), secret)))
	must(t, ahead.Sweep(t.Context()))
	h.clock.advance(SessionIdle + 2*leeway)
	_, err := a.Session(t.Context(), secret)
	refused(t, err, Expired)
}

// Who failed to sign in while the clock was ahead need not wait until that time has come.
func TestNobodyWaitsForAClockThatWasAhead(t *testing.T) {
	a, h := newSessions(t)
	h.clock.advance(year)
	refused(t, fail(t, a, freeFailures, "ada", "192.0.2.1"), WrongPassword)
	refused(t, fail(t, a, 1, "ada", "192.0.2.1"), Throttled)
	h.clock.advance(-year)
	for range freeFailures {
		refused(t, fail(t, a, 1, "ada", "192.0.2.1"), WrongPassword)
	}
	refused(t, fail(t, a, 1, "ada", "192.0.2.1"), Throttled)
	h.clock.advance(firstDelay)
	login(t, a)
}

// Sessions from while the clock was ahead count as the oldest, not as the newest.
func TestSessionsOfAClockThatWasAheadMakeRoom(t *testing.T) {
	a, h := newSessions(t)
	h.exec(`INSERT INTO tokens (jti, kind, secret, user_id, created, expires) SELECT gen_random_uuid(), 'session', sha256(n::text::bytea), u.id, $1, $2
		FROM users u, generate_series(1, $3) n WHERE u.name = 'ada'`, h.clock.now().Add(year), h.clock.now().Add(year+SessionLife), MaxSessions)
	first, _ := login(t, a)
	login(t, a)
	must(t, second(a.Session(t.Context(), first)))
}

// What was given out while the clock was ahead is not good for as much longer.
func TestNoCredentialLastsAsLongAsAClockWasAhead(t *testing.T) {
	a, h := newSessions(t)
	h.clock.advance(year)
	secret, _ := login(t, a)
	token := issue(t, a, TokenRequest{Personal: true, TTL: 24 * time.Hour})
	must(t, second(a.Session(t.Context(), secret)))
	verify(t, a, token)
	h.clock.advance(-mostAhead)
	must(t, second(a.Session(t.Context(), secret)))
	verify(t, a, token)
	h.clock.advance(mostAhead - year)
	_, err := a.Session(t.Context(), secret)
	refused(t, err, NotYet)
	_, _, err = a.Verify(t.Context(), token)
	refused(t, err, NotYet, token)
}
