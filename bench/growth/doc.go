// Command growth shows how Granary behaves while the namespace grows: it fills databases with 10,000 to 10 million
// inodes through the real schema and measures the same operations on each.
//
//	go run ./bench/growth -granary build/granary -data /var/tmp -sizes 10000,100000,1000000
//
// It runs its own PostgreSQL, with the settings of Granary's private one, in a folder below -data that it removes.
// For each size it
//
//   - copies a tree into a new database (fill.go) and checks it with fsck;
//   - runs each operation on it and counts the pages that each of its statements touches (pages.go). Statements and plans
//     are those of the server, on its own connections: PostgreSQL reports the plan of each statement as it was executed
//     (auto_explain), so no statement is copied here, and none is explained that is not executed;
//   - sends requests to real servers over all sizes in turns and compares medians (latency.go).
//
// On the largest namespace it lists, renames, sums up and deletes a wide directory and watches how the purge affects other
// callers (wide.go). Finally it creates and deletes files for some minutes, under several settings of autovacuum (churn.go).
package main
