package filesum_test

import (
	"encoding/hex"
	"testing"

	"granary/namespace/filesum"
)

// stored returns s as it is after being stored and restored.
func stored(t *testing.T, s *filesum.Sum) *filesum.Sum {
	t.Helper()
	data, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	restored := new(filesum.Sum)
	if err := restored.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	if restored.BlockSize() != s.BlockSize() {
		t.Fatalf("block size %d restored as %d", s.BlockSize(), restored.BlockSize())
	}
	return restored
}

// A state that was stored once stays readable: neither this package nor crypto/md5 may change what it means.
func TestStoredStates(t *testing.T) {
	for _, tt := range []struct {
		size, blockSize int
		state           string
	}{
		{0, 128 << 20, "01808080400000"},
		{5, 512, "01800400055d2e4463"},
		{512, 512, "0180040080048982a2e8"},
		{20000, 10000, "01904e0100b040d916aaa13319d020be2b5a87a651904e42af15dc3e30cc00dc9aa1b725ead0c608b8d40a8a96cc9940c43b53e8a8e9e3"},
	} {
		p := content(tt.size)
		s := filesum.New(int64(tt.blockSize))
		s.Write(p)
		data, err := s.MarshalBinary()
		if err != nil || hex.EncodeToString(data) != tt.state {
			t.Errorf("%d bytes in blocks of %d are stored as %x (%v), want %s", tt.size, tt.blockSize, data, err, tt.state)
		}
		state, err := hex.DecodeString(tt.state)
		if err != nil {
			t.Fatal(err)
		}
		restored := new(filesum.Sum)
		if err := restored.UnmarshalBinary(state); err != nil {
			t.Errorf("%s: %v", tt.state, err)
			continue
		}
		check(t, tt.state, restored, cut(p, tt.blockSize))
		restored.Write(content(3000))
		check(t, tt.state+" and more", restored, cut(append(p, content(3000)...), tt.blockSize))
	}
}

func TestStoredSize(t *testing.T) {
	for _, tt := range []struct {
		size, blockSize int64
		most            int
	}{
		{0, 128 << 20, 7},
		{4 << 10, 128 << 20, 40},
		{64 << 10, 128 << 20, 90},
		{1<<20 - 1, 128 << 20, 90},
		{64 << 20, 8 << 20, 230},
	} {
		s := filesum.New(tt.blockSize)
		for p := content(1 << 20); s.Size() < tt.size; {
			s.Write(p[:min(int64(len(p)), tt.size-s.Size())])
		}
		if data, err := s.MarshalBinary(); err != nil || len(data) > tt.most {
			t.Errorf("%d bytes in blocks of %d take %d bytes (%v), want at most %d", tt.size, tt.blockSize, len(data), err, tt.most)
		}
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	s := filesum.New(1024)
	s.Write(content(20_000))
	good, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for n := range good {
		if err := new(filesum.Sum).UnmarshalBinary(good[:n]); err == nil {
			t.Errorf("the first %d of %d bytes are accepted", n, len(good))
		}
	}
	for name, bad := range map[string]string{
		"another version":            "02808080400000",
		"no block size":              "01000000",
		"a byte too many":            "0180808040000000",
		"block size of 2^63":         "01808080808080808080010000",
		"varint of 11 bytes":         "01ffffffffffffffffffff010000",
		"more blocks than there are": "0180808040ffffffff0f00",
		"an empty block":             "01010101" + "00000000000000000000000000000000" + "00",
		"a last block over the size": "01040005aabbccdd",
		"2^63 bytes":                 "01ffffffffffffffff7f02" + "00" + "00000000000000000000000000000000" + "00" + "00000000000000000000000000000000" + "00",
	} {
		data, err := hex.DecodeString(bad)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.UnmarshalBinary(data); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	check(t, "after the refusals", s, cut(content(20_000), 1024))
}

// Whatever is restored can be used and stored again.
func FuzzUnmarshal(f *testing.F) {
	for _, size := range []int{0, 5, 512, 3000, 40_000} {
		s := filesum.New(20_000)
		s.Write(content(size))
		data, err := s.MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := new(filesum.Sum)
		if s.UnmarshalBinary(data) != nil {
			return
		}
		again := stored(t, s)
		if again.Checksum() != s.Checksum() || again.Size() != s.Size() {
			t.Errorf("%x is restored as %x, %d bytes, and then as %x, %d", data, s.Checksum().Bytes, s.Size(), again.Checksum().Bytes, again.Size())
		}
		if s.Size() < 1<<62 && s.BlockSize() >= 8 {
			s.Write(content(100))
			again.Write(content(100))
			if again.Checksum() != s.Checksum() {
				t.Errorf("%x: a write after restoring tells the copies apart", data)
			}
		}
	})
}
