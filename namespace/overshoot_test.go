package namespace

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// watchSQL makes the database check, in each transaction just before its commit, whether a directory with limits holds what
// its usage says, and no more than they allow. The transaction holds the row of the usage by then, so what the check sees is
// what its commit makes true.
const watchSQL = `
CREATE SEQUENCE looks;
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	kept usage;
	dir  inodes;
	held record;
BEGIN
	SELECT * INTO kept FROM usage WHERE project_id = NEW.project_id AND id = NEW.id;
	SELECT * INTO dir FROM inodes WHERE project_id = NEW.project_id AND id = NEW.id;
	WITH RECURSIVE tree AS (
		SELECT project_id, id, size, replication FROM inodes WHERE project_id = NEW.project_id AND id = NEW.id
		UNION ALL
		SELECT c.project_id, c.id, c.size, c.replication FROM tree t JOIN inodes c ON c.project_id = t.project_id AND c.parent_id = t.id
	)
	SELECT count(*) AS names, sum(size * replication) AS space INTO held FROM tree;
	IF kept.names <> held.names OR kept.space <> held.space THEN
		RAISE EXCEPTION 'directory % holds % and counts %', NEW.id, held, kept;
	END IF;
	IF kept.names > dir.quota_names OR kept.space > dir.quota_space OR kept.types[2] > nullif(dir.quota_types[2], -1) THEN
		RAISE EXCEPTION 'directory % is above its limit: % of %', NEW.id, kept, dir;
	END IF;
	PERFORM nextval('looks');
	RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER watch AFTER INSERT OR UPDATE ON usage DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION watch();`

// quotaWriter is one of many that write below three directories with limits:
//
//	/q          so many names, of all that lies below
//	/q/space    so many bytes
//	/q/ssd      so many bytes of SSD, where its policy puts everything
type quotaWriter struct {
	*Session
	r    *rand.Rand
	name string // prefix of all names that the writer makes
	made int
	mine []Path // what it made, and may have moved or deleted since
}

// The limits, of which the writers ask for several times as much.
const (
	crowdNames = 150
	crowdSpace = 25_000
	crowdSSD   = 15_000
)

var crowdDirs = []string{"/q", "/q/space", "/q/ssd"}

func (w *quotaWriter) dir() Path { return at(crowdDirs[w.r.IntN(len(crowdDirs))]) }

// fresh returns a name that nobody else uses.
func (w *quotaWriter) fresh() string {
	w.made++
	return fmt.Sprintf("%s-%d", w.name, w.made)
}

// keep remembers what was made, if it was.
func (w *quotaWriter) keep(path Path, err error) error {
	if err == nil {
		w.mine = append(w.mine, path)
	}
	return err
}

// some returns something that the writer made, mostly one of the latest.
func (w *quotaWriter) some() Path {
	if len(w.mine) == 0 {
		return w.dir().Join("nothing")
	}
	return w.mine[max(0, len(w.mine)-1-w.r.IntN(4))]
}

// quotaDeeds are what the writers do.
var quotaDeeds = []struct {
	name string
	do   func(ctx context.Context, w *quotaWriter) error
}{
	{"create", func(ctx context.Context, w *quotaWriter) error {
		content := pattern(w.r.IntN(3000))
		o := CreateOptions{Mode: 0o644, Replication: 1 + w.r.IntN(3), BlockSize: 512, Size: -1}
		path := w.dir().Join(w.fresh())
		_, err := w.Create(ctx, path, o, bytes.NewReader(content))
		return w.keep(path, err)
	}},
	{"overwrite", func(ctx context.Context, w *quotaWriter) error {
		o := CreateOptions{Overwrite: true, Mode: 0o644, Replication: 2, BlockSize: 1024, Size: -1}
		_, err := w.Create(ctx, w.some(), o, bytes.NewReader(pattern(w.r.IntN(2000))))
		return err
	}},
	{"append", func(ctx context.Context, w *quotaWriter) error {
		return w.Append(ctx, w.some(), -1, bytes.NewReader(pattern(w.r.IntN(2000))))
	}},
	{"truncate", func(ctx context.Context, w *quotaWriter) error {
		_, err := w.Truncate(ctx, w.some(), 10)
		return err
	}},
	{"set replication", func(ctx context.Context, w *quotaWriter) error {
		_, err := w.SetReplication(ctx, w.some(), 1+w.r.IntN(4))
		return err
	}},
	{"mkdirs", func(ctx context.Context, w *quotaWriter) error {
		path := w.dir().Join(w.fresh())
		_, err := w.Mkdirs(ctx, path.Join("below"), MkdirOptions{Mode: 0o755})
		return w.keep(path, err)
	}},
	{"rename into", func(ctx context.Context, w *quotaWriter) error {
		name := w.fresh()
		out := at("/out").Join(name)
		for _, file := range []string{"a", "b"} {
			o := CreateOptions{CreateParent: true, Mode: 0o644, Replication: 2, BlockSize: 512, Size: -1}
			if _, err := w.Create(ctx, out.Join(file), o, bytes.NewReader(pattern(w.r.IntN(1500)))); err != nil {
				return err
			}
		}
		path := w.dir().Join(name)
		_, err := w.Rename(ctx, out, path)
		return w.keep(path, err)
	}},
	{"rename between", func(ctx context.Context, w *quotaWriter) error {
		path := w.dir().Join(w.fresh())
		_, err := w.Rename(ctx, w.some(), path)
		return w.keep(path, err)
	}},
	{"delete", func(ctx context.Context, w *quotaWriter) error {
		_, err := w.Delete(ctx, w.some(), true)
		return err
	}},
}

