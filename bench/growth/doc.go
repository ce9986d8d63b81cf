// Command growth shows what happens to Granary while the namespace grows: it fills databases with 10,000 to 10 million
// inodes through the real schema and measures the same operations on each.
//
//	go run ./bench/growth -granary build/granary -data /var/tmp -sizes 10000,100000,1000000
//
// It runs a PostgreSQL of its own, with the settings of Granary's private one, in a folder below -data that it removes.
// For each size it
//
//   - copies a tree into a new database (fill.go) and lets fsck look at it;
//   - runs each operation on it and counts the pages that each of its statements touches (pages.go). The statements and
//     plans are the server's own, on its own connections: PostgreSQL reports each plan that was run (auto_explain), so
//     nothing is copied here and nothing is explained that is not run;
//   - puts requests to real servers over all sizes in turns and compares medians (latency.go).
//
// On the largest it lists, renames, sums up and deletes a wide directory and watches what the purge does to others
// (wide.go). At last it creates and deletes for some minutes, under several settings of autovacuum (churn.go).
package main
