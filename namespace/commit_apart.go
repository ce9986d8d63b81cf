package namespace

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
)

// apart is an error that lists the mutations because of which a batch cannot be committed.
type apart []*mutation

func (apart) Error() string { return "to be committed without those that are refused" }

// takenSQL returns the numbers of those entries that exist.
const takenSQL = `SELECT k.nth FROM unnest($1::bigint[], $2::bigint[], $3::text[]) WITH ORDINALITY AS k (project_id, parent_id, name, nth)
	WHERE EXISTS (SELECT FROM inodes i WHERE i.project_id = k.project_id AND i.parent_id = k.parent_id AND i.name = k.name)`

// takenOf rolls t back, in which an entry of held could not be made, and returns as apart the mutations whose entries exist already.
func (fs *FS) takenOf(ctx context.Context, t *transaction, held []*mutation) error {
	var (
		entries []entry
		makers  []*mutation
		those   apart
	)
	for _, m := range held {
		for e := range m.effects.entries() {
			if !slices.Contains(m.effects.left, e) {
				entries, makers = append(entries, e), append(makers, m)
			}
		}
	}
	if _, err := t.conn.Exec(ctx, `ROLLBACK`); err != nil { // in a message of its own: a failed transaction prepares no statements
		return err
	}
	t.xid, t.failed = 0, false
	rows, err := t.conn.Query(ctx, takenSQL, column(entries, func(e entry) int64 { return e.dir.project }), column(entries, func(e entry) int64 { return e.dir.id }),
		column(entries, func(e entry) string { return e.name }))
	if err != nil {
		return fs.undo(ctx, t, err)
	}
	var nth int64
	if _, err := pgx.ForEachRow(rows, []any{&nth}, func() error {
		if m := makers[nth-1]; !slices.Contains(those, m) {
			those = append(those, m)
		}
		return nil
	}); err != nil {
		return fs.undo(ctx, t, err)
	}
	if len(those) == 0 { // the entry is gone again, or another key was violated
		return errAlone
	}
	return those
}
