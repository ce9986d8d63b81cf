//go:build granary_unsealed

package seal

import (
	"granary/blocks"
)

// Sealing reports whether this build encrypts. This one was built with the tag granary_unsealed and does not.
const Sealing = false

// RowOverhead is how many bytes longer a sealed row is than its content.
const RowOverhead = 0

// Store returns inner: this build does not seal.
func Store(inner blocks.Store, _ Key) blocks.Store { return inner }

// SealedSize returns n: this build does not seal.
func SealedSize(n int64) int64 { return n }

// SealRow appends plaintext to dst: this build does not seal.
func (k Key) SealRow(dst, plaintext []byte, _ Row) []byte { return append(dst, plaintext...) }

// OpenRow appends the plaintext that SealRow kept to dst: this build does not seal.
func (k Key) OpenRow(dst, sealed []byte, _ Row) ([]byte, error) { return append(dst, sealed...), nil }
