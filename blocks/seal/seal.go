// Package seal is where Granary encrypts and decrypts, and the only place: blocks with [Store], small content beside
// its inode with [Key.SealRow], and project keys and other secrets with [Root]. The byte formats are in
// blocks/FORMAT.md.
//
//	root key ── wraps ──▶ project key ── derives ──▶ block key ── seals ──▶ block
//	(a file)              (random, in the database)  └──────────▶ row key ── seals ──▶ row
//
// Every block and every row has a key of its own, derived with HKDF-SHA256 from the project's key and from what the
// block or row is. So a ciphertext moved to another place does not open there, and no nonce is used twice with one key.
//
// # Blocks
//
// Blocks are sealed in the DARE 2.0 format by github.com/minio/sio, in packages of 64 KiB that are verified one by one
// as they are read. Three things about sio shape this package. Its default accepts DARE 1.0, in which a truncated
// stream decrypts without error, so the version is pinned. It takes a bare [io.ErrUnexpectedEOF] from its source for
// a clean end, so sources go through [blocks.Exactly]. And it seals nothing as nothing, so an empty block carries no
// proof of who wrote it; but it has nothing to protect either.
//
// # Building without sealing
//
// The tag granary_unsealed builds a Granary that stores plaintext, so that an end-to-end test can prove its search for
// plaintext on the disk finds some when there is some. It is a tag and not a setting because a setting can be set by
// accident. [Sealing] tells the builds apart, and [Root.CheckCanary] keeps each away from data of the other.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
)

const (
	nonceSize = 12
	tagSize   = 16
)

// newGCM returns AES-256-GCM with 12 bytes of nonce and 16 of tag.
func newGCM(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // only for a key that is not 16, 24 or 32 bytes long, and all here are 32
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // only for a cipher whose blocks are not 16 bytes long
	}
	return aead
}
