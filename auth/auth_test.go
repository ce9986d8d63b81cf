package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const issuer = "granary.test"

// clock is a clock that the test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// rootKey seals as the installation's root key does, with the label as authenticated data.
type rootKey struct{ cipher.AEAD }

func newRootKey(t testing.TB) rootKey {
	t.Helper()
	secret := make([]byte, 32)
	rand.Read(secret)
	block, err := aes.NewCipher(secret)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		t.Fatal(err)
	}
	return rootKey{aead}
}

func (k rootKey) seal(label string, plain []byte) []byte {
	return k.Seal(nil, nil, plain, []byte(label))
}

func (k rootKey) unseal(label string, sealed []byte) ([]byte, error) {
	return k.Open(nil, nil, sealed, []byte(label))
}

// house is an installation under test: a database, a root key and a clock that all its servers share.
type house struct {
	t     testing.TB
	db    *pgxpool.Pool
	root  rootKey
	clock *clock
}

func newHouse(t testing.TB) *house {
	return &house{t: t, db: pgtest.New(t), root: newRootKey(t), clock: &clock{at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}}
}

func (h *house) config() Config {
	return Config{DB: h.db, Issuer: issuer, Seal: h.root.seal, Unseal: h.root.unseal, Now: h.clock.now}
}

// server returns the authority of another server, whose configuration the options change.
func (h *house) server(options ...func(*Config)) *Authority {
	h.t.Helper()
	cfg := h.config()
	for _, o := range options {
		o(&cfg)
	}
	a, err := Open(h.t.Context(), cfg)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func simple(c *Config)                     { c.Simple = true }
func superuser(name string) func(*Config)  { return func(c *Config) { c.Superuser = name } }
func recall(d time.Duration) func(*Config) { return func(c *Config) { c.Recall = d } }
func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	must(h.t, second(h.db.Exec(h.t.Context(), sql, args...)))
}

// newAuthority returns the only server of a new installation, whose user is ada, in group staff.
func newAuthority(t testing.TB, options ...func(*Config)) (*Authority, *house) {
	t.Helper()
	h := newHouse(t)
	a := h.server(options...)
	must(t, a.AddUser(t.Context(), User{Name: "ada", Groups: []string{"staff"}}))
	return a, h
}

// issue returns a token for ada.
func issue(t testing.TB, a *Authority, r TokenRequest) string {
	t.Helper()
	if r.User == "" {
		r.User = "ada"
	}
	token, err := a.Issue(t.Context(), r)
	must(t, err)
	return token
}

// verify returns the principal and the claims of a valid token.
func verify(t testing.TB, a *Authority, token string) (Principal, Claims) {
	t.Helper()
	p, c, err := a.Verify(t.Context(), token)
	must(t, err)
	return p, c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func second[T any](_ T, err error) error { return err }

// refused fails the test unless err is of the kind, and reveals none of the secrets.
func refused(t testing.TB, err error, want Kind, secrets ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted; want an error of kind %d", want)
	}
	if got := KindOf(err); got != want {
		t.Fatalf("kind %d; want %d: %v", got, want, err)
	}
	for _, s := range secrets {
		if leaked := leak(err, s); leaked != "" {
			t.Fatalf("the error shows %q of the secret: %v", leaked, err)
		}
	}
}

// leak returns a piece of secret that err reveals: 12 bytes, or all of a shorter one.
func leak(err error, secret string) string {
	const piece = 12
	text := fmt.Sprintf("%v %+v %#v %q", err, err, err, err)
	for i := 0; i+piece <= len(secret); i++ {
		if strings.Contains(text, secret[i:i+piece]) {
			return secret[i : i+piece]
		}
	}
	if len(secret) >= 6 && len(secret) < piece && strings.Contains(text, secret) {
		return secret
	}
	return ""
}

func samePrincipal(a, b Principal) bool {
	groups := slices.Equal(a.Groups, b.Groups)
	expires := a.Expires.Equal(b.Expires)
	return groups && expires && a.UserID == b.UserID && a.User == b.User && a.Superuser == b.Superuser &&
		a.Epoch == b.Epoch && a.Scope == b.Scope && a.Token == b.Token
}
