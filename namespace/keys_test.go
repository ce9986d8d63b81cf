package namespace

import "testing"

// A key that was asked for before all keys were forgotten belongs to the database of that time. If it were remembered, it would seal
// content for good in the successor of that database, which has another key for it.
func TestAForgottenKeyDoesNotComeBack(t *testing.T) {
	fs := newFS(t)
	fs.keys.forget()
	tx, err := fs.db.Begin(t.Context())
	must(t, err)
	defer tx.Rollback(t.Context())
	_, err = tx.Exec(t.Context(), `LOCK TABLE project_keys IN ACCESS EXCLUSIVE MODE`)
	must(t, err)
	got := make(chan error, 1)
	go func() {
		_, err := fs.keys.get(t.Context(), 0, 1)
		got <- err
	}()
	for waiting := 0; waiting == 0; {
		waiting = fs.count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'SELECT wrapped%'`)
	}
	fs.keys.forget()
	must(t, tx.Rollback(t.Context()))
	must(t, <-got)
	if _, known := fs.keys.known(0, 1); known {
		t.Error("a key is remembered that was asked for before all were forgotten")
	}
	key, err := fs.keys.current(t.Context(), 0)
	must(t, err)
	if _, known := fs.keys.known(0, key.Version()); !known {
		t.Error("a key that was asked for afterwards is not remembered")
	}
}
