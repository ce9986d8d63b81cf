//go:build !granary_unsealed

package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"granary/blocks"
	"granary/blocks/seal"
)

func TestRow(t *testing.T) {
	key := seal.NewKey(1, 1)
	row := seal.Row{Inode: 5, Offset: 70}
	for _, n := range []int{0, 1, 16, 1000, 64 << 10} {
		prefix := []byte("kept:")
		sealed := key.SealRow(bytes.Clone(prefix), text(n), row)
		if !bytes.HasPrefix(sealed, prefix) || len(sealed) != len(prefix)+n+seal.RowOverhead {
			t.Errorf("%d bytes: sealed to %d bytes, want the %d there were and %d more", n, len(sealed), len(prefix), n+seal.RowOverhead)
		}
		if n > 100 && bytes.Contains(sealed, []byte("secret")) {
			t.Errorf("%d bytes: the row contains plaintext", n)
		}
		got, err := key.OpenRow(bytes.Clone(prefix), sealed[len(prefix):], row)
		if err != nil || !bytes.Equal(got, append(prefix, text(n)...)) {
			t.Errorf("%d bytes: opened to %d bytes, %v", n, len(got), err)
		}
	}
}

func TestRowNeverRepeats(t *testing.T) {
	key := seal.NewKey(1, 1)
	one := key.SealRow(nil, text(100), seal.Row{Inode: 5})
	two := key.SealRow(nil, text(100), seal.Row{Inode: 5})
	if bytes.Equal(one[:16], two[:16]) || bytes.Equal(one[16:], two[16:]) {
		t.Error("the same content sealed twice looks alike")
	}
}

func TestRowOpensOnlyWhereItBelongs(t *testing.T) {
	row := seal.Row{Inode: 5, Offset: 70}
	sealed := rekey(t, 1, 1).SealRow(nil, text(100), row)
	if _, err := rekey(t, 1, 1).OpenRow(nil, sealed, row); err != nil {
		t.Fatalf("where it belongs: %v", err)
	}
	for _, tt := range []struct {
		name   string
		key    seal.Key
		row    seal.Row
		sealed []byte
	}{
		{"another inode", rekey(t, 1, 1), seal.Row{Inode: 6, Offset: 70}, sealed},
		{"another offset", rekey(t, 1, 1), seal.Row{Inode: 5, Offset: 71}, sealed},
		{"inode and offset exchanged", rekey(t, 1, 1), seal.Row{Inode: 70, Offset: 5}, sealed},
		{"another project", rekey(t, 2, 1), row, sealed},
		{"another version", rekey(t, 1, 2), row, sealed},
		{"another secret", seal.NewKey(1, 1), row, sealed},
		{"a byte less", rekey(t, 1, 1), row, sealed[:len(sealed)-1]},
		{"a byte more", rekey(t, 1, 1), row, append(bytes.Clone(sealed), 0)},
		{"less than the overhead", rekey(t, 1, 1), row, sealed[:seal.RowOverhead-1]},
		{"nothing", rekey(t, 1, 1), row, nil},
	} {
		if got, err := tt.key.OpenRow(nil, tt.sealed, tt.row); !errors.Is(err, blocks.ErrCorrupt) || got != nil {
			t.Errorf("%s: %d bytes, %v; want %v", tt.name, len(got), err, blocks.ErrCorrupt)
		}
	}
	for at := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[at] ^= 1 << bit
			if _, err := rekey(t, 1, 1).OpenRow(nil, bad, row); !errors.Is(err, blocks.ErrCorrupt) {
				t.Fatalf("bit %d of byte %d flipped: %v, want %v", bit, at, err, blocks.ErrCorrupt)
			}
		}
	}
}

func FuzzOpenRow(f *testing.F) {
	key := rekey(f, 1, 1)
	f.Add(key.SealRow(nil, text(10), seal.Row{Inode: 1}), int64(1), int64(0))
	f.Add(make([]byte, seal.RowOverhead), int64(1), int64(0))
	f.Add([]byte{}, int64(-1), int64(-1))
	f.Fuzz(func(t *testing.T, content []byte, inode, offset int64) {
		row := seal.Row{Inode: inode, Offset: offset}
		if _, err := rekey(t, 1, 2).OpenRow(nil, content, row); !errors.Is(err, blocks.ErrCorrupt) {
			t.Errorf("bytes from nowhere open: %v", err)
		}
		got, err := key.OpenRow(nil, key.SealRow(nil, content, row), row)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("sealed and opened: %d bytes of %d, %v", len(got), len(content), err)
		}
	})
}

func BenchmarkRow(b *testing.B) {
	key := seal.NewKey(1, 1)
	row := seal.Row{Inode: 5}
	for _, kib := range []int{1, 4, 64} {
		content := make([]byte, kib<<10)
		b.Run(fmt.Sprintf("Seal/%dKiB", kib), func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			buf := make([]byte, 0, len(content)+seal.RowOverhead)
			for b.Loop() {
				key.SealRow(buf, content, row)
			}
		})
		b.Run(fmt.Sprintf("Open/%dKiB", kib), func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			sealed := key.SealRow(nil, content, row)
			buf := make([]byte, 0, len(content))
			for b.Loop() {
				if _, err := key.OpenRow(buf, sealed, row); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
