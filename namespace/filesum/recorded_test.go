package filesum_test

import (
	"slices"
	"testing"

	"granary/namespace/filesum"
)

// step does to a sum what a request did to the file.
type step func(t *testing.T, s *filesum.Sum)

// appended appends the first n bytes of content.
func appended(n int) step {
	return func(_ *testing.T, s *filesum.Sum) { s.Write(content(n)) }
}

// concatenated appends the blocks of a file with the first n bytes of content.
func concatenated(blockSize int64, n int) step {
	return func(t *testing.T, s *filesum.Sum) {
		source := filesum.New(blockSize)
		source.Write(content(n))
		if err := s.Concat(source); err != nil {
			t.Fatal(err)
		}
	}
}

// truncated cuts off a file that holds the first bytes of content.
func truncated(n int64) step {
	return func(t *testing.T, s *filesum.Sum) {
		from, err := s.Truncate(n)
		if err != nil {
			t.Fatal(err)
		}
		s.Write(content(int(n))[from:])
	}
}

// truncatedInside cuts off a file whose block there holds the first bytes of content.
func truncatedInside(n int64) step {
	return func(t *testing.T, s *filesum.Sum) {
		from, err := s.Truncate(n)
		if err != nil {
			t.Fatal(err)
		}
		s.Write(content(int(n - from)))
	}
}

