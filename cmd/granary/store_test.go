package main

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/blocks"
	"granary/blocks/disk"
	"granary/postgres/pgtest"
)

// lazy is a store that does something else before it says whose it is.
type lazy struct {
	blocks.Marked
	asked func()
}

func (s *lazy) Mark(ctx context.Context) (string, error) {
	s.asked()
	return s.Marked.Mark(ctx)
}

// A store that answers late is waited for, longer than a transaction may be idle, and by nobody else.
func TestCheckStoreWaitsForTheStore(t *testing.T) {
	config, err := pgxpool.ParseConfig(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	const idle = 500 * time.Millisecond // which no transaction is between two statements, on a busy machine either
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = strconv.FormatInt(idle.Milliseconds(), 10)
	db, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	folder, err := disk.Open(filepath.Join(t.TempDir(), "blocks"))
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	questions := 0
	s := &lazy{Marked: folder, asked: func() {
		if questions++; questions == 2 { // in a transaction
			<-time.After(idle + idle/4)
		}
	}}
	if err := checkStore(t.Context(), db, s, true); err != nil || questions != 2 {
		t.Fatalf("%v, after %d questions", err, questions)
	}
	name, err := folder.Mark(t.Context())
	if err != nil || name == "" {
		t.Fatalf("the store is called %q, %v", name, err)
	}
	asked, answer, done := make(chan struct{}), make(chan struct{}), make(chan error)
	ask := sync.OnceFunc(func() { close(asked) })
	questions = 0
	s.asked = func() {
		questions++
		ask()
		<-answer
	}
	go func() { done <- checkStore(t.Context(), db, s, true) }()
	<-asked
	var locked int
	const locks = `SELECT count(*) FROM pg_locks WHERE relation = 'settings'::regclass AND pid <> pg_backend_pid()
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())` // those of other tests have tables of the same number
	if err := db.QueryRow(t.Context(), locks).Scan(&locked); err != nil || locked > 0 {
		t.Errorf("%d locks of settings while the store is asked, %v", locked, err)
	}
	close(answer)
	if err := <-done; err != nil || questions != 1 {
		t.Errorf("%v, after %d questions; the second one would be asked with the lock", err, questions)
	}
}

// An installation from before stores were named may have no block but those that a server was writing when it was killed.
func TestCheckStoreWithUnfinishedBlocks(t *testing.T) {
	db := pgtest.New(t)
	folder, err := disk.Open(filepath.Join(t.TempDir(), "blocks"))
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	id := blocks.NewID()
	for _, id := range []blocks.ID{id, blocks.NewID()} {
		if err := folder.Put(t.Context(), id, strings.NewReader("sealed"), 6); err != nil {
			t.Fatal(err)
		}
	}
	if err := checkStore(t.Context(), db, folder, true); err == nil || !strings.Contains(err.Error(), "has blocks of another installation") {
		t.Errorf("blocks of which the database knows none: %v", err)
	}
	if _, err := db.Exec(t.Context(), `INSERT INTO blocks (id, project_id, size, state, writer) VALUES ($1, 1, 0, 'p', gen_random_uuid())`, id); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := checkStore(t.Context(), db, folder, true); err != nil {
			t.Error(err)
		}
	}
}
