package namespace

import (
	"bytes"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/auth"
	"granary/auth/perm"
)

// download is a file of ada's in her project that bob, a scientist there, is reading.
type download struct {
	t     *testing.T
	fs    *testFS
	clock *atomic.Int64 // seconds
	root  *Session
	token auth.Token
	r     *Reader
	want  []byte
}

const downloaded = "/Projects/vision/data/d/f"

func beginDownload(t *testing.T) *download {
	t.Helper()
	fs, clock := trashFS(t)
	d := &download{t: t, fs: fs, clock: clock, want: pattern(3 * InlineMax)}
	for _, user := range []auth.User{{Name: "ada"}, {Name: "bob", Groups: []string{"readers"}}} {
		must(t, fs.auth.AddUser(t.Context(), user))
	}
	must(t, fs.makeProject(t.Context(), "vision", "ada"))
	must(t, fs.setMember(t.Context(), "vision", "bob", Scientist))
	d.root = fs.as(t, superuser)
	d.root.put(t, downloaded, d.want)
	must(t, d.root.SetOwner(t.Context(), at(downloaded), "ada", "readers"))
	must(t, d.root.SetPermission(t.Context(), at(downloaded), 0o640))
	text, err := fs.auth.Issue(t.Context(), auth.TokenRequest{User: "bob", TTL: 30 * 24 * time.Hour})
	must(t, err)
	p, _, err := fs.auth.Verify(t.Context(), text)
	must(t, err)
	tokens, err := fs.auth.Tokens(t.Context(), "bob", auth.TokenQuery{})
	must(t, err)
	d.token = tokens[0]
	d.r, err = fs.As(p).Open(t.Context(), at(downloaded), 0, -1)
	must(t, err)
	t.Cleanup(func() { must(t, d.r.Close()) })
	return d
}

// read reads the next bytes, the given number of seconds later.
func (d *download) read(later int64) error {
	d.clock.Add(later)
	got := make([]byte, 100)
	off := d.r.pos
	_, err := io.ReadFull(d.r, got)
	if err == nil && !bytes.Equal(got, d.want[off:off+100]) {
		d.t.Errorf("other bytes at %d", off)
	}
	return err
}

// A download ends when its reader loses the right to read the file.
func TestDownloadEndsWithTheRight(t *testing.T) {
	for name, end := range map[string]func(d *download) error{
		"token revoked":         func(d *download) error { return d.fs.auth.RevokeToken(t.Context(), d.token.ID) },
		"user disabled":         func(d *download) error { return d.fs.auth.Disable(t.Context(), "bob") },
		"removed from group":    func(d *download) error { return d.fs.auth.SetGroups(t.Context(), "bob", nil) },
		"membership ended":      func(d *download) error { return d.fs.dropMember(t.Context(), "vision", "bob") },
		"mode changed":          func(d *download) error { return d.root.SetPermission(t.Context(), at(downloaded), 0o600) },
		"mode changed above":    func(d *download) error { return d.root.SetPermission(t.Context(), at("/Projects/vision/data"), 0o700) },
		"owner and group":       func(d *download) error { return d.root.SetOwner(t.Context(), at(downloaded), "", "nobody") },
		"moved where it cannot": func(d *download) error { return moveAway(d, 0o700) },
		"ACL changed": func(d *download) error {
			return d.root.ModifyACL(t.Context(), at(downloaded), []perm.Entry{{Type: perm.User, Name: "bob", Perm: perm.None}})
		},
		"deleted, and the membership ended": func(d *download) error {
			_, err := d.root.Delete(t.Context(), at("/Projects/vision/data"), true)
			return errors.Join(err, d.fs.dropMember(t.Context(), "vision", "bob"))
		},
		"deleted, and the membership of a project that all know ended": func(d *download) error {
			err := d.root.ChangeProject(t.Context(), "vision", ProjectChange{Listed: new(true)})
			_, failed := d.root.Delete(t.Context(), at("/Projects/vision/data"), true)
			return errors.Join(err, failed, d.fs.dropMember(t.Context(), "vision", "bob"))
		},
		"deleted, and the token revoked": func(d *download) error {
			_, err := d.root.Delete(t.Context(), at("/Projects/vision/data"), true)
			return errors.Join(err, d.fs.auth.RevokeToken(t.Context(), d.token.ID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := beginDownload(t)
			must(t, d.read(0))
			must(t, d.read(6))
			must(t, end(d))
			must(t, d.read(4)) // before the right has to be checked again
			if err := d.read(1); kindOf(err) != AccessControl {
				t.Errorf("after 5 seconds: %v", err)
			}
			if err := d.read(0); kindOf(err) != AccessControl {
				t.Errorf("once more: %v", err)
			}
		})
	}
}

// What a store gives after a long time is not given to a reader who has lost the right meanwhile.
func TestDownloadFromASlowStoreEndsWithTheRight(t *testing.T) {
	d := beginDownload(t)
	must(t, d.read(0))
	slow := &slowRead{d.r.cur, func() { d.clock.Add(300) }}
	d.r.cur = slow
	must(t, d.read(0))
	slow.happens = func() {
		must(t, d.fs.auth.RevokeToken(t.Context(), d.token.ID))
		d.clock.Add(300)
	}
	for _, when := range []string{"that came after five minutes", "behind them"} {
		if n, err := d.r.Read(make([]byte, 100)); n > 0 || kindOf(err) != AccessControl {
			t.Errorf("%d bytes %s, %v", n, when, err)
		}
	}
}

// slowRead is a block during whose reading something happens.
type slowRead struct {
	io.ReadCloser
	happens func()
}

func (s *slowRead) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	s.happens()
	return n, err
}

