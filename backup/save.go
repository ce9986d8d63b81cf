package backup

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/blocks"
	"granary/migrations"
)

// Source is an installation to copy. Nobody deletes blocks from Store meanwhile.
type Source struct {
	DB      *pgxpool.Pool
	Store   blocks.Marked
	Version string // of the program
	// Progress, if not nil, is called often while blocks are copied.
	Progress func(Progress)
}

// Save adds a copy to the folder. If blocks are missing in the store, it fails with [ErrMissing] once all else is
// copied; that copy is kept as the best that can be had. If the folder's disk is full, it fails with
// [blocks.ErrNoSpace].
func (f *Folder) Save(ctx context.Context, s Source) (about About, done Progress, err error) {
	draft := ""
	defer func() {
		if draft != "" {
			err = errors.Join(err, os.RemoveAll(draft))
		}
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) { // the store reports it like this for blocks
			err = fmt.Errorf("%w: %w", blocks.ErrNoSpace, err)
		}
	}()
	if err := f.removeDrafts(); err != nil {
		return About{}, done, err
	}
	if draft, err = os.MkdirTemp(f.names(), "copy-*"+draftSuffix); err != nil {
		return About{}, done, err
	}
	if about, err = saveRows(ctx, s.DB, draft); err != nil {
		return About{}, done, fmt.Errorf("copy the database: %w", err)
	}
	about.Granary = s.Version
	if about.Name, err = f.nextName(about.Made); err != nil {
		return About{}, done, err
	}
	if err := claim(ctx, f.blocks, about.Installation); err != nil {
		return About{}, done, err
	}
	done, missing := copyBlocks(ctx, draft, about, s.Store, f.blocks, s.Progress)
	if missing != nil && !errors.Is(missing, ErrMissing) {
		return About{}, done, missing
	}
	about.Missing = done.Missing
	if err := writeAbout(draft, about); err != nil {
		return About{}, done, err
	}
	if err := os.Rename(draft, filepath.Join(f.names(), about.Name)); err != nil {
		return About{}, done, err
	}
	draft = ""
	return about, done, errors.Join(missing, syncFolder(f.names()))
}

// nextName returns the name of a copy made at a moment: that moment, or, if the clock went back, a millisecond after
// the newest copy. The newest copy is what is restored by default and what Prune keeps, so a later copy must not sort
// before an earlier one.
func (f *Folder) nextName(made time.Time) (string, error) {
	copies, err := f.Copies()
	if err != nil || len(copies) == 0 {
		return made.Format(momentLayout), err
	}
	newest, err := time.Parse(momentLayout, copies[len(copies)-1])
	if err == nil && !made.After(newest) {
		made = newest.Add(time.Millisecond)
	}
	return made.Format(momentLayout), err
}

// tablesSQL finds tables with their columns, except those of running servers and of the schema's version. A condition
// on their owner follows.
const tablesSQL = `SELECT c.relname::text, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
	WHERE c.relkind = 'r' AND c.relname NOT LIKE 'goose%' AND c.relname <> 'servers' AND `

// ownSQL is true for relations of the same schema and owner as Granary's settings that no extension made.
const ownSQL = besideSQL + ` AND c.relowner = (SELECT relowner FROM pg_class WHERE oid = 'settings'::regclass)`

// savedSQL is true for these, and for those of another role that this one is a member of, which may have run later
// migrations.
const savedSQL = besideSQL + ` AND (c.relowner = (SELECT relowner FROM pg_class WHERE oid = 'settings'::regclass) OR pg_has_role(c.relowner, 'USAGE'))`

const besideSQL = `c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'settings'::regclass)
	AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`

const sequencesSQL = `SELECT c.relname::text FROM pg_class c WHERE c.relkind = 'S' AND c.relname NOT LIKE 'goose%' AND ` + savedSQL + ` ORDER BY 1`

