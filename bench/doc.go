// Command bench puts the same load on Granary and on the servers that it is compared with, and prints what each did and
// by how much they differ.
//
//	go run ./bench -granary build/granary -null                             against an empty server: the ceiling
//	go run ./bench -granary build/granary -hdfs http://127.0.0.1:9870       against a real HDFS
//	bench/compare.sh                                                        starts everything, measures, writes README.md
//
// There are loads of one operation each (operations.go), the mix of operations of a cluster at Spotify (spotify.go) and
// what a data loader does (loader.go). How far ahead Granary is meant to be stands in aims.go, and whether it is and what
// else was to be shown is judged by the run (conditions.go).
//
// Granary is started from its binary on a data folder of its own, with tokens on and a private PostgreSQL that keeps
// every promise of durability. An HDFS must be running already and be tuned as bench/hdfs/start.sh tunes it.
//
// What makes the figures worth printing:
//
//   - Every server sees the same requests from the same client (client.go, conn.go), which is lean because it shares the
//     processors with the server.
//   - Every answer is checked, file content byte by byte. One error fails the whole comparison.
//   - Nothing is measured cold: at least 5,000 operations come first.
//   - The servers take turns row by row, and the order turns round with every round (rounds.go), so that a machine that
//     slows down slows all of them. A ratio is taken within one row of one round; the report gives the lowest, the median
//     and the highest.
//
// Only servers on this machine are accepted (target.go), and every run ends: by time, by number of operations, and by a
// deadline on each request.
package main
