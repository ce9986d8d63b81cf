package namespace

import "testing"

// The bound on a user's uploads holds for all servers together, also while another one is beginning one.
func TestUploadsAreBoundedOverAllServers(t *testing.T) {
	fs := newFS(t)
	ada := fs.as(t, superuser)
	open := ada.begin(t, at("/f"), 1)
	const again = `INSERT INTO uploads (id, usr, path, project_id, inode_id, length, mode, replication, block_size, placed, absent)
		SELECT gen_random_uuid(), usr, path, project_id, nextval('inode_ids'), length, mode, replication, block_size, placed, absent FROM uploads, generate_series(1, $2) WHERE id = $1`
	must(t, ignore(fs.db.Exec(t.Context(), again, open.ID, MaxUploads-2)))
	other, err := fs.db.Begin(t.Context()) // another server that begins the last one
	must(t, err)
	must(t, ignore(other.Exec(t.Context(), `SELECT pg_advisory_xact_lock($1, hashtext($2))`, int32(lockUploads), superuser)))
	must(t, ignore(other.Exec(t.Context(), again, open.ID, 1)))
	ended := make(chan error, 1)
	go func() {
		_, err := ada.BeginUpload(t.Context(), path(t, "/g"), CreateOptions{}, 1)
		ended <- err
	}()
	for waiting := 0; waiting == 0 && len(ended) == 0; {
		waiting = fs.count(t, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	}
	must(t, other.Commit(t.Context()))
	wantKind(t, "one more than all servers take", <-ended, IO, "256 uploads")
	if n := fs.count(t, `SELECT count(*) FROM uploads`); n != MaxUploads {
		t.Errorf("%d uploads are open", n)
	}
}
