package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the operating system's user that runs PostgreSQL.
type account struct {
	uid, gid uint32
	name     string // the user's name, or its number where it has none
	drop     bool   // this process is root and must become the account before running anything of PostgreSQL's
}

// accountFor chooses who runs the server: the owner of an existing cluster, because PostgreSQL insists on that; this
// user, if ordinary; and for root the user postgres, else nobody.
func accountFor(f folder) (account, error) {
	self := uint32(os.Geteuid())
	owner, exists, err := f.owner()
	if err != nil {
		return account{}, err
	}
	switch {
	case self != 0 && exists && owner != self:
		return account{}, fmt.Errorf("%s belongs to user %s, and this is user %s: run as that user or as root",
			f.cluster(), nameOf(owner), nameOf(self))
	case self != 0:
		return account{uid: self, gid: uint32(os.Getegid()), name: nameOf(self)}, nil
	case exists && owner != 0:
		return dropToOwner(f, owner)
	}
	acct, err := dropTo(user.Lookup("postgres"))
	if err != nil {
		acct, err = dropTo(user.Lookup("nobody"))
	}
	if err != nil {
		return account{}, fmt.Errorf("PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody to run it as: create one, or run Granary as an ordinary user: %w", err)
	}
	return acct, nil
}

// become fails if this process cannot take on the account's identity, as root cannot in some containers.
func (a account) become() error {
	if !a.drop {
		return nil
	}
	// Nothing runs: a folder cannot be executed. But the identity is changed before that is found.
	_, err := syscall.ForkExec("/", []string{"/"}, &syscall.ProcAttr{Sys: a.attributes()})
	if !errors.Is(err, syscall.EPERM) && !errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return fmt.Errorf("PostgreSQL refuses to run as root, and this root may not become user %s to run it, as in a container without root's capabilities or other users: run Granary as an ordinary user, or give it another PostgreSQL with --database: %w", a.name, err)
}

// dropToOwner returns the owner of an existing cluster, who may have no name here: a volume keeps numbers of users, and
// the names that they had in another container or on another machine are not in this one's /etc/passwd.
func dropToOwner(f folder, owner uint32) (account, error) {
	name := strconv.FormatUint(uint64(owner), 10)
	u, err := user.LookupId(name)
	if _, unknown := errors.AsType[user.UnknownUserIdError](err); !unknown {
		return dropTo(u, err)
	}
	info, err := os.Stat(f.cluster())
	if err != nil {
		return account{}, err
	}
	return account{uid: owner, gid: info.Sys().(*syscall.Stat_t).Gid, name: name, drop: true}, nil
}

// dropTo takes the results of a user lookup.
func dropTo(u *user.User, err error) (account, error) {
	if err != nil {
		return account{}, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("user %s has the id %q: %w", u.Username, u.Uid, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("user %s has the group id %q: %w", u.Username, u.Gid, err)
	}
	return account{uid: uint32(uid), gid: uint32(gid), name: u.Username, drop: true}, nil
}

// nameOf returns a user's name, or the number of one without a name, for messages.
func nameOf(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

// owner is the user id that owns the cluster, if there is one.
func (f folder) owner() (uid uint32, exists bool, err error) {
	info, err := os.Stat(f.cluster())
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("look at the data folder: %w", err)
	}
	return ownerOf(info), true, nil
}

func ownerOf(info fs.FileInfo) uint32 { return info.Sys().(*syscall.Stat_t).Uid }

// attributes are those of every child process: the account's identity, and a process group of its own, so that an
// interrupt typed at the terminal reaches Granary alone and Granary can end its work before its database goes.
func (a account) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if a.drop {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}

// own makes a folder, closes it to everybody else and gives it to the account.
func (a account) own(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is in the way: it should be a folder", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	if !a.drop {
		return nil
	}
	return os.Lchown(dir, int(a.uid), int(a.gid))
}

// ownTree gives everything under dir to the account, as after a restore made by root.
func (a account) ownTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(a.uid), int(a.gid))
	})
}

// enter makes sure that the account can reach the data folder, by going there: mode bits alone do not tell where access
// control lists or namespaces matter.
func (a account) enter(ctx context.Context, bin binaries, f folder) error {
	if !a.drop {
		return nil
	}
	cmd := bin.command(ctx, a, "postgres", "--version")
	cmd.Dir = string(f) // entered after the change of identity
	err := cmd.Run()
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	closed := a.firstClosed(string(f))
	return fmt.Errorf("PostgreSQL refuses to run as root, so it runs as user %s, who may not pass through %s: give a data folder that every user may pass through, for example --data /var/lib/granary, or open this one with chmod o+x %s",
		a.name, closed, closed)
}

// firstClosed is the topmost folder on the way to dir whose mode keeps the account out, else dir itself.
func (a account) firstClosed(dir string) string {
	closed := dir
	for at := dir; ; at = filepath.Dir(at) {
		if info, err := os.Stat(at); err == nil && !a.passes(info) {
			closed = at
		}
		if at == filepath.Dir(at) {
			return closed
		}
	}
}

// passes evaluates the search bit of a folder's mode.
func (a account) passes(info fs.FileInfo) bool {
	stat := info.Sys().(*syscall.Stat_t)
	switch {
	case stat.Uid == a.uid:
		return info.Mode()&0o100 != 0
	case stat.Gid == a.gid:
		return info.Mode()&0o010 != 0
	}
	return info.Mode()&0o001 != 0
}
