package crash

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// secret is a text that nothing on the disk may show, in any of the forms that programs write text in.
type secret struct {
	name  string
	forms [][]byte
}

// shortestForm is how many bytes of a form are enough to know it by: 16 characters of base64 or 12 bytes are not met
// by chance.
const shortestForm = 12

// newSecret prepares the search for text: as it is, in hexadecimal, and in base64 wherever in a longer text it stands.
func newSecret(name, text string) secret {
	s := secret{name: name, forms: [][]byte{
		[]byte(text), []byte(hex.EncodeToString([]byte(text))), []byte(strings.ToUpper(hex.EncodeToString([]byte(text)))),
	}}
	for shift := range 3 {
		// The characters at both ends depend on the neighbours as well.
		padded := append(make([]byte, shift), text...)
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			form := encoding.EncodeToString(padded)
			s.forms = append(s.forms, []byte(form[(shift*8+5)/6:len(padded)*8/6]))
		}
	}
	return s
}

// search finds secrets in what is written to it.
type search struct {
	secrets []secret
	found   map[string]map[string]bool // by secret, the places where it was found
	read    int64
}

func newSearch(secrets []secret) *search {
	return &search{secrets: secrets, found: map[string]map[string]bool{}}
}

// in searches all that r yields.
func (s *search) in(place string, r io.Reader) error {
	longest := 0
	for _, secret := range s.secrets {
		for _, form := range secret.forms {
			longest = max(longest, len(form))
		}
	}
	buffer := make([]byte, 1<<20)
	for kept := 0; ; {
		n, err := r.Read(buffer[kept:])
		s.read += int64(n)
		s.look(place, buffer[:kept+n])
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		kept = copy(buffer, buffer[max(0, kept+n-longest+1):kept+n])
	}
}

func (s *search) look(place string, text []byte) {
	for _, secret := range s.secrets {
		for _, form := range secret.forms {
			if !s.found[secret.name][place] && bytes.Contains(text, form) {
				if s.found[secret.name] == nil {
					s.found[secret.name] = map[string]bool{}
				}
				s.found[secret.name][place] = true
			}
		}
	}
}

// folder searches every file below dir. A file that is gone by the time it is opened holds nothing.
func (s *search) folder(dir string) error {
	return filepath.WalkDir(dir, func(file string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		place, err := filepath.Rel(dir, file)
		return errors.Join(err, s.in(place, f))
	})
}

// The search itself must find what it is to find: in every form, at every place in a longer text, and across the edges
// of what is read at once.
func TestSearch(t *testing.T) {
	const text = "a-text-of-some-length-to-find"
	write := map[string]func([]byte) string{
		"plain":       func(p []byte) string { return string(p) },
		"hexadecimal": hex.EncodeToString,
		"upper case":  func(p []byte) string { return strings.ToUpper(hex.EncodeToString(p)) },
		"base64":      base64.StdEncoding.EncodeToString,
		"base64 URL":  base64.URLEncoding.EncodeToString,
	}
	for name, encode := range write {
		for _, before := range []int{0, 1, 2, 1<<20 - 10, 1<<20 - 50} {
			s := newSearch([]secret{newSecret("text", text), newSecret("other", strings.Repeat("z", len(text)))})
			whole := encode([]byte(strings.Repeat("\xff", before) + text + "\xff\xff"))
			if err := s.in("here", strings.NewReader(whole)); err != nil {
				t.Fatal(err)
			}
			if !s.found["text"]["here"] || s.found["other"]["here"] {
				t.Errorf("%s, after %d bytes: found %v", name, before, s.found)
			}
		}
	}
	for _, form := range newSecret("text", text).forms {
		if len(form) < shortestForm {
			t.Errorf("form %q is met by chance", form)
		}
	}
	if err := fmt.Sprint(newSearch(nil).folder(filepath.Join(t.TempDir(), "missing"))); err == "<nil>" {
		t.Error("a folder that is not there was searched without complaint")
	}
}
