package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"granary/auth"
	"granary/namespace"
)

// face is how one kind of failure is presented: to Hadoop as a Java exception, which its client recreates from the class name,
// and to all others as a problem with a title and a status of its own. HDFS answers nearly everything with 403
// (webhdfs.resources.ExceptionHandler), which tells a new client too little.
type face struct {
	hadoop int    // status under /webhdfs/v1
	class  string // Java's name of the exception
	api    int    // status under /api/v1
	title  string
}

// ours reports whether a failure is the fault of the server or of what it depends on. The status does not tell: Hadoop's clients
// get 403 for a database that is away as for everything else, and a quota that a user has filled is 507.
func (f face) ours() bool {
	return f.api == http.StatusInternalServerError || f.api == http.StatusServiceUnavailable || f == faces[namespace.NoSpace]
}

// faces has one entry for each [namespace.Kind].
var faces = map[namespace.Kind]face{
	namespace.Internal: {
		http.StatusInternalServerError, "java.lang.RuntimeException", http.StatusInternalServerError, "Internal error",
	},
	namespace.NotExist: {
		http.StatusNotFound, "java.io.FileNotFoundException", http.StatusNotFound, "Not found",
	},
	namespace.Exist: {
		http.StatusForbidden, "org.apache.hadoop.fs.FileAlreadyExistsException", http.StatusConflict, "Already exists",
	},
	namespace.ParentNotDirectory: {
		http.StatusForbidden, "org.apache.hadoop.fs.ParentNotDirectoryException", http.StatusConflict, "Parent is not a directory",
	},
	namespace.NotDirectory: {
		http.StatusForbidden, "org.apache.hadoop.fs.PathIsNotDirectoryException", http.StatusConflict, "Not a directory",
	},
	namespace.NotEmpty: {
		http.StatusForbidden, "org.apache.hadoop.fs.PathIsNotEmptyDirectoryException", http.StatusConflict, "Directory not empty",
	},
	namespace.AccessControl: {
		http.StatusForbidden, "org.apache.hadoop.security.AccessControlException", http.StatusForbidden, "Permission denied",
	},
	namespace.InvalidPath: {
		http.StatusBadRequest, "org.apache.hadoop.fs.InvalidPathException", http.StatusBadRequest, "Invalid path",
	},
	namespace.InvalidArgument: {
		http.StatusBadRequest, "java.lang.IllegalArgumentException", http.StatusBadRequest, "Invalid argument",
	},
	namespace.InvalidValue: {
		http.StatusBadRequest, "org.apache.hadoop.HadoopIllegalArgumentException", http.StatusBadRequest, "Invalid value",
	},
	namespace.NameTooLong: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.protocol.FSLimitException$PathComponentTooLongException",
		http.StatusBadRequest, "Name too long",
	},
	namespace.TooManyChildren: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.protocol.FSLimitException$MaxDirectoryItemsExceededException",
		http.StatusConflict, "Directory full",
	},
	namespace.InvalidACL: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.protocol.AclException", http.StatusBadRequest, "Invalid ACL",
	},
	namespace.IO: {
		http.StatusForbidden, "java.io.IOException", http.StatusConflict, "Not possible",
	},
	namespace.Unsupported: {
		http.StatusBadRequest, "java.lang.UnsupportedOperationException", http.StatusNotImplemented, "Not supported",
	},
	namespace.NoSpace: {
		http.StatusForbidden, "java.io.IOException", http.StatusInsufficientStorage, "No space left",
	},
	namespace.PastEnd: {
		http.StatusForbidden, "java.io.EOFException", http.StatusRequestedRangeNotSatisfiable, "Past the end",
	},
	namespace.QuotaNames: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.protocol.NSQuotaExceededException", http.StatusInsufficientStorage, "Quota exceeded",
	},
	namespace.QuotaSpace: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.protocol.DSQuotaExceededException", http.StatusInsufficientStorage, "Quota exceeded",
	},
	namespace.QuotaType: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.protocol.QuotaByStorageTypeExceededException",
		http.StatusInsufficientStorage, "Quota exceeded",
	},
	namespace.NotSnapshottable: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.protocol.SnapshotException", http.StatusConflict, "No snapshots here",
	},
	namespace.NoErasurePolicy: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.protocol.NoECPolicySetException", http.StatusConflict, "No such policy",
	},
	namespace.BeingWritten: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException", http.StatusConflict, "Being written",
	},
	namespace.NoLease: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.server.namenode.LeaseExpiredException", http.StatusConflict, "No lease",
	},
	namespace.Precondition: {
		http.StatusPreconditionFailed, "java.io.IOException", http.StatusPreconditionFailed, "Precondition failed",
	},
	namespace.Gone: {
		http.StatusForbidden, "java.io.IOException", http.StatusGone, "Not kept any more",
	},
	namespace.NoXattr: {
		http.StatusForbidden, "org.apache.hadoop.hdfs.protocol.XAttrNotFoundException", http.StatusNotFound, "No such attribute",
	},
	namespace.Conflict: {
		http.StatusForbidden, "org.apache.hadoop.ipc.RetriableException", http.StatusServiceUnavailable, "Try again",
	},
	namespace.Unavailable: {
		http.StatusForbidden, "org.apache.hadoop.ipc.RetriableException", http.StatusServiceUnavailable, "Try again",
	},
}

