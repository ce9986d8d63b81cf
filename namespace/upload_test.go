package namespace

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"

	"granary/namespace/filesum"
)

var noneThere = Condition{NoneMatch: &Revisions{Any: true}}

// part sends a part of an upload.
func (s *Session) part(t *testing.T, u Upload, content []byte) (Upload, *Status) {
	t.Helper()
	u, status, err := s.ContinueUpload(t.Context(), u.ID, u.Offset, int64(len(content)), bytes.NewReader(content))
	must(t, err)
	return u, status
}

// begin begins an upload.
func (s *Session) begin(t *testing.T, path Path, length int) Upload {
	t.Helper()
	u, err := s.BeginUpload(t.Context(), path, CreateOptions{Mode: 0o640, Overwrite: true, CreateParent: true}, int64(length))
	must(t, err)
	return u
}

// Parts go to one server or another, and nothing is visible before the last of them.
func TestAnUploadComesInParts(t *testing.T) {
	servers := newServers(t, 2)
	for _, length := range []int{1, 100, RowMax, RowMax + 1, 3 << 20} {
		content := pattern(length)
		at := path(t, "/new/dir/f")
		s := servers[0].as(t, superuser)
		u := s.begin(t, at, length)
		var status *Status
		for i := 0; int(u.Offset) < length; i++ {
			if status != nil {
				t.Fatal("the file is there before its content")
			}
			_, err := s.Stat(t.Context(), at)
			wantKind(t, "a look at what is not there", err, NotExist, "")
			size := min(length-int(u.Offset), length/3+1)
			u, status = servers[i%2].as(t, superuser).part(t, u, content[u.Offset:int(u.Offset)+size])
		}
		if status == nil || status.Size != int64(length) || status.Perms.Mode != 0o640 {
			t.Fatalf("%+v", status)
		}
		for _, fs := range servers {
			if got := fs.as(t, superuser).get(t, "/new/dir/f"); !bytes.Equal(got, content) {
				t.Errorf("%d other bytes of %d", len(got), length)
			}
			fs.clean(t)
		}
		events, err := s.Events(t.Context(), "", 0, 0)
		must(t, err)
		if e := events[len(events)-1]; e.Op != "create" || e.Path != at || e.Operation != u.ID {
			t.Errorf("the event of an upload is %+v", e)
		}
		again, err := s.Upload(t.Context(), u.ID)
		must(t, err)
		if !again.Whole() || again.Path != at || !again.Expires.IsZero() {
			t.Errorf("a complete upload is %+v", again)
		}
		s.put(t, "/tmp/same", content)
		a, err := s.Checksum(t.Context(), at)
		must(t, err)
		b, err := s.Checksum(t.Context(), path(t, "/tmp/same"))
		must(t, err)
		if a != b {
			t.Errorf("checksum %v of an upload of %d bytes, %v of the same file", a, length, b)
		}
		if ok, err := s.Delete(t.Context(), at, false); !ok || err != nil {
			t.Fatal(ok, err)
		}
		must(t, servers[0].Reap(t.Context()))
		servers[0].clean(t)
	}
}

func TestAnUploadGoesOnWhereItGotTo(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	content := pattern(1000)
	u := s.begin(t, at("/f"), 1000)
	u, _ = s.part(t, u, content[:400])
	for _, offset := range []int64{0, 399, 401, 1000} {
		_, _, err := s.ContinueUpload(t.Context(), u.ID, offset, 10, bytes.NewReader(content[:10]))
		wantKind(t, "a part from elsewhere", err, IO, "400 bytes have come")
	}
	_, _, err := s.ContinueUpload(t.Context(), u.ID, 400, 601, bytes.NewReader(content[:601]))
	wantKind(t, "too long a part", err, InvalidArgument, "only 600 are left")
	_, _, err = s.ContinueUpload(t.Context(), u.ID, 400, -1, bytes.NewReader(content[:601]))
	wantKind(t, "too long a part", err, IO, "goes on after")
	_, _, err = s.ContinueUpload(t.Context(), u.ID, 400, 300, io.MultiReader(bytes.NewReader(content[:100]), iotest.ErrReader(errors.New("cut"))))
	wantKind(t, "a part that is cut", err, IO, "nothing was written")
	now, err := s.Upload(t.Context(), u.ID)
	must(t, err)
	if now.Offset != 400 {
		t.Errorf("%d bytes after parts that were refused", now.Offset)
	}
	_, status, err := s.ContinueUpload(t.Context(), u.ID, 400, -1, bytes.NewReader(content[400:]))
	must(t, err)
	if status == nil || !bytes.Equal(s.get(t, "/f"), content) {
		t.Errorf("%+v", status)
	}
	fs.clean(t)
}

