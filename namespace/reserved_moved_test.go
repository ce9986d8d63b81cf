package namespace

import (
	"context"
	"io"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// afterStatement calls then, once, when a statement is over.
type afterStatement struct {
	sql  string
	then func()
}

type statementKey struct{}

func (*afterStatement) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	return context.WithValue(ctx, statementKey{}, data.SQL)
}

func (a *afterStatement) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	if then := a.then; then != nil && ctx.Value(statementKey{}) == a.sql {
		a.then = nil
		then()
	}
}

// TestAnInodeIsNotTakenForWhatTakesItsPlace exchanges a directory for another one between the look for the path of its inode and the walk.
func TestAnInodeIsNotTakenForWhatTakesItsPlace(t *testing.T) {
	fs := newFS(t)
	root, moment := fs.as(t, superuser), &afterStatement{sql: upFromIDSQL}
	other := fs.beside(t, func(c *pgxpool.Config) { c.ConnConfig.Tracer = moment }).As(root.p)
	root.put(t, "/tmp/d/mine", []byte("mine"))
	root.put(t, "/tmp/e/yours", []byte("yours"))
	dir, err := root.Stat(t.Context(), at("/tmp/d"))
	must(t, err)
	asked := inodePath(dir.ID)
	exchange := func() {
		for _, move := range [][2]string{{"/tmp/d", "/tmp/x"}, {"/tmp/e", "/tmp/d"}, {"/tmp/x", "/tmp/e"}} {
			must(t, root.Move(context.Background(), at(move[0]), at(move[1]), MoveOptions{}))
		}
	}
	for name, ask := range map[string]func(ctx context.Context) (string, error){
		"status": func(ctx context.Context) (string, error) {
			status, err := other.Stat(ctx, asked)
			if status.ID != dir.ID {
				return "another inode", err
			}
			return "mine", err
		},
		"listing": func(ctx context.Context) (name string, err error) {
			return name, other.List(ctx, asked, func(s Status) error { name = s.Name; return nil })
		},
		"page": func(ctx context.Context) (string, error) {
			all, _, err := other.ListBatch(ctx, asked, "", 1)
			return all[0].Name, err
		},
		"content of what is below": func(ctx context.Context) (string, error) {
			r, err := other.Open(ctx, asked.Join("mine"), 0, -1)
			if err != nil {
				return "", err
			}
			defer r.Close()
			content, err := io.ReadAll(r)
			return string(content), err
		},
		"search": func(ctx context.Context) (string, error) {
			found, err := other.Search(ctx, SearchQuery{Text: "ine", Path: asked})
			if err != nil || len(found.Hits) == 0 {
				return "nothing", err
			}
			return found.Hits[0].Path.Name(), nil
		},
		"source of a job": func(ctx context.Context) (string, error) {
			c, err := other.jobRoot(ctx, asked)
			if err != nil {
				return "", err
			}
			if c.node().id != dir.ID {
				return "another inode", nil
			}
			return "mine", nil
		},
	} {
		moment.then = exchange
		got, err := ask(t.Context())
		if name == "source of a job" && err == errStale { //nolint:errorlint // its caller tries again
			got, err = ask(t.Context())
		}
		if got != "mine" || err != nil || moment.then != nil {
			t.Errorf("%s: %q, %v; want mine", name, got, err)
		}
	}
}
