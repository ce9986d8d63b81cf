package backup

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/blocks"
	"granary/migrations"
)

// Target is where an installation is restored. Nobody else uses it meanwhile.
type Target struct {
	DB       *pgxpool.Pool // an empty database
	Store    blocks.Marked // empty, or the installation's own, which gets the blocks that it lacks
	Progress func(Progress)
	Logf     func(format string, args ...any) // is told what is left out
}

// Restore restores a copy: first the blocks and then the rows, in one transaction, so that a database with an
// installation in it means that all of it is there. If Restore fails, or is interrupted, it may be called again for the
// same target. The schema stays that of the copy: see migrations.Up.
func (f *Folder) Restore(ctx context.Context, about About, t Target) (done Progress, err error) {
	latest, err := migrations.Latest()
	if err != nil {
		return done, err
	}
	if about.Schema > latest {
		return done, fmt.Errorf("copy %s has version %d of the schema, and this Granary knows versions up to %d: restore it with Granary %s", about.Name, about.Schema, latest, about.Granary)
	}
	if is, err := f.blocks.Mark(ctx); err != nil {
		return done, err
	} else if is != about.Installation {
		return done, fmt.Errorf("backup folder %s: copy %s needs the blocks of installation %s, and the file installation in the folder %s names %q: is what should be there mounted?", f.dir, about.Name, about.Installation, blocksFolder, is)
	}
	if err := CheckEmpty(ctx, t.DB, about); err != nil {
		return done, err
	}
	if err := claim(ctx, t.Store, about.Installation); err != nil {
		return done, err
	}
	done, missing := copyBlocks(ctx, filepath.Join(f.names(), about.Name), about, f.blocks, t.Store, t.Progress)
	if missing != nil && !errors.Is(missing, ErrMissing) {
		return done, missing
	}
	if err := migrations.UpTo(ctx, t.DB, about.Schema); err != nil {
		return done, err
	}
	if err := f.loadRows(ctx, about, t); err != nil {
		return done, fmt.Errorf("put back the database: %w", err)
	}
	return done, missing // missing blocks do not keep the rest from being restored
}

// usedSQL is true for the database of an installation: in every version, the first start writes the canary, and the
// rows of a copy include it.
const usedSQL = `SELECT EXISTS (SELECT FROM settings WHERE name = 'canary')`

var errUsed = errors.New("the database is in use: what is restored wants an empty one")

// CheckEmpty fails if there is anything in a database except an empty schema of the copy's version or an older one,
// which an interrupted Restore leaves.
func CheckEmpty(ctx context.Context, db *pgxpool.Pool, about About) error {
	version, err := migrations.Version(ctx, db)
	if err != nil || version == 0 {
		return err
	}
	var used bool
	switch err := db.QueryRow(ctx, usedSQL).Scan(&used); {
	case err != nil:
		return err
	case used:
		return errUsed
	case version > about.Schema:
		return fmt.Errorf("the database has version %d of the schema already, and copy %s has version %d: what is restored wants an empty one", version, about.Name, about.Schema)
	}
	return nil
}

// beforeSQL returns pairs of tables of which the first must be filled before the second.
const beforeSQL = `SELECT t.relname::text, c.relname::text FROM pg_constraint r JOIN pg_class c ON c.oid = r.conrelid JOIN pg_class t ON t.oid = r.confrelid
	WHERE r.contype = 'f' AND ` + ownSQL

