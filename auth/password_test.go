package auth

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
)

func checkPassword(ctx context.Context, a *Authority, user string, password Password) error {
	_, _, err := a.checkPassword(ctx, user, password)
	return err
}

func TestPassword(t *testing.T) {
	a, _ := newAuthority(t)
	const password = "correct horse"
	must(t, a.AddUser(t.Context(), User{Name: "bob", Password: password}))
	must(t, checkPassword(t.Context(), a, "bob", password))
	for name, tt := range map[string]struct{ user, password string }{
		"wrong":           {"bob", "correct hors"},
		"empty":           {"bob", ""},
		"too long":        {"bob", strings.Repeat(password, maxPassword)},
		"no password set": {"ada", password},
		"unknown user":    {"eve", password},
		"impossible user": {"bob\xff", password},
		"NUL":             {"bob\x00", password},
	} {
		t.Run(name, func(t *testing.T) {
			err := checkPassword(t.Context(), a, tt.user, Password(tt.password))
			refused(t, err, WrongPassword, tt.password)
			if err.Error() != "user name or password is wrong" {
				t.Errorf("the refusal tells more than the others: %v", err)
			}
		})
	}

	must(t, a.SetPassword(t.Context(), "bob", "battery staple"))
	refused(t, checkPassword(t.Context(), a, "bob", password), WrongPassword)
	must(t, checkPassword(t.Context(), a, "bob", "battery staple"))
	must(t, a.Disable(t.Context(), "bob"))
	refused(t, checkPassword(t.Context(), a, "bob", "battery staple"), Disabled)
	refused(t, checkPassword(t.Context(), a, "bob", password), WrongPassword)
	must(t, a.Enable(t.Context(), "bob"))
	must(t, a.SetPassword(t.Context(), "bob", ""))
	refused(t, checkPassword(t.Context(), a, "bob", "battery staple"), WrongPassword)
}

func TestPasswordBounds(t *testing.T) {
	h := newHasher()
	for name, p := range map[string]Password{
		"seven characters":          "1234567",
		"seven, in fourteen bytes":  "ööööööö",
		"a byte more than the most": Password(strings.Repeat("x", maxPassword+1)),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.hash(t.Context(), p)
			refused(t, err, Invalid, string(p))
		})
	}
	for _, p := range []Password{"12345678", "öööööööö", Password(strings.Repeat("x", maxPassword))} {
		encoded, err := h.hash(t.Context(), p)
		must(t, err)
		if !strings.HasPrefix(encoded, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("stored as %s", encoded)
		}
		if ok, err := h.matches(t.Context(), p, encoded); err != nil || !ok {
			t.Errorf("%d bytes: %v, %v", len(p), ok, err)
		}
		if again, err := h.hash(t.Context(), p); err != nil || again == encoded {
			t.Errorf("no salt: %s twice, %v", again, err)
		}
	}
}

// TestUnknownUserCostsTheSame fills all slots, so that whoever computes a hash has to wait.
func TestUnknownUserCostsTheSame(t *testing.T) {
	a, _ := newAuthority(t)
	must(t, a.AddUser(t.Context(), User{Name: "bob", Password: "correct horse"}))
	for range cap(a.passwords.slots) {
		a.passwords.slots <- struct{}{}
	}
	for _, user := range []string{"bob", "ada", "eve", "a:b"} {
		ctx, cancel := context.WithCancel(t.Context())
		before := a.cfg.DB.Stat().AcquireCount()
		result := make(chan error)
		go func() { result <- checkPassword(ctx, a, user, "correct horse") }()
		for s := a.cfg.DB.Stat(); s.AcquireCount() == before || s.AcquiredConns() > 0; s = a.cfg.DB.Stat() {
			runtime.Gosched() // until the row has been read
		}
		cancel()
		refused(t, <-result, Unavailable)
	}
}

func TestStoredHashes(t *testing.T) {
	const good = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"
	if _, _, _, err := decodeHash(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"other algorithm":    {"argon2id", "argon2i"},
		"other version":      {"v=19", "v=16"},
		"no time":            {"t=1", "t=0"},
		"too much time":      {"t=1", "t=17"},
		"no threads":         {"p=1", "p=0"},
		"too many threads":   {"p=1", "p=17"},
		"too much memory":    {"m=8", "m=262145"},
		"memory overflows":   {"m=8", "m=4294967297"},
		"no parameters":      {"m=8,t=1,p=1", ""},
		"more parameters":    {"p=1", "p=1,q=1"},
		"short salt":         {"c2FsdHNhbHQ", "c2FsdA"},
		"long salt":          {"c2FsdHNhbHQ", strings.Repeat("AAAA", 22)},
		"salt not base64":    {"c2FsdHNhbHQ", "c2Fsd?NhbHQ"},
		"short hash":         {"AAAAAAAAAAAAAAAAAAAAAA", "AAAA"},
		"long hash":          {"AAAAAAAAAAAAAAAAAAAAAA", strings.Repeat("AAAA", 22)},
		"hash not canonical": {"AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB"},
		"part missing":       {"$AAAAAAAAAAAAAAAAAAAAAA", ""},
		"something before":   {"$argon2id", "x$argon2id"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, _, err := decodeHash(strings.Replace(good, change[0], change[1], 1))
			refused(t, err, Invalid, "c2FsdHNhbHQ")
		})
	}
}

func TestPasswordPrintsAsAsterisks(t *testing.T) {
	u := User{Name: "bob", Password: "correct horse"}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("added", "user", u, "password", u.Password)
	for _, s := range []string{fmt.Sprint(u), fmt.Sprintf("%+v %#v %q %x %s", u, u, u.Password, u.Password, u.Password), log.String()} {
		if strings.Contains(s, "horse") || strings.Contains(s, "636f7272") {
			t.Errorf("shows the password: %s", s)
		}
	}
}
