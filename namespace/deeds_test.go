package namespace

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"granary/auth"
	"granary/auth/perm"
)

// deed is one operation in a scene. Its reply is what the caller learns, in words.
type deed struct {
	name string
	// atOnce marks deeds that decide and act in one transaction, with no moment in between.
	atOnce bool
	// leased marks deeds that act twice, first to take a lease.
	leased bool
	// lends marks deeds about shares.
	lends bool
	do    func(ctx context.Context, sc *scene, fs *FS) string
}

// byBob and byRoot make deeds of calls.
func byBob[T any](name string, do func(ctx context.Context, s *Session, sc *scene) (T, error)) deed {
	return deed{name: name, do: func(ctx context.Context, sc *scene, fs *FS) string {
		return inWords(do(ctx, fs.As(sc.bob), sc))
	}}
}

func byRoot[T any](name string, do func(ctx context.Context, s *Session, sc *scene) (T, error)) deed {
	return deed{name: name, do: func(ctx context.Context, sc *scene, fs *FS) string {
		return inWords(do(ctx, fs.As(sc.root), sc))
	}}
}

// inWords is a reply as the caller sees it. Ids and times differ between scenes and are left out.
func inWords[T any](answer T, err error) string {
	if err != nil {
		var unexpected string
		if kind := kindOf(err); kind == Internal || kind == Conflict || kind == Unavailable {
			unexpected = ": " + err.Error()
		}
		return kindOf(err).String() + unexpected
	}
	if status, ok := any(answer).(Status); ok {
		return fmt.Sprintf("status of %d bytes", status.Size)
	}
	return fmt.Sprint(answer)
}

// quiet is the answer of operations that return nothing.
type quiet struct{}

func creation(name, path string, content []byte) deed {
	return byBob(name, func(ctx context.Context, s *Session, sc *scene) (Status, error) {
		o := CreateOptions{Overwrite: strings.Contains(name, "overwrite"), Mode: 0o664, Replication: 2, BlockSize: 512, Size: -1}
		return s.Create(ctx, sc.path(path), o, bytes.NewReader(content))
	})
}

func appending(name, path string, content []byte) deed {
	return byBob(name, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.Append(ctx, sc.path(path), int64(len(content)), bytes.NewReader(content))
	})
}

func makingDirs(path string) deed {
	return byBob("mkdirs "+path, func(ctx context.Context, s *Session, sc *scene) (bool, error) {
		return s.Mkdirs(ctx, sc.path(path), MkdirOptions{Mode: 0o775})
	})
}

func renaming(kind, src, dst string) deed {
	return byBob("rename "+kind+" "+src+" to "+dst, func(ctx context.Context, s *Session, sc *scene) (bool, error) {
		return s.Rename(ctx, sc.path(src), sc.path(dst))
	})
}

func replacing(src, dst string) deed {
	return byBob("move "+src+" over "+dst, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.Move(ctx, sc.path(src), sc.path(dst), MoveOptions{Overwrite: true})
	})
}

func publishing(src, dst string) deed {
	return byBob("replace "+dst+" by "+src, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.Replace(ctx, sc.path(src), sc.path(dst))
	})
}

func trashing(src, dst string) deed {
	return byBob("move "+src+" to the trash", func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.Move(ctx, sc.path(src), sc.path(dst), MoveOptions{ToTrash: true})
	})
}

func truncating(name, path string, size int64) deed {
	return byBob(name, func(ctx context.Context, s *Session, sc *scene) (bool, error) {
		return s.Truncate(ctx, sc.path(path), size)
	})
}

func joining(target, source string) deed {
	return byBob("concat "+source+" to "+target, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.Concat(ctx, sc.path(target), []Path{sc.path(source)})
	})
}

func labelling(name, path, value string, flags XattrFlags) deed {
	return byBob(name, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.SetXattr(ctx, sc.path(path), Xattr{XattrName{"user", "label"}, []byte(value)}, flags)
	})
}

func limiting(name, path string, change QuotaChange) deed {
	return byRoot(name, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.SetQuota(ctx, sc.path(path), change)
	})
}

func placing(name, path, policy string) deed {
	return byBob(name, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.SetStoragePolicy(ctx, sc.path(path), policy)
	})
}

func deleting(name, path string, recursive bool) deed {
	return byBob(name, func(ctx context.Context, s *Session, sc *scene) (bool, error) {
		return s.Delete(ctx, sc.path(path), recursive)
	})
}

