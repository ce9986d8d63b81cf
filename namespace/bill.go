package namespace

import (
	"cmp"
	"slices"

	"github.com/jackc/pgx/v5"
)

// bill is what several mutations charge together.
type bill struct {
	dirs  []key // in the order of ids
	sums  []amount
	after map[key]amount // what each directory holds after the charges
}

// billOf adds up what mutations charge; it returns nil if they charge nothing.
func billOf(held []*mutation) *bill {
	sums := map[key]amount{}
	for _, m := range held {
		for _, c := range m.charges {
			sum := sums[c.dir]
			sum.add(c.amount)
			sums[c.dir] = sum
		}
	}
	if len(sums) == 0 {
		return nil
	}
	b := &bill{after: map[key]amount{}}
	for dir := range sums {
		b.dirs = append(b.dirs, dir)
	}
	slices.SortFunc(b.dirs, func(a, b key) int { return cmp.Compare(a.id, b.id) })
	for _, dir := range b.dirs {
		b.sums = append(b.sums, sums[dir])
	}
	return b
}

// billSQL charges usage in the order of ids and returns what each directory holds afterwards.
const billSQL = `
WITH due AS MATERIALIZED (
	SELECT u.project_id, u.id, d.names, d.space, ARRAY[d.a, d.b, d.c, d.d, d.e] AS types
	FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
		AS d (project_id, id, names, space, a, b, c, d, e)
	JOIN usage u ON u.project_id = d.project_id AND u.id = d.id ORDER BY u.id FOR NO KEY UPDATE OF u
)
UPDATE usage u SET names = u.names + d.names, space = u.space + d.space,
	types = ARRAY(SELECT x + y FROM unnest(u.types, d.types) AS t (x, y))
FROM due d WHERE u.project_id = d.project_id AND u.id = d.id
RETURNING u.project_id, u.id, u.names, u.space, u.types`

func (b *bill) queue(batch *pgx.Batch) {
	projects, ids := columns(b.dirs)
	var (
		names, space []int64
		types        [5][]int64
	)
	for _, sum := range b.sums {
		names, space = append(names, sum.names), append(space, sum.space)
		for i, n := range sum.types {
			types[i] = append(types[i], n)
		}
	}
	batch.Queue(billSQL, projects, ids, names, space, types[0], types[1], types[2], types[3], types[4]).Query(func(rows pgx.Rows) error {
		var (
			dir   key
			a     amount
			types []int64
		)
		_, err := pgx.ForEachRow(rows, []any{&dir.project, &dir.id, &a.names, &a.space, &types}, func() error {
			copy(a.types[:], types)
			b.after[dir] = a
			return nil
		})
		return err
	})
}

// exceeding returns those mutations that a limit would refuse if they were charged one after the other, or that charge a directory
// without a row in usage.
func (b *bill) exceeding(held []*mutation) (over []*mutation) {
	holds := map[key]amount{}
	for i, dir := range b.dirs {
		if after, ok := b.after[dir]; ok {
			after.add(b.sums[i].negative())
			holds[dir] = after
		}
	}
	for _, m := range held {
		charges := mergeCharges(m.charges)
		refused := slices.ContainsFunc(charges, func(c charge) bool {
			usage, ok := holds[c.dir]
			usage.add(c.amount)
			return !ok || c.exceeded(usage) != nil
		})
		if refused {
			over = append(over, m)
			continue
		}
		for _, c := range charges {
			usage := holds[c.dir]
			usage.add(c.amount)
			holds[c.dir] = usage
		}
	}
	return over
}
