package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// poolSize is the number of connections for work unless the URL of the database sets pool_max_conns: enough that
// requests wait for the disk and not for a connection, few enough for one server and a stock max_connections of 100.
// Lookups, commits and listings use up to 20 more of their own.
const poolSize = 32

// leastPoolSize is the smallest pool that is allowed: the tests run with it.
const leastPoolSize = 4

// poolConfig reads the URL of a database.
func poolConfig(text string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(text)
	if err != nil {
		return nil, fmt.Errorf("--database: %w", notConnectable(err))
	}
	named, err := pgconn.ParseConfig(text) // this one still has the pool's own parameters
	if err != nil {
		return nil, fmt.Errorf("--database: %w", notConnectable(err))
	}
	switch _, given := named.RuntimeParams["pool_max_conns"]; {
	case !given: // pgx would take the number of processors
		config.MaxConns = poolSize
	case config.MaxConns < leastPoolSize:
		return nil, fmt.Errorf("--database: pool_max_conns=%d: want %d or more, or leave it out for %d", config.MaxConns, leastPoolSize, poolSize)
	}
	return config, nil
}

// recordPool exports the metrics of a pool of connections under a name.
func recordPool(pool otelpgx.PoolStats, name string, meters metric.MeterProvider) error {
	return otelpgx.RecordStats(pool, otelpgx.WithStatsMeterProvider(meters),
		otelpgx.WithStatsAttributes(attribute.String("db.client.connection.pool.name", name)))
}

// holdsPassword tells whether the URL of a database, or its keyword/value form, has a password in it: the role's, or
// that of a client key.
func holdsPassword(database string) bool {
	if u, err := url.Parse(database); err == nil && u.Scheme != "" {
		_, given := u.User.Password()
		return given || u.Query().Has("password") || u.Query().Has("sslpassword")
	}
	return strings.Contains(database, "password") || strings.Contains(database, "://")
}

// notConnectable returns what is wrong with the URL of a database without quoting the URL: it may hold a password, and
// in one that cannot be parsed that may be anywhere.
func notConnectable(err error) error {
	text := err.Error()
	i := strings.LastIndex(text, "`: ")
	if i < 0 || strings.Contains(text[i:], "failed to parse as") {
		return errors.New("it is not a PostgreSQL URL such as postgres://granary@db.example.org/granary")
	}
	return errors.New(text[i+len("`: "):])
}