func moveAway(d *download, mode perm.Mode) error {
	_, err := d.root.Mkdirs(d.t.Context(), at("/Projects/vision/away"), MkdirOptions{Mode: 0o755})
	if err == nil {
		_, err = d.root.Rename(d.t.Context(), at("/Projects/vision/data/d"), at("/Projects/vision/away"))
	}
	return errors.Join(err, d.root.SetPermission(d.t.Context(), at("/Projects/vision/away"), mode))
}

// Other changes do not end a download, and neither does deleting the file.
func TestDownloadGoesOn(t *testing.T) {
	for name, change := range map[string]func(d *download) error{
		"nothing": func(*download) error { return nil },
		"deleted": func(d *download) error { _, err := d.root.Delete(t.Context(), at(downloaded), false); return err },
		"deleted above": func(d *download) error {
			_, err := d.root.Delete(t.Context(), at("/Projects/vision/data"), true)
			return err
		},
		"overwritten":   func(d *download) error { d.root.put(t, downloaded, []byte("new")); return nil },
		"moved":         func(d *download) error { return moveAway(d, 0o755) },
		"other right":   func(d *download) error { return d.root.SetPermission(t.Context(), at(downloaded), 0o444) },
		"another's":     func(d *download) error { return d.root.SetOwner(t.Context(), at(downloaded), "root", "") },
		"another group": func(d *download) error { return d.fs.auth.SetGroups(t.Context(), "bob", []string{"readers", "more"}) },
		"promoted":      func(d *download) error { return d.fs.setMember(t.Context(), "vision", "bob", Owner) },
		"ada's membership": func(d *download) error {
			return errors.Join(d.fs.setMember(t.Context(), "vision", "bob", Owner), d.fs.dropMember(t.Context(), "vision", "ada"))
		},
		"in ada's trash": func(d *download) error {
			if _, err := d.root.Mkdirs(t.Context(), at("/Projects/vision/.Trash/ada/Current"), MkdirOptions{Mode: 0o700}); err != nil {
				return err
			}
			return d.root.Move(t.Context(), at("/Projects/vision/data"), at("/Projects/vision/.Trash/ada/Current/data"), MoveOptions{ToTrash: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := beginDownload(t)
			must(t, d.read(0))
			must(t, change(d))
			for range 3 {
				must(t, d.read(6))
			}
			d.clock.Add(6)
			rest, err := io.ReadAll(d.r)
			if err != nil || !bytes.Equal(rest, d.want[400:]) {
				t.Errorf("the rest: %d bytes, %v", len(rest), err)
			}
		})
	}
}

// A download survives a brief outage of the database, but not a long one, as nobody knows then who may read.
func TestDownloadOutlastsTheDatabaseForAMoment(t *testing.T) {
	d := beginDownload(t)
	must(t, d.read(0))
	nowhere := d.fs.db.Config()
	nowhere.ConnConfig.Host, nowhere.ConnConfig.Port, nowhere.ConnConfig.Fallbacks = "127.0.0.1", 1, nil
	db, err := pgxpool.NewWithConfig(t.Context(), nowhere)
	must(t, err)
	t.Cleanup(db.Close)
	d.r.admission.session.fs = &FS{db: db, now: d.fs.now, hints: newHints(-1, -1, -1, d.fs.now)}
	must(t, d.read(5))
	must(t, d.read(1))
	must(t, d.read(1))
	if err := d.read(1); kindOf(err) != Unavailable {
		t.Errorf("after 8 seconds: %v", err)
	}
}

// turning is content that calls turn at its end.
type turning struct {
	io.Reader
	turn func()
}

func (r *turning) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == io.EOF && r.turn != nil {
		r.turn()
		r.turn = nil
	}
	return n, err
}

