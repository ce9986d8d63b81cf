// Package oracle asks a WebHDFS server questions whose answers a real HDFS has given before.
//
// A [Sequence] is a short script in a directory of its own: requests that prepare it, then requests whose replies count.
// The command in record runs the sequences against a running HDFS and writes what it said to testdata, one file for each
// operation; the package's test runs the same sequences against Granary and compares. Requests are written to the socket
// byte by byte, so a script decides what stands in the request line: raw UTF-8, bad escapes, doubled slashes.
//
// A script is text, one request on a line:
//
//	USER METHOD TARGET [HEADER: VALUE]... [-> [+QUERY | =QUERY] [[open] BODY]]...
//	finish
//
// USER is sent as user.name; "-" sends none. TARGET follows "/webhdfs/v1" and is sent as it stands, once "{dir}" has
// become the sequence's own directory. Each header stands in square brackets. An arrow goes on to the Location of the
// first reply by the same method, with QUERY appended to it (as OpenDAL appends "user.name") or put in the place of what
// the Location says (as Java's client puts "offset" when it seeks), and with a BODY: a Go string literal, "bytes:N" for N
// bytes of [Content], or nothing. A second arrow uses the same Location again. Of a BODY that is open the last byte is held
// back, and so no reply comes before the line "finish" sends it: what stands between is asked while somebody writes.
//
// Replies are compared once a normalizer has taken out what no two servers share: times, inode numbers, hosts, stack traces.
// Where Granary departs from HDFS on purpose, differences.go says so and docs/differences.md says why.
package oracle
