package namespace

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/puddle/v2"
)

// PlanByIndexes makes the connections of [Config.DB] plan by indexes, whatever the tables hold: a plan that was right for the first
// thirty inodes, which are read faster as a whole, would stay until the table is analyzed again, when it may have thousands.
func PlanByIndexes(c *pgx.ConnConfig) {
	c.RuntimeParams["enable_seqscan"] = "off"
	c.RuntimeParams["jit"] = "off" // which reading a table as a whole would seem to be worth then
}

// mostPages is how many pages of listings, or windows of batches, are read at a time, into memory: nobody holds a connection who takes
// them slowly.
const mostPages = 8

// byKeys connects to the database that pool is connected to, for what is asked or committed together, and for listings. These connections
// are their own, so that it waits behind nothing else, and every statement on them is planned once and looks rows up by their keys. Else
// what compares is planned each time that a listing asks: its few parts always seem cheaper to plan for than a generic plan is.
func byKeys(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Pool, error) {
	config := pool.Config()
	config.MinConns, config.MinIdleConns, config.MaxConns = 0, 0, mostLanes+mostCommitLanes+mostPages
	PlanByIndexes(config.ConnConfig)
	for name, value := range map[string]string{
		"plan_cache_mode": "force_generic_plan",
		"enable_hashjoin": "off", "enable_mergejoin": "off", "enable_bitmapscan": "off", "enable_material": "off",
		// bounds for how long a server that went away without a word holds up whoever waits for its locks
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

// sendPage asks what listings and windows of batches ask. When the file system is closed, the common connections are still there.
func (fs *FS) sendPage(ctx context.Context, batch *pgx.Batch) error {
	select {
	case fs.pages <- struct{}{}:
		defer func() { <-fs.pages }()
	case <-ctx.Done():
		return ctx.Err()
	}
	err := fs.byKeys.SendBatch(ctx, batch).Close()
	if errors.Is(err, puddle.ErrClosedPool) {
		err = fs.db.SendBatch(ctx, batch).Close()
	}
	return err
}
