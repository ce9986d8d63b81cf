package disk

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"granary/blocks"
)

// plenty is the answer of a disk that is large enough.
func plenty(*os.File, int64) error { return nil }

func TestFillWritesEverythingInOrder(t *testing.T) {
	content := make([]byte, 2*flushEach+3*pieceSize+1)
	for i := range content {
		content[i] = byte(i ^ i>>8 ^ i>>16)
	}
	for _, n := range []int{0, 1, pieceSize - 1, pieceSize, pieceSize + 1, 2 * pieceSize, 3*pieceSize - 1, flushEach, len(content)} {
		for name, r := range map[string]io.Reader{
			"whole":              bytes.NewReader(content[:n]),
			"halves":             iotest.HalfReader(bytes.NewReader(content[:n])),
			"end with the bytes": iotest.DataErrReader(bytes.NewReader(content[:n])),
		} {
			path := filepath.Join(t.TempDir(), "block")
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(fill(f, r, plenty), f.Close()); err != nil {
				t.Errorf("%d bytes, %s: %v", n, name, err)
			}
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, content[:n]) {
				t.Errorf("%d bytes, %s: %d were written, or others, %v", n, name, len(got), err)
			}
		}
	}
}

func TestFillReportsWhatTheContentFailedWith(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "block"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, n := range []int{0, 1, pieceSize, 5*pieceSize + 1} {
		torn := io.MultiReader(bytes.NewReader(make([]byte, n)), iotest.ErrReader(io.ErrUnexpectedEOF))
		if err := fill(f, torn, plenty); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("torn after %d bytes: %v", n, err)
		}
	}
}

// endless never ends, and counts what is read of it.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return len(p), nil
}

// /dev/full answers every write with ENOSPC, as a full disk does; only Linux has it.
func TestFullDisk(t *testing.T) {
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("needs /dev/full, as Linux has it: %v", err)
	}
	defer f.Close()
	long := &endless{}
	for name, r := range map[string]io.Reader{"short": strings.NewReader("grain"), "endless": long} {
		if err := fill(f, r, plenty); !errors.Is(err, blocks.ErrNoSpace) {
			t.Errorf("writing what is %s reports %v, want %v", name, err, blocks.ErrNoSpace)
		}
	}
	if long.read > 4*pieceSize {
		t.Errorf("%d bytes were read for a disk that took none", long.read)
	}
}