// Of a part that is cut off, what arrived whole is kept: pieces while the rest is under way, and blocks when it ends.
func TestAPartThatIsCutKeepsWhatCame(t *testing.T) {
	fs := newFS(t)
	s := func() *Session { return fs.as(t, superuser) }
	const more = 1000 // bytes after a piece and a block
	const length = pieceSize + maxBlock + more
	u := s().begin(t, at("/f"), length)
	fs.exec(t, `UPDATE uploads SET touched = now() - interval '23 h'`)
	var under Upload
	look := readerOf(func() (n int, err error) {
		under, err = s().Upload(t.Context(), u.ID)
		return 0, cmp.Or(err, io.EOF)
	})
	leaving, leave := context.WithCancel(t.Context())
	cut := readerOf(func() (int, error) {
		leave() // as the context of a request does that ends
		return 0, io.ErrUnexpectedEOF
	})
	_, _, err := s().ContinueUpload(leaving, u.ID, 0, length, io.MultiReader(
		io.LimitReader(zeros{}, pieceSize+maxBlock/2), look, io.LimitReader(zeros{}, maxBlock/2), bytes.NewReader(pattern(more/2)), cut))
	if err == nil {
		t.Error("a part that was cut is taken for whole")
	}
	if under.Offset != pieceSize || time.Until(under.Expires) < UploadLife/2 {
		t.Errorf("while a part is under way %d bytes of its upload have come, which ends at %v", under.Offset, under.Expires)
	}
	now, err := s().Upload(t.Context(), u.ID)
	must(t, err)
	if now.Offset != pieceSize+maxBlock {
		t.Errorf("%d bytes have come of a part that was cut, want %d", now.Offset, pieceSize+maxBlock)
	}
	_, _, err = s().ContinueUpload(t.Context(), u.ID, now.Offset, more+1, bytes.NewReader(pattern(more+1)))
	wantKind(t, "too long a part", err, InvalidArgument, "")
	_, status := s().part(t, now, pattern(more))
	if status == nil || status.Size != length {
		t.Fatalf("%+v", status)
	}
	sum := filesum.New(DefaultBlockSize)
	must(t, ignore(io.Copy(sum, io.MultiReader(io.LimitReader(zeros{}, pieceSize+maxBlock), bytes.NewReader(pattern(more))))))
	if got, err := s().Checksum(t.Context(), path(t, "/f")); err != nil || got != sum.Checksum() {
		t.Errorf("checksum %v, want %v (%v)", got, sum.Checksum(), err)
	}
	must(t, fs.Reap(t.Context()))
	fs.clean(t)
}

// If two send the same part, one of them is told to ask for the state of the upload.
func TestPartsThatComeTwice(t *testing.T) {
	fs := newFS(t)
	content := pattern(200_000)
	u := fs.as(t, superuser).begin(t, at("/f"), len(content))
	for int(u.Offset) < len(content) {
		failed := make([]error, 4)
		crowd(4, func(i int) {
			_, _, failed[i] = fs.as(t, superuser).ContinueUpload(t.Context(), u.ID, u.Offset, 50_000, bytes.NewReader(content[u.Offset:u.Offset+50_000]))
		})
		worked := 0
		for _, err := range failed {
			if err == nil {
				worked++
			} else if k := KindOf(err); k != IO && k != Conflict {
				t.Error(err)
			}
		}
		if worked == 0 {
			t.Error("none of four worked")
		}
		var err error
		if u, err = fs.as(t, superuser).Upload(t.Context(), u.ID); err != nil {
			t.Fatal(err)
		}
	}
	if got := fs.as(t, superuser).get(t, "/f"); !bytes.Equal(got, content) {
		t.Errorf("%d other bytes", len(got))
	}
	must(t, fs.Reap(t.Context()))
	fs.clean(t)
}

