//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// tinyDisk returns a folder on a disk of its own that holds size bytes.
func tinyDisk(t *testing.T, size string) string {
	t.Helper()
	folder := scratch(t)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "mode=0700,size="+size, "granary-e2e", folder).CombinedOutput(); err != nil {
		t.Skipf("needs a small disk to fill, which root may mount: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", folder).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	return folder
}

// TestFullDisk fills the disk that blocks are kept on. What does not fit is refused as HDFS refuses it, leaves nothing,
// and takes nothing from what was there; small files, which are in the database, still fit.
func TestFullDisk(t *testing.T) {
	const big = 20_000_000
	disk := tinyDisk(t, "8m")
	g := launch(t, "--blocks", disk)
	if err := g.furnish(); err != nil {
		t.Fatal(err)
	}
	alice := g.as(t, "alice")
	kept := strings.Repeat("k", 3_000_000)
	alice.want(201, "PUT", "/webhdfs/v1/user/alice/kept?op=CREATE", strings.NewReader(kept))
	before := blockFiles(t, disk)

	refused := func(a answer) {
		t.Helper()
		if name, message := a.exception(t); a.status != 403 || name != "IOException" || !strings.Contains(message, "space") {
			t.Errorf("%v, want 403 and an IOException that speaks of space", a)
		}
	}
	for _, body := range []io.Reader{strings.NewReader(strings.Repeat("x", big)), io.LimitReader(content(1), big)} {
		a, err := alice.do("PUT", "/webhdfs/v1/user/alice/big?op=CREATE", body)
		if err != nil {
			t.Fatal(err)
		}
		refused(a)
		a, err = alice.do("POST", "/webhdfs/v1/user/alice/kept?op=APPEND", io.LimitReader(content(2), big))
		if err != nil {
			t.Fatal(err)
		}
		refused(a)
	}
	var problem struct{ Title string }
	a := alice.want(507, "PUT", "/api/v1/fs/create?path=/user/alice/big", io.LimitReader(content(3), big))
	if err := json.Unmarshal([]byte(a.body), &problem); err != nil || problem.Title != "No space left" {
		t.Errorf("%v, want a problem with the title No space left", a)
	}

	if n := alice.length("/user/alice/big"); n != -1 {
		t.Errorf("the file that did not fit is there, %d bytes long", n)
	}
	if a := alice.want(200, "GET", "/webhdfs/v1/user/alice/kept?op=OPEN", nil); a.body != kept {
		t.Error("the file that was there has changed")
	}
	alice.want(201, "PUT", "/webhdfs/v1/user/alice/small?op=CREATE", strings.NewReader("small"))
	wantBlockFiles(t, disk, before)
	g.check(t)

	// There is room again for what fits.
	alice.want(201, "PUT", "/webhdfs/v1/user/alice/fits?op=CREATE", strings.NewReader(kept))
}

// TestReadOnlyDisk has the disk that blocks are kept on take no writes any more, as after an error: who asks whether the server is ready is told,
// who writes is told to try again, and what is there can be read.
func TestReadOnlyDisk(t *testing.T) {
	disk := tinyDisk(t, "8m")
	g := launch(t, "--blocks", disk)
	if err := g.furnish(); err != nil {
		t.Fatal(err)
	}
	alice := g.as(t, "alice")
	kept := strings.Repeat("k", 100_000)
	alice.want(201, "PUT", "/webhdfs/v1/user/alice/kept?op=CREATE", strings.NewReader(kept))
	remount := func(how string) {
		t.Helper()
		if out, err := exec.Command("mount", "-o", "remount,"+how, disk).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	alice.want(200, "GET", "/readyz", nil)
	remount("ro")
	if a := alice.want(503, "GET", "/readyz", nil); !strings.Contains(a.body, `"blocks":"failed"`) {
		t.Errorf("%v", a)
	}
	if a := alice.want(200, "GET", "/webhdfs/v1/user/alice/kept?op=OPEN", nil); a.body != kept {
		t.Error("the file that was there has changed")
	}
	alice.want(503, "PUT", "/api/v1/fs/create?path=/user/alice/more", strings.NewReader(kept))
	if a := alice.want(403, "PUT", "/webhdfs/v1/user/alice/more?op=CREATE", strings.NewReader(kept)); !strings.Contains(a.body, "RetriableException") {
		t.Errorf("%v, want what Hadoop's clients try again", a)
	}
	remount("rw")
	alice.want(200, "GET", "/readyz", nil)
	alice.want(201, "PUT", "/webhdfs/v1/user/alice/more?op=CREATE", strings.NewReader(kept))
}

// TestFullDiskOfTheDatabase fills the disk that blocks share with the private database, as they do where nothing is configured. Uploads are refused
// while the database still has room: small files are written, and what there is can be moved and deleted.
func TestFullDiskOfTheDatabase(t *testing.T) {
	const big = 40_000_000
	disk := tinyDisk(t, "1g")
	if err := os.Chmod(disk, 0o711); err != nil { // PostgreSQL's user gets to it
		t.Fatal(err)
	}
	g := launchOn(t, disk)
	if err := g.furnish(); err != nil {
		t.Fatal(err)
	}
	alice := g.as(t, "alice")
	file := func(n int) string { return fmt.Sprint("/webhdfs/v1/user/alice/", n) }
	full := 0
	// What does not fit leaves room for what is smaller: so does the database get what is left in the end, if nobody keeps it some.
	for _, size := range []int64{big, big / 20, big / 400} {
		before := full
		for ; ; full++ {
			if full-before > 50 { // 1 GiB does not hold as many of the first, nor the room that is left for one of the others
				t.Fatalf("%d files of %d bytes were written", full-before, size)
			}
			a, err := alice.do("PUT", file(full)+"?op=CREATE", io.LimitReader(content(1), size))
			if err != nil {
				t.Fatal(err)
			}
			if a.status == 201 {
				continue
			}
			if name, message := a.exception(t); a.status != 403 || name != "IOException" || !strings.Contains(message, "space") {
				t.Errorf("%v, want 403 and an IOException that speaks of space", a)
			}
			break
		}
		if size == big && full == 0 {
			t.Fatalf("no file of %d bytes was written", size)
		}
	}
	alice.want(507, "PUT", "/api/v1/fs/create?path=/user/alice/big", io.LimitReader(content(1), big))
	var status struct {
		FsStatus struct{ Remaining int64 }
	}
	a := alice.want(200, "GET", "/webhdfs/v1/?op=GETSTATUS", nil)
	if err := json.Unmarshal([]byte(a.body), &status); err != nil || status.FsStatus.Remaining >= big {
		t.Errorf("%v, want less to remain than was refused", a)
	}
	small := strings.Repeat("s", 30_000)
	for n := range 100 {
		alice.want(201, "PUT", fmt.Sprint(file(n), ".small?op=CREATE"), strings.NewReader(small))
	}
	alice.want(200, "PUT", file(0)+"?op=RENAME&destination=/user/alice/moved", nil)
	for n := 1; n < full; n++ {
		alice.want(200, "DELETE", file(n)+"?op=DELETE&recursive=true", nil)
	}
	alice.want(200, "GET", "/readyz", nil)
	g.check(t)
	if full > 1 {
		if _, err := g.admin("gc"); err != nil {
			t.Fatal(err)
		}
		alice.want(201, "PUT", file(1)+"?op=CREATE", io.LimitReader(content(1), big))
	}
}
