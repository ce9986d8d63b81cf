package namespace

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// checkUsage counts every directory with a limit again.
func checkUsage(ctx context.Context, tx pgx.Tx, report *Report) error {
	rows, err := tx.Query(ctx, `WITH RECURSIVE up AS (
			SELECT i.project_id AS dir_project, i.id AS dir, i.project_id, i.id, i.parent_id, i.storage_policy, 0 AS height FROM inodes i
			WHERE i.quota_names IS NOT NULL OR i.quota_space IS NOT NULL OR i.quota_types IS NOT NULL
			UNION ALL
			SELECT u.dir_project, u.dir, p.project_id, p.id, p.parent_id, p.storage_policy, u.height + 1
			FROM up u
			LEFT JOIN inodes m ON u.parent_id = 0 AND m.kind = 'm' AND m.target_project = u.project_id AND m.target_id = u.id
			JOIN inodes p ON p.project_id = coalesce(m.project_id, u.project_id) AND p.id = coalesce(m.parent_id, u.parent_id)
		)
		SELECT dir_project, dir, coalesce((array_agg(storage_policy ORDER BY height) FILTER (WHERE storage_policy <> 0))[1], 0::smallint),
			u.names, u.space, u.types
		FROM up LEFT JOIN usage u ON u.project_id = dir_project AND u.id = dir
		GROUP BY dir_project, dir, u.names, u.space, u.types`)
	if err != nil {
		return err
	}
	type limited struct {
		node
		kept *amount
	}
	dirs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (limited, error) {
		d := limited{node: node{kind: kindDir}}
		var (
			names, space *int64
			types        []int64
		)
		err := row.Scan(&d.project, &d.id, &d.policy, &names, &space, &types)
		if names != nil {
			d.kept = &amount{names: *names, space: *space}
			copy(d.kept.types[:], types)
		}
		return d, err
	})
	if err != nil {
		return err
	}
	const rule = "a directory with a quota counts what it holds"
	for _, d := range dirs {
		a, err := count(ctx, tx, &d.node)
		if err != nil {
			return err
		}
		switch {
		case d.kept == nil:
			report.Problems = append(report.Problems, Problem{rule, fmt.Sprintf("directory %d of project %d counts nothing", d.id, d.project)})
		case *d.kept != a:
			report.Problems = append(report.Problems, Problem{rule, fmt.Sprintf("directory %d of project %d counts %+v and holds %+v", d.id, d.project, *d.kept, a)})
		}
	}
	return nil
}
