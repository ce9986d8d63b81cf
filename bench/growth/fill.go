package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/blocks/seal"
)

// filled says how much space a tree takes in the database.
type filled struct {
	Inodes   int64            `json:"inodes"`
	Seconds  float64          `json:"seconds"`       // for copying into all tables and the search index
	Bytes    map[string]int64 `json:"bytes"`         // by table, with its indexes
	PerInode float64          `json:"bytesPerInode"` // of all these tables
	Levels   map[string]int64 `json:"levels"`        // of their B-trees, leaves included
}

// tables are the tables that are filled. There are no events, since no user made these files.
var tables = []string{"inodes", "dirs", "contents", "names"}

// fill copies a tree into the project of s, with all that belongs to it: counters of directories, sealed content, and rows
// of the search index, which the server would otherwise make one by one.
func (s *system) fill(ctx context.Context, t *tree) (filled, error) {
	f := filled{Inodes: t.total()}
	start := time.Now()
	err := s.copyTree(ctx, t)
	f.Seconds = time.Since(start).Seconds()
	return f, err
}

func (s *system) copyTree(ctx context.Context, t *tree) error {
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var (
		id      int64
		wrapped []byte
	)
	if err := conn.QueryRow(ctx, `SELECT p.id, p.root, k.wrapped FROM projects p JOIN project_keys k ON k.project_id = p.id WHERE p.name = $1 AND k.version = 1`, project).
		Scan(&id, &t.top, &wrapped); err != nil {
		return err
	}
	key, err := s.root.Unwrap(id, 1, wrapped)
	if err != nil {
		return err
	}
	// Servers reserve ids in blocks, from the current value of the sequence on.
	if err := conn.QueryRow(ctx, `SELECT nextval('inode_ids') + 100`).Scan(&t.base); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `SELECT setval('inode_ids', $1)`, t.base+t.total()+100); err != nil {
		return err
	}
	// Without triggers, which would queue everything for the search index: that is filled here.
	if _, err := conn.Exec(ctx, `SET session_replication_role = replica`); err != nil {
		return err
	}
	for _, c := range t.copies(id, key) {
		if err := c.run(ctx, conn, t); err != nil {
			return fmt.Errorf("copy into %s: %w", c.table, err)
		}
	}
	children := t.aboveDirs() + 3
	_, err = conn.Exec(ctx, `INSERT INTO dirs (project_id, id, mtime, children) VALUES ($1, $2, $3, $4)
		ON CONFLICT (project_id, id) DO UPDATE SET children = dirs.children + excluded.children`, id, t.top, time.Now().UnixMilli(), children)
	return err
}

// copying fills a table.
type copying struct {
	table, columns string
	row            func(to []byte, n *node) []byte // appends the row of a node, or nothing
	rebuilt        bool                            // its indexes are rebuilt afterwards, which takes a tenth of the time
}

func (t *tree) copies(projectID int64, key seal.Key) []copying {
	project, now := strconv.FormatInt(projectID, 10), strconv.FormatInt(time.Now().UnixMilli(), 10)
	// Recent, or the first read of each file would write its access time.
	dirTimes, fileTimes, counterTime := "\t"+now+"\t0\t0\t0\n", "\t"+now+"\t"+now+"\t3\t134217728\n", "\t"+now+"\t"
	plain := []byte(strings.Repeat("growth! ", fullSize/8))
	var sealed []byte
	return []copying{
		{
			table: "inodes", columns: "project_id, id, parent_id, name, kind, mode, owner, grp, size, mtime, atime, replication, block_size",
			row: func(to []byte, n *node) []byte {
				to = append(append(to, project...), '\t')
				to = append(strconv.AppendInt(to, n.id, 10), '\t')
				to = append(strconv.AppendInt(to, n.parent, 10), '\t')
				to = append(append(to, n.name...), '\t')
				if n.dir {
					return append(append(to, "d\t493\tbench\tgrowth\t0"...), dirTimes...)
				}
				to = append(to, "f\t420\tbench\tgrowth\t"...)
				return append(strconv.AppendInt(to, n.size, 10), fileTimes...)
			},
		},
		{
			table: "dirs", columns: "project_id, id, mtime, children",
			row: func(to []byte, n *node) []byte {
				if !n.dir {
					return to
				}
				to = append(append(to, project...), '\t')
				to = append(strconv.AppendInt(to, n.id, 10), counterTime...)
				return append(strconv.AppendInt(to, n.children, 10), '\n')
			},
		},
		{
			table: "contents", columns: "project_id, inode_id, off, len, key_version, sealed",
			row: func(to []byte, n *node) []byte {
				if n.size == 0 {
					return to
				}
				to = append(append(to, project...), '\t')
				to = append(strconv.AppendInt(to, n.id, 10), "\t0\t"...)
				to = append(strconv.AppendInt(to, n.size, 10), "\t1\t\\\\x"...)
				sealed = key.SealRow(sealed[:0], plain[:n.size], seal.Row{Inode: n.id})
				return append(hex.AppendEncode(to, sealed), '\n')
			},
		},
		{
			table: "names", columns: "project_id, id, name, words", rebuilt: true,
			row: func(to []byte, n *node) []byte {
				to = append(append(to, project...), '\t')
				to = append(strconv.AppendInt(to, n.id, 10), '\t')
				return append(append(to, n.name...), "\t\n"...)
			},
		},
	}
}

