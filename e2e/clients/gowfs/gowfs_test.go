// Package gowfs tests the Go client of that name, the fork github.com/glutamatt/gowfs, against a running server.
// test_gowfs.py runs each test of it.
package gowfs

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glutamatt/gowfs"
)

// connect returns the file system as somebody sees it, with a password if there is one.
func connect(t *testing.T, user, password string) *gowfs.FileSystem {
	t.Helper()
	conf := *gowfs.NewConfiguration()
	conf.Addr, conf.User, conf.Password = os.Getenv("GOWFS_ADDRESS"), user, password
	conf.UseBaseAuth = password != ""
	conf.Retries = nil
	fs, err := gowfs.NewFileSystem(conf)
	if err != nil {
		t.Fatal(err)
	}
	return fs
}

func alice(t *testing.T) *gowfs.FileSystem {
	t.Helper()
	return connect(t, "alice", os.Getenv("GOWFS_ALICE"))
}

func bob(t *testing.T) *gowfs.FileSystem {
	t.Helper()
	return connect(t, "bob", os.Getenv("GOWFS_BOB"))
}

// at returns the path of a file in the test's folder on the server.
func at(name string) gowfs.Path { return gowfs.Path{Name: os.Getenv("GOWFS_FOLDER") + "/" + name} }

func content(size int) []byte {
	data := make([]byte, size)
	rand.NewChaCha8([32]byte{7}).Read(data)
	return data
}

func create(t *testing.T, fs *gowfs.FileSystem, name string, data []byte) {
	t.Helper()
	if ok, err := fs.Create(bytes.NewReader(data), at(name), false, 0, 0, 0o644, 0, "application/octet-stream"); !ok || err != nil {
		t.Fatalf("create %s: %v, %v", name, ok, err)
	}
}

