package namespace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// moment is a snapshot of the database, by the transactions that it shows: all with numbers below first that have ended, none
// from next on, and of those between all but running. One that shows more than another is later; no two of a database show
// each something that the other does not. Source: pg_current_snapshot in PostgreSQL's manual, "System Information Functions".
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

// mostEnded is how many transactions are looked at one by one.
const mostEnded = 1 << 14

// since are the transactions that m shows and before does not: none if before is not earlier. ok is false if they are too many.
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

// momentSQL returns the moment of a statement in a row among those of comparisons, followed by rest: as the third column 1 if the database
// did not begin when the parameter server says, and else 0; as the fourth 1 if the parameter leaser is the only server; as the fifth the
// snapshot as PostgreSQL writes it.
func momentSQL(server, leaser, rest string) string {
	return `
SELECT 'm', 0, (` + beganSQL + ` <> ` + server + `)::int, ` + soleSQL(leaser) + `::int, pg_current_snapshot()::text::bytea` + rest
}

// beganSQL is when the database began to be what it is: when it was started, or last recovered from the death of one of its
// processes, which ends all connections but not itself. Then, too, it may give numbers to transactions that others had who left
// nothing on the disk. Its statistics begin anew with that, and bear the time. Source: pgstat_discard_stats in PostgreSQL 15.
const beganSQL = `greatest(pg_postmaster_start_time(), pg_stat_get_bgwriter_stat_reset_time())`

// parseMoment reads what PostgreSQL writes for a pg_snapshot.
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
