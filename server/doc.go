// Package server speaks HTTP and nothing else: it reads requests, asks package auth who is calling and package
// namespace to act, and writes the answers.
//
// A table, which ops.go joins of rows beside their handlers, holds every operation on files. Each has two routes with the same handler,
// unless it is HDFS's alone, or none of HDFS's:
//
//   - /webhdfs/v1/<path>?op=NAME, for clients of HDFS; failures are RemoteException objects with HDFS's statuses.
//   - /api/v1/fs/<name>?path=…, for clients generated from the OpenAPI document, which is made from the same table;
//     failures are problem details of RFC 9457.
//
// Both answer with the request's id in X-Request-Id; it is also in the log and, on /api, in the problem.
//
// # Redirects
//
// HDFS moves data in a second request to another server. With Granary any server can take the data, but clients count on the
// redirect: a Java client cannot send its data any other way. So a CREATE or APPEND without a body is answered with 307
// to the same origin, carrying data=true and, in place of the credential, a ticket for just that operation on that path.
// A CREATE or APPEND with a body is taken at once. GETFILECHECKSUM is redirected for everybody, OPEN for Java clients, to whom
// a direct answer costs a second request at each seek, and for clients that take nothing else; others are answered at once.
//
// What differs from HDFS is in docs/differences.md.
package server
