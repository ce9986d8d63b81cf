package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of a plan: a benchmark must end, and must not fill the disk.
const (
	maxClients  = 256
	maxSmall    = 16 << 20
	maxLarge    = 4 << 30
	maxRounds   = 50
	maxWarm     = 100_000
	maxOps      = 1_000_000
	minDuration = 50 * time.Millisecond
	maxDuration = time.Minute

	// enoughWarm and enoughRounds are the least that a published table needs.
	enoughWarm   = 5000
	enoughRounds = 5
)

// scenario is one row of the table.
type scenario struct {
	op      operation
	clients int
	size    int64 // of the file, in bytes
}

// String returns the name of the row.
func (s scenario) String() string {
	switch s.op.name {
	case "create":
		return "create " + sizeText(s.size) + ", redirected"
	case "create1":
		return "create " + sizeText(s.size) + ", one hop where taken"
	case "read":
		return "read " + sizeText(s.size)
	case "rename", "delete":
		return s.op.name + " a file"
	case "list":
		return "list " + strconv.Itoa(listEntries) + " entries"
	case "bigwrite":
		return "write " + sizeText(s.size)
	case "bigread":
		return "read " + sizeText(s.size)
	case "ranges":
		return "read ranges of " + sizeText(rangeSize)
	case "spotify":
		return "Spotify mix"
	default:
		return s.op.name
	}
}

// plan describes what a benchmark does.
type plan struct {
	rows     []scenario
	rounds   int
	duration time.Duration // of one run
	most     int           // operations of one run
	warm     int           // operations on each server before the first round
	seed     uint64        // of the random choices
}

// newPlan returns the rows: every chosen operation, in the order of the table of operations, for every number of clients
// and, where the size matters, every size. Other operations use the first size for the files that they need. A single
// client is of interest for its latency, and only with the first size: unless it is the only number of clients, it is left
// out for the other sizes.
func newPlan(ops []string, clients []int, sizes []int64, large int64) ([]scenario, error) {
	for _, name := range ops {
		if !slices.ContainsFunc(operations, func(op operation) bool { return op.name == name }) {
			return nil, fmt.Errorf("there is no operation %q; there are %s", name, strings.Join(operationNames(), ", "))
		}
	}
	var rows []scenario
	for _, op := range operations {
		switch {
		case !slices.Contains(ops, op.name):
		case op.large:
			rows = append(rows, scenario{op, 1, large})
		case op.parts:
			for _, n := range clients {
				rows = append(rows, scenario{op, n, large})
			}
		default:
			for i, size := range sizes {
				for _, n := range clients {
					if i == 0 || op.sized && (n > 1 || len(clients) == 1) {
						rows = append(rows, scenario{op, n, size})
					}
				}
			}
		}
	}
	return rows, nil
}

func operationNames() []string {
	names := make([]string, len(operations))
	for i, op := range operations {
		names[i] = op.name
	}
	return names
}

// check refuses a plan that is out of bounds.
func (p plan) check() error {
	for _, b := range []struct {
		what             string
		value, low, high int64
	}{
		{"-rounds", int64(p.rounds), 1, maxRounds},
		{"-duration (milliseconds)", p.duration.Milliseconds(), minDuration.Milliseconds(), maxDuration.Milliseconds()},
		{"-most", int64(p.most), 1, maxOps},
		{"-warm", int64(p.warm), 0, maxWarm},
	} {
		if b.value < b.low || b.value > b.high {
			return fmt.Errorf("%s is %d; it must be between %d and %d", b.what, b.value, b.low, b.high)
		}
	}
	return nil
}

// parseClients parses numbers of clients, such as 1,16,64.
func parseClients(text string) ([]int, error) {
	var all []int
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > maxClients {
			return nil, fmt.Errorf("-clients: %q is not a number between 1 and %d", word, maxClients)
		}
		all = append(all, n)
	}
	return all, nil
}

// units of sizes, the largest first.
var units = []struct {
	name  string
	bytes int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// parseSizes parses sizes of small files, such as 4KiB,64KiB.
func parseSizes(text string) ([]int64, error) {
	var all []int64
	for word := range strings.SplitSeq(text, ",") {
		n, err := parseSize(word, maxSmall)
		if err != nil {
			return nil, fmt.Errorf("-sizes: %w", err)
		}
		all = append(all, n)
	}
	return all, nil
}

// parseSize parses one size with its unit.
func parseSize(word string, most int64) (int64, error) {
	for _, u := range units {
		digits, found := strings.CutSuffix(word, u.name)
		if !found {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 32)
		if err != nil || n < 0 || n*u.bytes > most {
			return 0, fmt.Errorf("%q is not a size between 0B and %s", word, sizeText(most))
		}
		return n * u.bytes, nil
	}
	return 0, fmt.Errorf("%q is not a size: a whole number and B, KiB, MiB or GiB", word)
}

// sizeText formats a size in the largest unit that divides it.
func sizeText(n int64) string {
	for _, u := range units {
		if n%u.bytes == 0 && n >= u.bytes {
			return strconv.FormatInt(n/u.bytes, 10) + " " + u.name
		}
	}
	return "0 B"
}