func TestAnUploadReplacesNothingUnlessItMay(t *testing.T) {
	fs := newFS(t)
	s := func() *Session { return fs.as(t, superuser) }
	u := s().begin(t, at("/f"), 3)
	s().put(t, "/f", []byte("there"))
	_, _, err := s().If(noneThere).ContinueUpload(t.Context(), u.ID, 0, 3, strings.NewReader("new"))
	wantKind(t, "the last part", err, Precondition, "")
	_, err = s().If(noneThere).BeginUpload(t.Context(), path(t, "/f"), CreateOptions{Overwrite: true}, 3)
	wantKind(t, "another upload", err, Precondition, "")
	// A file appears between the part and the last act.
	if ok, err := s().Delete(t.Context(), path(t, "/f"), false); !ok || err != nil {
		t.Fatal(ok, err)
	}
	blocked := func() io.Reader {
		return readerOf(func() (int, error) {
			s().put(t, "/f", []byte("quicker"))
			return 0, io.EOF
		})
	}
	_, _, err = s().If(noneThere).ContinueUpload(t.Context(), u.ID, 0, 3, io.MultiReader(strings.NewReader("new"), blocked()))
	wantKind(t, "the last part", err, Precondition, "")
	if got := string(s().get(t, "/f")); got != "quicker" {
		t.Errorf("%q was replaced", got)
	}
	fs.clean(t)
	// What has come is kept; only the last act is tried again.
	u, status, err := s().ContinueUpload(t.Context(), u.ID, 3, 0, strings.NewReader(""))
	must(t, err)
	if got := string(s().get(t, "/f")); got != "new" || status == nil || !u.Whole() {
		t.Errorf("%q, %+v", got, status)
	}
	must(t, fs.Reap(t.Context()))
	fs.clean(t)
}

func TestUploadsAreTheirUsersAlone(t *testing.T) {
	fs := newFS(t)
	ada, bob := fs.as(t, "ada", "team"), fs.as(t, "bob", "team")
	must(t, ignore(fs.as(t, superuser).Mkdirs(t.Context(), path(t, "/d"), MkdirOptions{Mode: 0o777})))
	u := ada.begin(t, at("/d/f"), 10)
	_, err := bob.Upload(t.Context(), u.ID)
	wantKind(t, "a look at another's", err, NotExist, "")
	_, _, err = bob.ContinueUpload(t.Context(), u.ID, 0, 1, strings.NewReader("x"))
	wantKind(t, "a part to another's", err, NotExist, "")
	wantKind(t, "the end of another's", bob.EndUpload(t.Context(), u.ID), NotExist, "")
	_, err = ada.Upload(t.Context(), uuid.New())
	wantKind(t, "a look at none", err, NotExist, "")
	// Rights are checked with each part.
	must(t, fs.as(t, superuser).SetPermission(t.Context(), path(t, "/d"), 0o700))
	_, _, err = ada.ContinueUpload(t.Context(), u.ID, 0, 1, strings.NewReader("x"))
	wantKind(t, "a part to where one may not write", err, AccessControl, "")
	must(t, fs.as(t, superuser).SetPermission(t.Context(), path(t, "/d"), 0o777))
	must(t, ada.EndUpload(t.Context(), u.ID))
	_, err = ada.Upload(t.Context(), u.ID)
	wantKind(t, "a look at what was ended", err, NotExist, "")
	_, err = ada.BeginUpload(t.Context(), path(t, "/f"), CreateOptions{}, 1)
	wantKind(t, "an upload to where one may not write", err, AccessControl, "")
	_, err = ada.BeginUpload(t.Context(), path(t, "/d/f"), CreateOptions{}, 0)
	wantKind(t, "an upload of nothing", err, InvalidArgument, "")
	for range MaxUploads {
		ada.begin(t, at("/d/many"), 1)
	}
	_, err = ada.BeginUpload(t.Context(), path(t, "/d/many"), CreateOptions{}, 1)
	wantKind(t, "one upload too many", err, IO, "256 uploads")
	bob.begin(t, at("/d/many"), 1)
	fs.clean(t)
}