// What Hadoop 3.4.2 answered over WebHDFS to GETFILECHECKSUM and GETFILEBLOCKLOCATIONS after the steps. It has no word
// on appends to a last block that does not start at a multiple of 512 in the file: its own client fails on them.
func TestRecordedFromHDFS(t *testing.T) {
	const mib = 1 << 20
	for _, tt := range []struct {
		name      string
		blockSize int64
		steps     []step
		algorithm string
		hex       string
		blocks    []int64
	}{
		{
			"empty", mib, nil,
			"MD5-of-0MD5-of-0CRC32", "00000000000000000000000070bc8f4b72a86921468bf8e8441dce5100000000", nil,
		},
		{
			"1", mib,
			[]step{appended(1)},
			"MD5-of-0MD5-of-512CRC32C", "000002000000000000000000813e013932b3af234097493b41c7a5b300000000",
			[]int64{1},
		},
		{
			"511", mib,
			[]step{appended(511)},
			"MD5-of-0MD5-of-512CRC32C", "0000020000000000000000009df6dd8427d2c77d864e8d74398994c200000000",
			[]int64{511},
		},
		{
			"512", mib,
			[]step{appended(512)},
			"MD5-of-0MD5-of-512CRC32C", "00000200000000000000000034d113989d0730f0e48d4441d07b474900000000",
			[]int64{512},
		},
		{
			"513", mib,
			[]step{appended(513)},
			"MD5-of-0MD5-of-512CRC32C", "00000200000000000000000084dfc0d6beea6356c0ecd2524185e27100000000",
			[]int64{513},
		},
		{
			"one full block", mib,
			[]step{appended(mib)},
			"MD5-of-0MD5-of-512CRC32C", "00000200000000000000000023be74a1f073a4825976dc303d54cf1600000000",
			[]int64{mib},
		},
		{
			"a byte more", mib,
			[]step{appended(mib + 1)},
			"MD5-of-2048MD5-of-512CRC32C", "000002000000000000000800248a3e4f5232f1fc9d2a60cf4ee844ed00000000",
			[]int64{mib, 1},
		},
		{
			"four blocks", mib,
			[]step{appended(3*mib + 700)},
			"MD5-of-2048MD5-of-512CRC32C", "0000020000000000000008000986887261c0a7a0c83614bce5ab564200000000",
			[]int64{mib, mib, mib, 700},
		},
		{
			"five blocks", mib,
			[]step{appended(5 * mib)},
			"MD5-of-2048MD5-of-512CRC32C", "000002000000000000000800c3e508ebd808dbcb449ee0a67129591100000000",
			[]int64{mib, mib, mib, mib, mib},
		},
		{
			"appends inside a chunk", mib,
			[]step{appended(700), appended(100), appended(mib)},
			"MD5-of-2048MD5-of-512CRC32C", "0000020000000000000008005daff1a9a29d368c147cfed75b6333ce00000000",
			[]int64{mib, 800},
		},
		{
			"concat", mib,
			[]step{appended(1500), concatenated(mib, 700), concatenated(mib, mib+300)},
			"MD5-of-3MD5-of-512CRC32C", "000002000000000000000003ae0ba2aac1d401e5b5e18bae8e1faa7c00000000",
			[]int64{1500, 700, mib, 300},
		},
		{
			"truncate to a block", mib,
			[]step{appended(3 * mib), truncated(2 * mib)},
			"MD5-of-2048MD5-of-512CRC32C", "000002000000000000000800cf17c826f9ced971763feffdb173c94f00000000",
			[]int64{mib, mib},
		},
		{
			"append after it", mib,
			[]step{appended(3 * mib), truncated(2 * mib), appended(10)},
			"MD5-of-2048MD5-of-512CRC32C", "0000020000000000000008003f173bf36cfa9785fc30d0fed3a98fd200000000",
			[]int64{mib, mib, 10},
		},
		{
			"concat of smaller blocks to an empty file", 2 * mib,
			[]step{concatenated(mib, mib+5)},
			"MD5-of-2048MD5-of-512CRC32C", "0000020000000000000008000200122885cc007cf82324d1f9de094d00000000",
			[]int64{mib, 5},
		},
		{
			"append to the last of them", 2 * mib,
			[]step{concatenated(mib, mib+5), appended(3 * mib)},
			"MD5-of-2048MD5-of-512CRC32C", "000002000000000000000800d1fd50cbb77a1e2c876d6343e9594e7d00000000",
			[]int64{mib, 2 * mib, mib + 5},
		},
		{
			"concat of smaller, full blocks", 2 * mib,
			[]step{appended(mib), concatenated(mib, 2*mib)},
			"MD5-of-2048MD5-of-512CRC32C", "000002000000000000000800117911133d521e94fd13d9956104394200000000",
			[]int64{mib, mib, mib},
		},
		{
			"append to a full one of them", 2 * mib,
			[]step{appended(mib), concatenated(mib, 2*mib), appended(mib + 5)},
			"MD5-of-2048MD5-of-512CRC32C", "000002000000000000000800a5f9838889bcb0943b81326cc52f0d7100000000",
			[]int64{mib, mib, 2 * mib, 5},
		},
		{
			"truncate inside a chunk", mib,
			[]step{appended(3 * mib), truncated(mib + 700)},
			"MD5-of-2048MD5-of-512CRC32C", "0000020000000000000008002702dfdb060bf94ab90ca97060b6b36b00000000",
			[]int64{mib, 700},
		},
		{
			"append after it, too", mib,
			[]step{appended(3 * mib), truncated(mib + 700), appended(100)},
			"MD5-of-2048MD5-of-512CRC32C", "000002000000000000000800deabc89a5be0aacab9045378b821d98100000000",
			[]int64{mib, 800},
		},
		{
			"truncate again, inside the first chunk", mib,
			[]step{appended(3 * mib), truncated(mib + 700), appended(100), truncated(300)},
			"MD5-of-0MD5-of-512CRC32C", "0000020000000000000000000509746fd73016527bf0fdce0ca9d09b00000000",
			[]int64{300},
		},
		{
			"concat of blocks that are not full", mib,
			[]step{appended(1024), concatenated(mib, 700), concatenated(mib, 900)},
			"MD5-of-2MD5-of-512CRC32C", "000002000000000000000002c9cf129ba6d93c1827dffda34bac0b6100000000",
			[]int64{1024, 700, 900},
		},
		{
			"truncate inside a chunk of the second", mib,
			[]step{appended(1024), concatenated(mib, 700), concatenated(mib, 900), truncatedInside(1324)},
			"MD5-of-2MD5-of-512CRC32C", "000002000000000000000002c2faf048be3ecf0254260c599c3bd38800000000",
			[]int64{1024, 300},
		},
		{
			"append to what is left of it", mib,
			[]step{appended(1024), concatenated(mib, 700), concatenated(mib, 900), truncatedInside(1324), appended(50)},
			"MD5-of-2MD5-of-512CRC32C", "0000020000000000000000028cdb1e6e399e5ca96fa354662ce0858800000000",
			[]int64{1024, 350},
		},
		{
			"concat behind that", mib,
			[]step{
				appended(1024), concatenated(mib, 700), concatenated(mib, 900),
				truncatedInside(1324), appended(50), concatenated(mib, 300),
			},
			"MD5-of-2MD5-of-512CRC32C", "000002000000000000000002c0736bd3affa4b64316ea06c2b2ba60900000000",
			[]int64{1024, 350, 300},
		},
		{
			"append after concat", mib,
			[]step{appended(1024), concatenated(mib, 700), appended(100)},
			"MD5-of-2MD5-of-512CRC32C", "000002000000000000000002c6220ce933aac0b7092b1cfe1e602ca900000000",
			[]int64{1024, 800},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := filesum.New(tt.blockSize)
			for _, do := range tt.steps {
				do(t, s)
				s = stored(t, s)
			}
			got := s.Checksum()
			if got.Algorithm != tt.algorithm || got.Hex() != tt.hex {
				t.Errorf("%s %s, want %s %s", got.Algorithm, got.Hex(), tt.algorithm, tt.hex)
			}
			var lengths []int64
			for _, b := range s.Blocks() {
				lengths = append(lengths, b.Length)
			}
			if !slices.Equal(lengths, tt.blocks) {
				t.Errorf("blocks of %v bytes, want %v", lengths, tt.blocks)
			}
		})
	}
}
