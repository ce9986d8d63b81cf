package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/blocks"
	"granary/blocks/traced"
)

// storeLooks is how many of the database's blocks are looked for in a store that does not name its installation.
const storeLooks = 100

// openStore opens the store of blocks for a command that needs them, and one that refuses everything for others.
func (in *installation) openStore(ctx context.Context, o options) error {
	var err error
	if in.at, err = parseBlocks(in.Blocks); err != nil {
		return err
	}
	if !o.blocks {
		in.blocks = unopened{}
		return nil
	}
	if folder := in.at.folder; folder != "" && !o.make { // otherwise a new one would be made
		if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("the block folder %s is not there: is what should be there mounted, and does --blocks name it?", folder)
		}
	}
	if in.store, err = in.at.open(ctx, o.make); err != nil {
		return err
	}
	in.closing(in.store.Close)
	if err := checkStore(ctx, in.pool, in.store, o.make); err != nil {
		return err
	}
	if in.blocks = in.store; o.tracers != nil {
		in.blocks, err = traced.Store(in.store, o.tracers, o.meters)
	}
	return err
}

// checkStore fails if the block folder, or bucket, is not that of the database's installation. A disk that is not mounted leaves
// an empty folder: what is written there is hidden once the disk is back, and blocks deleted meanwhile stay on the disk
// for ever. The folder and the database each name the installation; with name set, checkStore writes the name where it
// is missing.
func checkStore(ctx context.Context, db *pgxpool.Pool, store blocks.Marked, name bool) error {
	is, err := store.Mark(ctx)
	if err != nil {
		return err
	}
	if want, err := installationOf(ctx, db); err != nil || want != "" && is == want { // as almost always, and nobody waits for it
		return err
	}
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil { // the store has patience of its own
			return err
		}
		if name { // servers may start at the same time
			if _, err := tx.Exec(ctx, `LOCK TABLE settings IN SHARE ROW EXCLUSIVE MODE`); err != nil {
				return err
			}
		}
		is, err := store.Mark(ctx)
		if err != nil {
			return err
		}
		want, err := installationOf(ctx, tx)
		if err != nil {
			return err
		}
		switch {
		case want != "" && is == want:
			return nil
		case want != "" && is != "":
			return fmt.Errorf("the %s is another installation's: its file installation names %s, and the database's is %s", store.Name(), is, want)
		}
		found, has, err := holdsSome(ctx, tx, store)
		switch {
		case err != nil:
			return err
		case !found && (has || want != ""):
			return fmt.Errorf("the %s has none of the database's blocks: is what should be there mounted, and does --blocks name it?%s", store.Name(), remedy(want))
		case want == "" && !found:
			if err := holdsNone(ctx, tx, store); err != nil {
				return err
			}
		}
		switch {
		case !name:
			return nil
		case is == "":
			if is = want; is == "" {
				is = uuid.NewString()
			}
			if err := store.SetMark(ctx, is); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ('installation', $1) ON CONFLICT DO NOTHING`, []byte(is))
		return err
	})
}

// installationOf returns the name of the database's installation, "" if it has none yet.
func installationOf(ctx context.Context, db interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
},
) (string, error) {
	var name []byte
	err := db.QueryRow(ctx, `SELECT value FROM settings WHERE name = 'installation'`).Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return string(name), err
}

// remedy says how to mark a folder as that of the installation want nevertheless.
func remedy(want string) string {
	if want == "" {
		return ""
	}
	return fmt.Sprintf(" If it is the right one, and has no blocks yet, write %s into a file called installation there", want)
}

// holdsNone fails if there are blocks in store and the database knows none of them, not even as one that a server was
// writing when it was killed.
func holdsNone(ctx context.Context, tx pgx.Tx, store blocks.Marked) (err error) {
	looks := 0
	store.List(ctx)(func(block blocks.Info, failed error) bool {
		if failed != nil {
			err = failed
			return false
		}
		var ours bool
		if failed := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM blocks WHERE id = $1)`, block.ID).Scan(&ours); failed != nil || ours {
			err = failed
			return false
		}
		if err == nil {
			err = fmt.Errorf("the %s has blocks of another installation, such as %s, or the database is not the one that they belong to: is its disk mounted, does --database name it? If it is lost, granary restore brings it back; if they are another's, give this one a folder of its own by --blocks", store.Name(), block.ID)
		}
		looks++
		return looks < storeLooks
	})
	return err
}

// holdsSome reports whether some of the database's blocks are in store (found), and whether it has blocks that should
// be (has).
func holdsSome(ctx context.Context, tx pgx.Tx, store blocks.Marked) (found, has bool, err error) {
	for _, which := range []string{`state = 'l'`, `state IN ('o', 'g')`} {
		rows, err := tx.Query(ctx, `SELECT id FROM blocks WHERE `+which+` LIMIT $1`, storeLooks)
		if err != nil {
			return false, false, err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[blocks.ID])
		if err != nil {
			return false, false, err
		}
		has = has || which == `state = 'l'` && len(ids) > 0
		for i := 0; i < len(ids) && !found; i++ {
			r, err := store.Open(ctx, ids[i], 0, 0)
			switch {
			case err == nil:
				found = true
				r.Close()
			case errors.Is(err, blocks.ErrUnavailable): // it would be said that the store is the wrong one
				return false, false, err
			}
		}
	}
	return found, has, nil
}
