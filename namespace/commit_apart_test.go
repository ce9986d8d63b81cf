package namespace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// TestWhoIsRefusedLeavesTheOthersTogether checks that mutations that run into a limit, or an entry made elsewhere, cost the rest of
// their batch one more attempt, and not a transaction each.
func TestWhoIsRefusedLeavesTheOthersTogether(t *testing.T) {
	fs := newFS(t)
	root := fs.as(t, superuser)
	for _, dir := range []string{"/tmp/small", "/tmp/shared", "/tmp/open"} {
		must(t, ignore(root.Mkdirs(t.Context(), path(t, dir), MkdirOptions{Mode: 0o777})))
	}
	must(t, root.SetQuota(t.Context(), at("/tmp/small"), QuotaChange{Names: new(int64(3))}))
	if _, err := root.Stat(t.Context(), at("/tmp/small")); err != nil { // so that the limit is known
		t.Fatal(err)
	}
	root.put(t, "/tmp/shared/mine", nil) // the directory is known, and what another server makes in it is not
	p, err := fs.auth.Simple(t.Context(), superuser)
	must(t, err)
	other := fs.beside(t, func(*pgxpool.Config) {})
	for _, name := range []string{"a", "b"} {
		_, err := other.As(p).Create(t.Context(), at("/tmp/shared/"+name), CreateOptions{Mode: 0o644, Size: 5}, strings.NewReader("other"))
		must(t, err)
	}
	for name, crowd := range map[string]struct {
		dir          string
		kind         Kind
		want, refuse int // of the names a, b, c, d
	}{
		"a limit":           {"/tmp/small", QuotaNames, 2, 2},
		"entries of others": {"/tmp/shared", Exist, 2, 2},
	} {
		var deeds []func() error
		for i := range 20 {
			deeds = append(deeds, fs.creating(t, fs.as(t, superuser), fmt.Sprintf("/tmp/open/%s%d", crowd.dir[5:], i), 10))
		}
		for _, file := range []string{"a", "b", "c", "d"} {
			deeds = append(deeds, fs.creating(t, fs.as(t, superuser), crowd.dir+"/"+file, 10))
		}
		made, refused := 0, 0
		for i, err := range fs.together(t, deeds...) {
			switch {
			case err == nil && i >= 20:
				made++
			case i >= 20 && kindOf(err) == crowd.kind:
				refused++
			case err != nil:
				t.Errorf("%s: %v", name, err)
			}
		}
		if made != crowd.want || refused != crowd.refuse {
			t.Errorf("%s: %d made and %d refused, want %d and %d", name, made, refused, crowd.want, crowd.refuse)
		}
		if n := fs.count(t, `SELECT count(DISTINCT xmin::text) FROM inodes WHERE name LIKE '`+crowd.dir[5:]+`%' AND kind = 'f'`); n != 1 {
			t.Errorf("%s: the others came in %d transactions", name, n)
		}
	}
	for _, file := range []string{"a", "b"} {
		if got := root.get(t, "/tmp/shared/"+file); string(got) != "other" {
			t.Errorf("/tmp/shared/%s holds %q", file, got)
		}
	}
	fs.clean(t)
}

// TestABillSaysWhomALimitRefuses checks that refused mutations take nothing of what is left.
func TestABillSaysWhomALimitRefuses(t *testing.T) {
	dir, none, most := key{1, 2}, key{1, 3}, unlimited
	most.names = 4
	charging := func(dir key, names int64) *mutation {
		return &mutation{charges: []charge{{dir: dir, limits: most, amount: amount{names: names}}}}
	}
	held := []*mutation{charging(dir, 1), charging(dir, 3), charging(dir, 1), charging(none, 1), charging(dir, 1)}
	b := billOf(held)
	b.after[dir] = amount{names: 2 + 6} // two were there
	if over := b.exceeding(held); len(over) != 3 || over[0] != held[1] || over[1] != held[3] || over[2] != held[4] {
		t.Errorf("%d of them are refused", len(over))
	}
}
