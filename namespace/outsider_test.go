//go:build !granary_unsealed

package namespace

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/blocks"
	"granary/blocks/mem"
	"granary/blocks/seal"
)

// outsider reads files with blocks/FORMAT.md, the root key file, the database, the blocks and Go's standard library, and with none of the
// code that wrote them.
type outsider struct {
	t     *testing.T
	root  []byte
	db    *pgxpool.Pool
	store blocks.Store
}

func (s *outsider) derive(key, salt []byte, n int, info ...any) []byte {
	s.t.Helper()
	out, err := hkdf.Key(sha256.New, key, salt, string(s.join(info...)), n)
	must(s.t, err)
	return out
}

// join concatenates texts, bytes and big-endian integers.
func (s *outsider) join(parts ...any) []byte {
	s.t.Helper()
	var b bytes.Buffer
	for _, part := range parts {
		if text, ok := part.(string); ok {
			part = []byte(text)
		}
		must(s.t, binary.Write(&b, binary.BigEndian, part))
	}
	return b.Bytes()
}

func (s *outsider) open(what string, key, nonce, ciphertext, aad []byte) []byte {
	s.t.Helper()
	block, err := aes.NewCipher(key)
	must(s.t, err)
	gcm, err := cipher.NewGCM(block)
	must(s.t, err)
	plain, err := gcm.Open(nil, nonce, ciphertext, aad)
	if err != nil {
		s.t.Fatalf("%s: %v", what, err)
	}
	return plain
}

// projectKey unwraps a key of a project.
func (s *outsider) projectKey(project int64, version int32) []byte {
	s.t.Helper()
	var wrapped []byte
	must(s.t, s.db.QueryRow(s.t.Context(), `SELECT wrapped FROM project_keys WHERE project_id = $1 AND version = $2`, project, version).Scan(&wrapped))
	const label = "granary/v1/project-key"
	id := s.derive(s.root, nil, 8, "granary/v1/root-id")
	if !bytes.Equal(wrapped[:8], id) {
		s.t.Fatalf("a key is wrapped under the root key %x, and this is %x", wrapped[:8], id)
	}
	return s.open("project key", s.derive(s.root, nil, 32, label), wrapped[8:20], wrapped[20:], s.join(label, id, project, version))
}

// row opens a sealed row.
func (s *outsider) row(sealed []byte, project, inode int64, version int32, off, length int64) []byte {
	s.t.Helper()
	salt := sealed[:16]
	derived := s.derive(s.projectKey(project, version), salt, 44, "granary/v1/inline", project, version)
	return s.open("row", derived[:32], derived[32:], sealed[16:], s.join(project, inode, version, off, length))
}

// block opens a whole block.
func (s *outsider) block(id blocks.ID, project int64, version int32, size int64) (content []byte) {
	s.t.Helper()
	sealedSize := size + 32*((size+65535)/65536)
	r, err := s.store.Open(s.t.Context(), id, 0, sealedSize)
	must(s.t, err)
	defer r.Close()
	sealed, err := io.ReadAll(r)
	must(s.t, err)
	key := s.derive(s.projectKey(project, version), nil, 32, "granary/v1/block", project, version, id[:])
	for i := uint32(0); len(sealed) > 0; i++ {
		header := sealed[:16]
		n := int(binary.LittleEndian.Uint16(header[2:])) + 1
		if last := len(sealed) == n+32; header[0] != 0x20 || header[1] != 0 || last != (header[4]&0x80 != 0) || !last && n != 65536 {
			s.t.Fatalf("package %d of block %s begins with %x; last: %t", i, id, header, last)
		}
		nonce := bytes.Clone(header[4:])
		binary.LittleEndian.PutUint32(nonce[8:], binary.LittleEndian.Uint32(nonce[8:])^i)
		content = append(content, s.open(fmt.Sprintf("package %d", i), key, nonce, sealed[16:n+32], header[:4])...)
		sealed = sealed[n+32:]
	}
	return content
}