func TestUploadsAreForgotten(t *testing.T) {
	fs := newFS(t)
	fs.still()
	s := fs.as(t, superuser)
	before := fs.count(t, rows)
	u := s.begin(t, at("/f"), 300_000)
	u, _ = s.part(t, u, pattern(100_000))
	must(t, fs.Reap(t.Context()))
	if now, err := s.Upload(t.Context(), u.ID); err != nil || now.Offset != 100_000 {
		t.Fatalf("an upload that is under way: %+v, %v", now, err)
	}
	fs.clean(t)
	fs.exec(t, `UPDATE uploads SET touched = now() - $1::interval`, UploadLife)
	must(t, fs.Reap(t.Context()))
	_, err := s.Upload(t.Context(), u.ID)
	wantKind(t, "a look at what was forgotten", err, NotExist, "")
	fs.exec(t, `UPDATE blocks SET since = '-infinity'`)
	must(t, fs.Reap(t.Context()))
	if after := fs.count(t, rows); after != before || stored(t, fs.store) != 0 {
		t.Errorf("%d rows and %d blocks are left, want %d and none", after, stored(t, fs.store), before)
	}
	fs.clean(t)
}

func TestUploadsAreHeldAgainstQuotas(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	must(t, ignore(s.Mkdirs(t.Context(), path(t, "/d"), MkdirOptions{Mode: 0o777})))
	room := int64(2 << 20)
	must(t, s.SetQuota(t.Context(), path(t, "/d"), QuotaChange{Space: &room}))
	o := CreateOptions{Replication: 1, BlockSize: 1 << 20}
	_, err := s.BeginUpload(t.Context(), path(t, "/d/f"), o, room+1)
	wantKind(t, "an upload that does not fit", err, QuotaSpace, "")
	_, err = s.BeginUpload(t.Context(), path(t, "/d/f"), CreateOptions{Replication: 1, BlockSize: 4 << 20}, 1)
	wantKind(t, "an upload whose last block does not fit, as HDFS counts it", err, QuotaSpace, "")
	u, err := s.BeginUpload(t.Context(), path(t, "/d/f"), o, room)
	must(t, err)
	part := func(off, n int64) (*Status, error) {
		_, status, err := s.ContinueUpload(t.Context(), u.ID, off, n, bytes.NewReader(pattern(int(n))))
		return status, err
	}
	must(t, ignore(part(0, room/2)))
	must(t, ignore(s.Create(t.Context(), path(t, "/d/first"), CreateOptions{Replication: 1, BlockSize: 1 << 20, Size: -1}, strings.NewReader("x"))))
	_, err = part(room/2, room/2)
	wantKind(t, "an upload that does not fit any more", err, QuotaSpace, "")
	fs.clean(t)
	if ok, err := s.Delete(t.Context(), path(t, "/d/first"), false); !ok || err != nil {
		t.Fatal(ok, err)
	}
	// What has arrived of other uploads takes room, too.
	other, err := s.BeginUpload(t.Context(), path(t, "/d/other"), o, room/2)
	must(t, err)
	must(t, ignore(s.BeginUpload(t.Context(), path(t, "/elsewhere"), o, room)))
	_, err = s.BeginUpload(t.Context(), path(t, "/d/third"), o, room/2+1)
	wantKind(t, "an upload that does not fit beside another", err, QuotaSpace, "")
	_, _, err = s.ContinueUpload(t.Context(), other.ID, 0, room/2, bytes.NewReader(pattern(int(room/2))))
	must(t, err)
	_, err = part(room/2, room/2)
	wantKind(t, "an upload that does not fit beside a file", err, QuotaSpace, "")
	if ok, err := s.Delete(t.Context(), path(t, "/d/other"), false); !ok || err != nil {
		t.Fatal(ok, err)
	}
	status, err := part(room/2, room/2)
	must(t, err)
	if status == nil || status.Size != room {
		t.Errorf("%+v", status)
	}
	fs.clean(t)
}

