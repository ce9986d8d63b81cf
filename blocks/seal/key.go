package seal

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
)

// Key is one version of a project's key. It prints, logs and marshals without its secret, and nothing returns the
// secret: [Root.Wrap] is the way to keep a key. The zero value is not usable; it panics.
type Key struct {
	project int64
	version int32
	secret  secret
}

// NewKey returns a new random key. It becomes the project's only by being kept, see [Root.Wrap].
func NewKey(project int64, version int32) Key {
	var random [secretSize]byte
	rand.Read(random[:]) // documented never to fail
	return Key{project: project, version: version, secret: hide(random)}
}

// KeyOf returns the key with the 32 bytes given as its secret, which it copies.
func KeyOf(project int64, version int32, secret []byte) (Key, error) {
	if len(secret) != secretSize {
		return Key{}, fmt.Errorf("key %d of project %d: secret is %d bytes long, want %d", version, project, len(secret), secretSize)
	}
	return Key{project: project, version: version, secret: hide([secretSize]byte(secret))}, nil
}

// Project is the id of the project that the key belongs to.
func (k Key) Project() int64 { return k.project }

// Version tells the project's keys apart; what is sealed names it.
func (k Key) Version() int32 { return k.version }

// String names the key without its secret.
func (k Key) String() string {
	return fmt.Sprintf("key %d of project %d", k.version, k.project)
}

// GoString is [Key.String], for %#v.
func (k Key) GoString() string { return k.String() }

// Format writes [Key.String] for every verb: %x and %d would print the fields otherwise.
func (k Key) Format(f fmt.State, _ rune) { io.WriteString(f, k.String()) }

// LogValue is [Key.String], for log/slog.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText is [Key.String], for encoding/json and its kin.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// derive returns n bytes that depend on the key, the salt, the label, the project, the version and what follows.
func (k Key) derive(salt []byte, label string, n int, more ...byte) []byte {
	info := make([]byte, 0, 64)
	info = append(info, label...)
	info = binary.BigEndian.AppendUint64(info, uint64(k.project))
	info = binary.BigEndian.AppendUint32(info, uint32(k.version))
	info = append(info, more...)
	return k.secret.derive(salt, info, n)
}
