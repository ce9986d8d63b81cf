package namespace

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/auth"
)

// traceSQL makes the database note every row that a transaction changes and commits, in every table but that of heartbeats.
// Blocks count once they are live: what a failed upload leaves is garbage, and marked as such. A lease may be
// taken and given back, each under an operation id of the server's own, which leaves a newer version.
const traceSQL = `
CREATE UNLOGGED TABLE traces (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text NOT NULL);
CREATE FUNCTION trace() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	INSERT INTO traces (what) VALUES (lower(TG_OP) || ' in ' || TG_TABLE_NAME);
	RETURN NULL;
END $$;
DO $$ DECLARE name text; BEGIN
	FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('servers', 'blocks', 'inodes', 'leases', 'operations', 'traces') LOOP
		EXECUTE format('CREATE TRIGGER trace AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION trace()', name);
	END LOOP;
END $$;
CREATE TRIGGER trace AFTER INSERT OR DELETE ON inodes FOR EACH ROW EXECUTE FUNCTION trace();
CREATE TRIGGER trace_change AFTER UPDATE ON inodes FOR EACH ROW
	WHEN (to_jsonb(OLD) - '{version,lease}'::text[] <> to_jsonb(NEW) - '{version,lease}'::text[]) EXECUTE FUNCTION trace();
CREATE TRIGGER trace AFTER INSERT ON operations FOR EACH ROW WHEN (NEW.asker IS NOT NULL) EXECUTE FUNCTION trace();
CREATE TRIGGER trace_live AFTER INSERT OR UPDATE ON blocks FOR EACH ROW WHEN (NEW.state = 'l') EXECUTE FUNCTION trace();
CREATE TRIGGER trace_dying AFTER UPDATE ON blocks FOR EACH ROW WHEN (OLD.state = 'l') EXECUTE FUNCTION trace();`

// tracer reports what has changed in a database.
type tracer struct {
	db     *pgxpool.Pool
	last   int64
	leases int
}

// newTracer makes the database of fs note changes. The reaper makes none from now on.
func newTracer(t testing.TB, fs *testFS) *tracer {
	t.Helper()
	fs.stop()
	<-fs.done
	if _, err := fs.db.Exec(t.Context(), traceSQL); err != nil {
		t.Fatal(err)
	}
	return &tracer{db: fs.db}
}

// traces returns what has changed since the last call.
func (tr *tracer) traces(ctx context.Context) (what []string, err error) {
	leases := tr.leases
	err = tr.db.QueryRow(ctx, `SELECT coalesce((SELECT max(number) FROM traces), 0), (SELECT count(*) FROM leases),
		(SELECT array_agg(what ORDER BY number) FROM traces WHERE number > $1)`, tr.last).Scan(&tr.last, &tr.leases, &what)
	if leases != tr.leases {
		what = append(what, fmt.Sprintf("%d leases, where there were %d", tr.leases, leases))
	}
	return what, err
}

// tracedStage does deeds of which single statements get lost, and checks what each leaves.
type tracedStage struct {
	*stage
	saboteur *saboteur
	tracer   *tracer
}

// try does a deed without its n-th statement, or with all of them if n is 0, and reports whether it failed, and whether there
// was such a statement. It fails the test if a failed deed has changed something. A deed that takes a lease first gives it
// back; it must leave things as they were, except for a promise that its writer can still claim.
func (st *tracedStage) try(t *testing.T, sc *scene, d deed, n int64) (failed, struck bool) {
	t.Helper()
	before := st.describe(t, sc, d)
	if _, err := st.tracer.traces(t.Context()); err != nil {
		t.Fatal(err)
	}
	st.saboteur.countdown.Store(n)
	reply := d.do(t.Context(), sc, st.servers[0])
	struck = st.saboteur.countdown.Swap(0) <= 0
	left, err := st.tracer.traces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	failed = failure(reply)
	switch {
	case !failed:
	case d.leased:
		if _, err := st.servers[0].db.Exec(t.Context(), `UPDATE leases SET since = '-infinity' WHERE newborn AND server IS NULL`); err != nil {
			t.Fatal(err)
		}
		if err := st.servers[0].endLeases(t.Context()); err != nil {
			t.Fatal(err)
		}
		if after := st.describe(t, sc, d); after != before {
			t.Errorf("%s, statement %d lost, failed with %q and left\n%s\nof\n%s", d.name, n, reply, after, before)
		}
	case len(left) > 0:
		t.Errorf("%s, statement %d lost, failed with %q and left %q", d.name, n, reply, left)
	}
	return failed, struck
}

// describe describes the scene, and the leases, for a deed that takes one.
func (st *tracedStage) describe(t *testing.T, sc *scene, d deed) string {
	t.Helper()
	if !d.leased {
		return ""
	}
	text, err := st.look(t.Context(), sc)
	if err != nil {
		t.Fatal(err)
	}
	var leases int
	if err := st.servers[0].db.QueryRow(t.Context(), `SELECT count(*) FROM leases`).Scan(&leases); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d leases\n%s", leases, text)
}

// Whichever statement of an operation is lost, and whatever refuses it: if it fails, nothing has changed.
func TestAFailureLeavesNoTrace(t *testing.T) {
	s := &saboteur{}
	fs := sabotaged(t, s)
	if err := fs.auth.AddUser(t.Context(), auth.User{Name: "boss"}); err != nil {
		t.Fatal(err)
	}
	st := &tracedStage{&stage{servers: [2]*FS{fs.FS, fs.FS}, auth: fs.auth, number: new(atomic.Int64)}, s, newTracer(t, fs)}
	r := rand.New(rand.NewPCG(seed(t), 0))
	all := deeds(fs.auth)
	chosen := all
	if testing.Short() {
		chosen = all[r.IntN(len(all)/2):][:len(all)/4]
	}
	lost, refused := 0, 0
	for _, d := range chosen {
		var sc *scene
		for n, failed, struck := int64(1), false, true; struck; n++ {
			if !failed { // the deed succeeded, or there is no scene yet
				var err error
				if sc, err = st.set(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if failed, struck = st.try(t, sc, d, n); failed && struck {
				lost++
			}
		}
		// Many other deeds are refused where this one has happened.
		for _, i := range r.Perm(len(all))[:len(all)/3] {
			if failed, _ := st.try(t, sc, all[i], 0); failed {
				refused++
			}
		}
	}
	t.Logf("soak: %d lost statements and %d refusals of %d operations left no trace", lost, refused, len(chosen))
	if lost < 2*len(chosen) || refused < len(chosen) {
		t.Error("too few; the test proves little")
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if report := fs.clean(t); report.Orphans != 0 {
		t.Errorf("%+v", report)
	}
}

// failure reports whether a deed's reply, which is in words, is an error.
func failure(reply string) bool {
	return slices.ContainsFunc(Kinds(), func(k Kind) bool { return k != kinds && strings.HasPrefix(reply, k.String()) })
}
