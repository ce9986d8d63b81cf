// Command bench puts the same load on Granary and on the servers that it is compared with, and reports how fast each was
// and by how much they differ.
//
//	go run ./bench -granary build/granary -null                             against an empty server: the ceiling
//	go run ./bench -granary build/granary -hdfs http://127.0.0.1:9870       against a real HDFS
//	bench/compare.sh                                                        starts everything, measures, writes README.md
//
// There are loads of one operation each (operations.go), the operation mix of a Spotify cluster (spotify.go) and the load
// of a data loader (loader.go). How far ahead Granary should be is defined in aims.go; the run judges whether it is, and
// what else it should show (conditions.go).
//
// Granary is started from its binary on a data folder of its own, with tokens on and a private PostgreSQL whose durability
// settings are all on. An HDFS must be running already and be tuned as bench/hdfs/start.sh tunes it.
//
// What makes the figures worth printing:
//
//   - Every server gets the same requests from the same client (client.go, conn.go), which is lean because it shares the
//     processors with the server.
//   - Every answer is checked, file content byte by byte. One error fails the whole comparison.
//   - Nothing is measured cold: at least 5,000 operations precede the first round.
//   - The servers take turns row by row, in an order that reverses with every round (rounds.go), so that a machine that
//     slows down slows all of them. A ratio is taken within one row of one round; the report gives the lowest, the median
//     and the highest.
//
// Only servers on this machine are accepted (target.go), and every run is bounded: in time, in number of operations, and
// by a deadline for each request.
package main
