package namespace

import "github.com/jackc/pgx/v5"

// pageBytes is how many bytes of rows fill a page: the details of one event may be 64 KiB of labels, and the sources of a job a
// thousand paths.
const pageBytes = 2 << 20

// fillPage reads rows until they fill a page. full reports that there are more.
func fillPage[T any](rows pgx.Rows, scan pgx.RowToFunc[T]) (page []T, full bool, err error) {
	defer rows.Close()
	for size := 0; rows.Next(); {
		if size >= pageBytes {
			full = true
			break
		}
		item, err := scan(rows)
		if err != nil {
			return nil, false, err
		}
		for _, column := range rows.RawValues() {
			size += len(column)
		}
		page = append(page, item)
	}
	rows.Close()
	return page, full, rows.Err()
}
