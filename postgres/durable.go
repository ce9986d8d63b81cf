package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Querier asks one question: a pgx connection, pool or transaction.
type Querier interface {
	// QueryRow runs a query and returns its first row.
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// CheckDurable refuses a database that could lose or garble what it has confirmed, private or not: one that does not
// wait for the disk (fsync, synchronous_commit), that may be left with torn pages (full_page_writes), that is older
// than PostgreSQL 15, or that does not store text as UTF-8; and a standby, which may answer with an older state. It
// must be asked over a connection of the role that will do the work, because synchronous_commit may be set for a role.
// The values local, remote_write, on and remote_apply of synchronous_commit all wait for this server's disk and are
// accepted.
func CheckDurable(ctx context.Context, q Querier) error {
	var version int
	var standby bool
	var versionText, fsync, fullPages, commit, encoding string
	err := q.QueryRow(ctx, `
		SELECT current_setting('server_version_num')::int, current_setting('server_version'),
		       current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
		       current_setting('server_encoding'), pg_is_in_recovery()`,
	).Scan(&version, &versionText, &fsync, &fullPages, &commit, &encoding, &standby)
	if err != nil {
		return fmt.Errorf("check that the database is durable: %w", err)
	}
	switch {
	case version/10000 < oldestMajor:
		return fmt.Errorf("the database is PostgreSQL %s, and Granary needs %d or newer", versionText, oldestMajor)
	case standby:
		return fmt.Errorf("the database is a standby, which may be behind: name the primary")
	case fsync != "on":
		return fmt.Errorf("the database has fsync=%s and would lose files when its machine fails: set fsync=on", fsync)
	case fullPages != "on":
		return fmt.Errorf("the database has full_page_writes=%s and could be corrupted when its machine fails: set full_page_writes=on", fullPages)
	case commit == "off":
		return fmt.Errorf("the database has synchronous_commit=off for this role and would lose files that it has confirmed: set synchronous_commit=on")
	case encoding != "UTF8":
		return fmt.Errorf("the database stores text as %s: create it with ENCODING 'UTF8'", encoding)
	}
	return nil
}

// CheckWritable refuses what [CheckDurable] refuses, and a database that takes no changes for now, as a managed one
// does when its disk is full. Such a database can still serve reads.
func CheckWritable(ctx context.Context, q Querier) error {
	if err := CheckDurable(ctx, q); err != nil {
		return err
	}
	var readOnly bool
	if err := q.QueryRow(ctx, `SELECT current_setting('default_transaction_read_only')::bool`).Scan(&readOnly); err != nil {
		return fmt.Errorf("ask whether the database takes changes: %w", err)
	}
	if readOnly {
		return errors.New("the database has default_transaction_read_only=on and takes no changes: see why it was set, as for a full disk, and set it off")
	}
	return nil
}

// Insist makes pools of config refuse every connection that [CheckDurable] refuses, with its error: a role or a
// database may get another synchronous_commit while a server runs, which holds for the next connection. Whoever needs
// one then gets an error as if the database could not be reached.
//
// Of several hosts, standbys are passed over. Otherwise a primary that is out of connections for a moment would leave a
// pool with some connections to each, and what was committed over one would be missing over the next: a block whose row
// is not on the standby yet would be taken for one that belongs to nothing, and be deleted.
func Insist(config *pgxpool.Config) {
	if len(config.ConnConfig.Fallbacks) > 0 && config.ConnConfig.ValidateConnect == nil { // by target_session_attrs
		config.ConnConfig.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if err := CheckDurable(ctx, conn); err != nil {
			return &refusal{err}
		}
		return nil
	}
}

// refusal is the error of a connection that [Insist] refuses.
type refusal struct{ error }

func (r *refusal) Unwrap() error { return r.error }

// SafeToRetry tells package pgconn and its callers that nothing of the statement has been sent.
func (*refusal) SafeToRetry() bool { return true }

// HasChecksums tells whether the database notices when its disk returns other bytes than were written. A database
// without them works; its operator should know.
func HasChecksums(ctx context.Context, q Querier) (bool, error) {
	var checksums string
	if err := q.QueryRow(ctx, "SELECT current_setting('data_checksums')").Scan(&checksums); err != nil {
		return false, fmt.Errorf("ask whether the database has checksums: %w", err)
	}
	return checksums == "on", nil
}
