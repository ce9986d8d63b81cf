// Package filesum computes the checksum by which HDFS, and so distcp and every Hadoop client, compares files: the MD5
// of the MD5s of the CRC32Cs of a file's bytes.
//
// It depends on how the file is divided. A file is a list of blocks; each holds up to the file's block size, but may
// end before that where files were concatenated. Each block is divided from its own start into chunks of 512 bytes,
// the last one possibly shorter:
//
//	CRC of a chunk   CRC32C, 4 bytes, big-endian
//	MD5 of a block   MD5 of the CRCs of its chunks
//	MD5 of a file    MD5 of the MD5s of its blocks and of zeros up to a power of two, see [Sum.Checksum]
//
// A [Sum] takes the bytes as they are written and can be stored between two appends, in the middle of a chunk too, so
// no byte is ever read again for a checksum. The exceptions are bytes cut off, see [Sum.Truncate].
//
// Source: FileChecksumHelper and BlockChecksumHelper of Hadoop 3.4, and checksums recorded from it.
package filesum

import (
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/crc32"
	"slices"
)

// ChunkSize is how many bytes one CRC covers, dfs.bytes-per-checksum. HDFS wants it to divide the block size of a new
// file; this package does not.
const ChunkSize = 512

const crcSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Block is the checksum of one block of a file.
type Block struct {
	// Length is the number of bytes in the block, at least 1.
	Length int64
	// MD5 is that of the CRCs of its chunks.
	MD5 [md5.Size]byte
}

// Sum is the checksum of a file so far. It is not safe for concurrent use.
type Sum struct {
	blockSize int64
	done      []Block // the blocks before the last
	size      int64   // of all blocks
	last      partial // of length 0 only if there are no blocks, or after Truncate
}

// partial is the last block. It stays unfinished when it is full, because it may come to belong to a file of larger
// blocks, where it is not full.
type partial struct {
	length int64
	crcs   hash.Hash // MD5 of the CRCs of the whole chunks; nil until there is one
	crc    uint32    // of the bytes after the whole chunks
}

// New returns the checksum of an empty file with the block size given, in bytes. It panics if that is less than 1.
func New(blockSize int64) *Sum {
	if blockSize < 1 {
		panic(fmt.Sprintf("filesum: block size %d, want at least 1", blockSize))
	}
	return &Sum{blockSize: blockSize}
}

// Size is the number of bytes summed.
func (s *Sum) Size() int64 { return s.size }

// BlockSize is what blocks are filled to.
func (s *Sum) BlockSize() int64 { return s.blockSize }

// Write adds p to the end of the file. As in HDFS it goes on with the last block if that is not full. The error is
// always nil.
func (s *Sum) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if s.last.length == s.blockSize {
			s.finish()
		}
		part := p[:min(int64(len(p)), s.blockSize-s.last.length)]
		s.last.write(part)
		s.size += int64(len(part))
		p = p[len(part):]
	}
	return n, nil
}

// finish makes the last block one of those before it.
func (s *Sum) finish() {
	if s.last.length > 0 {
		s.done = append(s.done, s.last.block())
		s.last = partial{}
	}
}

// Concat adds the blocks of other to the end of the file, as CONCAT does: no block is joined with another, and later
// writes go on with other's last block if it is not full by this file's block size. As in HDFS, other's block size must
// not be larger than this file's. other does not change.
func (s *Sum) Concat(other *Sum) error {
	if other.blockSize > s.blockSize {
		return fmt.Errorf("concatenate checksums: block size %d of the source is larger than %d of the target", other.blockSize, s.blockSize)
	}
	if other.size == 0 {
		return nil
	}
	added := other.Clone()
	s.finish()
	s.done = append(s.done, added.done...)
	s.last = added.last
	s.size += added.size
	return nil
}

// Truncate cuts the file off at size, at most [Sum.Size], or as far before it as the checksum can go back: to the
// start of the block that would be the last. It returns how much is left. The caller then writes the bytes of the file
// from there up to size again.
func (s *Sum) Truncate(size int64) (from int64, err error) {
	if size < 0 || size > s.size {
		return 0, fmt.Errorf("truncate checksum of %d bytes to %d: want 0 to %d", s.size, size, s.size)
	}
	if size == s.size {
		return size, nil
	}
	s.finish()
	kept := 0
	for kept < len(s.done) && from+s.done[kept].Length < size {
		from += s.done[kept].Length
		kept++
	}
	s.done, s.size = s.done[:kept], from
	return from, nil
}

// Clone returns a copy that changes independently.
func (s *Sum) Clone() *Sum {
	c := *s
	c.done = slices.Clone(s.done)
	c.last = s.last.clone()
	return &c
}

// Blocks returns the blocks of the file in order, the last one with what it holds so far. An empty file has none.
func (s *Sum) Blocks() []Block {
	blocks := slices.Clone(s.done)
	if s.last.length > 0 {
		blocks = append(blocks, s.last.block())
	}
	return blocks
}

// write adds bytes that the block has room for.
func (b *partial) write(p []byte) {
	if used := b.length % ChunkSize; used > 0 {
		part := p[:min(int64(len(p)), ChunkSize-used)]
		b.crc = crc32.Update(b.crc, castagnoli, part)
		b.length += int64(len(part))
		p = p[len(part):]
		if b.length%ChunkSize > 0 {
			return
		}
		b.add(binary.BigEndian.AppendUint32(nil, b.crc))
		b.crc = 0
	}
	// MD5 works on 64 bytes at a time, 16 CRCs; this hands it a few such at once.
	var crcs [64 * crcSize]byte
	for len(p) >= ChunkSize {
		batch := crcs[:0]
		for len(p) >= ChunkSize && len(batch) < cap(batch) {
			batch = binary.BigEndian.AppendUint32(batch, crc32.Checksum(p[:ChunkSize], castagnoli))
			b.length += ChunkSize
			p = p[ChunkSize:]
		}
		b.add(batch)
	}
	b.crc = crc32.Update(b.crc, castagnoli, p)
	b.length += int64(len(p))
}

// add adds CRCs of whole chunks.
func (b *partial) add(crcs []byte) {
	if b.crcs == nil {
		b.crcs = md5.New()
	}
	b.crcs.Write(crcs)
}

// block returns the checksum of what the block holds, which may go on afterwards.
func (b *partial) block() Block {
	whole := b.clone()
	if b.length%ChunkSize > 0 {
		whole.add(binary.BigEndian.AppendUint32(nil, b.crc))
	}
	return Block{Length: b.length, MD5: [md5.Size]byte(whole.crcs.Sum(nil))}
}

func (b *partial) clone() partial {
	c := *b
	if b.crcs != nil {
		c.crcs = md5.New()
		restore(c.crcs, state(b.crcs))
	}
	return c
}
