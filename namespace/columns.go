package namespace

import (
	"fmt"
	"strings"
)

// columns splits keys into columns: rows are passed to the database as one array per column.
func columns(keys []key) (projects, ids []int64) {
	for _, k := range keys {
		projects, ids = append(projects, k.project), append(ids, k.id)
	}
	return projects, ids
}

// column returns one column of rows.
func column[R, C any](rows []R, of func(R) C) []C {
	all := make([]C, len(rows))
	for i, r := range rows {
		all[i] = of(r)
	}
	return all
}

// rowsSQL returns a FROM item with the alias as, whose columns are arrays in the parameters from $first on. Each column is given as its
// name and the type of its elements. Unlike unnest, which copies each array into a tuplestore before it returns the first row, it reads
// elements by subscript. That takes half the time as long as there are few rows; to find the hundredth text, though, PostgreSQL steps
// over ninety-nine others.
func rowsSQL(as string, first int, columns ...string) string {
	var b strings.Builder
	b.WriteString("(SELECT ")
	for i, column := range columns {
		name, kind, _ := strings.Cut(column, " ")
		fmt.Fprintf(&b, "($%d::%s[])[i] AS %s, ", first+i, kind, name)
	}
	_, kind, _ := strings.Cut(columns[0], " ")
	fmt.Fprintf(&b, "i AS nth FROM generate_series(1, cardinality($%d::%s[])) AS i) AS %s", first, kind, as)
	return b.String()
}
