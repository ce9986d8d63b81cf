package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/auth"
	"granary/blocks/mem"
	"granary/blocks/seal"
	"granary/migrations"
	"granary/namespace"
)

// user does everything: an ordinary user, so that permissions are evaluated. superuser creates the project.
const (
	user      = "bench"
	superuser = "admin"
)

// system is a database with all migrations applied, and the keys to it.
type system struct {
	url  string
	root *seal.Root
	pool *pgxpool.Pool // for queries about it
	auth *auth.Authority

	number int // of the last operation, for names that must be unique
}

// openSystem prepares an empty database: it creates a user who is a member of a project that is to be filled. keys is the file
// with the root key.
func openSystem(ctx context.Context, database, keys string) (*system, error) {
	s := &system{url: database}
	var err error
	if s.root, err = seal.LoadRoot(keys, true); err != nil {
		return nil, err
	}
	if s.pool, err = pgxpool.New(ctx, database); err != nil {
		return nil, err
	}
	if err := s.plant(ctx); err != nil {
		s.pool.Close()
		return nil, err
	}
	return s, nil
}

func (s *system) plant(ctx context.Context) error {
	if err := migrations.Up(ctx, s.pool, nil); err != nil {
		return err
	}
	var err error
	if s.auth, err = auth.Open(ctx, auth.Config{
		DB: s.pool, Issuer: "granary", Seal: s.root.WrapSecret, Unseal: s.root.UnwrapSecret, Superuser: superuser, Simple: true,
	}); err != nil {
		return err
	}
	if err := s.auth.AddUser(ctx, auth.User{Name: user}); err != nil {
		return err
	}
	fs, err := s.open(ctx, s.pool, func(*namespace.Config) {})
	if err != nil {
		return err
	}
	session, err := s.session(ctx, fs, superuser)
	if err == nil {
		err = session.CreateProject(ctx, namespace.NewProject{Name: project, Owner: user})
	}
	return errors.Join(err, fs.Close())
}

// open opens a file system on a pool of connections.
func (s *system) open(ctx context.Context, pool *pgxpool.Pool, change func(*namespace.Config)) (*namespace.FS, error) {
	c := namespace.Config{DB: pool, Store: mem.New(), Root: s.root, Refresh: s.auth.Refresh, Superuser: superuser, Log: slog.New(slog.DiscardHandler)}
	change(&c)
	return namespace.Open(ctx, c)
}

// session returns a session of a user on the file system.
func (s *system) session(ctx context.Context, fs *namespace.FS, name string) (*namespace.Session, error) {
	p, err := s.auth.Simple(ctx, name)
	if err != nil {
		return nil, err
	}
	return fs.As(p), nil
}

// check checks the whole tree, as `granary fsck` does.
func (s *system) check(ctx context.Context) error {
	fs, err := s.open(ctx, s.pool, func(*namespace.Config) {})
	if err != nil {
		return err
	}
	report, err := fs.Fsck(ctx, namespace.FsckOptions{})
	if err == nil && len(report.Problems) > 0 {
		err = fmt.Errorf("fsck found %d problems, the first: %s", len(report.Problems), report.Problems[0])
	}
	return errors.Join(err, fs.Close())
}

// makeDatabase creates a database on a server, like the private one of a Granary, and returns its URL.
func makeDatabase(ctx context.Context, server, name string) (string, error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"); err != nil {
		return "", err
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// keyFile returns where `granary --data dir` has its root key.
func keyFile(dir string) string { return filepath.Join(dir, "root.key") }

// exec executes statements that return nothing, each by itself.
func (s *system) exec(ctx context.Context, statements ...string) error {
	for _, sql := range statements {
		if _, err := s.pool.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}