func chmod(name, path string, mode perm.Mode) deed {
	return byRoot(name, func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
		return quiet{}, s.SetPermission(ctx, sc.path(path), mode)
	})
}

// deeds returns all deeds that pairs are made of.
func deeds(authority *auth.Authority) []deed {
	large := pattern(InlineMax + 5000)
	return append(leaseDeeds(), []deed{
		creation("create", "d/new", []byte("created")),
		creation("create in the empty directory", "d/e/in", []byte("created")),
		creation("overwrite", "d/f", []byte("overwritten")),
		creation("overwrite with blocks", "d/f", large),
		appending("append", "d/f", []byte(" and appended")),
		leased(appending("append blocks", "d/f", large)),
		makingDirs("d/new/deep"),
		makingDirs("d/e/in"),
		renaming("file", "d/f", "d/e/f"),
		renaming("file", "d/f", "d/g"),
		renaming("directory", "d/s", "d/e/s"),
		renaming("directory", "d/e", "d/s/e"),
		renaming("directory", "d", "z"),
		replacing("d/f", "d/s/x"),
		replacing("d/s", "d/e"),
		publishing("d/e", "d/s"),
		publishing("d/s/x", "d/f"),
		publishing("d/f", "d/q/z"),
		creation("create under a quota", "d/q/new", []byte("created")),
		makingDirs("d/q/new"),
		appending("append under a quota", "d/q/z", []byte(" and appended")),
		renaming("file", "d/f", "d/q/f"),
		truncating("truncate under a quota", "d/q/z", 3),
		truncating("truncate", "d/f", 3),
		joining("d/s/x", "d/s/y"),
		trashing("d/s", "d/e/gone"),
		trashing("d/f", "d/s/gone"),
		labelling("set xattr", "d/f", "new", XattrFlags{Create: true}),
		labelling("set xattr of the directory with a quota", "d/q", "any", XattrFlags{Create: true, Replace: true}),
		byBob("remove xattr", func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
			return quiet{}, s.RemoveXattr(ctx, sc.path("d/f"), XattrName{"user", "label"})
		}),
		placing("set storage policy of the file", "d/f", "COLD"),
		placing("set storage policy under a quota", "d/q", "COLD"),
		limiting("set quota of parent", "d", QuotaChange{Names: pointer(100), Space: pointer(1 << 30)}),
		limiting("lower the quota", "d/q", QuotaChange{Names: pointer(2)}),
		limiting("clear the quota", "d/q", QuotaChange{Names: pointer(NoQuota), Space: pointer(NoQuota), Types: map[string]int64{"DISK": NoQuota, "ARCHIVE": NoQuota}}),
		deleting("delete", "d/f", false),
		deleting("delete under a quota", "d/q/z", false),
		deleting("delete directory", "d/s", true),
		deleting("delete empty directory", "d/e", false),
		byRoot("delete parent", func(ctx context.Context, s *Session, sc *scene) (bool, error) {
			return s.Delete(ctx, sc.path("d"), true)
		}),
		chmod("chmod file", "d/f", 0o400),
		chmod("chmod subtree", "d/s", 0o500),
		chmod("chmod parent", "d", 0o700),
		chmod("chmod ancestor", "", 0o700),
		byRoot("setfacl parent", func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
			return quiet{}, s.ModifyACL(ctx, sc.path("d"), []perm.Entry{{Type: perm.User, Name: sc.bob.User, Perm: perm.None}})
		}),
		byRoot("chgrp parent", func(ctx context.Context, s *Session, sc *scene) (quiet, error) {
			return quiet{}, s.SetOwner(ctx, sc.path("d"), "", "nobody")
		}),
		byBob("set replication", func(ctx context.Context, s *Session, sc *scene) (bool, error) {
			return s.SetReplication(ctx, sc.path("d/f"), 1)
		}),
		{name: "remove member", atOnce: true, do: func(ctx context.Context, sc *scene, fs *FS) string {
			return inWords(quiet{}, fs.dropMember(ctx, sc.project, sc.bob.User))
		}},
		{name: "remove from group", atOnce: true, do: func(ctx context.Context, sc *scene, _ *FS) string {
			return inWords(quiet{}, authority.SetGroups(ctx, sc.bob.User, nil))
		}},
	}...)
}
