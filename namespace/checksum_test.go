package namespace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
)

// checksumVectors are what a real HDFS answered; the file itself says how.
const checksumVectors = "../e2e/oracle/testdata/checksums.json"

// recordedContent is bytes [off, off+n) of the files that the vectors were recorded from.
func recordedContent(off, n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(((off+i)*31 + 7) % 251)
	}
	return p
}

func TestChecksumsEqualThoseOfHDFS(t *testing.T) {
	data, err := os.ReadFile(checksumVectors)
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Vectors []struct {
			BlockSize        int64
			Writes           []int
			Algorithm, Bytes string
		}
	}
	if err := json.Unmarshal(data, &recorded); err != nil {
		t.Fatal(err)
	}
	if len(recorded.Vectors) < 10 {
		t.Fatalf("%d vectors in %s", len(recorded.Vectors), checksumVectors)
	}
	fs := newFS(t)
	s := fs.as(t, superuser)
	for i, v := range recorded.Vectors {
		file := path(t, fmt.Sprintf("/sums/%d", i))
		size := 0
		for j, n := range v.Writes {
			content := bytes.NewReader(recordedContent(size, n))
			if j == 0 {
				_, err = s.Create(t.Context(), file, CreateOptions{CreateParent: true, Mode: 0o644, BlockSize: v.BlockSize, Size: int64(n)}, content)
			} else {
				err = s.Append(t.Context(), file, -1, content)
			}
			if err != nil {
				t.Fatal(err)
			}
			size += n
		}
		got, err := s.Checksum(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		if got.Algorithm != v.Algorithm || got.Hex() != v.Bytes {
			t.Errorf("writes of %d: %s %s, want %s %s", v.Writes, got.Algorithm, got.Hex(), v.Algorithm, v.Bytes)
		}
	}
	fs.clean(t)
}

// However content is stored (in one piece, in rows, in folded rows, in blocks), its checksum is the same.
func TestChecksumsDoNotDependOnHowContentWasWritten(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	const size = 2*InlineMax + 2*foldRows*50
	whole := recordedContent(0, size)
	s.put(t, "/whole", whole)
	want, err := s.Checksum(t.Context(), path(t, "/whole"))
	if err != nil {
		t.Fatal(err)
	}
	s.put(t, "/pieces", whole[:InlineMax+1])
	for off := InlineMax + 1; off < size; {
		n := min(50, size-off)
		if off > size-InlineMax-100 && size-off > InlineMax {
			n = InlineMax + 1 // one long piece between short ones
		}
		if err := s.Append(t.Context(), path(t, "/pieces"), -1, bytes.NewReader(whole[off:off+n])); err != nil {
			t.Fatal(err)
		}
		off += n
	}
	got, err := s.Checksum(t.Context(), path(t, "/pieces"))
	if err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if !bytes.Equal(s.get(t, "/pieces"), whole) {
		t.Error("the pieces do not make the whole")
	}
	s.put(t, "/pieces", whole)
	if got, err := s.Checksum(t.Context(), path(t, "/pieces")); err != nil || got != want {
		t.Errorf("overwritten: %+v, %v, want %+v", got, err, want)
	}
	fs.clean(t)
}

// TestBlocksAreOfOneMoment checks that checksums are not used with a status that is older than they are.
func TestBlocksAreOfOneMoment(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/f", pattern(3*InlineMax))
	must(t, s.Append(t.Context(), at("/f"), -1, bytes.NewReader(pattern(3*InlineMax))))
	n := node{blockSize: 1 << 20}
	must(t, fs.db.QueryRow(t.Context(), `SELECT project_id, id, size FROM inodes WHERE name = 'f'`).Scan(&n.project, &n.id, &n.size))
	if lengths, err := fs.blockLengths(t.Context(), &n); err != nil || len(lengths) == 0 {
		t.Fatalf("%v, %v", lengths, err)
	}
	n.size--
	if lengths, err := fs.blockLengths(t.Context(), &n); !errors.Is(err, errStale) {
		t.Errorf("before the last append: %v, %v", lengths, err)
	}
}
