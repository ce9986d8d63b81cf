package crash

import (
	"sync/atomic"
	"testing"

	"granary/postgres/pgtest"
)

// pair is two servers on one database and one folder, with the users alice and bob.
type pair struct {
	servers [2]*installation
	places  [2]atomic.Pointer[string] // where they serve; one that was killed serves elsewhere afterwards
}

func newPair(t *testing.T) *pair {
	t.Helper()
	database := pgtest.StartFor(t)
	first := install(t, build(t, ""), "--log-level", "warn")
	first.where = []string{"--database", database.URL()}
	p := &pair{servers: [2]*installation{first, first.beside(t)}}
	for i := range p.servers {
		p.start(t, i)
	}
	for _, user := range []string{"alice", "bob"} {
		first.command(t, "user", "add", user)
	}
	return p
}

// start starts one of the servers.
func (p *pair) start(t *testing.T, i int) {
	t.Helper()
	p.servers[i].start(t)
	at := p.servers[i].url
	p.places[i].Store(&at)
}

// place is where a server is, or was before it was killed.
func (p *pair) place(i int) string { return *p.places[i%len(p.places)].Load() }