func read(t *testing.T, fs *gowfs.FileSystem, name string, offset, length int64) []byte {
	t.Helper()
	r, err := fs.Open(at(name), offset, length, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// refused fails the test unless err is the exception of that name.
func refused(t *testing.T, err error, exception string) {
	t.Helper()
	var remote gowfs.RemoteException
	if !errors.As(err, &remote) || remote.Exception != exception {
		t.Errorf("err = %v, want a %s", err, exception)
	}
}

func TestWriteAndRead(t *testing.T) {
	fs := alice(t)
	for name, size := range map[string]int{"empty": 0, "one": 1, "row": 65_536, "block": 65_537, "large": 3_000_000} {
		data := content(size)
		create(t, fs, name, data)
		if got := read(t, fs, name, 0, 0); !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes are not the %d that were written", name, len(got), size)
		}
		status, err := fs.GetFileStatus(at(name))
		if err != nil || status.Length != int64(size) || status.Owner != "alice" || status.Permission != "644" {
			t.Errorf("%s: %+v, %v", name, status, err)
		}
	}
}

// TestStream writes what has no length that is known.
func TestStream(t *testing.T) {
	fs, data := alice(t), content(1_000_000)
	r, w := io.Pipe()
	go func() {
		_, err := w.Write(data)
		w.CloseWithError(err)
	}()
	if ok, err := fs.Create(r, at("file"), true, 1<<20, 1, 0o600, 8192, ""); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if got := read(t, fs, "file", 0, 0); !bytes.Equal(got, data) {
		t.Errorf("%d bytes are not what was written", len(got))
	}
}

func TestRanges(t *testing.T) {
	fs, data := alice(t), content(200_000)
	create(t, fs, "file", data)
	for _, r := range [][2]int64{{0, 10}, {65_530, 12}, {199_990, 10}, {150_000, 0}} {
		want := data[r[0]:]
		if r[1] > 0 {
			want = want[:r[1]]
		}
		if got := read(t, fs, "file", r[0], r[1]); !bytes.Equal(got, want) {
			t.Errorf("range %v: %d bytes, want %d", r, len(got), len(want))
		}
	}
}

func TestAppend(t *testing.T) {
	fs := alice(t)
	create(t, fs, "file", []byte("one"))
	for _, part := range []string{", two", ", three"} {
		if ok, err := fs.Append(strings.NewReader(part), at("file"), 0, ""); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	if got := read(t, fs, "file", 0, 0); string(got) != "one, two, three" {
		t.Errorf("appended to %q", got)
	}
}

func TestConcat(t *testing.T) {
	fs := alice(t)
	for i, name := range []string{"a", "b", "c"} {
		create(t, fs, name, bytes.Repeat([]byte(name), 50_000*(i+1)))
	}
	if ok, err := fs.Concat(at("a"), []string{at("b").Name, at("c").Name}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	want := strings.Repeat("a", 50_000) + strings.Repeat("b", 100_000) + strings.Repeat("c", 150_000)
	if got := read(t, fs, "a", 0, 0); string(got) != want {
		t.Errorf("%d bytes are not the three files", len(got))
	}
}

func TestFolders(t *testing.T) {
	fs := alice(t)
	if ok, err := fs.MkDirs(at("folder/deep"), 0o750); !ok || err != nil {
		t.Fatal(ok, err)
	}
	for _, name := range []string{"b", "a b", "ä&=+%"} {
		create(t, fs, "folder/"+name, []byte(name))
	}
	statuses, err := fs.ListStatus(at("folder"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range statuses {
		names = append(names, s.Type+" "+s.PathSuffix)
	}
	if want := []string{"FILE a b", "FILE b", "DIRECTORY deep", "FILE ä&=+%"}; !slices.Equal(names, want) {
		t.Errorf("the folder has %q, want %q", names, want)
	}
	if got := read(t, fs, "folder/ä&=+%", 0, 0); string(got) != "ä&=+%" {
		t.Errorf("read %q", got)
	}
	if s, err := fs.GetContentSummary(at("folder")); err != nil || s.FileCount != 3 || s.DirectoryCount != 2 {
		t.Errorf("summary %+v, %v", s, err)
	}
	if s, err := fs.GetFileStatus(at("folder/deep")); err != nil || s.Permission != "750" {
		t.Errorf("status %+v, %v", s, err)
	}
}

func TestRenameAndDelete(t *testing.T) {
	fs := alice(t)
	create(t, fs, "a", []byte("a"))
	if ok, err := fs.Rename(at("a"), at("b")); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, err := fs.Rename(at("a"), at("c")); ok || err != nil {
		t.Errorf("what is missing was renamed: %v, %v", ok, err)
	}
	if ok, err := fs.Delete(at("b"), false); !ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := fs.Delete(at("b"), false); ok || err != nil {
		t.Errorf("what is missing was deleted: %v, %v", ok, err)
	}
	create(t, fs, "folder/file", nil)
	if ok, err := fs.Delete(at("folder"), true); !ok || err != nil {
		t.Error(ok, err)
	}
}

func TestAttributes(t *testing.T) {
	fs := alice(t)
	create(t, fs, "file", []byte("Hello, world!"))
	if ok, err := fs.SetPermission(at("file"), 0o640); !ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := fs.SetOwner(at("file"), "", "staff"); !ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := fs.SetReplication(at("file"), 2); !ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := fs.SetTimes(at("file"), 1_600_000_000_000, 1_500_000_000_000); !ok || err != nil {
		t.Error(ok, err)
	}
	s, err := fs.GetFileStatus(at("file"))
	if err != nil || s.Permission != "640" || s.Group != "staff" || s.Replication != 2 || s.ModificationTime != 1_500_000_000_000 {
		t.Errorf("status %+v, %v", s, err)
	}
	sum, err := fs.GetFileChecksum(at("file"))
	want := gowfs.FileChecksum{
		Algorithm: "MD5-of-0MD5-of-512CRC32C", Length: 28,
		Bytes: "00000200000000000000000015d668e7eb6669112f678662964b0a6500000000",
	}
	if err != nil || sum != want {
		t.Errorf("checksum %+v, %v", sum, err)
	}
}

// TestShell moves local files there and back.
func TestShell(t *testing.T) {
	shell := gowfs.FsShell{FileSystem: alice(t)}
	local := filepath.Join(t.TempDir(), "local")
	data := content(300_000)
	if err := os.WriteFile(local, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if ok, err := shell.Put(local, at("").Name, false); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, err := shell.Put(local, at("").Name, false); ok || err == nil {
		t.Error("an existing file was overwritten")
	} else {
		refused(t, err, "FileAlreadyExistsException")
	}
	if ok, err := shell.AppendToFile([]string{local, local}, at("local").Name, ""); !ok || err != nil {
		t.Error(ok, err)
	}
	var cat bytes.Buffer
	if err := shell.Cat([]string{at("local").Name}, &cat); err != nil || !bytes.Equal(cat.Bytes(), bytes.Repeat(data, 3)) {
		t.Errorf("%d bytes are not the file three times: %v", cat.Len(), err)
	}
	back := local + ".back"
	if ok, err := shell.MoveToLocal(at("local").Name, back); !ok || err != nil {
		t.Error(ok, err)
	}
	if got, err := os.ReadFile(back); err != nil || !bytes.Equal(got, bytes.Repeat(data, 3)) {
		t.Errorf("%d bytes came back: %v", len(got), err)
	}
	if ok, err := shell.MoveFromLocal(local, at("").Name, false); !ok || err != nil {
		t.Error(ok, err)
	}
	if _, err := os.Stat(local); !os.IsNotExist(err) {
		t.Errorf("the local file is still there: %v", err)
	}
}

func TestRefused(t *testing.T) {
	fs, intruder := alice(t), bob(t)
	create(t, fs, "file", []byte("x"))
	_, err := fs.Open(at("missing"), 0, 0, 0)
	refused(t, err, "FileNotFoundException")
	_, err = fs.Create(strings.NewReader("x"), at("file/below"), false, 0, 0, 0o644, 0, "")
	refused(t, err, "ParentNotDirectoryException")
	_, err = intruder.Open(at("file"), 0, 0, 0)
	refused(t, err, "AccessControlException")
	_, err = intruder.Create(strings.NewReader("y"), at("file"), true, 0, 0, 0o644, 0, "")
	refused(t, err, "AccessControlException")
	// Other replies it judges by their status alone.
	if _, err := fs.GetFileStatus(at("missing")); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("err = %v, want 404", err)
	}
	if _, err := intruder.ListStatus(at("")); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("err = %v, want 403", err)
	}
	if _, err := intruder.Delete(at("file"), false); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("err = %v, want 403", err)
	}
	if got := read(t, fs, "file", 0, 0); string(got) != "x" {
		t.Errorf("the file is %q now", got)
	}
}
