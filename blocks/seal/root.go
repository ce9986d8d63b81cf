package seal

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"granary/blocks"
)

// ErrOtherRoot reports that the data was written under another root key than the one at hand, or by a build with
// another value of [Sealing].
var ErrOtherRoot = errors.New("data belongs to another root key")

const (
	rootIDSize = 8

	rootIDLabel     = "granary/v1/root-id"
	projectKeyLabel = "granary/v1/project-key"
	secretLabel     = "granary/v1/secret"
	canaryLabel     = "granary/v1/canary"

	// wrapOverhead is how many bytes longer a wrapped secret is: the root key's id, a nonce, a tag.
	wrapOverhead = rootIDSize + nonceSize + tagSize
)

// Root is the key under which all other keys are kept: whoever has it, the database and the blocks can read
// everything, and without it no content can be read. It lives in a file apart from them, see [LoadRoot], and prints and logs as its id.
type Root struct {
	secret secret
	id     [rootIDSize]byte
}

func newRoot(key [secretSize]byte) *Root {
	s := hide(key)
	return &Root{secret: s, id: [rootIDSize]byte(s.derive(nil, []byte(rootIDLabel), rootIDSize))}
}

// ID names the root key in 16 hexadecimal digits that tell nothing about it. All that it wraps begins with the same
// 8 bytes.
func (r *Root) ID() string { return hex.EncodeToString(r.id[:]) }

// String names the root key without its secret.
func (r *Root) String() string { return "root key " + r.ID() }

// GoString is [Root.String], for %#v.
func (r *Root) GoString() string { return r.String() }

// Format writes [Root.String] for every verb: %x and %d would print the fields otherwise.
func (r *Root) Format(f fmt.State, _ rune) { io.WriteString(f, r.String()) }

// LogValue is [Root.String], for log/slog.
func (r *Root) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalText is [Root.String], for encoding/json and its kin.
func (r *Root) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Wrap returns the form in which a project's key may be stored: 68 bytes that open only with this root key, and only
// as the key of the same project and version.
func (r *Root) Wrap(key Key) []byte {
	return r.wrap(projectKeyLabel, projectContext(key.project, key.version), key.secret.bytes())
}

// Unwrap is the inverse of [Root.Wrap]. It fails with [ErrOtherRoot] if another root key wrapped the key, and with
// [blocks.ErrCorrupt] if the bytes were changed or are the key of another project or version.
func (r *Root) Unwrap(project int64, version int32, wrapped []byte) (Key, error) {
	secret, err := r.unwrap(projectKeyLabel, projectContext(project, version), wrapped)
	if err != nil {
		return Key{}, fmt.Errorf("unwrap key %d of project %d: %w", version, project, err)
	}
	return KeyOf(project, version, secret)
}

func projectContext(project int64, version int32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, uint64(project)), uint32(version))
}

// WrapSecret returns the form in which a secret that is not a project's key may be stored, such as a key that signs
// tokens: 36 bytes more, which open only with this root key and the same label. The label says what the secret is
// for, so that no secret can be put in another's place.
func (r *Root) WrapSecret(label string, secret []byte) []byte {
	return r.wrap(secretLabel, []byte(label), secret)
}

// UnwrapSecret is the inverse of [Root.WrapSecret], with the errors of [Root.Unwrap].
func (r *Root) UnwrapSecret(label string, wrapped []byte) ([]byte, error) {
	secret, err := r.unwrap(secretLabel, []byte(label), wrapped)
	if err != nil {
		return nil, fmt.Errorf("unwrap secret %q: %w", label, err)
	}
	return secret, nil
}

// Canary returns bytes to store with the data when it is made, for [Root.CheckCanary] to look at before it is used.
func (r *Root) Canary() []byte {
	return r.wrap(canaryLabel, canaryContext(Sealing), nil)
}

// CheckCanary reports whether data that holds the canary is this root key's. It fails with [ErrOtherRoot] if it is
// another's, or if it was made by a build that does not seal and this one does, or the other way round.
func (r *Root) CheckCanary(canary []byte) error {
	_, err := r.unwrap(canaryLabel, canaryContext(Sealing), canary)
	if err == nil {
		return nil
	}
	if _, other := r.unwrap(canaryLabel, canaryContext(!Sealing), canary); other == nil {
		return fmt.Errorf("%w: it was made by a build with sealing %s, and in this build sealing is %s", ErrOtherRoot, onOff(!Sealing), onOff(Sealing))
	}
	return fmt.Errorf("check the root key: %w", err)
}

func canaryContext(sealing bool) []byte {
	return []byte("sealing " + onOff(sealing))
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

// wrap returns id ‖ nonce ‖ AES-256-GCM(plaintext), under a key derived for the label; its tag covers label, id and
// context as well. Nonces are random: one root key must not wrap more than 2^32 secrets of a kind, and comes nowhere
// near.
func (r *Root) wrap(label string, context, plaintext []byte) []byte {
	out := make([]byte, rootIDSize+nonceSize, len(plaintext)+wrapOverhead)
	copy(out, r.id[:])
	nonce := out[rootIDSize:]
	rand.Read(nonce) // documented never to fail
	return newGCM(r.secret.derive(nil, []byte(label), secretSize)).Seal(out, nonce, plaintext, r.vouched(label, context))
}

func (r *Root) unwrap(label string, context, wrapped []byte) ([]byte, error) {
	if len(wrapped) < wrapOverhead {
		return nil, fmt.Errorf("%w: %d bytes, want at least %d", blocks.ErrCorrupt, len(wrapped), wrapOverhead)
	}
	id, nonce, ciphertext := wrapped[:rootIDSize], wrapped[rootIDSize:rootIDSize+nonceSize], wrapped[rootIDSize+nonceSize:]
	if [rootIDSize]byte(id) != r.id {
		return nil, fmt.Errorf("%w: it wants root key %x, this is %s; start with the right root key file", ErrOtherRoot, id, r.ID())
	}
	plaintext, err := newGCM(r.secret.derive(nil, []byte(label), secretSize)).Open(nil, nonce, ciphertext, r.vouched(label, context))
	if err != nil {
		return nil, fmt.Errorf("%w: it does not open with %v", blocks.ErrCorrupt, r)
	}
	return plaintext, nil
}

// vouched returns what the tag of a wrapped secret covers besides it. Only the last of the three parts varies in
// length.
func (r *Root) vouched(label string, context []byte) []byte {
	data := make([]byte, 0, len(label)+rootIDSize+len(context))
	data = append(data, label...)
	data = append(data, r.id[:]...)
	return append(data, context...)
}
