package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// Whatever stands in an archive and in whatever order, it is read as archive/tar reads it.
func TestArchive(t *testing.T) {
	plain := func(name string, size int) (tar.Header, string) {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(size)}, strings.Repeat("x", size)
	}
	type member struct {
		head tar.Header
		text string
	}
	of := func(h tar.Header, text string) member { return member{h, text} }
	short, empty, full, over := of(plain("a/b", 700)), of(plain("empty", 0)), of(plain("full", 512)), of(plain("over", 513))
	hundred := of(plain(strings.Repeat("n", 100), 3)) // its name has no end in the head
	split := of(plain(strings.Repeat("d", 90)+"/"+strings.Repeat("n", 60), 3))
	long := of(plain(strings.Repeat("é", 200), 3))
	dir := member{tar.Header{Typeflag: tar.TypeDir, Name: "dir/", Mode: 0o755}, ""}
	odd := short
	odd.head.PAXRecords = map[string]string{"GRANARY.status": "404"}
	odd.head.Format = tar.FormatPAX
	gnu := short
	gnu.head.Format, gnu.head.ModTime = tar.FormatGNU, time.Unix(1, 0)
	for i, members := range [][]member{
		{},
		{short},
		{empty},
		{full},
		{over},
		{empty, empty, full, over, short, empty},
		{short, dir, short},
		{short, odd, full},
		{gnu, short},
		{short, hundred, short},
		{split, short},
		{short, long, empty},
		{long},
	} {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		want := ""
		for _, m := range members {
			if err := w.WriteHeader(&m.head); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, m.text); err != nil {
				t.Fatal(err)
			}
			want += fmt.Sprintf("%s %c %s\n", m.head.Name, m.head.Typeflag, m.text)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for _, r := range []io.Reader{bytes.NewReader(b.Bytes()), iotest.OneByteReader(bytes.NewReader(b.Bytes()))} {
			a, got := archive{r: r}, ""
			for {
				name, kind, body, err := a.next()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatalf("archive %d: %v", i, err)
				}
				head := string(name)
				text, err := io.ReadAll(body)
				if err != nil {
					t.Fatalf("archive %d: %v", i, err)
				}
				got += fmt.Sprintf("%s %c %s\n", head, kind, text)
			}
			if got != want {
				t.Errorf("archive %d is read as\n%s, want\n%s", i, got, want)
			}
		}
		if len(members) == 0 {
			continue
		}
		// What is cut off within its members is not taken for whole.
		a := archive{r: bytes.NewReader(b.Bytes()[:blockSize+len(members[0].text)/2])}
		var err error
		for err == nil {
			var body io.Reader
			if _, _, body, err = a.next(); err == nil {
				_, err = io.Copy(io.Discard, body)
			}
		}
		if len(members[0].text) > 1 && errors.Is(err, io.EOF) {
			t.Errorf("archive %d is cut off, and reading it gives %v", i, err)
		}
	}
}
