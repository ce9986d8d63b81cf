//go:build e2e

package e2e

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"granary/e2e/s3test"
)

// bucketed is a server whose blocks are in a bucket, which it reaches through a proxy.
type bucketed struct {
	*granary
	store *s3test.Server
	proxy *s3test.Proxy
}

func launchBucketed(t *testing.T) bucketed {
	t.Helper()
	store := s3test.Start(t)
	proxy := s3test.NewProxy(t, store)
	g := launch(t, "--blocks", proxy.URL("granary"))
	if err := g.furnish(); err != nil {
		t.Fatal(err)
	}
	return bucketed{g, store, proxy}
}

// objects is how many objects there are below a prefix, besides that with the installation's name.
func (b bucketed) objects(t *testing.T, prefix string) int {
	t.Helper()
	return blockFiles(t, filepath.Join(b.store.Folder, s3test.Bucket, prefix)) - 1
}

// mustRead returns the beginning of what r yields.
func mustRead(t *testing.T, r io.Reader, n int64) string {
	t.Helper()
	all, err := io.ReadAll(io.LimitReader(r, n))
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// TestBucket keeps files in a bucket: they are whole, sealed, deleted, saved and put back there as in a folder.
func TestBucket(t *testing.T) {
	b := launchBucketed(t)
	alice := b.as(t, "alice")
	const own = "/webhdfs/v1/Projects/vision/"
	sizes := map[string]int64{"row": 1000, "pack": 100_000, "whole": 4 << 20, "parts": 20_000_000, "several": 70_000_000}
	for name, n := range sizes {
		alice.want(201, "PUT", own+name+"?op=CREATE", io.LimitReader(content(1), n))
		if got := alice.want(200, "GET", own+name+"?op=OPEN", nil); got.body != mustRead(t, content(1), n) {
			t.Errorf("%s: %d bytes, or others", name, len(got.body))
		}
	}
	alice.want(200, "POST", own+"parts?op=APPEND", io.LimitReader(content(2), 1_000_000))
	whole := mustRead(t, content(1), sizes["parts"]) + mustRead(t, content(2), 1_000_000)
	if got := alice.want(200, "GET", own+"parts?op=OPEN&offset=4999999&length=15500001", nil); got.body != whole[4_999_999:20_500_000] {
		t.Errorf("a range: %d bytes, or others", len(got.body))
	}
	if err := filepath.WalkDir(b.store.Folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(whole[1000:1100])) || bytes.Contains(text, []byte(whole[20_000_100:20_000_200])) {
			t.Errorf("%s: content in the clear", path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	b.check(t)

	backup, safe := scratch(t), scratch(t)
	if _, err := b.admin("backup", backup); err != nil {
		t.Fatal(err)
	}
	for name := range sizes {
		if name != "row" {
			alice.want(200, "DELETE", own+name+"?op=DELETE&skiptrash=true", nil)
		}
	}
	if _, err := b.admin("gc"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(reapTime); b.objects(t, "granary") > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("%d objects are left of deleted files", b.objects(t, "granary"))
		}
		if _, err := b.admin("gc"); err != nil {
			t.Fatal(err)
		}
	}
	key, err := os.ReadFile(filepath.Join(b.data, "root.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(safe, "root.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	restored := granary{data: filepath.Join(safe, "data"), flags: []string{"--blocks", b.proxy.URL("restored"), "--root-key", filepath.Join(safe, "root.key")}}
	out, err := restored.admin("restore", backup, "--read-data")
	if err != nil || !strings.Contains(out, " 0 problems") {
		t.Fatalf("%v: %s", err, out)
	}
	again := *alice
	again.server = launchOn(t, restored.data, restored.flags...)
	if got := again.want(200, "GET", own+"parts?op=OPEN", nil); got.body != whole {
		t.Errorf("put back: %d bytes, or others", len(got.body))
	}
}

// TestBucketThatIsNotOurs refuses the bucket of another installation, and one without the blocks that should be there.
func TestBucketThatIsNotOurs(t *testing.T) {
	b := launchBucketed(t)
	alice := b.as(t, "alice")
	alice.want(201, "PUT", "/webhdfs/v1/Projects/vision/large?op=CREATE", io.LimitReader(content(1), 1_000_000))
	for _, tt := range []struct{ data, url, want string }{
		{scratch(t), b.proxy.URL("granary"), "another installation"},
		{b.data, b.proxy.URL("granry"), "has none of the database's blocks"},
		{b.data, strings.Replace(b.proxy.URL("granary"), s3test.Bucket, "no-such-bucket", 1), "there is no such bucket"},
	} {
		_, err := (&granary{data: tt.data, flags: []string{"--blocks", tt.url}}).admin("fsck")
		if tt.data != b.data {
			var started *granary
			if started, err = start(tt.data, "--blocks", tt.url); err == nil {
				err = errors.Join(errors.New("it serves"), started.stop())
			}
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.url, err, tt.want)
		}
	}
	b.check(t)
}

// TestBucketAway serves what it can while the store does not answer, and says what is the matter.
func TestBucketAway(t *testing.T) {
	b := launchBucketed(t)
	alice := b.as(t, "alice")
	const own = "/webhdfs/v1/Projects/vision/"
	alice.want(201, "PUT", own+"small?op=CREATE", strings.NewReader("small"))
	alice.want(201, "PUT", own+"large?op=CREATE", io.LimitReader(content(1), 1_000_000))
	alice.want(201, "PUT", own+"run/tfevents.1?op=CREATE", io.LimitReader(content(1), 100_000))
	for _, method := range []string{"GET", "PUT", "POST", "HEAD", "DELETE"} {
		b.proxy.Befall(method, "", 1_000_000, s3test.Answer(503, "SlowDown"))
	}
	alice.want(503, "GET", "/readyz", nil)
	if got := alice.want(200, "GET", own+"small?op=OPEN", nil); got.body != "small" {
		t.Errorf("small: %.100s", got.body)
	}
	for _, a := range []answer{
		alice.want(403, "GET", own+"large?op=OPEN", nil),
		alice.want(403, "PUT", own+"other?op=CREATE", io.LimitReader(content(1), 1_000_000)),
	} {
		if name, message := a.exception(t); name != "RetriableException" || !strings.Contains(message, "block store is not available") {
			t.Errorf("%v", a)
		}
	}
	if got := alice.want(503, "GET", "/api/v1/runs?path=/Projects/vision", nil); !strings.Contains(got.body, "block store is not available") {
		t.Errorf("%v", got)
	}
	if b.proxy.Befallen() == 0 {
		t.Error("the store was not asked")
	}
	alice.want(200, "GET", "/readyz", nil)
	alice.want(404, "GET", own+"other?op=GETFILESTATUS", nil)
	if got := alice.want(200, "GET", own+"large?op=OPEN", nil); got.body != mustRead(t, content(1), 1_000_000) {
		t.Errorf("large: %d bytes, or others", len(got.body))
	}
	out, err := b.admin("fsck", "--read-data")
	if err != nil || !strings.HasSuffix(strings.TrimSpace(out), " 0 problems") {
		t.Errorf("fsck: %v, %s", err, out)
	}
}
