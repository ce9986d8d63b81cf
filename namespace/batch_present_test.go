package namespace

import (
	"fmt"
	"strings"
	"testing"
)

// A server that is the only one reads a batch of remembered files without asking the database.
func TestALoneServerReadsBatchesWithoutAsking(t *testing.T) {
	fs, counted, _ := lone(t)
	root := fs.as(t, superuser)
	// In eight directories, and more than one window, but of few files: a foreign transaction between two windows ends the proof of the first.
	names := fs.crowdOf(t, root, "/tmp/many", batchFirst+16)
	var all []fromBatch
	eventually(t, "a batch that is read without the database", func() bool {
		seen := counted.of(func() {
			var err error
			all, err = readBatch(t.Context(), root, names...)
			must(t, err)
		})
		return seen["batch"] == 0 && seen["compare"] == 0
	})
	for i, f := range all {
		if f.err != nil || f.content != string(pattern(i%500)) {
			t.Fatalf("%s: %q, %v", names[i], f.content, f.err)
		}
	}
}

// A change made while a batch is read counts at once, for content and for rights, and readers without the right are refused.
func TestALoneServersBatchIsOfNow(t *testing.T) {
	fs, counted, _ := lone(t)
	root, eve := fs.as(t, superuser), fs.as(t, "eve")
	names := fs.crowdOf(t, root, "/tmp/many", 40)
	last := names[len(names)-1]
	for round := range 3 {
		for _, tt := range []struct {
			name   string
			change func() error
			want   string
			kind   Kind
		}{
			{"content", func() error { root.put(t, last, fmt.Append(nil, "round ", round)); return nil }, fmt.Sprint("round ", round), 0},
			{"rights", func() error { return root.SetPermission(t.Context(), at(last), 0o600) }, "", AccessControl},
			{"rights again", func() error { return root.SetPermission(t.Context(), at(last), 0o644) }, fmt.Sprint("round ", round), 0},
			{"the directory's", func() error { return root.SetPermission(t.Context(), at(last).Parent(), 0o700) }, "", AccessControl},
			{"the directory's again", func() error { return root.SetPermission(t.Context(), at(last).Parent(), 0o755) }, fmt.Sprint("round ", round), 0},
		} {
			// Everything is read without the database, except what is refused.
			most := 0
			if strings.HasSuffix(tt.name, "again") {
				most = 1
			}
			eventually(t, "a batch that is remembered", func() bool {
				return counted.of(func() {
					_, err := readBatch(t.Context(), eve, names...)
					must(t, err)
				})["batch"] <= most
			})
			changed := false
			fs.decided = func(op string, _ Path) {
				if op == "read batch" && !changed {
					changed = true
					must(t, tt.change())
				}
			}
			all, err := readBatch(t.Context(), eve, names...)
			must(t, err)
			fs.decided = func(string, Path) {}
			got := all[len(all)-1]
			if got.content != tt.want || (got.err == nil) != (tt.kind == 0) || got.err != nil && kindOf(got.err) != tt.kind {
				t.Fatalf("%s: %q, %v, want %q, %v", tt.name, got.content, got.err, tt.want, tt.kind)
			}
		}
	}
}