// plainly makes a transaction write and read text in one form, whatever the role or the database prefers, and removes
// its time limits.
func plainly(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true), set_config('intervalstyle', 'postgres', true),
		set_config('bytea_output', 'hex', true), set_config('client_encoding', 'UTF8', true), (SELECT count(set_config(name, '0', true)) FROM pg_settings WHERE name = ANY($1))`, timeLimits)
	return err
}

// timeLimits are the settings that end what takes long. Some are unknown to older versions of PostgreSQL.
var timeLimits = []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "transaction_timeout"}

// saveRows copies the database, as it is at one moment, into dir.
func saveRows(ctx context.Context, db *pgxpool.Pool, dir string) (about About, err error) {
	about.Format = format
	if about.Schema, err = migrations.Version(ctx, db); err != nil {
		return About{}, err
	}
	conn, err := db.Acquire(ctx)
	if err != nil {
		return About{}, err
	}
	defer conn.Release()
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if err := plainly(ctx, tx); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT now(), (SELECT value FROM settings WHERE name = 'canary'), coalesce((SELECT convert_from(value, 'UTF8') FROM settings WHERE name = 'installation'), '')`).
			Scan(&about.Made, &about.Canary, &about.Installation); err != nil {
			return err
		}
		if about.Canary == nil || about.Installation == "" {
			return errors.New("no server has begun to serve from it yet")
		}
		about.Made = about.Made.UTC().Truncate(time.Millisecond)
		rows, err := tx.Query(ctx, tablesSQL+savedSQL+` GROUP BY 1 ORDER BY 1`)
		if err != nil {
			return err
		}
		if about.Tables, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Table, err error) { return t, row.Scan(&t.Name, &t.Columns) }); err != nil {
			return err
		}
		for i := range about.Tables {
			if err := saveTable(ctx, tx, dir, &about.Tables[i]); err != nil {
				return fmt.Errorf("table %s: %w", about.Tables[i].Name, err)
			}
		}
		// Sequences are read after the rows, so that no number that one of the rows has is given out again.
		return saveSequences(ctx, tx, &about)
	})
	if err != nil {
		return About{}, err
	}
	// A table that a migration has made anew meanwhile looks empty to a transaction that began before, and its columns
	// are those of the newer version.
	switch now, err := migrations.Version(ctx, db); {
	case err != nil:
		return About{}, err
	case now != about.Schema:
		return About{}, fmt.Errorf("its schema was brought from version %d to %d meanwhile: begin again, with the Granary that did", about.Schema, now)
	}
	return about, nil
}

func saveSequences(ctx context.Context, tx pgx.Tx, about *About) error {
	rows, err := tx.Query(ctx, sequencesSQL)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		s := Sequence{Name: name}
		if err := tx.QueryRow(ctx, `SELECT last_value, is_called FROM `+pgx.Identifier{name}.Sanitize()).Scan(&s.Last, &s.Called); err != nil {
			return err
		}
		about.Sequences = append(about.Sequences, s)
	}
	return nil
}

// columnList returns the columns of t for SQL.
func (t *Table) columnList() string {
	list := ""
	for i, column := range t.Columns {
		if i > 0 {
			list += ", "
		}
		list += pgx.Identifier{column}.Sanitize()
	}
	return list
}

func (t *Table) file() string { return t.Name + ".copy.gz" }

func saveTable(ctx context.Context, tx pgx.Tx, dir string, t *Table) (err error) {
	f, err := os.OpenFile(filepath.Join(dir, t.file()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buffered := bufio.NewWriterSize(f, 256<<10)
	// Every level compresses sealed content, whose text form is twice as long, to its own length.
	packed, err := gzip.NewWriterLevel(buffered, gzip.BestSpeed)
	if err != nil {
		return err
	}
	tag, err := tx.Conn().PgConn().CopyTo(ctx, packed, `COPY `+pgx.Identifier{t.Name}.Sanitize()+` (`+t.columnList()+`) TO STDOUT`)
	if err != nil {
		return err
	}
	t.Rows = tag.RowsAffected()
	if err := packed.Close(); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return f.Sync()
}

func writeAbout(dir string, about About) (err error) {
	text, err := json.MarshalIndent(about, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, aboutFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	return errors.Join(err, f.Sync(), f.Close(), syncFolder(dir))
}
