// Package server speaks HTTP and nothing else: it reads requests, asks package auth who is calling and package
// namespace to act, and writes the answers.
//
// A table holds every operation on files; ops.go joins it from rows that stand beside their handlers. Each operation has two
// routes with the same handler, unless it exists for HDFS's clients alone, or HDFS does not have it:
//
//   - /webhdfs/v1/<path>?op=NAME, for clients of HDFS; failures are RemoteException objects with HDFS's statuses.
//   - /api/v1/fs/<name>?path=…, for clients generated from the OpenAPI document, which is made from the same table;
//     failures are problem details of RFC 9457.
//
// Both answer with the request's id in X-Request-Id. It is also in the log and, on /api, in the problem.
//
// # Redirects
//
// HDFS moves data in a second request to another server. With Granary any server can take the data, but clients rely on the
// redirect: a Java client cannot send its data any other way. So a CREATE or APPEND without a body is answered with 307
// to the same origin, carrying data=true and, in place of the credential, a ticket for just that operation on that path.
// A CREATE or APPEND with a body is carried out at once. GETFILECHECKSUM is redirected for everybody. OPEN is redirected for
// Java clients, which would need a second request at each seek otherwise, and for clients that accept only a redirect; others
// are answered at once.
//
// What differs from HDFS is in docs/differences.md.
package server
