// Package crash holds the tests that end a serving Granary in every violent way and then look for damage: kill -9
// of the server, of its PostgreSQL, of both, and of one of two servers, under load; an orderly stop under load; a database
// or key that must be refused. It also searches everything that Granary leaves on the disk for content and credentials in
// the clear, and revokes rights on one of two servers while the other one uses them.
//
// The tests use Granary as its users do, through its program and its HTTP interface, and rely on nothing inside it.
//
// The environment sets the counts, see the Makefile: GRANARY_KILLS and GRANARY_POSTGRES_KILLS count kills,
// GRANARY_FEED_CHANGES changes, and GRANARY_REVOCATIONS revocations. Without them each test kills once or twice, which takes
// seconds. GRANARY_SEED repeats the choices of an earlier run, but not the moments at which processes die, which depend on
// the scheduler.
//
// A line of a test's log that begins with "soak: " is a result for docs/soak.md.
package crash
