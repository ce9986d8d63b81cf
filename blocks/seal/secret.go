package seal

import (
	"crypto/hkdf"
	"crypto/sha256"
)

const secretSize = 32 // of root keys, project keys and the keys derived from them: AES-256 throughout

// secret holds the bytes of a key out of sight. It is a function because fmt, and everything else that prints by
// reflection, prints unexported fields without asking their types, and follows pointers now and then, but cannot look
// into a function.
type secret func() *[secretSize]byte

func hide(key [secretSize]byte) secret {
	return func() *[secretSize]byte { return &key }
}

// bytes returns the key, which the caller must not change.
func (s secret) bytes() []byte {
	if s == nil {
		panic("seal: use of a zero Key")
	}
	return s()[:]
}

// derive returns n bytes of HKDF-SHA256 (RFC 5869).
func (s secret) derive(salt, info []byte, n int) []byte {
	out, err := hkdf.Key(sha256.New, s.bytes(), salt, string(info), n)
	if err != nil {
		panic(err) // only for n above 255 hashes, and every n here is a constant
	}
	return out
}
