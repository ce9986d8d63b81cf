package filesum_test

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"testing"

	"granary/namespace/filesum"
)

// content is n bytes without a short period.
func content(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte((i*31 + 7) % 251)
	}
	return p
}

// reference computes the checksum of a file from all its blocks at once, as the package comment says it.
func reference(blocks [][]byte) (sums []filesum.Block, file [28]byte) {
	var md5s []byte
	for _, b := range blocks {
		var crcs []byte
		for chunk := range slices.Chunk(b, 512) {
			crcs = binary.BigEndian.AppendUint32(crcs, crc32.Checksum(chunk, crc32.MakeTable(crc32.Castagnoli)))
		}
		sum := md5.Sum(crcs)
		sums = append(sums, filesum.Block{Length: int64(len(b)), MD5: sum})
		md5s = append(md5s, sum[:]...)
	}
	buffer := 32
	for buffer < len(md5s) {
		buffer *= 2
	}
	whole := md5.Sum(append(md5s, make([]byte, buffer-len(md5s))...))
	if len(blocks) > 0 {
		binary.BigEndian.PutUint32(file[:], 512)
	}
	if len(blocks) > 1 {
		binary.BigEndian.PutUint64(file[4:], uint64((len(blocks[0])+511)/512))
	}
	copy(file[12:], whole[:])
	return sums, file
}

// check compares a sum with the reference over the blocks that the file should have.
func check(t *testing.T, what string, s *filesum.Sum, blocks [][]byte) {
	t.Helper()
	sums, file := reference(blocks)
	if got := s.Blocks(); !slices.Equal(got, sums) {
		t.Errorf("%s: blocks %v, want %v", what, got, sums)
	}
	if got := s.Checksum(); got.Bytes != file {
		t.Errorf("%s: checksum %x, want %x", what, got.Bytes, file)
	}
	if got, want := s.Size(), int64(len(bytes.Join(blocks, nil))); got != want {
		t.Errorf("%s: size %d, want %d", what, got, want)
	}
}

func cut(p []byte, blockSize int) [][]byte {
	return slices.Collect(slices.Chunk(p, blockSize))
}

func TestEmptyFile(t *testing.T) {
	got := filesum.New(1 << 20).Checksum()
	const want = "000000000000000000000000" + "70bc8f4b72a86921468bf8e8441dce51"
	if got.Algorithm != "MD5-of-0MD5-of-0CRC32" || hex.EncodeToString(got.Bytes[:]) != want {
		t.Errorf("%s %x, want MD5-of-0MD5-of-0CRC32 %s", got.Algorithm, got.Bytes, want)
	}
	if blocks := filesum.New(1).Blocks(); len(blocks) != 0 {
		t.Errorf("%d blocks", len(blocks))
	}
}

func TestAlgorithm(t *testing.T) {
	for _, tt := range []struct {
		size, blockSize int
		want            string
	}{
		{1, 1024, "MD5-of-0MD5-of-512CRC32C"},
		{1024, 1024, "MD5-of-0MD5-of-512CRC32C"},
		{1025, 1024, "MD5-of-2MD5-of-512CRC32C"},
		{3 << 20, 1 << 20, "MD5-of-2048MD5-of-512CRC32C"},
	} {
		s := filesum.New(int64(tt.blockSize))
		s.Write(content(tt.size))
		if got := s.Checksum().Algorithm; got != tt.want {
			t.Errorf("%d bytes in blocks of %d: %s, want %s", tt.size, tt.blockSize, got, tt.want)
		}
	}
}

// Sizes around chunks, blocks and the powers of two to which block MD5s are padded.
func TestSizes(t *testing.T) {
	for _, blockSize := range []int{512, 1024, 4096, 1 << 16, 1000, 7} {
		for _, size := range []int{1, 511, 512, 513, 1023, 1024, 1025, 2048, 2049, 4096, 4097, 8192, 8193, 16384, 16385, 100_000} {
			if size/blockSize > 300 {
				continue
			}
			s := filesum.New(int64(blockSize))
			if n, err := s.Write(content(size)); n != size || err != nil {
				t.Errorf("write of %d bytes: %d, %v", size, n, err)
			}
			check(t, fmt.Sprintf("%d bytes in blocks of %d", size, blockSize), s, cut(content(size), blockSize))
			check(t, fmt.Sprintf("%d bytes in blocks of %d, stored", size, blockSize), stored(t, s), cut(content(size), blockSize))
		}
	}
}

