package filesum

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Checksum is the checksum of a file in the form of WebHDFS's GETFILECHECKSUM, whose length is always 28.
type Checksum struct {
	// Algorithm is "MD5-of-<CRCs in a block>MD5-of-<bytes in a chunk>CRC32C". Clients work it out from Bytes and refuse
	// a checksum where the two disagree.
	Algorithm string
	// Bytes are the bytes in a chunk (4 bytes, big-endian), the CRCs in a block (8, big-endian) and the file's MD5.
	Bytes [28]byte
}

// Checksum returns the checksum of the file so far. Two traits of HDFS make it what clients expect:
//
// It digests its whole output buffer and not only the part in use: a Hadoop DataOutputBuffer begins with 32 bytes and
// doubles, so the MD5s of the blocks are followed by zeros up to 32, 64, 128 and so on bytes.
//
// The number of CRCs in a block is that of the first block, and 0 if there is only one. An empty file has neither
// CRCs nor bytes in a chunk, and its algorithm ends in CRC32.
func (s *Sum) Checksum() Checksum {
	blocks := s.Blocks()
	if len(blocks) == 0 {
		return checksum(0, 0, "CRC32", md5.Sum(make([]byte, 32)))
	}
	capacity := 32
	for capacity < len(blocks)*md5.Size {
		capacity *= 2
	}
	buffer := make([]byte, capacity)
	for i, b := range blocks {
		copy(buffer[i*md5.Size:], b.MD5[:])
	}
	crcsPerBlock := int64(0)
	if len(blocks) > 1 {
		crcsPerBlock = (blocks[0].Length + ChunkSize - 1) / ChunkSize
	}
	return checksum(ChunkSize, crcsPerBlock, "CRC32C", md5.Sum(buffer))
}

func checksum(bytesPerCRC uint32, crcsPerBlock int64, crc string, file [md5.Size]byte) Checksum {
	c := Checksum{Algorithm: fmt.Sprintf("MD5-of-%dMD5-of-%d%s", crcsPerBlock, bytesPerCRC, crc)}
	binary.BigEndian.PutUint32(c.Bytes[:], bytesPerCRC)
	binary.BigEndian.PutUint64(c.Bytes[4:], uint64(crcsPerBlock))
	copy(c.Bytes[12:], file[:])
	return c
}

// Hex returns Bytes as they stand in HDFS's reply: 56 hexadecimal digits and 8 zeros, because there too HDFS writes
// its whole buffer, which holds 32 bytes. Clients that parse them take both, and ones that compare text need this.
func (c Checksum) Hex() string {
	return hex.EncodeToString(c.Bytes[:]) + "00000000"
}
