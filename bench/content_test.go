package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func bytesOf(t *testing.T, c content) []byte {
	t.Helper()
	var b bytes.Buffer
	if n, err := c.WriteTo(&b); err != nil || n != c.size || int64(b.Len()) != c.size {
		t.Fatalf("%+v writes %d bytes, says %d: %v", c, b.Len(), n, err)
	}
	return b.Bytes()
}

// What is written compares equal whatever the pieces it arrives in, and any other byte, length or file does not.
func TestContent(t *testing.T) {
	for _, size := range []int64{0, 1, 15, 16, 17, 4096, chunkSize - 1, chunkSize, chunkSize + 1, chunkSize + 20, 2*chunkSize + 5} {
		c := content{id: 77<<44 | 5, size: size}
		good := bytesOf(t, c)
		for _, buf := range []int{1000, pieceSize} {
			if err := c.compare(iotest.OneByteReader(bytes.NewReader(good)), make([]byte, buf)); err != nil {
				t.Errorf("%d bytes do not compare equal to themselves: %v", size, err)
			}
		}
		bad := map[string][]byte{"goes on": append(bytes.Clone(good), 0)}
		if size > 0 {
			bad["ends after"] = good[:size-1]
			flipped := bytes.Clone(good)
			flipped[size-1] ^= 1
			bad["differs"] = flipped
		}
		for want, other := range bad {
			if err := c.compare(bytes.NewReader(other), make([]byte, pieceSize)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("size %d: comparing gives %v, want %q", size, err, want)
			}
		}
	}
}

func TestContentOfOtherFilesDiffers(t *testing.T) {
	seen := map[string]content{}
	for _, c := range []content{written(0, 0, 0, 64), written(0, 0, 1, 64), written(0, 1, 0, 64), written(1, 0, 0, 64), written(2, 0, 0, 64)} {
		text := string(bytesOf(t, c))
		if other, found := seen[text]; found {
			t.Errorf("%+v and %+v are the same", c, other)
		}
		seen[text] = c
	}
}

func TestCompareTellsReadErrors(t *testing.T) {
	c := content{id: 1, size: 100}
	if err := c.compare(iotest.ErrReader(io.ErrClosedPipe), make([]byte, 10)); err != io.ErrClosedPipe { //nolint:errorlint // passed on as it is
		t.Errorf("comparing a broken stream gives %v", err)
	}
}
