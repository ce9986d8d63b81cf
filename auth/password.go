package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/argon2"
)

const (
	minPassword = 8    // characters, NIST SP 800-63B §5.1.1.2
	maxPassword = 1024 // bytes
	saltSize    = 16
	hashSize    = 32
)

// cost is the work that an argon2id hash takes.
type cost struct {
	memory  uint32 // KiB
	time    uint32 // passes
	threads uint8
}

// ours is the cost of new hashes, the least that OWASP recommends; most is the highest accepted in a stored hash, so
// that a row cannot make a server allocate without bound.
var (
	ours = cost{memory: 19 << 10, time: 2, threads: 1}
	most = cost{memory: 256 << 10, time: 16, threads: 16}
)

// hasher computes argon2id hashes, few at a time: each takes 19 MiB and tens of milliseconds, and otherwise anybody who
// can reach a login form could make a server compute as many at once as it has requests.
type hasher struct {
	slots chan struct{}
	dummy string // hash of a password that nobody knows, checked for users without one
}

func newHasher() hasher {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	unknown := make([]byte, hashSize) // not derived from a password; finding one means inverting argon2
	rand.Read(unknown)
	return hasher{
		slots: make(chan struct{}, min(runtime.GOMAXPROCS(0), 8)),
		dummy: encodeHash(ours, salt, unknown),
	}
}

// hash returns the encoded hash of a new password, in the reference implementation's form
// $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func (h hasher) hash(ctx context.Context, p Password) (string, error) {
	if n := len([]rune(string(p))); n < minPassword || len(p) > maxPassword {
		return "", &Error{Kind: Invalid, Msg: fmt.Sprintf("a password must have at least %d characters and at most %d bytes", minPassword, maxPassword)}
	}
	salt := make([]byte, saltSize)
	rand.Read(salt)
	sum, err := h.compute(ctx, p, salt, ours, hashSize)
	if err != nil {
		return "", err
	}
	return encodeHash(ours, salt, sum), nil
}

// matches reports whether encoded is the hash of p.
func (h hasher) matches(ctx context.Context, p Password, encoded string) (bool, error) {
	c, salt, want, err := decodeHash(encoded)
	if err != nil {
		return false, err
	}
	got, err := h.compute(ctx, p, salt, c, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// compute waits for a slot, as long as ctx allows.
func (h hasher) compute(ctx context.Context, p Password, salt []byte, c cost, size uint32) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, &Error{Kind: Unavailable, Msg: "too many passwords are being checked; try again later", Err: ctx.Err()}
	}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(p), salt, c.time, c.memory, c.threads, size), nil
}

func encodeHash(c cost, salt, sum []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads, b64.EncodeToString(salt), b64.EncodeToString(sum))
}

// decodeHash takes a stored hash apart.
func decodeHash(encoded string) (c cost, salt, sum []byte, err error) {
	bad := &Error{Kind: Invalid, Msg: "the stored password is not an argon2id hash that Granary can check; set the password anew"}
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost{}, nil, nil, bad
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil {
		return cost{}, nil, nil, bad
	}
	b64 := base64.RawStdEncoding
	salt, err1 := b64.DecodeString(parts[4])
	sum, err2 := b64.DecodeString(parts[5])
	switch {
	case err1 != nil, err2 != nil, len(salt) < 8, len(salt) > 64, len(sum) < 16, len(sum) > 64,
		c.memory > most.memory, c.time < 1, c.time > most.time, c.threads < 1, c.threads > most.threads,
		encodeHash(c, salt, sum) != encoded: // anything that Sscanf skipped
		return cost{}, nil, nil, bad
	}
	return c, salt, sum, nil
}

// errWrongPassword refuses whoever does not know the password.
var errWrongPassword = &Error{Kind: WrongPassword, Msg: "user name or password is wrong"}

// checkPassword fails unless password is user's and user may sign in, and returns the user's id and the hash that password was compared
// with. Whoever does not know the password learns nothing: an unknown user, one without a password and a wrong password are refused with
// the same words after the same work. Limiting attempts is left to the caller, which knows where they come from.
func (a *Authority) checkPassword(ctx context.Context, user string, password Password) (id int64, hash string, err error) {
	if a.names.check("user", user) != nil {
		user = "" // nobody's name; others may hold bytes that PostgreSQL refuses to compare
	}
	var stored *string
	var disabled bool
	err = a.cfg.DB.QueryRow(ctx, `SELECT id, password, disabled FROM users WHERE name = $1 AND kind = 'person'`, user).Scan(&id, &stored, &disabled)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, "", unavailable("look up a password", err)
	}
	hash = a.passwords.dummy
	if stored != nil {
		hash = *stored
	}
	if len(password) > maxPassword {
		password = password[:maxPassword] + "!" // still too long to be anybody's, at a bounded cost
	}
	ok, err := a.passwords.matches(ctx, password, hash)
	switch {
	case err != nil:
		return 0, "", err
	case !ok:
		return 0, "", errWrongPassword
	case disabled:
		return 0, "", &Error{Kind: Disabled, Msg: "user " + user + " is disabled; an administrator can enable it again"}
	}
	return id, hash, nil
}
