//go:build !granary_unsealed

package seal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"testing"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/disk"
	"granary/blocks/mem"
	"granary/blocks/seal"
)

const (
	pkgPlain  = 1 << 16
	pkgSealed = pkgPlain + 32
)

func TestStoreOverMem(t *testing.T) {
	blockstest.Run(t, func(*testing.T) blocks.Store {
		return seal.Store(mem.New(), seal.NewKey(1, 1))
	}, blockstest.HoldsContentInMemory)
}

func TestStoreOverDisk(t *testing.T) {
	blockstest.Run(t, func(t *testing.T) blocks.Store {
		inner, err := disk.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { inner.Close() })
		return seal.Store(inner, seal.NewKey(1, 1))
	})
}

// text is n bytes that a search for plaintext would find.
func text(n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "line %d of a very secret text\n", i)
	}
	return b.Bytes()[:n]
}

func put(t testing.TB, s blocks.Store, id blocks.ID, content []byte) {
	t.Helper()
	if err := s.Put(t.Context(), id, bytes.NewReader(content), int64(len(content))); err != nil {
		t.Fatalf("put: %v", err)
	}
}

func get(t testing.TB, s blocks.Store, id blocks.ID, off, n int64) ([]byte, error) {
	r, err := s.Open(t.Context(), id, off, n)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// raw returns what the inner store holds.
func raw(t testing.TB, inner blocks.Store, id blocks.ID) []byte {
	t.Helper()
	for info, err := range inner.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if info.ID == id {
			b, err := get(t, inner, id, 0, info.Size)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
	}
	t.Fatalf("block %s is not in the inner store", id)
	return nil
}

// replace stores other bytes under the id.
func replace(t testing.TB, inner blocks.Store, id blocks.ID, content []byte) {
	t.Helper()
	if err := inner.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	put(t, inner, id, content)
}

func TestSealedSize(t *testing.T) {
	for n, want := range map[int64]int64{
		0: 0, 1: 33, pkgPlain - 1: pkgSealed - 1, pkgPlain: pkgSealed, pkgPlain + 1: pkgSealed + 33,
		4 * pkgPlain: 4 * pkgSealed, 1 << 48: 1<<48 + 32<<32,
	} {
		if got := seal.SealedSize(n); got != want {
			t.Errorf("SealedSize(%d) = %d, want %d", n, got, want)
		}
	}
	inner := mem.New()
	s := seal.Store(inner, seal.NewKey(1, 1))
	for _, n := range []int{0, 1, 100, pkgPlain - 1, pkgPlain, pkgPlain + 1, 3*pkgPlain + 7} {
		id := blocks.NewID()
		put(t, s, id, text(n))
		if got := int64(len(raw(t, inner, id))); got != seal.SealedSize(int64(n)) {
			t.Errorf("%d bytes are stored as %d, SealedSize says %d", n, got, seal.SealedSize(int64(n)))
		}
	}
}

func TestStoreHidesContent(t *testing.T) {
	inner := mem.New()
	s := seal.Store(inner, seal.NewKey(1, 1))
	one, two := blocks.NewID(), blocks.NewID()
	put(t, s, one, text(100_000))
	put(t, s, two, text(100_000))
	if bytes.Contains(raw(t, inner, one), []byte("secret")) {
		t.Error("the stored block contains plaintext")
	}
	if bytes.Equal(raw(t, inner, one)[16:], raw(t, inner, two)[16:]) {
		t.Error("two blocks of the same content are stored alike")
	}
}

// Every change to a stored block is noticed: by a read of what was changed, or of the whole.
func TestStoreNoticesChanges(t *testing.T) {
	const size = 3*pkgPlain + 100
	inner := mem.New()
	s := seal.Store(inner, seal.NewKey(7, 1))
	id, other, short := blocks.NewID(), blocks.NewID(), blocks.NewID()
	put(t, s, id, text(size))
	put(t, s, other, text(size))
	put(t, s, short, text(2*pkgPlain))
	good, otherRaw, shortRaw := raw(t, inner, id), raw(t, inner, other), raw(t, inner, short)
	pkg := func(b []byte, i int) []byte { return b[i*pkgSealed : min((i+1)*pkgSealed, len(b))] }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

	for _, tt := range []struct {
		name   string
		stored []byte
		want   error
	}{
		{"another block", otherRaw, blocks.ErrCorrupt},
		{"a package of another block", join(pkg(good, 0), pkg(otherRaw, 1), good[2*pkgSealed:]), blocks.ErrCorrupt},
		{"packages swapped", join(pkg(good, 1), pkg(good, 0), good[2*pkgSealed:]), blocks.ErrCorrupt},
		{"a package twice", join(pkg(good, 0), pkg(good, 0), good[2*pkgSealed:]), blocks.ErrCorrupt},
		{"a package left out, another added", join(pkg(good, 1), pkg(good, 2), pkg(good, 3), pkg(good, 0)), blocks.ErrCorrupt},
		{"another's end", join(good[:2*pkgSealed], otherRaw[2*pkgSealed:]), blocks.ErrCorrupt},
		{"a shorter block and garbage", join(shortRaw, make([]byte, len(good)-len(shortRaw))), blocks.ErrCorrupt},
		{"zeros", make([]byte, len(good)), blocks.ErrCorrupt},
		{"plaintext", text(len(good)), blocks.ErrCorrupt},
		{"last byte missing", good[:len(good)-1], blocks.ErrShort},
		{"last package missing", good[:3*pkgSealed], blocks.ErrShort},
		{"one package", good[:pkgSealed], blocks.ErrShort},
		{"nothing", nil, blocks.ErrShort},
	} {
		t.Run(tt.name, func(t *testing.T) {
			replace(t, inner, id, tt.stored)
			if got, err := get(t, s, id, 0, size); !errors.Is(err, tt.want) {
				t.Errorf("read all: %d bytes, %v; want %v", len(got), err, tt.want)
			}
		})
	}

	replace(t, inner, id, good)
	if _, err := get(t, seal.Store(inner, seal.NewKey(7, 1)), id, 0, size); !errors.Is(err, blocks.ErrCorrupt) {
		t.Errorf("read with another secret: %v, want %v", err, blocks.ErrCorrupt)
	}
}

// rekey returns a key with a fixed secret.
func rekey(t testing.TB, project int64, version int32) seal.Key {
	t.Helper()
	k, err := seal.KeyOf(project, version, bytes.Repeat([]byte{0x42}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The derived key depends on project and version, not only on the secret.
func TestStoreBindsProjectAndVersion(t *testing.T) {
	inner := mem.New()
	id := blocks.NewID()
	put(t, seal.Store(inner, rekey(t, 7, 1)), id, text(100))
	if _, err := get(t, seal.Store(inner, rekey(t, 7, 1)), id, 0, 100); err != nil {
		t.Errorf("same secret, project and version: %v", err)
	}
	for _, key := range []seal.Key{rekey(t, 8, 1), rekey(t, 7, 2)} {
		if _, err := get(t, seal.Store(inner, key), id, 0, 100); !errors.Is(err, blocks.ErrCorrupt) {
			t.Errorf("same secret as %v: %v, want %v", key, err, blocks.ErrCorrupt)
		}
	}
}

// Every single flipped bit of a small block is noticed, and of a large one those of headers, tags and samples.
func TestStoreNoticesEveryBit(t *testing.T) {
	inner := mem.New()
	s := seal.Store(inner, seal.NewKey(1, 1))
	for _, size := range []int{1, 50, pkgPlain + 50} {
		id := blocks.NewID()
		put(t, s, id, text(size))
		good := raw(t, inner, id)
		for at := range good {
			inPackage := at % pkgSealed
			if inPackage > 40 && inPackage < pkgSealed-20 && at%997 != 0 {
				continue
			}
			for bit := range 8 {
				bad := bytes.Clone(good)
				bad[at] ^= 1 << bit
				replace(t, inner, id, bad)
				if _, err := get(t, s, id, 0, int64(size)); !errors.Is(err, blocks.ErrCorrupt) {
					t.Fatalf("bit %d of byte %d of %d flipped: %v, want %v", bit, at, len(good), err, blocks.ErrCorrupt)
				}
			}
		}
	}
}

// A block cut off anywhere is noticed by whoever reads into or past the cut, and never yields a wrong byte before it.
func TestStoreNoticesTruncation(t *testing.T) {
	const size = 2*pkgPlain + 300
	inner := mem.New()
	s := seal.Store(inner, seal.NewKey(1, 1))
	id := blocks.NewID()
	want := text(size)
	put(t, s, id, want)
	good := raw(t, inner, id)
	for _, cut := range []int{0, 1, 15, 16, 17, 32, 33, 1000, pkgSealed - 1, pkgSealed, pkgSealed + 1, 2*pkgSealed - 1, 2 * pkgSealed, 2*pkgSealed + 40, len(good) - 1} {
		replace(t, inner, id, good[:cut])
		whole := int64(cut / pkgSealed * pkgPlain) // content of the packages that are left whole
		for _, n := range []int64{1, 100, pkgPlain, pkgPlain + 1, 2 * pkgPlain, 2*pkgPlain + 1, size} {
			got, err := get(t, s, id, 0, n)
			if !bytes.HasPrefix(want, got) {
				t.Errorf("cut at %d, read %d: wrong bytes", cut, n)
			}
			if n <= whole {
				if err != nil || int64(len(got)) != n {
					t.Errorf("cut at %d, read %d before it: %d bytes, %v", cut, n, len(got), err)
				}
			} else if !errors.Is(err, blocks.ErrCorrupt) && !errors.Is(err, blocks.ErrShort) {
				t.Errorf("cut at %d, read %d: %v, want %v or %v", cut, n, err, blocks.ErrCorrupt, blocks.ErrShort)
			}
		}
	}
}

// counting notes what is opened of the store it wraps.
type counting struct {
	blocks.Store
	opens int
	bytes int64
}

func (c *counting) Open(ctx context.Context, id blocks.ID, off, n int64) (io.ReadCloser, error) {
	c.opens++
	c.bytes += n
	return c.Store.Open(ctx, id, off, n)
}

// A range costs the packages it touches and no more.
func TestStoreReadsOnlyWhatARangeTouches(t *testing.T) {
	const size = 10*pkgPlain + 50
	inner := &counting{Store: mem.New()}
	s := seal.Store(inner, seal.NewKey(1, 1))
	id := blocks.NewID()
	put(t, s, id, text(size))
	for _, tt := range []struct {
		off, n, bytes int64
		opens         int
	}{
		{0, size, 10*pkgSealed + 82, 1},
		{0, 1, pkgSealed, 2},
		{5*pkgPlain + 1, 1, pkgSealed, 2},
		{5 * pkgPlain, pkgPlain, pkgSealed, 1},
		{5*pkgPlain - 1, 2, 2 * pkgSealed, 2},
		{10 * pkgPlain, 50, 82, 1},
		{10*pkgPlain + 10, 10, 82, 2},
		{100, size - 100, 10*pkgSealed + 82, 1},
		{size, 0, 0, 1},
	} {
		inner.opens, inner.bytes = 0, 0
		got, err := get(t, s, id, tt.off, tt.n)
		if err != nil || !bytes.Equal(got, text(size)[tt.off:tt.off+tt.n]) {
			t.Errorf("%d bytes from %d: %v", tt.n, tt.off, err)
		}
		if inner.opens != tt.opens || inner.bytes != tt.bytes {
			t.Errorf("%d bytes from %d: %d opens of %d bytes, want %d of %d", tt.n, tt.off, inner.opens, inner.bytes, tt.opens, tt.bytes)
		}
	}
}

func TestStoreRefusesTooMuch(t *testing.T) {
	s := seal.Store(mem.New(), seal.NewKey(1, 1))
	id := blocks.NewID()
	if err := s.Put(t.Context(), id, bytes.NewReader(nil), math.MaxInt64); err == nil || errors.Is(err, blocks.ErrShort) {
		t.Errorf("put of 2^63-1 bytes: %v, want it refused before reading", err)
	}
}

func FuzzOpenRange(f *testing.F) {
	inner := mem.New()
	s := seal.Store(inner, seal.NewKey(1, 1))
	id := blocks.NewID()
	content := text(2*pkgPlain + 777)
	put(f, s, id, content)
	f.Add(int64(0), int64(len(content)))
	f.Add(int64(pkgPlain-1), int64(2))
	f.Add(int64(2*pkgPlain), int64(777))
	f.Add(int64(-1), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, off, n int64) {
		got, err := get(t, s, id, off, n)
		if off < 0 || n < 0 || off > int64(len(content)) || n > int64(len(content))-off {
			if err == nil {
				t.Errorf("%d bytes from %d of %d: no error", n, off, len(content))
			}
			return
		}
		if err != nil || !bytes.Equal(got, content[off:off+n]) {
			t.Errorf("%d bytes from %d: got %d bytes, %v", n, off, len(got), err)
		}
	})
}

// Whatever a store holds under a block's id, reading it yields what was put or fails.
func FuzzSealedBlock(f *testing.F) {
	content := text(300)
	key := rekey(f, 1, 1)
	id := blocks.ID{1, 2, 3}
	inner := mem.New()
	put(f, seal.Store(inner, key), id, content)
	good := raw(f, inner, id)
	f.Add(good, int64(0), int64(300))
	f.Add(good[:16], int64(0), int64(1))
	f.Add(good[:33], int64(0), int64(1))
	f.Add([]byte{0x20, 0, 0xff, 0xff}, int64(0), int64(1))
	f.Add([]byte{}, int64(0), int64(0))
	f.Fuzz(func(t *testing.T, stored []byte, off, n int64) {
		inner := mem.New()
		put(t, inner, id, stored)
		got, err := get(t, seal.Store(inner, key), id, off, n)
		if err == nil && n > 0 && !bytes.Equal(got, content[off:off+n]) {
			t.Errorf("%d bytes from %d: wrong bytes without an error", n, off)
		}
	})
}

func BenchmarkStore(b *testing.B) {
	for _, mib := range []int{1, 64} {
		content := make([]byte, mib<<20)
		key := seal.NewKey(1, 1)
		b.Run(fmt.Sprintf("Put/%dMiB", mib), func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			s := seal.Store(sink{}, key)
			for b.Loop() {
				put(b, s, blocks.NewID(), content)
			}
		})
		b.Run(fmt.Sprintf("Open/%dMiB", mib), func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			s := seal.Store(mem.New(), key)
			id := blocks.NewID()
			put(b, s, id, content)
			buf := make([]byte, 256<<10)
			for b.Loop() {
				r, err := s.Open(b.Context(), id, 0, int64(len(content)))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, r, buf); err != nil {
					b.Fatal(err)
				}
				r.Close()
			}
		})
	}
}

// sink takes blocks and keeps nothing, so that a benchmark of sealing measures only that.
type sink struct{ blocks.Store }

func (sink) Put(_ context.Context, _ blocks.ID, r io.Reader, _ int64) error {
	_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, r, make([]byte, 256<<10))
	return err
}
