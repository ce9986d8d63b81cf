// Package oracle asks a WebHDFS server questions whose answers a real HDFS has given before.
//
// A [Sequence] is a short script in a directory of its own: requests that prepare it, then requests whose replies are compared.
// The command in record runs the sequences against a running HDFS and writes its replies to testdata, one file for each
// operation; the package's test runs the same sequences against Granary and compares. Requests are written to the socket
// byte by byte, so a script controls what the request line holds: raw UTF-8, bad escapes, doubled slashes. TestWalks, for which an HDFS
// must run, asks both servers at random.
//
// A script is text, one request on a line:
//
//	USER METHOD TARGET [HEADER: VALUE]... [-> [+QUERY | =QUERY] [[open] BODY]]...
//	finish
//
// USER is sent as user.name; "-" sends none. TARGET follows "/webhdfs/v1" and is sent as written, after "{dir}" has been
// replaced by the sequence's own directory. Each header is in square brackets. An arrow follows the Location in the first
// reply with the same method. QUERY is appended to the Location with "+" (as OpenDAL appends "user.name"), or with "=" replaces
// what the Location says (as Java's client does with "offset" when it seeks). BODY is a Go string literal, "bytes:N" for N
// bytes of [Content], or nothing. A second arrow uses the same Location again. The last byte of an open BODY is held back, so
// that there is no reply before the line "finish" sends it: the lines in between are sent while somebody is writing.
//
// Replies are compared after a normalizer has removed what differs between any two servers: times, inode numbers, hosts, stack
// traces. Where Granary differs from HDFS on purpose, differences.go says so and docs/differences.md says why.
package oracle
