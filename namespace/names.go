package namespace

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// How the index of names is kept up to date: whatever changes an inode's entry or labels adds a row to unindexed, in its own
// transaction, and each server processes these rows, one server at a time.
const (
	indexEvery = time.Second
	indexBatch = 5000            // rows of unindexed in one transaction
	indexPart  = 500             // of them in one statement, each with up to maxWords bytes
	indexWait  = 2 * time.Second // for others that are indexing
)

// indexAll indexes everything that is waiting.
func (fs *FS) indexAll(ctx context.Context) error {
	for {
		n, err := fs.index(ctx)
		if err != nil || n < indexBatch {
			return err
		}
	}
}

// indexing lets one caller of this server index at a time, so that those who wait, for it or for another server, hold no connection.
type indexing struct {
	turn   chan struct{}
	begun  atomic.Int64 // batches
	worked int64        // the last batch that was processed; guarded by turn
}

// index processes one batch of unindexed and returns how many rows it had. It does nothing if a batch that began after the call was
// processed meanwhile, or if others are indexing for longer than indexWait.
func (fs *FS) index(ctx context.Context) (taken int, err error) {
	var waiting bool
	if err := fs.db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM unindexed)`).Scan(&waiting); err != nil || !waiting {
		return 0, err
	}
	came := fs.indexing.begun.Load()
	began, patience := time.Now(), time.NewTimer(indexWait)
	defer patience.Stop()
	select {
	case fs.indexing.turn <- struct{}{}:
		defer func() { <-fs.indexing.turn }()
	case <-patience.C:
		return 0, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	if fs.indexing.worked > came {
		return 0, nil
	}
	batch := fs.indexing.begun.Add(1)
	if taken, err = fs.workOff(ctx, indexWait-time.Since(began)); err == nil && taken > 0 {
		fs.indexing.worked = batch
	}
	return taken, err
}

// workOff is index for the caller whose turn it is. It waits for another server for at most patience. All servers share one lock, so what
// the index gets is never older than the rows taken from unindexed. A change that commits afterwards has a row of its own.
func (fs *FS) workOff(ctx context.Context, patience time.Duration) (taken int, err error) {
	err = fs.aside(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT set_config('lock_timeout', $1, true)`, strconv.FormatInt(max(1, patience.Milliseconds()), 10)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, 0)`, int32(lockIndex)); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `DELETE FROM unindexed WHERE ctid = ANY (ARRAY(SELECT ctid FROM unindexed LIMIT $1)) RETURNING project_id, inode_id`, indexBatch)
		if err != nil {
			return err
		}
		all, err := pgx.CollectRows(rows, scanKey)
		if err != nil {
			return err
		}
		taken = len(all)
		return reindex(ctx, tx, all)
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "55P03" { // lock not available
		return 0, nil
	}
	return taken, err
}

// indexedSQL reads what the index has to contain of inodes. It returns no row for mounts, and for inodes that are gone.
const indexedSQL = `SELECT i.project_id, i.id, i.name, ` + tagsColumn + `, ` + descriptionColumn + `
	FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id) JOIN inodes i ON i.project_id = k.project_id AND i.id = k.id
	WHERE i.target_id IS NULL ORDER BY i.id`

// reindex updates the index for the inodes all, and removes from it those that are gone, with their labels.
func reindex(ctx context.Context, tx pgx.Tx, all []key) error {
	changed := make(map[key]bool, len(all))
	for _, k := range all {
		changed[k] = true
	}
	for part := range slices.Chunk(byID(changed), indexPart) {
		if err := reindexPart(ctx, tx, part); err != nil {
			return err
		}
	}
	return nil
}

// reindexPart does so for some inodes, sorted by id.
func reindexPart(ctx context.Context, tx pgx.Tx, part []key) error {
	gone := make(map[key]bool, len(part))
	for _, k := range part {
		gone[k] = true
	}
	projects, ids := columns(part)
	rows, err := tx.Query(ctx, indexedSQL, projects, ids)
	if err != nil {
		return err
	}
	var (
		k            key
		name         string
		tags         []byte
		labels       Labels
		found        []key
		names, words []string
	)
	if _, err := pgx.ForEachRow(rows, []any{&k.project, &k.id, &name, &tags, &labels.Description}, func() error {
		labels.Tags = nil
		if err := json.Unmarshal(tags, &labels.Tags); err != nil {
			return err
		}
		delete(gone, k)
		found, names, words = append(found, k), append(names, spelledName(name)), append(words, spelledWords(labels))
		return nil
	}); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	projects, ids = columns(found)
	batch.Queue(`INSERT INTO names AS n SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])
		ON CONFLICT (project_id, id) DO UPDATE SET name = excluded.name, words = excluded.words
		WHERE (n.name, n.words) IS DISTINCT FROM (excluded.name, excluded.words)`, projects, ids, names, words)
	projects, ids = columns(byID(gone))
	for _, sql := range []string{
		`DELETE FROM names t USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id) WHERE t.project_id = k.project_id AND t.id = k.id`,
		`DELETE FROM tags t USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id) WHERE t.project_id = k.project_id AND t.inode_id = k.id`,
		`DELETE FROM descriptions t USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id) WHERE t.project_id = k.project_id AND t.inode_id = k.id`,
	} {
		batch.Queue(sql, projects, ids)
	}
	return tx.SendBatch(ctx, batch).Close()
}

// byID returns keys in the order of ids, in which searches go through names.
func byID(keys map[key]bool) []key {
	return slices.SortedFunc(maps.Keys(keys), func(a, b key) int { return cmp.Compare(a.id, b.id) })
}

// spelledName is what the index holds of a name.
func spelledName(name string) string {
	text := spelled(folded(name))
	return text[:min(len(text), maxSpelled)]
}

// spelledWords is what the index holds of labels: a line for each tag, and one for the description. Of labels that are longer
// than maxWords it holds the beginning.
func spelledWords(labels Labels) string {
	var b strings.Builder
	for key, value := range sortedTags(labels.Tags) {
		b.WriteString(spelled(folded(key + "=" + value)))
		b.WriteByte('\n')
		if b.Len() > maxWords {
			break
		}
	}
	b.WriteString(spelled(folded(labels.Description)))
	return b.String()[:min(b.Len(), maxWords)]
}