// What is uploaded through a share is charged where it lies, however its path is spelled.
func TestUploadsThroughASharesMountAreHeldAgainstItsQuotas(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	room := int64(2 << 20)
	must(t, x.as(t, superuser).SetQuota(t.Context(), path(t, "/Projects/maps"), QuotaChange{Space: &room}))
	o := CreateOptions{Replication: 1, BlockSize: 1 << 19, Mode: 0o644}
	by, at := path(t, "/Projects/vision/Shared/maps.tiles"), path(t, "/Projects/maps/deep/tiles")
	u, err := x.bob.BeginUpload(t.Context(), by.Join("one"), o, room/2)
	must(t, err)
	_, _, err = x.bob.ContinueUpload(t.Context(), u.ID, 0, room/2-1, bytes.NewReader(pattern(int(room/2-1))))
	must(t, err)
	_, err = x.bob.BeginUpload(t.Context(), by.Join("two"), o, room/2+1<<19)
	wantKind(t, "a second one by way of the share", err, QuotaSpace, "")
	_, err = x.ada.BeginUpload(t.Context(), at.Join("three"), o, room/2+1<<19)
	wantKind(t, "a second one at its own path", err, QuotaSpace, "")
	must(t, ignore(x.bob.BeginUpload(t.Context(), by.Join("four"), o, room/4)))
}

func TestAnUploadHasFewShortParts(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	u := s.begin(t, at("/f"), 12)
	part := func(off, n int64) error {
		_, _, err := s.ContinueUpload(t.Context(), u.ID, off, n, bytes.NewReader(pattern(int(n))))
		return err
	}
	must(t, part(0, 1))
	fs.exec(t, `INSERT INTO extents (project_id, inode_id, off, len, block_id, block_off, key_version) SELECT project_id, inode_id, 1000 + n, 1, block_id, block_off, key_version FROM extents, generate_series(1, $1::int) n`, MaxShortParts-1)
	wantKind(t, "one short part too many", part(1, 1), InvalidArgument, "")
	fs.exec(t, `DELETE FROM extents WHERE off > 1000`)
	must(t, part(1, 1))
	fs.exec(t, `INSERT INTO extents (project_id, inode_id, off, len, block_id, block_off, key_version) SELECT project_id, inode_id, 1000 + n, 1, block_id, block_off, key_version FROM extents, generate_series(1, $1::int) n WHERE off = 0`, MaxShortParts)
	must(t, part(2, 10))
}

// Clients take an upload that is as long as the file for done, and ask no more, so it must be a file.
func TestAnUploadThatIsWholeIsAFile(t *testing.T) {
	fs := newFS(t)
	s := func() *Session { return fs.as(t, superuser) }
	u := s().begin(t, at("/f"), 3)
	s().put(t, "/f", []byte("there"))
	blocked := readerOf(func() (int, error) {
		s().put(t, "/f", []byte("quicker"))
		return 0, io.EOF
	})
	if ok, err := s().Delete(t.Context(), path(t, "/f"), false); !ok || err != nil {
		t.Fatal(ok, err)
	}
	_, _, err := s().If(noneThere).ContinueUpload(t.Context(), u.ID, 0, 3, io.MultiReader(strings.NewReader("new"), blocked))
	wantKind(t, "the last part", err, Precondition, "")
	_, err = s().If(noneThere).Upload(t.Context(), u.ID)
	wantKind(t, "a look under the condition", err, Precondition, "")
	u, err = s().Upload(t.Context(), u.ID)
	must(t, err)
	if got := string(s().get(t, "/f")); got != "new" || !u.Whole() || !u.Expires.IsZero() {
		t.Errorf("%q after an upload that says %+v", got, u)
	}
	fs.clean(t)
}