// loadRows puts the rows of a copy into the empty tables of its schema.
func (f *Folder) loadRows(ctx context.Context, about About, t Target) error {
	conn, err := t.DB.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		if err := plainly(ctx, tx); err != nil {
			return err
		}
		// A server may have started on the database while the blocks were copied: what it has written would be lost.
		if _, err := tx.Exec(ctx, `LOCK TABLE settings`); err != nil {
			return err
		}
		var used bool
		if err := tx.QueryRow(ctx, usedSQL).Scan(&used); err != nil {
			return err
		}
		if used {
			return errUsed
		}
		tables, err := inOrder(ctx, tx)
		if err != nil {
			return err
		}
		for _, name := range tables { // a migration may have left rows in it
			if _, err := tx.Exec(ctx, `TRUNCATE `+pgx.Identifier{name}.Sanitize()+` CASCADE`); err != nil {
				return err
			}
		}
		for _, table := range about.Tables {
			if !slices.Contains(tables, table.Name) && t.Logf != nil {
				t.Logf("the table %s of the copy is none of Granary's, and is left out", table.Name)
			}
		}
		for _, name := range tables {
			i := slices.IndexFunc(about.Tables, func(t Table) bool { return t.Name == name })
			if i < 0 {
				return fmt.Errorf("the copy has no table %s", name)
			}
			if err := f.loadTable(ctx, tx, about, &about.Tables[i]); err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
		}
		for _, s := range about.Sequences {
			if _, err := tx.Exec(ctx, `SELECT setval(oid::regclass, $2, $3) FROM pg_class c WHERE relkind = 'S' AND relname = $1 AND `+ownSQL, s.Name, s.Last, s.Called); err != nil {
				return err
			}
		}
		// This is part of the transaction: afterwards, its failure would be that of a restore that is done.
		for _, name := range tables {
			if _, err := tx.Exec(ctx, `ANALYZE `+pgx.Identifier{name}.Sanitize()); err != nil {
				return err
			}
		}
		return nil
	})
}

// inOrder returns the tables that are to be filled, each after those that it refers to.
func inOrder(ctx context.Context, tx pgx.Tx) (ordered []string, err error) {
	rows, err := tx.Query(ctx, `SELECT relname FROM (`+tablesSQL+ownSQL+` GROUP BY 1) AS t (relname, columns) ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	rows, err = tx.Query(ctx, beforeSQL)
	if err != nil {
		return nil, err
	}
	var first, then string
	before := map[string][]string{}
	if _, err := pgx.ForEachRow(rows, []any{&first, &then}, func() error {
		if first != then {
			before[then] = append(before[then], first)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for len(left) > 0 {
		ready := slices.IndexFunc(left, func(name string) bool {
			return !slices.ContainsFunc(before[name], func(first string) bool { return !slices.Contains(ordered, first) })
		})
		if ready < 0 {
			return nil, fmt.Errorf("the tables %v refer to each other in a circle", left)
		}
		ordered = append(ordered, left[ready])
		left = slices.Delete(left, ready, ready+1)
	}
	return ordered, nil
}

// loadTable fills a table without its triggers: what they would do is in the copy already.
func (f *Folder) loadTable(ctx context.Context, tx pgx.Tx, about About, t *Table) error {
	file, err := os.Open(filepath.Join(f.names(), about.Name, t.file()))
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := gzip.NewReader(bufio.NewReaderSize(file, 256<<10))
	if err != nil {
		return err
	}
	name := pgx.Identifier{t.Name}.Sanitize()
	if _, err := tx.Exec(ctx, `ALTER TABLE `+name+` DISABLE TRIGGER USER`); err != nil {
		return err
	}
	whole := &checked{r: rows}
	tag, err := tx.Conn().PgConn().CopyFrom(ctx, whole, `COPY `+name+` (`+t.columnList()+`) FROM STDIN`)
	switch {
	case whole.err != nil: // this is why COPY failed
		return whole.err
	case err != nil:
		return err
	case tag.RowsAffected() != t.Rows:
		return fmt.Errorf("%d rows came, want %d", tag.RowsAffected(), t.Rows)
	}
	_, err = tx.Exec(ctx, `ALTER TABLE `+name+` ENABLE TRIGGER USER`)
	return err
}

// checked remembers why r could not be read to its end.
type checked struct {
	r   io.Reader
	err error
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}