// An upload is not published if the right to it ended meanwhile: publishing checks it again.
func TestUploadEndsWithTheRight(t *testing.T) {
	ends := map[string]func(d *download) error{
		"token revoked":    func(d *download) error { return d.fs.auth.RevokeToken(t.Context(), d.token.ID) },
		"membership ended": func(d *download) error { return d.fs.dropMember(t.Context(), "vision", "bob") },
		"mode changed": func(d *download) error {
			return d.root.SetPermission(t.Context(), at("/Projects/vision/data/d"), 0o500)
		},
	}
	for name, end := range ends {
		for _, size := range []int{10, InlineMax + 1} {
			d := beginDownload(t)
			must(t, d.root.SetOwner(t.Context(), at("/Projects/vision/data/d"), "bob", ""))
			bob := d.fs.As(d.r.admission.session.p)
			content := &turning{bytes.NewReader(pattern(size)), func() { must(t, end(d)) }}
			_, err := bob.Create(t.Context(), at("/Projects/vision/data/d/new"), CreateOptions{Mode: 0o644, Size: -1}, content)
			if kindOf(err) != AccessControl {
				t.Errorf("%s while %d bytes came: %v", name, size, err)
			}
			if _, err := d.root.Stat(t.Context(), at("/Projects/vision/data/d/new")); kindOf(err) != NotExist {
				t.Errorf("%s while %d bytes came: there is a file: %v", name, size, err)
			}
		}
	}
}

// Recipients of a share can go on reading until the share or its project ends, whichever path they opened.
func TestDownloadEndsWithTheShare(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(x *sharing, s Share) error
		want Kind
	}{
		"share ended": {func(x *sharing, s Share) error { return x.ada.EndShare(t.Context(), s.ID) }, AccessControl},
		"share ended and the file deleted": {func(x *sharing, s Share) error {
			_, err := x.ada.Delete(t.Context(), at(tilesOwn+"/a"), false)
			return errors.Join(err, x.ada.EndShare(t.Context(), s.ID))
		}, AccessControl},
		"file deleted": {func(x *sharing, _ Share) error {
			_, err := x.ada.Delete(t.Context(), at(tilesOwn+"/a"), false)
			return err
		}, allowed},
		"project archived": {func(x *sharing, _ Share) error {
			return x.ada.ChangeProject(t.Context(), "maps", ProjectChange{Archived: new(true)})
		}, allowed},
		"project deleted": {func(x *sharing, _ Share) error { return x.ada.DeleteProject(t.Context(), "maps") }, AccessControl},
	} {
		for _, dir := range []string{tilesOwn, tilesShown} {
			x := newSharing(t)
			s := x.share(t, Offer{ToProject: "vision", Level: Read})
			x.ada.put(t, tilesOwn+"/a", pattern(1000))
			r, err := x.sam.Open(t.Context(), at(dir+"/a"), 0, -1)
			must(t, err)
			must(t, c.end(x, s))
			r.admission.due = time.Time{}
			if _, err := r.Read(make([]byte, 10)); kindOf(err) != c.want {
				t.Errorf("%s, read at %s: %v; want %s", name, dir, err, c.want)
			}
			must(t, r.Close())
		}
	}
}
