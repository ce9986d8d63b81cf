//go:build !granary_unsealed

package seal

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"granary/blocks"
)

const (
	rowLabel = "granary/v1/inline"
	saltSize = 16

	// RowOverhead is how many bytes longer a sealed row is than its content.
	RowOverhead = saltSize + tagSize
)

// SealRow appends the sealed form of plaintext to dst, [RowOverhead] bytes longer, and returns the extended slice. It
// uses a new random salt each time. dst must not overlap plaintext.
func (k Key) SealRow(dst, plaintext []byte, row Row) []byte {
	start := len(dst)
	dst = append(dst, make([]byte, saltSize)...)
	salt := dst[start:]
	rand.Read(salt) // documented never to fail
	key := k.derive(salt, rowLabel, secretSize+nonceSize)
	return newGCM(key[:secretSize]).Seal(dst, key[secretSize:], plaintext, k.rowContext(row, len(plaintext)))
}

// OpenRow appends the content of a sealed row to dst and returns the extended slice, or [blocks.ErrCorrupt] if the row
// was changed, or was sealed with another key or for another place. dst must not overlap sealed.
func (k Key) OpenRow(dst, sealed []byte, row Row) ([]byte, error) {
	if len(sealed) < RowOverhead {
		return nil, fmt.Errorf("row of inode %d at %d: %w: %d bytes, want at least %d", row.Inode, row.Offset, blocks.ErrCorrupt, len(sealed), RowOverhead)
	}
	salt, ciphertext := sealed[:saltSize], sealed[saltSize:]
	key := k.derive(salt, rowLabel, secretSize+nonceSize)
	plaintext, err := newGCM(key[:secretSize]).Open(dst, key[secretSize:], ciphertext, k.rowContext(row, len(sealed)-RowOverhead))
	if err != nil {
		return nil, fmt.Errorf("row of inode %d at %d: %w: it does not open with %v", row.Inode, row.Offset, blocks.ErrCorrupt, k)
	}
	return plaintext, nil
}

// rowContext returns what the row's tag covers besides its content.
func (k Key) rowContext(row Row, length int) []byte {
	context := make([]byte, 0, 36)
	context = binary.BigEndian.AppendUint64(context, uint64(k.project))
	context = binary.BigEndian.AppendUint64(context, uint64(row.Inode))
	context = binary.BigEndian.AppendUint32(context, uint32(k.version))
	context = binary.BigEndian.AppendUint64(context, uint64(row.Offset))
	return binary.BigEndian.AppendUint64(context, uint64(length))
}