func (c *copying) run(ctx context.Context, conn *pgx.Conn, t *tree) (err error) {
	var indexes []string
	if c.rebuilt {
		if indexes, err = dropIndexes(ctx, conn, c.table); err != nil {
			return err
		}
	}
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriterSize(w, 256<<10)
		var row []byte
		var failed error
		t.each(func(n *node) bool {
			row = c.row(row[:0], n)
			_, failed = b.Write(row)
			return failed == nil
		})
		if failed == nil {
			failed = b.Flush()
		}
		w.CloseWithError(failed)
	}()
	if _, err = conn.PgConn().CopyFrom(ctx, r, "COPY "+c.table+" ("+c.columns+") FROM STDIN"); err != nil {
		r.CloseWithError(err) // ends the writer
		return err
	}
	for _, index := range indexes {
		if _, err := conn.Exec(ctx, index); err != nil {
			return err
		}
	}
	return nil
}

// dropIndexes drops the indexes of a table except its primary key, and returns the statements that create them again.
func dropIndexes(ctx context.Context, conn *pgx.Conn, table string) (again []string, err error) {
	rows, err := conn.Query(ctx, `SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = $1::text::regclass AND NOT i.indisprimary`, table)
	if err != nil {
		return nil, err
	}
	var name, definition string
	var names []string
	if _, err := pgx.ForEachRow(rows, []any{&name, &definition}, func() error {
		names, again = append(names, name), append(again, definition)
		return nil
	}); err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, err := conn.Exec(ctx, "DROP INDEX "+name); err != nil {
			return nil, err
		}
	}
	return again, nil
}

// weigh adds the sizes of the tables to f.
func (s *system) weigh(ctx context.Context, f *filled) error {
	f.Bytes, f.Levels = map[string]int64{}, map[string]int64{}
	for _, table := range tables {
		var bytes int64
		if err := s.pool.QueryRow(ctx, `SELECT pg_total_relation_size($1::text::regclass)`, table).Scan(&bytes); err != nil {
			return err
		}
		f.Bytes[table] = bytes
		f.PerInode += float64(bytes) / float64(f.Inodes)
	}
	l, err := s.levels(ctx)
	for _, index := range []string{"inodes_pkey", "inodes_by_entry", "dirs_pkey", "contents_pkey"} {
		f.Levels[index] = l.of[index]
	}
	return err
}

// levels returns the levels of all B-tree indexes.
func (s *system) levels(ctx context.Context) (levels, error) {
	l := levels{map[string]int64{}, map[string]int64{}}
	// The extension exists only within the transaction.
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `CREATE EXTENSION pageinspect`); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT i.indrelid::regclass::text, c.relname, m.level + 1
			FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree', LATERAL bt_metap(c.relname) m
			WHERE c.relkind = 'i' AND c.relnamespace = 'public'::regnamespace AND m.root > 0`)
		if err != nil {
			return err
		}
		var (
			table, index string
			n            int64
		)
		if _, err := pgx.ForEachRow(rows, []any{&table, &index, &n}, func() error {
			l.of[index] = n
			l.into[table] += n
			return nil
		}); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DROP EXTENSION pageinspect`)
		return err
	})
	return l, err
}
