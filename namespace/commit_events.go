package namespace

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// recordManySQL numbers events and writes them; see recordSQL. $1 are projects and $2 how many events each has; the last parameter says
// of each event how many of the same project come behind it. $3 is the batch, which the last event of each project bears.
var recordManySQL = `
WITH numbered AS (
	INSERT INTO feeds (project_id, last) SELECT * FROM unnest($1::bigint[], $2::bigint[])
	ON CONFLICT (project_id) DO UPDATE SET last = feeds.last + excluded.last RETURNING project_id, last
), written AS (
INSERT INTO events (project_id, seq, at, op, usr, credential, client, inode_id, path, target, detail, batch)
SELECT e.project_id, n.last - e.behind, clock_timestamp(), e.op, e.usr, e.credential, e.client, e.inode_id, e.path, nullif(e.target, ''), e.detail::json,
	CASE e.behind WHEN 0 THEN $3::uuid END
FROM ` + rowsSQL("e", 4, "project_id bigint", "op text", "usr text", "credential text", "client text", "inode_id bigint", "path text", "target text", "detail text", "behind bigint") + `
JOIN numbered n ON n.project_id = e.project_id
)
SELECT project_id, last FROM numbered`

// queuedEvent is an event as recordManySQL takes it.
type queuedEvent struct {
	*event
	by     *origin
	text   string // of its detail
	behind int64  // how many of the same project come behind it
}

// queueEvents adds what records the events of mutations under the batch's id. places gets the last number of each project.
func (fs *FS) queueEvents(b *pgx.Batch, id uuid.UUID, held []*mutation, places *[]numbered) error {
	counts := map[int64]int64{}
	for _, m := range held {
		if m.event != nil && !fs.unrecorded {
			counts[m.event.project]++
		}
	}
	if len(counts) == 0 {
		b.Queue(`INSERT INTO operations (id) VALUES ($1)`, id)
		return nil
	}
	projects := make([]int64, 0, len(counts))
	for project := range counts {
		projects = append(projects, project)
	}
	slices.Sort(projects)
	totals := make([]int64, len(projects))
	for i, project := range projects {
		totals[i] = counts[project]
	}
	events := make([]queuedEvent, 0, len(held))
	for _, m := range held {
		e := m.event
		if e == nil {
			continue
		}
		detail, err := json.Marshal(e.detail)
		if err != nil {
			return err
		}
		counts[e.project]--
		events = append(events, queuedEvent{e, &m.by, string(detail), counts[e.project]})
	}
	b.Queue(recordManySQL, projects, totals, id,
		column(events, func(e queuedEvent) int64 { return e.project }),
		column(events, func(e queuedEvent) string { return e.op }),
		column(events, func(e queuedEvent) string { return e.by.user }),
		column(events, func(e queuedEvent) string { return e.by.credential }),
		column(events, func(e queuedEvent) string { return e.by.client }),
		column(events, func(e queuedEvent) int64 { return e.inode }),
		column(events, func(e queuedEvent) string { return e.path.String() }),
		column(events, func(e queuedEvent) string { return e.target.text }),
		column(events, func(e queuedEvent) string { return e.text }),
		column(events, func(e queuedEvent) int64 { return e.behind })).
		Query(func(rows pgx.Rows) error {
			var last numbered
			_, err := pgx.ForEachRow(rows, []any{&last.project, &last.seq}, func() error {
				*places = append(*places, last)
				return nil
			})
			return err
		})
	return nil
}
