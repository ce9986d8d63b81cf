package seal_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"granary/blocks"
	"granary/blocks/seal"
)

// rootOf returns the root key with the secret given, and the secret in hexadecimal.
func rootOf(t testing.TB, secret []byte) (*seal.Root, string) {
	t.Helper()
	digits := hex.EncodeToString(secret)
	root, err := seal.LoadRoot(rootFile(t, digits+"\n", 0o600), false)
	if err != nil {
		t.Fatal(err)
	}
	return root, digits
}

func rootFile(t testing.TB, content string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "root.key")
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // WriteFile's mode is under the umask
		t.Fatal(err)
	}
	return path
}

func TestLoadRootCreates(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "root.key")
	if _, err := seal.LoadRoot(path, false); err == nil || !strings.Contains(err.Error(), "backup") {
		t.Errorf("no file, not to be made: %v, want words on where to find one", err)
	}
	root, err := seal.LoadRoot(path, true)
	if err != nil {
		t.Fatalf("make: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("made with mode %v (%v), want -rw-------", info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 { // now, since the next load would remove a copy
		t.Errorf("the folder holds %v (%v), want the key file alone", entries, err)
	}
	for _, create := range []bool{false, true} {
		again, err := seal.LoadRoot(path, create)
		if err != nil || again.ID() != root.ID() {
			t.Errorf("load again, create %t: %v, %v; want %v", create, again, err, root)
		}
	}
	if _, err := seal.LoadRoot(filepath.Join(dir, "missing", "root.key"), true); err == nil {
		t.Error("made in a folder that does not exist")
	}
}

func TestLoadRootCreatesOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	ids := make([]string, 8)
	var starts sync.WaitGroup
	for i := range ids {
		starts.Go(func() {
			root, err := seal.LoadRoot(path, true)
			if err != nil {
				t.Errorf("load: %v", err)
				return
			}
			ids[i] = root.ID()
		})
	}
	starts.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("servers that start together disagree on the root key: %v", ids)
		}
	}
}

