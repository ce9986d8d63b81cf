package login

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// Record says what a login wrote, where, and of which token.
type Record struct {
	URL     string    `json:"url"`
	User    string    `json:"user"`
	TokenID string    `json:"tokenId,omitempty"` // of the token that was made; empty if it was given
	Expires time.Time `json:"expires"`           // when the token ends
	Token   string    `json:"-"`                 // the token, read from the file that holds it; empty if that is gone
	Files   []file    `json:"files"`             // all but the record itself
	Folders []string  `json:"folders,omitempty"` // those that had to be made, the outer ones first
}

// file is a file that was written.
type file struct {
	Path string      `json:"path"`
	Kind kind        `json:"kind"`
	Sum  string      `json:"sum"`            // of what was written: SHA-256 in hexadecimal digits
	Mode fs.FileMode `json:"mode,omitempty"` // the mode before; 0 if there was no such file
	// Before holds what was replaced, by the names of settings. A setting that was added has an empty text here.
	Before map[string]string `json:"before"`
}

// kind says whose a file is, and so how to restore it.
type kind string

const (
	own        kind = "own"     // ours alone
	ofCoreSite kind = "hadoop"  // a configuration of Hadoop
	ofHdfscli  kind = "hdfscli" // a configuration of hdfscli
)

// whole is the key in file.Before for the entire content of a file that became ours.
const whole = "*"

// ReadRecord returns the record of the last login, nil if there is none.
func ReadRecord(f Folders) (*Record, error) {
	path := f.record()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nobody has logged in, which is no failure
	}
	if err != nil {
		return nil, err
	}
	r := &Record{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s, which granary login wrote, cannot be read any more: %w; delete it, and what it lists", path, err)
	}
	token, err := os.ReadFile(f.Token())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	r.Token = strings.TrimSpace(string(token))
	return r, nil
}

// restored returns the content of a file without what was written into it, nil if the file would not exist.
func (f file) restored(text []byte) ([]byte, error) {
	switch f.Kind {
	case own:
		if before, found := f.Before[whole]; found {
			return []byte(before), nil
		}
		return nil, nil
	case ofCoreSite:
		for name, before := range f.Before {
			var err error
			if text, _, err = setProperty(text, name, before); err != nil {
				return nil, err
			}
		}
		if f.Mode == 0 && string(text) == emptyCoreSite {
			return nil, nil
		}
		return text, nil
	case ofHdfscli:
		text, _, err := setSection(text, aliasSection, f.Before[aliasSection])
		if err != nil {
			return nil, err
		}
		text = unsetDefaultAlias(text, f.Before[defaultAlias])
		if f.Mode == 0 && strings.TrimSpace(string(text)) == "" {
			return nil, nil
		}
		return text, nil
	default:
		return nil, fmt.Errorf("a file of the kind %q, which this version does not know", f.Kind)
	}
}

func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}
