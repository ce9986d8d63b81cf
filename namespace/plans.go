package namespace

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/puddle/v2"
)

// PlanByIndexes makes the connections of [Config.DB] plan with indexes, whatever the tables hold. For the first thirty inodes, reading
// the whole table is faster, but that plan would stay until the table is analyzed again, when it may have thousands.
func PlanByIndexes(c *pgx.ConnConfig) {
	c.RuntimeParams["enable_seqscan"] = "off"
	c.RuntimeParams["jit"] = "off" // or a sequential scan would be compiled, since it seems expensive now
}

// mostPages is how many pages of listings, or windows of batches, are read at a time. They are read into memory, so that a slow client
// holds no connection.
const mostPages = 8

// byKeys returns a second pool for pool's database, for batches of lookups and of mutations, and for listings. These wait for nothing else
// there, and every statement is planned once and looks rows up by their keys. Otherwise the comparison behind a listing would be planned
// each time, because a plan for its few parts always seems cheaper than a generic one.
func byKeys(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Pool, error) {
	config := pool.Config()
	config.MinConns, config.MinIdleConns, config.MaxConns = 0, 0, mostLanes+mostCommitLanes+mostPages
	PlanByIndexes(config.ConnConfig)
	for name, value := range map[string]string{
		"plan_cache_mode": "force_generic_plan",
		"enable_hashjoin": "off", "enable_mergejoin": "off", "enable_bitmapscan": "off", "enable_material": "off",
		// bounds how long a server that vanished delays those who wait for its locks
		"idle_in_transaction_session_timeout": strconv.FormatInt(commitTimeout.Milliseconds(), 10),
	} {
		config.ConnConfig.RuntimeParams[name] = value
	}
	before := config.AfterConnect
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		fastArrays(conn.TypeMap())
		if before != nil {
			return before(ctx, conn)
		}
		return nil
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// PoolStats are the figures of a pool of connections.
type PoolStats interface {
	Stat() *pgxpool.Stat
	Config() *pgxpool.Config
}

// OwnPool returns the figures of the connections that the file system has besides those of [Config.DB].
func (fs *FS) OwnPool() PoolStats { return fs.byKeys }

// sendPage sends a query of a listing or a window of a batch. After the file system was closed, it uses the connections of [Config.DB].
func (s *Session) sendPage(ctx context.Context, batch *pgx.Batch) error {
	fs := s.fs
	if err := fs.pages.enter(ctx, s.p.User); err != nil {
		return err
	}
	defer fs.pages.leave()
	err := fs.byKeys.SendBatch(ctx, batch).Close()
	if errors.Is(err, puddle.ErrClosedPool) {
		err = fs.db.SendBatch(ctx, batch).Close()
	}
	return err
}
