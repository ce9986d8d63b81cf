package namespace

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// statements counts statements by their beginnings.
type statements struct {
	mu   sync.Mutex
	seen map[string]int
}

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen != nil {
		s.seen[statementName(data.SQL)]++
	}
	return ctx
}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func statementName(sql string) string {
	switch {
	case sql == comparingSQL:
		return "compare"
	case sql == lookingSQL:
		return "look"
	case sql == inquirySQL:
		return "inquire"
	case sql == fetchingSQL:
		return "fetch"
	case strings.Contains(sql, "WITH RECURSIVE walk"):
		return "walk"
	}
	return sql
}

// of counts the statements that do runs.
func (s *statements) of(do func()) map[string]int {
	s.mu.Lock()
	s.seen = map[string]int{}
	s.mu.Unlock()
	do()
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.seen
	s.seen = nil
	return seen
}

// confirmed is of for tests in which it does not matter whether something is still proved: foreign transactions may end that, also while
// it is asked for, and then it is asked for again.
func (s *statements) confirmed(do func()) map[string]int {
	seen := s.of(do)
	if fetches := seen["fetch"]; fetches > 0 {
		delete(seen, "fetch")
		if seen["inquire"] == 0 {
			seen["inquire"] = fetches
		}
	}
	if looks := seen["look"]; looks > 0 {
		delete(seen, "look")
		if len(seen) == 0 {
			seen["compare"] = looks
		}
	}
	return seen
}

// counted returns a file system whose statements are counted.
func counted(t *testing.T, change ...func(*Config)) (*testFS, *statements) {
	t.Helper()
	s := &statements{}
	return newFS(t, append(change, s.watch(t))...), s
}

// watch counts the statements of a file system.
func (s *statements) watch(t *testing.T) func(*Config) {
	return func(c *Config) {
		config := c.DB.Config()
		config.ConnConfig.Tracer = s
		pool, err := pgxpool.NewWithConfig(t.Context(), config)
		must(t, err)
		t.Cleanup(pool.Close)
		c.DB = pool
	}
}
