package namespace

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/blocks/seal"
)

// keyring unwraps projects' keys with the root key and remembers them: the key of a version never changes.
type keyring struct {
	db   *pgxpool.Pool
	root *seal.Root
	mu   sync.RWMutex
	keys map[keyName]seal.Key
	// newest is the version with which new content is sealed, by project.
	newest map[int64]int32
	// forgotten counts how often all keys were forgotten: a query from before that may have been answered by another database.
	forgotten int
}

type keyName struct {
	project int64
	version int32
}

func newKeyring(db *pgxpool.Pool, root *seal.Root) *keyring {
	return &keyring{db: db, root: root, keys: map[keyName]seal.Key{}, newest: map[int64]int32{}}
}

// forget forgets all keys: another database has other keys under the same projects and versions.
func (r *keyring) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.keys)
	clear(r.newest)
	r.forgotten++
}

// create makes the first key of a project.
func (r *keyring) create(ctx context.Context, tx pgx.Tx, project int64) error {
	const first = 1
	_, err := tx.Exec(ctx, `INSERT INTO project_keys (project_id, version, kek, wrapped) VALUES ($1, $2, $3, $4)`,
		project, first, r.root.ID(), r.root.Wrap(seal.NewKey(project, first)))
	return err
}

// current returns the key to seal with in project.
func (r *keyring) current(ctx context.Context, project int64) (seal.Key, error) {
	r.mu.RLock()
	version, ok := r.newest[project]
	forgotten := r.forgotten
	r.mu.RUnlock()
	if !ok {
		err := r.db.QueryRow(ctx, `SELECT version FROM project_keys WHERE project_id = $1 ORDER BY version DESC LIMIT 1`, project).
			Scan(&version)
		if errors.Is(err, pgx.ErrNoRows) {
			return seal.Key{}, fmt.Errorf("project %d has no key: it was destroyed or the database is damaged", project)
		}
		if err != nil {
			return seal.Key{}, err
		}
		r.keep(forgotten, func() { r.newest[project] = version })
	}
	return r.get(ctx, project, version)
}

// load fetches all keys of a project, for a transaction that must not wait for another connection.
func (r *keyring) load(ctx context.Context, project int64) error {
	newest, err := r.current(ctx, project)
	for version := newest.Version(); err == nil && version > 0; version-- {
		_, err = r.get(ctx, project, version)
	}
	return err
}

// known returns the key of this version if it is remembered. It does not ask the database.
func (r *keyring) known(project int64, version int32) (seal.Key, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	key, ok := r.keys[keyName{project, version}]
	return key, ok
}

// get returns the key of this version.
func (r *keyring) get(ctx context.Context, project int64, version int32) (seal.Key, error) {
	key, ok := r.known(project, version)
	if ok {
		return key, nil
	}
	r.mu.RLock()
	forgotten := r.forgotten
	r.mu.RUnlock()
	var wrapped []byte
	err := r.db.QueryRow(ctx, `SELECT wrapped FROM project_keys WHERE project_id = $1 AND version = $2`, project, version).
		Scan(&wrapped)
	if errors.Is(err, pgx.ErrNoRows) {
		return seal.Key{}, fmt.Errorf("key version %d of project %d is gone", version, project)
	}
	if err != nil {
		return seal.Key{}, err
	}
	if key, err = r.root.Unwrap(project, version, wrapped); err != nil {
		return seal.Key{}, err
	}
	r.keep(forgotten, func() { r.keys[keyName{project, version}] = key })
	return key, nil
}

// keep calls remember, unless all keys were forgotten since forgotten was read, before the query.
func (r *keyring) keep(forgotten int, remember func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.forgotten == forgotten {
		remember()
	}
}
