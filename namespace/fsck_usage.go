package namespace

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

const limitedSQL = `SELECT project_id, id FROM inodes WHERE quota_names IS NOT NULL OR quota_space IS NOT NULL OR quota_types IS NOT NULL`

// usageSQL finds the effective storage policy of the directory $2 of the project $1, its recorded usage, and if the project is deleted. It
// finds nothing if the directory, or one above, was deleted: the reaper purges what it holds, and nobody is charged for that.
const usageSQL = `
WITH RECURSIVE up AS (
	SELECT i.project_id, i.id, i.parent_id, i.storage_policy, 0 AS height FROM inodes i WHERE i.project_id = $1 AND i.id = $2
	UNION ALL
	SELECT p.project_id, p.id, p.parent_id, p.storage_policy, u.height + 1
	FROM up u
	LEFT JOIN inodes m ON u.parent_id = 0 AND m.kind = 'm' AND m.target_project = u.project_id AND m.target_id = u.id
	JOIN inodes p ON p.project_id = coalesce(m.project_id, u.project_id) AND p.id = coalesce(m.parent_id, u.parent_id)
)
SELECT coalesce((SELECT storage_policy FROM up WHERE storage_policy <> 0 ORDER BY height LIMIT 1), 0::smallint), u.names, u.space, u.types,
	coalesce((SELECT state = 'd' FROM projects WHERE id = $1), false)
FROM inodes i LEFT JOIN usage u ON u.project_id = i.project_id AND u.id = i.id
WHERE i.project_id = $1 AND i.id = $2 AND (i.quota_names IS NOT NULL OR i.quota_space IS NOT NULL OR i.quota_types IS NOT NULL)
	AND NOT EXISTS (SELECT FROM up WHERE parent_id IS NULL)`

// checkUsage counts every directory with a limit again, each on a snapshot of its own.
func (fs *FS) checkUsage(ctx context.Context, report *Report) error {
	rows, err := fs.db.Query(ctx, limitedSQL)
	if err != nil {
		return err
	}
	dirs, err := pgx.CollectRows(rows, scanKey)
	if err != nil {
		return err
	}
	for _, d := range dirs {
		if err := fs.snapshot(ctx, func(tx pgx.Tx) error { return checkUsageOf(ctx, tx, d, report) }); err != nil {
			return err
		}
	}
	return nil
}

func checkUsageOf(ctx context.Context, tx pgx.Tx, at key, report *Report) error {
	d := node{kind: kindDir, project: at.project, id: at.id}
	var (
		names, space *int64
		types        []int64
		inTrash      bool
	)
	err := tx.QueryRow(ctx, usageSQL, d.project, d.id).Scan(&d.policy, &names, &space, &types, &inTrash)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // the limit was removed meanwhile, or the directory
	}
	if err != nil {
		return err
	}
	a, err := count(ctx, tx, &d)
	if err != nil {
		return err
	}
	const rule = "a directory with a quota counts what it holds"
	if names == nil {
		report.Problems = append(report.Problems, Problem{rule, fmt.Sprintf("directory %d of project %d counts nothing", d.id, d.project)})
		return nil
	}
	kept := amount{names: *names, space: *space}
	copy(kept.types[:], types)
	if inTrash { // without a mount it inherits no policy; types are counted by the one above when it is restored
		kept.types = a.types
	}
	if kept != a {
		report.Problems = append(report.Problems, Problem{rule, fmt.Sprintf("directory %d of project %d counts %+v and holds %+v", d.id, d.project, kept, a)})
	}
	return nil
}
