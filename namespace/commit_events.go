package namespace

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// recordManySQL numbers and writes the events of a batch; see recordRowsSQL. $3 is the batch's id, which the last event of each project
// carries.
var recordManySQL = recordRowsSQL("batch", "CASE e.behind WHEN 0 THEN $3::uuid END")

// recordToldSQL does so for one event and the events by which other projects are told of it. $3 is the operation, or NULL.
var recordToldSQL = recordRowsSQL("operation", "$3::uuid")

// recordRowsSQL numbers and writes events; see recordSQL. $1 are projects and $2 how many events each has; the last parameter is, for
// each event, how many of the same project follow it. The column mark gets the value of the expression how, which uses $3.
func recordRowsSQL(mark, how string) string {
	return `
WITH numbered AS (
	INSERT INTO feeds (project_id, last) SELECT * FROM unnest($1::bigint[], $2::bigint[])
	ON CONFLICT (project_id) DO UPDATE SET last = feeds.last + excluded.last RETURNING project_id, last
), written AS (
INSERT INTO events (project_id, seq, at, op, usr, credential, client, inode_id, path, target, detail, ` + mark + `)
SELECT e.project_id, n.last - e.behind, clock_timestamp(), e.op, e.usr, e.credential, e.client, e.inode_id, e.path, nullif(e.target, ''), e.detail::json,
	` + how + `
FROM ` + rowsSQL("e", 4, "project_id bigint", "op text", "usr text", "credential text", "client text", "inode_id bigint", "path text", "target text", "detail text", "behind bigint") + `
JOIN numbered n ON n.project_id = e.project_id
)
SELECT project_id, last FROM numbered`
}

// queuedEvent is an event as recordRowsSQL takes it.
type queuedEvent struct {
	*event
	by     *origin
	text   string // of its detail
	behind int64  // how many of the same project follow it
}

// queueEvents adds to b the statement that records the events of a batch under its id. places gets the last number of each project.
func (fs *FS) queueEvents(b *pgx.Batch, id uuid.UUID, held []*mutation, places *[]numbered) error {
	events := make([]queuedEvent, 0, len(held))
	for _, m := range held {
		if m.event != nil && !fs.unrecorded {
			events = append(events, queuedEvent{event: m.event, by: &m.by})
		}
	}
	if len(events) == 0 {
		b.Queue(`INSERT INTO operations (id) VALUES ($1)`, id)
		return nil
	}
	args, err := recordArgs(id, events)
	if err != nil {
		return err
	}
	b.Queue(recordManySQL, args...).Query(func(rows pgx.Rows) error {
		last, err := pgx.CollectRows(rows, scanNumbered)
		*places = append(*places, last...)
		return err
	})
	return nil
}

// recordArgs returns the parameters of recordRowsSQL for events, which are in the order in which each project is to number them. The
// counters are locked in the order of projects.
func recordArgs(mark any, events []queuedEvent) ([]any, error) {
	counts := map[int64]int64{}
	for i := range events {
		counts[events[i].project]++
	}
	projects := slices.Sorted(maps.Keys(counts))
	totals := make([]int64, len(projects))
	for i, project := range projects {
		totals[i] = counts[project]
	}
	for i := range events {
		e := &events[i]
		detail, err := json.Marshal(e.detail)
		if err != nil {
			return nil, err
		}
		counts[e.project]--
		e.text, e.behind = string(detail), counts[e.project]
	}
	return []any{
		projects, totals, mark,
		column(events, func(e queuedEvent) int64 { return e.project }),
		column(events, func(e queuedEvent) string { return e.op }),
		column(events, func(e queuedEvent) string { return e.by.user }),
		column(events, func(e queuedEvent) string { return e.by.credential }),
		column(events, func(e queuedEvent) string { return e.by.client }),
		column(events, func(e queuedEvent) int64 { return e.inode }),
		column(events, func(e queuedEvent) string { return e.path.String() }),
		column(events, func(e queuedEvent) string { return e.target.text }),
		column(events, func(e queuedEvent) string { return e.text }),
		column(events, func(e queuedEvent) int64 { return e.behind }),
	}, nil
}
