package auth

import (
	"sync"
	"testing"
	"time"
)

// fail makes n attempts that fail, and returns the error of the last.
func fail(t *testing.T, a *Authority, n int, user, address string) (err error) {
	t.Helper()
	for range n {
		_, _, err = a.Login(t.Context(), user, "wrong horse", Origin{Address: address})
		if err == nil {
			t.Fatal("a wrong password was accepted")
		}
	}
	return err
}

func TestThrottle(t *testing.T) {
	a, h := newSessions(t)
	other := h.server()
	refused(t, fail(t, a, freeFailures, "ada", "192.0.2.1"), WrongPassword)
	delay := firstDelay
	for range 12 {
		// Even the right password is refused, on every server, and trying again does not prolong the delay.
		for range 2 {
			_, _, err := other.Login(t.Context(), "ada", password, Origin{Address: "192.0.2.1"})
			refused(t, err, Throttled)
			if wait := err.(*Error).Retry; wait != delay { //nolint:errorlint // refused looked
				t.Fatalf("told to wait %v, want %v", wait, delay)
			}
		}
		h.clock.advance(delay)
		refused(t, fail(t, a, 1, "ada", "192.0.2.1"), WrongPassword)
		delay = min(2*delay, maxDelay)
	}
	// From another address she may sign in at once; from this one after the delay, which also forgets the failures.
	_, _, err := a.Login(t.Context(), "ada", password, Origin{Address: "192.0.2.2"})
	must(t, err)
	h.clock.advance(delay)
	login(t, a)
	refused(t, fail(t, a, freeFailures, "ada", "192.0.2.1"), WrongPassword)
}

// TestThrottleTellsNothing compares what a guesser sees for a user that exists and for one that does not.
func TestThrottleTellsNothing(t *testing.T) {
	a, _ := newSessions(t)
	for n := range freeFailures + 3 {
		known, unknown := fail(t, a, 1, "ada", "192.0.2.1"), fail(t, a, 1, "eve", "192.0.2.1")
		if known.Error() != unknown.Error() || KindOf(known) != KindOf(unknown) {
			t.Errorf("attempt %d: %v for a user and %v for nobody", n, known, unknown)
		}
	}
}

func TestThrottleOfAnAddress(t *testing.T) {
	a, _ := newSessions(t)
	must(t, a.AddUser(t.Context(), User{Name: "mallory", Password: password}))
	for n := range freeAddress {
		// Signing in to one's own account does not clear the failures on others.
		if n%10 == 9 {
			_, _, err := a.Login(t.Context(), "mallory", password, Origin{Address: "2001:db8::1"})
			must(t, err)
		}
		refused(t, fail(t, a, 1, "user"+string(rune('a'+n%26))+string(rune('a'+n/26)), "2001:db8::1"), WrongPassword)
	}
	for _, same := range []string{"2001:db8::1", "2001:db8::ffff"} {
		_, _, err := a.Login(t.Context(), "ada", password, Origin{Address: same})
		refused(t, err, Throttled)
	}
	_, _, err := a.Login(t.Context(), "ada", password, Origin{Address: "2001:db8:0:1::1"})
	must(t, err)
}

// TestFailuresOfManyDaysAreNotAddedUp: many people share one address, and each mistypes now and then before signing in.
func TestFailuresOfManyDaysAreNotAddedUp(t *testing.T) {
	a, h := newSessions(t)
	for day := range 8 {
		for n := range freeAddress / 5 {
			refused(t, fail(t, a, 1, "user"+string(rune('a'+n))+string(rune('a'+day)), "192.0.2.1"), WrongPassword)
		}
		h.clock.advance(forgetAfter / 2)
		login(t, a)
		h.clock.advance(forgetAfter/2 + time.Second)
		login(t, a)
	}
}

// TestARightSecretForgetsWrongOnes: a job that uses a revoked secret does not lock out its user's other jobs for good.
func TestARightSecretForgetsWrongOnes(t *testing.T) {
	a, h := newSessions(t)
	secret := issue(t, a, TokenRequest{Personal: true})
	from := Origin{Address: "192.0.2.1"}
	for range 3 * freeFailures {
		_, _, err := a.Exchange(t.Context(), "ada", personalPrefix+"wrong", from)
		refused(t, err, WrongPassword)
		_, _, err = a.Exchange(t.Context(), "ada", secret, from)
		must(t, err)
		h.clock.advance(time.Minute)
	}
}

// TestWhoIsCountedLaterNeedNotWait: many people share one address, and sign in at once on servers whose clocks differ a little.
func TestWhoIsCountedLaterNeedNotWait(t *testing.T) {
	a, h := newSessions(t)
	for _, right := range []bool{true, true, false, true} {
		if right {
			login(t, a)
		} else {
			refused(t, fail(t, a, 1, "ada", "192.0.2.1"), WrongPassword)
		}
		h.clock.advance(-time.Millisecond)
	}
}

// TestThrottleCountsGuessesAtOnce makes more guesses at once than freeFailures.
func TestThrottleCountsGuessesAtOnce(t *testing.T) {
	a, _ := newSessions(t)
	const guesses = 20
	var wg sync.WaitGroup
	kinds := make([]Kind, guesses)
	for i := range guesses {
		wg.Go(func() {
			_, _, err := a.Login(t.Context(), "ada", "wrong horse", Origin{Address: "192.0.2.1"})
			kinds[i] = KindOf(err)
		})
	}
	wg.Wait()
	compared := 0
	for _, kind := range kinds {
		if kind == WrongPassword {
			compared++
		}
	}
	if compared != freeFailures {
		t.Errorf("%d of %d guesses were compared, want %d", compared, guesses, freeFailures)
	}
}