// A process that was killed as soon as it had made the key leaves it under a second name, which would stay with the data when the key
// is moved away from it.
func TestLoadRootLeavesNoCopy(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "root.key")
	root, err := seal.LoadRoot(path, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"root.key.new4026", "root.key.new", "root.key.newest", "root.key.old1"} {
		if err := os.Link(path, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range map[string]string{"root.key.new1": strings.Repeat("0f", 32), "root.key.new2": "half"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again, err := seal.LoadRoot(path, true)
	if err != nil || again.ID() != root.ID() {
		t.Fatalf("load again: %v, %v; want %v", again, err, root)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	// What somebody else called so, and what is another key, is not ours to remove.
	if want := []string{"root.key", "root.key.new", "root.key.new1", "root.key.new2", "root.key.newest", "root.key.old1"}; !slices.Equal(left, want) {
		t.Errorf("the folder holds %q, want %q", left, want)
	}
}

func TestLoadRootRefuses(t *testing.T) {
	good := strings.Repeat("0f", 32)
	for _, tt := range []struct {
		name, content string
		mode          os.FileMode
		words         string
	}{
		{"readable by the group", good, 0o640, "chmod 600"},
		{"readable by all", good, 0o604, "chmod 600"},
		{"writable by the group", good, 0o620, "chmod 600"},
		{"empty", "", 0o600, "64 hexadecimal digits"},
		{"only a header", "# Granary root key.\n", 0o600, "64 hexadecimal digits"},
		{"short", good[2:], 0o600, "62 characters"},
		{"long", good + "00", 0o600, "66 characters"},
		{"not hexadecimal", "x" + good[1:], 0o600, "not hexadecimal"},
		{"two keys", good + "\n" + good, 0o600, "more than one line"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := seal.LoadRoot(rootFile(t, tt.content, tt.mode), true)
			if err == nil || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("got %v, want an error that says %q", err, tt.words)
			}
			if err != nil && strings.Contains(err.Error(), "0f0f") {
				t.Errorf("the error quotes the key: %v", err)
			}
		})
	}
	if _, err := seal.LoadRoot(t.TempDir(), true); err == nil {
		t.Error("a folder is accepted")
	}
	for _, content := range []string{good, good + "\n", "# words\n\n" + good + "\r\n", strings.ToUpper(good)} {
		if _, err := seal.LoadRoot(rootFile(t, content, 0o400), false); err != nil {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestRootID(t *testing.T) {
	one, _ := rootOf(t, bytes.Repeat([]byte{1}, 32))
	again, _ := rootOf(t, bytes.Repeat([]byte{1}, 32))
	two, _ := rootOf(t, bytes.Repeat([]byte{2}, 32))
	if one.ID() != again.ID() || one.ID() == two.ID() || len(one.ID()) != 16 {
		t.Errorf("ids %s, %s and %s: want the first two alike, the third different, 16 digits", one.ID(), again.ID(), two.ID())
	}
}

func TestWrap(t *testing.T) {
	root, _ := rootOf(t, bytes.Repeat([]byte{1}, 32))
	other, _ := rootOf(t, bytes.Repeat([]byte{2}, 32))
	key := seal.NewKey(7, 3)
	wrapped := root.Wrap(key)
	if len(wrapped) != 68 || bytes.Equal(wrapped, root.Wrap(key)) {
		t.Errorf("wrapped to %d bytes, want 68 that differ each time", len(wrapped))
	}
	got, err := root.Unwrap(7, 3, wrapped)
	if err != nil || got.Project() != 7 || got.Version() != 3 {
		t.Fatalf("unwrap: %v, %v", got, err)
	}
	if plain, err := got.OpenRow(nil, key.SealRow(nil, []byte("grain"), seal.Row{}), seal.Row{}); err != nil || string(plain) != "grain" {
		t.Errorf("the unwrapped key does not open what the key sealed: %v", err)
	}

	for _, tt := range []struct {
		name    string
		root    *seal.Root
		project int64
		version int32
		wrapped []byte
		want    error
	}{
		{"another root", other, 7, 3, wrapped, seal.ErrOtherRoot},
		{"another root's id put on it", other, 7, 3, append(other.Wrap(key)[:8:8], wrapped[8:]...), blocks.ErrCorrupt},
		{"another project", root, 8, 3, wrapped, blocks.ErrCorrupt},
		{"another version", root, 7, 4, wrapped, blocks.ErrCorrupt},
		{"a secret", root, 7, 3, root.WrapSecret("x", make([]byte, 32)), blocks.ErrCorrupt},
		{"a canary", root, 7, 3, root.Canary(), blocks.ErrCorrupt},
		{"a byte less", root, 7, 3, wrapped[:67], blocks.ErrCorrupt},
		{"nothing", root, 7, 3, nil, blocks.ErrCorrupt},
	} {
		if _, err := tt.root.Unwrap(tt.project, tt.version, tt.wrapped); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	for at := range wrapped {
		bad := bytes.Clone(wrapped)
		bad[at] ^= 1
		if _, err := root.Unwrap(7, 3, bad); err == nil {
			t.Errorf("byte %d changed: no error", at)
		}
	}
}

func TestWrapSecret(t *testing.T) {
	root, _ := rootOf(t, bytes.Repeat([]byte{1}, 32))
	for _, secret := range []string{"", "hunter2", strings.Repeat("long ", 1000)} {
		wrapped := root.WrapSecret("oidc client", []byte(secret))
		if len(secret) > 0 && bytes.Contains(wrapped, []byte(secret)) {
			t.Errorf("%.10q shows in its wrapped form", secret)
		}
		got, err := root.UnwrapSecret("oidc client", wrapped)
		if err != nil || string(got) != secret {
			t.Errorf("unwrap: %q, %v; want %q", got, err, secret)
		}
		for _, label := range []string{"", "oidc", "oidc client 2"} {
			if _, err := root.UnwrapSecret(label, wrapped); !errors.Is(err, blocks.ErrCorrupt) {
				t.Errorf("unwrap as %q: %v, want %v", label, err, blocks.ErrCorrupt)
			}
		}
	}
}

func TestCanary(t *testing.T) {
	root, _ := rootOf(t, bytes.Repeat([]byte{1}, 32))
	other, _ := rootOf(t, bytes.Repeat([]byte{2}, 32))
	if err := root.CheckCanary(root.Canary()); err != nil {
		t.Errorf("its own canary: %v", err)
	}
	err := root.CheckCanary(other.Canary())
	if !errors.Is(err, seal.ErrOtherRoot) || !strings.Contains(err.Error(), other.ID()) || !strings.Contains(err.Error(), root.ID()) {
		t.Errorf("another's canary: %v, want %v that names both ids", err, seal.ErrOtherRoot)
	}
	for _, bad := range [][]byte{nil, root.Canary()[1:], root.WrapSecret("", nil)} {
		if err := root.CheckCanary(bad); err == nil {
			t.Errorf("%x is taken for a canary", bad)
		}
	}
}

// Each build knows the canary of the other, fixed here, and refuses its data.
func TestCanaryTellsBuildsApart(t *testing.T) {
	root, _ := rootOf(t, bytes.Repeat([]byte{1}, 32))
	for sealing, name := range map[bool]string{true: "canary-sealed", false: "canary-unsealed"} {
		canary, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		err = root.CheckCanary(canary)
		if sealing == seal.Sealing && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if sealing != seal.Sealing && (!errors.Is(err, seal.ErrOtherRoot) || !strings.Contains(err.Error(), "sealing")) {
			t.Errorf("%s: %v, want %v that speaks of sealing", name, err, seal.ErrOtherRoot)
		}
	}
}