// Whatever many writers do at once on two servers, no commit takes a directory above a limit, and its usage is what it
// holds.
func TestQuotaNeverOvershoots(t *testing.T) {
	servers := newServers(t, 2)
	servers[1].committer.most = 1 // the first server commits together what waits
	fs := servers[0]
	s := fs.as(t, superuser)
	for _, dir := range append(crowdDirs, "/out") {
		if _, err := s.Mkdirs(t.Context(), at(dir), MkdirOptions{Mode: 0o755}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SetStoragePolicy(t.Context(), at("/q/ssd"), "ALL_SSD"); err != nil {
		t.Fatal(err)
	}
	for dir, change := range map[string]QuotaChange{
		"/q":       {Names: pointer(crowdNames)},
		"/q/space": {Space: pointer(crowdSpace)},
		"/q/ssd":   {Types: map[string]int64{"SSD": crowdSSD}},
	} {
		if err := s.SetQuota(t.Context(), at(dir), change); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := fs.db.Exec(t.Context(), watchSQL); err != nil {
		t.Fatal(err)
	}
	for _, beyond := range []string{"names = names + 1", "space = space + 1"} {
		if _, err := fs.db.Exec(t.Context(), `UPDATE usage SET `+beyond); err == nil || !strings.Contains(err.Error(), " counts ") {
			t.Fatalf("the database did not watch: %v", err)
		}
	}

	const writers = 64
	each := wanted(t, "GRANARY_QUOTA_WRITES", 640) / writers
	choices := seed(t)
	var refused [3]atomic.Int64
	var done, failed atomic.Int64
	crowd(writers, func(i int) {
		w := &quotaWriter{Session: servers[i%2].as(t, superuser), r: rand.New(rand.NewPCG(choices, uint64(i))), name: fmt.Sprint(i)}
		for range each {
			d, begun := quotaDeeds[w.r.IntN(len(quotaDeeds))], time.Now()
			err := d.do(t.Context(), w)
			switch kindOf(err) {
			case allowed:
				done.Add(1)
			case QuotaNames:
				refused[0].Add(1)
			case QuotaSpace:
				refused[1].Add(1)
			case QuotaType:
				refused[2].Add(1)
			case NotExist, Exist, IO, InvalidValue, ParentNotDirectory: // something else stood where the writer wanted it
				failed.Add(1)
			case Unavailable: // after as long as a commit may take, which is not long where so many wait for each other on a slow machine
				if failed.Add(1); time.Since(begun) < commitTimeout {
					t.Errorf("%s: %v, after %s", d.name, err, time.Since(begun))
				}
			default:
				t.Errorf("%s: %v", d.name, err)
			}
		}
	})
	var looks int64
	if err := fs.db.QueryRow(t.Context(), `SELECT last_value FROM looks`).Scan(&looks); err != nil {
		t.Fatal(err)
	}
	t.Logf("soak: %d writers on two servers: %d operations succeeded, %d, %d and %d were refused by the quotas of names, space and a storage type, %d for other reasons; "+
		"never above a limit in %d commits", writers, done.Load(), refused[0].Load(), refused[1].Load(), refused[2].Load(), failed.Load(), looks)
	for i := range refused {
		if refused[i].Load() == 0 {
			t.Errorf("the quota of %s refused nothing; the test proves little", []string{"names", "space", "a storage type"}[i])
		}
	}
	if looks < int64(each) {
		t.Errorf("only %d commits changed a usage", looks)
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	fs.clean(t)
}
