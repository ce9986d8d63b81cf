//go:build !granary_unsealed

package seal_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minio/sio"

	"granary/blocks"
	"granary/blocks/mem"
	"granary/blocks/seal"
)

// What FORMAT.md says, as numbers. The derived keys were computed from its text with Python's cryptography package,
// not with this one; the files in testdata were written by this package once.
const (
	goldenContent = "Three ears of wheat, sealed for good.\n"

	goldenProject = 258
	goldenVersion = 3
	goldenSecret  = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

	goldenBlock    = "00112233445566778899aabbccddeeff"
	goldenBlockKey = "79995a63a5cfb63d679b91fb98c1fac7954b321f35d4743573ed5cff17872fb7"

	goldenRowKey   = "21d933bbd0bed16a2f99075fd0f1db0a127780d003b560a614c483d9fd290b19"
	goldenRowNonce = "f22dbaf4afa58c2cb187cd9a"
	goldenRowAAD   = "0000000000000102" + "00000000000004d2" + "00000003" + "0000000000000038" + "0000000000000026"

	goldenRoot    = "0101010101010101010101010101010101010101010101010101010101010101"
	goldenRootID  = "af9cb4a8940351d6"
	goldenWrapKey = "290cbebf0adc6e0dd357a2d0cafc9e29a0088d2d1abce23a135ae0a81d65c72e"
)

var goldenRow = seal.Row{Inode: 1234, Offset: 56}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func golden(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func goldenKey(t *testing.T) seal.Key {
	t.Helper()
	key, err := seal.KeyOf(goldenProject, goldenVersion, unhex(t, goldenSecret))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// openGCM opens with the standard library alone.
func openGCM(t *testing.T, key, nonce, ciphertext, aad []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, nonce, ciphertext, aad)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestFormatOfBlock(t *testing.T) {
	id, err := blocks.ParseID(goldenBlock)
	if err != nil {
		t.Fatal(err)
	}
	sealed := golden(t, "block")
	inner := mem.New()
	put(t, inner, id, sealed)
	got, err := get(t, seal.Store(inner, goldenKey(t)), id, 0, int64(len(goldenContent)))
	if err != nil || string(got) != goldenContent {
		t.Errorf("the sealed block opens as %q, %v", got, err)
	}

	// One package, so final and of sequence number 0: header ‖ ciphertext ‖ tag, nonce and AAD from the header.
	byHand := func(t *testing.T, sealed []byte) []byte {
		header := sealed[:16]
		if want := []byte{0x20, 0x00, byte(len(goldenContent) - 1), 0x00}; !bytes.Equal(header[:4], want) || header[4]&0x80 == 0 {
			t.Errorf("the header is %x, want %x, then a nonce with its highest bit set", header, want)
		}
		return openGCM(t, unhex(t, goldenBlockKey), header[4:16], sealed[16:], header[:4])
	}
	if got := byHand(t, sealed); string(got) != goldenContent {
		t.Errorf("opened by hand: %q", got)
	}
	fresh := mem.New()
	put(t, seal.Store(fresh, goldenKey(t)), id, []byte(goldenContent))
	if got := byHand(t, raw(t, fresh, id)); string(got) != goldenContent {
		t.Errorf("sealed now and opened by hand: %q", got)
	}
}

// sio also reads DARE 1.0, where a truncated stream passes for whole, and ChaCha20-Poly1305. Blocks in those are not
// ours, even if their key is.
func TestFormatOfBlockIsTheOnlyOne(t *testing.T) {
	id, err := blocks.ParseID(goldenBlock)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		config sio.Config
		want   error
	}{
		"DARE 2.0, AES-256-GCM":       {sio.Config{MinVersion: sio.Version20, CipherSuites: []byte{sio.AES_256_GCM}}, nil},
		"DARE 2.0, ChaCha20-Poly1305": {sio.Config{MinVersion: sio.Version20, CipherSuites: []byte{sio.CHACHA20_POLY1305}}, blocks.ErrCorrupt},
		"DARE 1.0, AES-256-GCM":       {sio.Config{MaxVersion: sio.Version10, CipherSuites: []byte{sio.AES_256_GCM}}, blocks.ErrCorrupt},
	} {
		tt.config.Key = unhex(t, goldenBlockKey)
		var sealed bytes.Buffer
		if _, err := sio.Encrypt(&sealed, strings.NewReader(goldenContent), tt.config); err != nil {
			t.Fatal(err)
		}
		inner := mem.New()
		put(t, inner, id, sealed.Bytes())
		if got, err := get(t, seal.Store(inner, goldenKey(t)), id, 0, int64(len(goldenContent))); !errors.Is(err, tt.want) {
			t.Errorf("%s opens as %q, %v; want %v", name, got, err, tt.want)
		}
	}
}

func TestFormatOfRow(t *testing.T) {
	sealed := golden(t, "row")
	if got, err := goldenKey(t).OpenRow(nil, sealed, goldenRow); err != nil || string(got) != goldenContent {
		t.Errorf("the sealed row opens as %q, %v", got, err)
	}
	got := openGCM(t, unhex(t, goldenRowKey), unhex(t, goldenRowNonce), sealed[16:], unhex(t, goldenRowAAD))
	if string(got) != goldenContent {
		t.Errorf("opened by hand: %q", got)
	}
}

func TestFormatOfWrappedKey(t *testing.T) {
	root, _ := rootOf(t, unhex(t, goldenRoot))
	if root.ID() != goldenRootID {
		t.Errorf("the root key's id is %s, want %s", root.ID(), goldenRootID)
	}
	wrapped := golden(t, "key")
	key, err := root.Unwrap(goldenProject, goldenVersion, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := key.OpenRow(nil, golden(t, "row"), goldenRow); err != nil || string(got) != goldenContent {
		t.Errorf("the wrapped key opens the row as %q, %v", got, err)
	}
	aad := append([]byte("granary/v1/project-key"), unhex(t, goldenRootID+"0000000000000102"+"00000003")...)
	if got := openGCM(t, unhex(t, goldenWrapKey), wrapped[8:20], wrapped[20:], aad); hex.EncodeToString(got) != goldenSecret {
		t.Errorf("opened by hand: %x", got)
	}
}
