package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"granary/namespace"
)

// deadReport says what rows cost that are deleted and not yet vacuumed, and what it costs to vacuum them: the point at which
// autovacuum should begin lies in between.
type deadReport struct {
	Inodes   int64   `json:"inodes"`   // in the table
	Dead     int64   `json:"dead"`     // deleted ones: all files of one directory but the last
	Full     int64   `json:"full"`     // pages that the first page of a listing touches before the deletion
	First    int64   `json:"first"`    // likewise, the first time after the deletion
	Again    int64   `json:"again"`    // likewise, the second time
	Vacuumed int64   `json:"vacuumed"` // likewise, after the vacuum
	Vacuum   int64   `json:"vacuum"`   // pages that the vacuum touches
	Seconds  float64 `json:"seconds"`  // that the vacuum takes, without pauses
}

// countDead deletes all files of the directory wide but the last, directly in the tables, and counts pages.
func (s *system) countDead(ctx context.Context, t *tree) (d deadReport, err error) {
	d.Inodes = t.total()
	if err := s.exec(ctx, `ALTER TABLE inodes SET (autovacuum_enabled = off)`); err != nil {
		return d, err
	}
	c, err := s.newCounter(ctx, false)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	session, err := s.session(ctx, c.walking, user)
	if err != nil {
		return d, err
	}
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return d, err
	}
	defer conn.Close(ctx)
	look := func(into *int64) error {
		*into, err = c.pagesOfListing(ctx, session)
		return err
	}
	last := string(numbered(nil, 'w', t.wide-1, 7))
	for _, step := range []func() error{
		func() error { return look(&d.Full) },
		func() error {
			// So the deletion queues nothing for the search index.
			_, err := conn.Exec(ctx, `SET session_replication_role = replica`)
			return err
		},
		func() error {
			tag, err := conn.Exec(ctx, `DELETE FROM inodes i USING inodes w WHERE w.parent_id = $1 AND w.name = 'wide'
				AND w.project_id = (SELECT id FROM projects WHERE name = $2) AND i.project_id = w.project_id AND i.parent_id = w.id AND i.name < $3`, t.top, project, last)
			d.Dead = tag.RowsAffected()
			return err
		},
		func() error { return look(&d.First) },
		func() error { return look(&d.Again) },
		func() error {
			var took float64
			d.Vacuum, took, err = vacuum(ctx, s.url)
			d.Seconds = took / 1000
			return err
		},
		func() error { return look(&d.Vacuumed) },
	} {
		if err := step(); err != nil {
			return d, err
		}
	}
	return d, nil
}

// pagesOfListing lists the directory wide from its beginning, and returns how many pages the statement that reads entries touches.
func (c *counter) pagesOfListing(ctx context.Context, s *namespace.Session) (pages int64, err error) {
	if _, err := c.w.take(); err != nil {
		return 0, err
	}
	if _, _, err := s.ListBatch(ctx, inProject("/wide"), "", pageFiles); err != nil {
		return 0, err
	}
	all, err := c.w.take()
	for i := range all {
		if title(all[i].SQL) == "page of a listing" {
			pages += all[i].pages()
		}
	}
	return pages, err
}

// bufferUsage matches what VACUUM reports of the pages that it touched.
var bufferUsage = regexp.MustCompile(`buffer usage: (\d+) hits, (\d+) (?:misses|reads)`)

// vacuum vacuums the table inodes, and returns how many pages that touched and how many milliseconds it took.
func vacuum(ctx context.Context, url string) (pages int64, took float64, err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return 0, 0, err
	}
	var told strings.Builder
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { told.WriteString(n.Message + "\n") }
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close(ctx)
	if took, err = timeOf(func() error { _, err := conn.Exec(ctx, `VACUUM (VERBOSE, PROCESS_TOAST FALSE) inodes`); return err }); err != nil {
		return 0, 0, err
	}
	found := bufferUsage.FindStringSubmatch(told.String())
	if found == nil {
		return 0, 0, fmt.Errorf("VACUUM says nothing of pages: %s", told.String())
	}
	for _, text := range found[1:] {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0, 0, err
		}
		pages += n
	}
	return pages, took, nil
}