// failure is an error ready to be written.
type failure struct {
	face
	msg       string
	java      string        // prefix of msg for Hadoop's clients, which parse it; empty: none
	challenge string        // of WWW-Authenticate; empty: none
	allow     string        // of Allow; empty: none
	retry     time.Duration // of Retry-After; 0: none
	etag      string        // of the file that is there; empty: none
	// contentRange is that of a range outside the file; empty: none
	contentRange string
	err          error // the cause, for the log; never sent
}

// denial is a refusal by the server itself and not by the namespace, for example of a credential or a range, or because of a limit.
type denial struct {
	face
	msg       string
	java      string        // prefix of msg for Hadoop's clients
	challenge string        // of WWW-Authenticate, with 401
	allow     string        // of Allow, with 405
	retry     time.Duration // of Retry-After, with 429 and 503
	// contentRange says how long the file is, with 416
	contentRange string
}

func (d *denial) Error() string { return d.msg }

// The faces of denials. A Java client asks for a new delegation token when it reads InvalidToken in a 403, and gives up at
// a 401.
var (
	unauthenticated = face{
		http.StatusUnauthorized, "org.apache.hadoop.security.AccessControlException", http.StatusUnauthorized, "Credential required",
	}
	invalidToken = face{
		http.StatusForbidden, "java.lang.SecurityException", http.StatusUnauthorized, "Invalid token",
	}
	mayNotImpersonate = face{
		http.StatusForbidden, "org.apache.hadoop.security.authorize.AuthorizationException", http.StatusForbidden, "Permission denied",
	}
	wrongMethod = face{
		http.StatusMethodNotAllowed, "java.lang.UnsupportedOperationException", http.StatusMethodNotAllowed, "Method not allowed",
	}
	tooMany = face{
		http.StatusTooManyRequests, "org.apache.hadoop.ipc.RetriableException", http.StatusTooManyRequests, "Too many attempts",
	}
	tooManyRequests = face{
		http.StatusTooManyRequests, "org.apache.hadoop.ipc.RetriableException", http.StatusTooManyRequests, "Too many requests",
	}
	// Nothing was done, so the client may retry.
	tooBusy = face{
		http.StatusServiceUnavailable, "org.apache.hadoop.ipc.RetriableException", http.StatusServiceUnavailable, "Try again",
	}
	// The client is gone and does not read this, but the metrics should not blame the server. The number is nginx's.
	hungUp      = face{statusHungUp, "java.io.IOException", statusHungUp, "Client hung up"}
	noSuchRoute = face{
		http.StatusNotFound, "java.io.FileNotFoundException", http.StatusNotFound, "Not found",
	}
)

// statusHungUp is the status in logs and metrics of an answer that the client did not wait for.
const statusHungUp = 499

// truncated is the error of a request body that ended early: the client hung up, stalled, or sent less than it announced.
type truncated struct{ err error }

func (t *truncated) Error() string { return "the request body ended early: " + t.err.Error() }

func (t *truncated) Unwrap() error { return t.err }

// explain finds the face and the message of err. An error that is not meant for callers becomes an internal error, whose text
// goes to the log only.
func explain(err error) failure {
	var cut *truncated
	if errors.As(err, &cut) {
		return failure{
			face: face{http.StatusBadRequest, "java.io.IOException", http.StatusBadRequest, "Incomplete body"},
			msg:  "The request body ended before its end; nothing was written. Send it again.", err: err,
		}
	}
	var refused *denial
	if errors.As(err, &refused) {
		return failure{
			face: refused.face, msg: refused.msg, java: refused.java, challenge: refused.challenge, allow: refused.allow, retry: refused.retry,
			contentRange: refused.contentRange, err: err,
		}
	}
	var e *namespace.Error
	if errors.As(err, &e) && e.Kind != namespace.Internal {
		msg := e.Msg
		if msg == "" {
			msg = fmt.Sprintf("%s: %s", e.Path, e.Kind)
		}
		f := failure{face: faces[e.Kind], msg: msg, err: err}
		var other *namespace.MismatchError
		if errors.As(err, &other) {
			f.etag = entityTag(other.Now)
		}
		return f
	}
	if auth.KindOf(err) == auth.Unavailable || errors.Is(err, context.DeadlineExceeded) {
		return failure{face: faces[namespace.Unavailable], msg: "The service is busy or its database is away; try again.", err: err}
	}
	return failure{face: faces[namespace.Internal], msg: "Internal error; the log names it by the request id.", err: err}
}
