package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"granary/backup"
	"granary/blocks"
	"granary/blocks/seal"
	"granary/migrations"
)

type backupCommand struct {
	place
	Folder string `arg:"" help:"Folder for backups, which must exist: best one below the mount point of another disk, so that it is missing if the disk is not mounted." type:"path"`
	Keep   *int   `help:"Keep this many copies of the database; remove older ones, and blocks that none of them needs. Without it, all are kept." placeholder:"N"`
}

// Run has all servers keep every block until the copy is made, however long that takes and whatever --gc-grace they
// have.
func (b *backupCommand) Run(ctx context.Context, c *console) error {
	if b.Keep != nil && *b.Keep < 1 {
		return fmt.Errorf("--keep %d: want 1 or more, or leave it out to keep all", *b.Keep)
	}
	return b.withBlocks(ctx, c, serversGrace, func(in *installation) (err error) {
		folder, err := backup.Open(b.Folder, in.at.folder, true)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, folder.Close()) }()
		if err := in.fs.KeepBlocks(ctx); err != nil {
			return err
		}
		about, done, err := folder.Save(ctx, backup.Source{DB: in.pool, Store: in.store, Version: built(), Progress: toldNowAndThen(c)})
		switch {
		case errors.Is(err, blocks.ErrNoSpace):
			err = fmt.Errorf("the disk of the backup folder %s is full: remove older copies from its folder names and begin again, or use a larger disk: %w", b.Folder, err)
			if b.Keep != nil { // blocks of copies removed by hand: no later copy may ever be finished and prune them
				err = errors.Join(err, folder.Prune(ctx, math.MaxInt))
			}
			return err
		case err != nil && !errors.Is(err, backup.ErrMissing):
			return err
		}
		fmt.Fprintf(c.out, "%s: %d blocks, of which %d with %d bytes were copied now; the root key %s is not in it\n", about.Name, done.Blocks, done.Copied, done.Bytes, in.RootKey)
		if err != nil { // older copies may have the blocks that this one lacks
			err = fmt.Errorf("the copy is made, but not whole, and older whole ones stay: %w", err)
		}
		if b.Keep != nil {
			err = errors.Join(err, folder.Prune(ctx, *b.Keep))
		}
		return err
	})
}

// toldNowAndThen returns a function that reports the progress of copying every fsckProgress.
func toldNowAndThen(c *console) func(backup.Progress) {
	last := time.Now()
	return func(p backup.Progress) {
		if now := time.Now(); now.Sub(last) >= fsckProgress {
			last = now
			fmt.Fprintf(c.err, "%d of %d blocks are there, %d bytes copied\n", p.Done, p.Blocks, p.Bytes)
		}
	}
}

type restoreCommand struct {
	place
	Folder   string `arg:"" help:"Folder that granary backup wrote to." type:"path"`
	Copy     string `help:"Name of the copy, as in the subfolder names. Default: the newest." placeholder:"NAME"`
	ReadData bool   `help:"Also read and decrypt all restored content, and compare it with its stored checksums."`
}

// Run restores a copy to the place that --data and the other flags name, if there is no installation yet, and then runs
// fsck on it.
func (r *restoreCommand) Run(ctx context.Context, c *console) error {
	if err := r.complete(); err != nil {
		return err
	}
	missing := r.restore(ctx, c)
	if missing != nil && !errors.Is(missing, backup.ErrMissing) {
		return missing
	}
	if err := r.check(ctx, c, r.ReadData); err != nil {
		return err // it has named all that is missing
	}
	return missing
}

func (r *restoreCommand) restore(ctx context.Context, c *console) (err error) {
	at, err := parseBlocks(r.Blocks)
	if err != nil {
		return err
	}
	folder, err := backup.Open(r.Folder, at.folder, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	about, err := folder.About(r.Copy)
	if err != nil {
		return err
	}
	root, err := seal.LoadRoot(r.RootKey, false)
	if err != nil {
		return err
	}
	if err := root.CheckCanary(about.Canary); err != nil {
		return fmt.Errorf("copy %s: %w", about.Name, err)
	}
	in := &installation{place: r.place}
	defer func() { err = errors.Join(err, in.close()) }()
	progress := func(format string, args ...any) { fmt.Fprintf(c.err, format+"\n", args...) }
	if err := in.openDatabase(ctx, options{log: slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn})), progress: progress, make: true, patient: true}); err != nil {
		return err
	}
	if err := backup.CheckEmpty(ctx, in.pool, about); err != nil { // before a folder is made
		return err
	}
	if err := migrations.Ready(ctx, in.pool); err != nil {
		return err
	}
	if about.Missing > 0 {
		progress("copy %s is not whole: %d of its blocks were missing when it was made; an older copy may have them", about.Name, about.Missing)
	}
	if in.store, err = at.open(ctx, true); err != nil {
		return err
	}
	in.closing(in.store.Close)
	done, missing := folder.Restore(ctx, about, backup.Target{DB: in.pool, Store: in.store, Progress: toldNowAndThen(c), Logf: progress})
	if missing != nil && !errors.Is(missing, backup.ErrMissing) {
		return missing
	}
	if err := migrations.UpAlone(ctx, in.pool, slog.New(slog.NewTextHandler(c.err, nil))); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s, made by Granary %s, is back: %d blocks, of which %d with %d bytes were copied now\n", about.Name, about.Granary, done.Blocks, done.Copied, done.Bytes)
	return missing
}
