package namespace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// moment is a snapshot of the database, as the transactions that it shows: all with numbers below first, none from next on, and
// those in between except running. Of two moments of a database, the later one shows everything that the other does, and more.
// Source: pg_current_snapshot in PostgreSQL's manual, "System Information Functions".
type moment struct {
	first, next uint64
	running     []uint64 // in ascending order
}

func (m *moment) shows(xid uint64) bool {
	if xid < m.first || xid >= m.next {
		return xid < m.first
	}
	_, running := slices.BinarySearch(m.running, xid)
	return !running
}

// mostEnded is how many transactions since looks at one by one.
const mostEnded = 1 << 14

// since returns the transactions that m shows and before does not: none if before is not earlier. ok is false if they are too many.
func (m *moment) since(before *moment) (ended []uint64, ok bool) {
	if m.next > before.next+mostEnded {
		return nil, false
	}
	for _, xid := range before.running {
		if m.shows(xid) {
			ended = append(ended, xid)
		}
	}
	for xid := before.next; xid < m.next; xid++ {
		if m.shows(xid) {
			ended = append(ended, xid)
		}
	}
	return ended, true
}

// is reports whether m and other show the same.
func (m *moment) is(other *moment) bool {
	return m.first == other.first && m.next == other.next && slices.Equal(m.running, other.running)
}

// momentSQL returns the moment of a statement as a row like those of comparisons, followed by rest. The third column is 1 if the database
// did not begin at the time in the parameter server, else 0; the fourth is 1 if the server in the parameter leaser is the only one; the
// fifth is the snapshot as PostgreSQL writes it.
func momentSQL(server, leaser, rest string) string {
	return `
SELECT 'm', 0, (` + beganSQL + ` <> ` + server + `)::int, ` + soleSQL(leaser) + `::int, pg_current_snapshot()::text::bytea` + rest
}

// beganSQL is the beginning of the database, a time that is another one once the database was started, or has recovered from the crash
// of one of its processes, which ends all connections but not the postmaster. After that, too, it may reassign numbers of transactions
// that left nothing on the disk. The recovery resets its statistics, and records the time of the reset. The two times are added up, since
// neither is the later one for sure: clocks are set back. Source: pgstat_discard_stats in PostgreSQL 15.
const beganSQL = `(pg_postmaster_start_time() + make_interval(secs => coalesce(date_part('epoch', pg_stat_get_bgwriter_stat_reset_time()), 0)))`

// beganMicrosSQL is beganSQL in microseconds since 1970.
const beganMicrosSQL = `(extract(epoch FROM ` + beganSQL + `) * 1000000)::bigint`

// parseMoment parses a pg_snapshot in PostgreSQL's text form.
func parseMoment(text string) (m moment, err error) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return m, fmt.Errorf("the database describes a snapshot as %q", text)
	}
	numbers := []string{parts[0], parts[1]}
	if parts[2] != "" {
		numbers = append(numbers, strings.Split(parts[2], ",")...)
	}
	all := make([]uint64, len(numbers))
	for i, number := range numbers {
		if all[i], err = strconv.ParseUint(number, 10, 64); err != nil {
			return m, fmt.Errorf("the database describes a snapshot as %q: %w", text, err)
		}
	}
	m = moment{all[0], all[1], all[2:]}
	slices.Sort(m.running)
	return m, nil
}