// file returns the content of the file that is an inode.
func (s *outsider) file(project, inode int64) (content []byte) {
	s.t.Helper()
	rows, err := s.db.Query(s.t.Context(), `
		SELECT off, len, key_version, sealed, NULL, 0, 0 FROM contents WHERE project_id = $1 AND inode_id = $2
		UNION ALL
		SELECT off, len, key_version, NULL, block_id, block_off, b.size FROM extents e JOIN blocks b ON b.id = block_id WHERE e.project_id = $1 AND inode_id = $2
		ORDER BY off`, project, inode)
	must(s.t, err)
	type part struct {
		off, length, blockOff, size int64
		version                     int32
		sealed                      []byte
		block                       *blocks.ID
	}
	parts, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p part, err error) {
		return p, row.Scan(&p.off, &p.length, &p.version, &p.sealed, &p.block, &p.blockOff, &p.size)
	})
	must(s.t, err)
	for _, p := range parts {
		if p.off != int64(len(content)) {
			s.t.Fatalf("inode %d goes on at %d behind %d bytes", inode, p.off, len(content))
		}
		if p.block == nil {
			content = append(content, s.row(p.sealed, project, inode, p.version, p.off, p.length)...)
			continue
		}
		content = append(content, s.block(*p.block, project, p.version, p.size)[p.blockOff:p.blockOff+p.length]...)
	}
	return content
}

// TestAnOutsiderReadsEveryFile checks that FORMAT.md tells everything that is needed to read files, however their content came and what
// has been done with it since.
func TestAnOutsiderReadsEveryFile(t *testing.T) {
	keyFile, store := filepath.Join(t.TempDir(), "root.key"), mem.New()
	root, err := seal.LoadRoot(keyFile, true)
	must(t, err)
	fs := newFS(t, func(c *Config) { c.Root, c.Store = root, store })
	fs.as(t, "ada", "team")
	must(t, fs.makeProject(t.Context(), "p", "ada"))
	s := fs.as(t, superuser)
	for i, size := range []int{0, 1, RowMax, RowMax + 1, PackMax + 1, 1<<17 - 1, 1 << 17, 1<<17 + 1} {
		s.put(t, fmt.Sprintf("/Projects/p/size%d", i), pattern(size))
	}
	fs.mediumFiles(t, "/Projects/p/d", 10)
	must(t, s.Concat(t.Context(), path(t, "/Projects/p/d/1"), []Path{path(t, "/Projects/p/d/3"), path(t, "/Projects/p/d/2")}))
	must(t, ignore(s.Truncate(t.Context(), path(t, "/Projects/p/d/1"), 2*RowMax)))
	must(t, ignore(s.Truncate(t.Context(), path(t, "/Projects/p/size1"), 0)))
	for range foldRows + 3 {
		must(t, s.Append(t.Context(), path(t, "/Projects/p/size1"), -1, strings.NewReader("more")))
		must(t, s.Append(t.Context(), path(t, "/Projects/p/size4"), -1, strings.NewReader("and more")))
	}
	must(t, s.Append(t.Context(), path(t, "/Projects/p/size4"), -1, bytes.NewReader(pattern(100_000))))
	fs.folded()
	for i := range 5 {
		must(t, ignore(s.Delete(t.Context(), path(t, fmt.Sprintf("/Projects/p/d/%d", 4+i)), false)))
	}
	for range 2 {
		must(t, fs.Reap(t.Context()))
	}

	text, err := os.ReadFile(keyFile)
	must(t, err)
	other := &outsider{t: t, db: fs.db, store: store}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			other.root, err = hex.DecodeString(line)
			must(t, err)
		}
	}
	files := 0
	for _, dir := range []string{"/Projects/p", "/Projects/p/d"} {
		must(t, s.List(context.Background(), path(t, dir), func(e Status) error {
			if e.Dir {
				return nil
			}
			files++
			at := path(t, dir).Join(e.Name)
			var project int64
			must(t, fs.db.QueryRow(t.Context(), `SELECT project_id FROM inodes WHERE id = $1`, e.ID).Scan(&project))
			if got, want := other.file(project, e.ID), s.get(t, at.String()); !bytes.Equal(got, want) {
				t.Errorf("an outsider reads %d bytes from %s, which has %d, or others", len(got), at, len(want))
			}
			return nil
		}))
	}
	var shared int
	must(t, fs.db.QueryRow(t.Context(), `SELECT count(*) FROM extents WHERE block_off % 65536 + len > 65536`).Scan(&shared))
	if files != 11 || shared == 0 {
		t.Errorf("%d files, %d ranges that begin in one package and end in another", files, shared)
	}
}
