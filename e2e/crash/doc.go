// Package crash holds the tests that end a serving Granary in every rude way there is and then look for damage: kill -9
// of the server, of its PostgreSQL, of both, and of one of two servers, under load; an orderly stop under load; a database
// or key that is not to be trusted. It also searches everything that a Granary leaves on the disk for content and
// credentials in the clear, and takes rights away on one of two servers while the other uses them.
//
// The tests know Granary as its users do, by its program and its HTTP interface, and count on nothing inside it.
//
// How often they kill is set by the environment, see the Makefile: GRANARY_KILLS, GRANARY_POSTGRES_KILLS and, by the number of
// changes, GRANARY_FEED_CHANGES. GRANARY_REVOCATIONS counts the other thing. Without them each test kills once or twice, which takes
// seconds. GRANARY_SEED repeats the choices of an earlier run; the moments at which processes die are the scheduler's and
// do not repeat.
//
// A line of a test's log that begins with "soak: " is a result for docs/soak.md.
package crash
