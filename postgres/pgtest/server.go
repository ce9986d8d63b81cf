package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/migrations"
	"granary/postgres"
)

// folderPrefix begins the names of the folders of servers for tests.
const folderPrefix = "granary-pgtest-"

// server is where databases for tests are made.
type server struct {
	admin *url.URL // a role that may create databases, in a database that stays

	templateOnce sync.Once
	templateErr  error
	template     string // the name of the template database, by the content of the migrations

	private *Private // nil if the server is somebody else's

	mu   sync.Mutex
	gone []string // databases of tests that are over
}

// newServer finds or starts a server.
func newServer(ctx context.Context) (*server, error) {
	template, err := templateName()
	if err != nil {
		return nil, err
	}
	if text := os.Getenv(variable); text != "" {
		admin, err := parseAdmin(text)
		return &server{admin: admin, template: template}, err
	}
	private, err := Start(ctx)
	if err != nil {
		return nil, err
	}
	admin, err := parseAdmin(private.URL())
	return &server{admin: admin, template: template, private: private}, err
}

func (s *server) close() error {
	if s.private == nil {
		return s.drop(context.Background())
	}
	return s.private.Stop()
}

// Private is a server for tests in a folder of its own under that for temporary files.
type Private struct {
	server *postgres.Server
	folder string
}

// Start starts a server for tests. It ends with this process; its folder is removed by Stop, or by a later Start if
// this process is killed.
func Start(ctx context.Context) (*Private, error) {
	if err := sweep(ctx); err != nil {
		return nil, fmt.Errorf("remove what killed tests left behind: %w", err)
	}
	folder, err := os.MkdirTemp("", folderPrefix)
	if err != nil {
		return nil, err
	}
	// Root's server runs as another user, who must get through to its own folders inside.
	if err := os.Chmod(folder, 0o711); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	s, err := postgres.Start(ctx, postgres.Config{
		Data:     filepath.Join(folder, "data"),
		Settings: map[string]string{"shared_buffers": "128MB", "max_connections": "400"},
	})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return &Private{server: s, folder: folder}, nil
}

// StartFor starts a server for a test that needs more than a database, and stops it at the test's end.
func StartFor(t testing.TB) *Private {
	t.Helper()
	p, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// URL is the server's, as a superuser.
func (p *Private) URL() string { return p.server.AdminURL() }

// Stop ends the server at once, since nobody needs its data any more, and removes its folder.
func (p *Private) Stop() error {
	at, cancel := context.WithCancel(context.Background())
	cancel() // already over: Stop skips the orderly shutdown, and says so
	err := p.server.Stop(at)
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, os.RemoveAll(p.folder))
}

// sweep removes the folders of servers whose process was killed. It leaves young folders, which may belong to a process
// that has not locked them yet.
func sweep(ctx context.Context) error {
	folders, err := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*"))
	if err != nil {
		return err
	}
	for _, folder := range folders {
		info, err := os.Stat(folder)
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		err = postgres.Remove(ctx, filepath.Join(folder, "data"))
		if err == nil {
			err = os.RemoveAll(folder)
		}
		if errors.Is(err, postgres.ErrRunning) || errors.Is(err, fs.ErrPermission) {
			continue // alive, or another user's
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// templateName names the template database after the content of the migrations, so that a server that lives longer
// than one version of them never serves a stale one.
func templateName() (string, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, name := range names {
		text, err := migrations.Files.ReadFile(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	return "granary_template_" + hex.EncodeToString(sum.Sum(nil))[:16], nil
}

// templateLock is the key of the advisory lock under which processes that share a server make the template.
const templateLock = 0x6772616e617279 // "granary"

// makeTemplate makes the template database if the server lacks it. It is made under another name and then renamed, so
// that the final name stands for a finished one.
func (s *server) makeTemplate(ctx context.Context) error {
	s.templateOnce.Do(func() { s.templateErr = s.buildTemplate(context.WithoutCancel(ctx)) })
	return s.templateErr
}

func (s *server) buildTemplate(ctx context.Context) (err error) {
	conn, err := pgx.Connect(ctx, s.admin.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }() // releases the lock
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return err
	}
	var exists bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", s.template).Scan(&exists); err != nil || exists {
		return err
	}
	draft := s.template + "_new"
	for _, sql := range []string{
		"DROP DATABASE IF EXISTS " + draft + " WITH (FORCE)",
		"CREATE DATABASE " + draft + " TEMPLATE " + emptyTemplate,
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	pool, err := pgxpool.New(ctx, s.url(draft))
	if err != nil {
		return err
	}
	err = migrations.Up(ctx, pool, nil)
	pool.Close()
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+draft+" RENAME TO "+s.template)
	return err
}