// CONCAT leaves every block as it is; what is written later fills the last one if it is not full.
func TestConcat(t *testing.T) {
	sum := func(blockSize int64, p []byte) *filesum.Sum {
		s := filesum.New(blockSize)
		s.Write(p)
		return s
	}
	a, b, c, more := content(1500), content(700), content(2048), content(3000)

	s := sum(1024, a)
	if err := s.Concat(sum(1024, b)); err != nil {
		t.Fatal(err)
	}
	check(t, "concat", s, [][]byte{a[:1024], a[1024:], b})
	s.Write(more[:324])
	check(t, "then fill the last block", s, [][]byte{a[:1024], a[1024:], append(bytes.Clone(b), more[:324]...)})
	s.Write(more[324:400])
	check(t, "then begin another", s, [][]byte{a[:1024], a[1024:], append(bytes.Clone(b), more[:324]...), more[324:400]})

	s = filesum.New(4096)
	source := sum(1024, c)
	if err := s.Concat(source); err != nil {
		t.Fatal(err)
	}
	check(t, "concat to an empty file", s, [][]byte{c[:1024], c[1024:]})
	s.Write(more)
	filled := append(bytes.Clone(c[1024:]), more...)
	check(t, "a source's full block is not full in larger ones", s, [][]byte{c[:1024], filled[:4024]})
	check(t, "the source", source, cut(c, 1024))

	s = sum(1024, a)
	if err := s.Concat(filesum.New(1024)); err != nil {
		t.Fatal(err)
	}
	check(t, "concat of an empty file", s, cut(a, 1024))
	if err := s.Concat(sum(2048, a)); err == nil {
		t.Error("a source of larger blocks is accepted")
	}
	check(t, "after the refusal", s, cut(a, 1024))

	if err := s.Concat(s); err != nil {
		t.Fatal(err)
	}
	check(t, "concat to itself", s, append(cut(a, 1024), cut(a, 1024)...))
}

func TestTruncate(t *testing.T) {
	p := content(5000)
	for size := range int64(len(p) + 1) {
		s := filesum.New(1024)
		s.Write(p)
		from, err := s.Truncate(size)
		if err != nil || from > size || size-from > 1024 || from != s.Size() {
			t.Fatalf("truncate to %d: from %d, size %d, %v", size, from, s.Size(), err)
		}
		s.Write(p[from:size])
		if size%97 == 0 || size%512 < 2 {
			check(t, fmt.Sprintf("truncated to %d", size), s, cut(p[:size], 1024))
			s.Write(p[size:])
			check(t, fmt.Sprintf("truncated to %d and appended", size), s, cut(p, 1024))
		}
	}
	s := filesum.New(1024)
	s.Write(p)
	for _, size := range []int64{-1, 5001} {
		if _, err := s.Truncate(size); err == nil {
			t.Errorf("truncate of 5000 bytes to %d: no error", size)
		}
	}
	check(t, "after the refusals", s, cut(p, 1024))
}

// Blocks that CONCAT left short stay as they are when the file is cut off behind or between them.
func TestTruncateAfterConcat(t *testing.T) {
	p := content(600)
	s := filesum.New(1024)
	for range 3 {
		other := filesum.New(1024)
		other.Write(p)
		if err := s.Concat(other); err != nil {
			t.Fatal(err)
		}
	}
	from, err := s.Truncate(1200)
	if from != 600 || err != nil {
		t.Fatalf("truncate to the end of the second block: from %d, %v; want its start, as it is not full", from, err)
	}
	s.Write(p)
	check(t, "truncated", s, [][]byte{p, p})
	s.Write(p[:424])
	s.Write(p[424:])
	check(t, "and appended", s, [][]byte{p, append(bytes.Clone(p), p[:424]...), p[424:]})
}

func TestClone(t *testing.T) {
	for _, size := range []int{0, 100, 1000, 3000} {
		p := content(size)
		s := filesum.New(1024)
		s.Write(p)
		c := s.Clone()
		c.Write(content(2000))
		check(t, "the original after its clone grew", s, cut(p, 1024))
		check(t, "the clone", c, cut(append(bytes.Clone(p), content(2000)...), 1024))
		s.Write([]byte("x"))
		check(t, "the clone after its original grew", c, cut(append(bytes.Clone(p), content(2000)...), 1024))
	}
}

func TestNewRefusesNoBlockSize(t *testing.T) {
	for _, size := range []int64{0, -1, math.MinInt64} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a block size of %d is accepted", size)
				}
			}()
			filesum.New(size)
		}()
	}
}

// However the bytes come in, and wherever the sum is stored and restored on the way, it is the same.
func FuzzSplit(f *testing.F) {
	f.Add(uint16(5000), uint16(1024), []byte{1, 200, 0, 255, 13})
	f.Add(uint16(512), uint16(512), []byte{255, 255})
	f.Add(uint16(40000), uint16(20000), []byte{})
	f.Add(uint16(3), uint16(1), []byte{1})
	f.Fuzz(func(t *testing.T, size, blockSize uint16, splits []byte) {
		if blockSize == 0 || int(size)/int(blockSize) > 1000 {
			return
		}
		p := content(int(size))
		s := filesum.New(int64(blockSize))
		left := p
		for i, n := range splits {
			part := left[:min(len(left), int(n)*7)]
			left = left[len(part):]
			s.Write(part)
			switch i % 3 {
			case 0:
				s = stored(t, s)
			case 1:
				s = s.Clone()
			}
		}
		s.Write(left)
		check(t, "in pieces", stored(t, s), cut(p, int(blockSize)))
	})
}

func BenchmarkWrite(b *testing.B) {
	p := content(1 << 20)
	b.SetBytes(int64(len(p)))
	s := filesum.New(128 << 20)
	for b.Loop() {
		s.Write(p)
	}
}
