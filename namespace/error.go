package namespace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"granary/auth"
	"granary/blocks"
)

// Kind is the kind of failure of an [Error]. Kinds are few and append-only: callers translate them for the wire.
type Kind uint8

// The kinds of failure. In parentheses, the Java exception by which HDFS's clients know it.
const (
	Internal           Kind = iota // a fault of the service, never of the caller
	NotExist                       // no such path (FileNotFoundException)
	Exist                          // something is there already (FileAlreadyExistsException)
	ParentNotDirectory             // a component of a path to be created is a file (ParentNotDirectoryException)
	NotDirectory                   // the operation needs a directory (PathIsNotDirectoryException)
	NotEmpty                       // a directory with children (PathIsNotEmptyDirectoryException)
	AccessControl                  // the principal lacks the right (AccessControlException)
	InvalidPath                    // not a path, or not a name that may be created (InvalidPathException)
	InvalidArgument                // another argument is out of its range (IllegalArgumentException)
	InvalidValue                   // breaks a rule of the file system, such as a reserved name (HadoopIllegalArgumentException)
	NameTooLong                    // a component above 255 bytes (PathComponentTooLongException)
	TooManyChildren                // a directory is full (MaxDirectoryItemsExceededException)
	InvalidACL                     // an ACL that breaks a rule (AclException)
	IO                             // refused for a reason that HDFS reports as a plain IOException
	Unsupported                    // not offered (UnsupportedOperationException)
	NoSpace                        // the block stores are full
	Conflict                       // lost against concurrent changes too often; try again
	Unavailable                    // the database or the block stores cannot be reached; try again
	PastEnd                        // an offset behind the end of the file (EOFException)
	NoXattr                        // no such extended attribute (XAttrNotFoundException)
	QuotaNames                     // too many names below a directory (NSQuotaExceededException)
	QuotaSpace                     // too many bytes below a directory (DSQuotaExceededException)
	QuotaType                      // too many bytes of a storage type below a directory (QuotaByStorageTypeExceededException)
	NotSnapshottable               // a directory that has no snapshots and may have none (SnapshotException)
	NoErasurePolicy                // no erasure coding policy to unset (NoECPolicySetException)
	BeingWritten                   // another writer has the lease of the file (AlreadyBeingCreatedException)
	NoLease                        // the writer's lease is over or somebody else's (LeaseExpiredException)
	Precondition                   // the caller's condition does not hold (IOException)
	Gone                           // it existed and is no longer kept
	kinds                          // how many there are
)

var kindNames = [kinds]string{
	"internal", "not exist", "exist", "parent not directory", "not directory", "not empty", "access control",
	"invalid path", "invalid argument", "invalid value", "name too long", "too many children", "invalid ACL", "IO",
	"unsupported", "no space", "conflict", "unavailable", "past end", "no xattr", "quota of names",
	"quota of space", "quota of a storage type", "not snapshottable", "no erasure coding policy", "being written", "no lease",
	"precondition",
	"gone",
}

// String returns the name of the kind, for logs and tests.
func (k Kind) String() string {
	if k < kinds {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Kinds returns every kind, for tests that must treat all of them.
func Kinds() []Kind {
	all := make([]Kind, kinds)
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

// Error is the error of every operation of a [Session]. [errors.Is] matches [fs.ErrNotExist], [fs.ErrExist],
// [fs.ErrPermission] and [fs.ErrInvalid] by Kind.
type Error struct {
	Op   string // the operation, named like the Session's method
	Path string // the path the operation was about
	Kind Kind
	Msg  string // for the caller; in HDFS's own words where HDFS has such a message
	Err  error  // the cause, for the log; nil when Msg says it all

	at       *spot // where the principal was refused, nil if unknown
	recorded bool  // the refusal has been queued for the audit
}

// Error names the operation, the path and what was wrong.
func (e *Error) Error() string {
	msg := e.Msg
	if msg == "" {
		msg = e.Kind.String()
	}
	if e.Err != nil {
		return fmt.Sprintf("%s %s: %s: %v", e.Op, e.Path, msg, e.Err)
	}
	return fmt.Sprintf("%s %s: %s", e.Op, e.Path, msg)
}

// Unwrap returns the cause, if there is one.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is work with fs.ErrNotExist and the like.
func (e *Error) Is(target error) bool {
	switch target {
	case fs.ErrNotExist:
		return e.Kind == NotExist
	case fs.ErrExist:
		return e.Kind == Exist || e.Kind == NotEmpty
	case fs.ErrPermission:
		return e.Kind == AccessControl
	case fs.ErrInvalid:
		return e.Kind == InvalidPath || e.Kind == InvalidArgument || e.Kind == InvalidACL || e.Kind == InvalidValue || e.Kind == PastEnd
	}
	return false
}

// KindOf returns the kind of an operation's failure, Internal for an error that is not from this package, and for nil.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// fail makes an error whose Op and Path are filled in by the operation that returns it.
func fail(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Msg: fmt.Sprintf(format, args...)}
}

// ownError returns a copy of err for one of several callers that get the same error, since each dresses it.
func ownError(err error) error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // only an *Error itself is modified by dress
		mine := *e
		return &mine
	}
	return err
}

// dress gives err the operation and path it belongs to, and a kind. Only dress translates errors of other packages.
func dress(op string, path Path, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		if e.Op == "" {
			e.Op = op
		}
		if e.Path == "" {
			e.Path = path.String()
		}
		return err
	}
	e = &Error{Op: op, Path: path.String(), Kind: Internal, Err: err}
	var refused *auth.Error
	switch {
	case errors.As(err, &refused) && refused.Kind == auth.Unavailable:
		e.Kind, e.Msg = Unavailable, "The name service is not available now; try again"
	case errors.As(err, &refused):
		e.Kind, e.Msg, e.Err = AccessControl, "Permission denied: "+refused.Error(), nil
	case errors.Is(err, errStale):
		e.Kind, e.Msg, e.Err = Conflict, "gave up after too many concurrent changes to "+path.String()+"; try again", nil
	case errors.Is(err, blocks.ErrNoSpace):
		e.Kind, e.Msg = NoSpace, "No space left in the block stores for "+path.String()
	case errors.Is(err, blocks.ErrUnavailable):
		e.Kind, e.Msg = Unavailable, "The block store is not available now; try again"
	case errors.Is(err, blocks.ErrCorrupt): // stays Internal, since trying again does not help
	case unavailable(err):
		e.Kind, e.Msg = Unavailable, "The name service is not available now; try again"
	}
	return e
}

// Damaged reports whether err says that content differs from what was written, or is gone. Trying again does not help.
func Damaged(err error) bool {
	return errors.Is(err, blocks.ErrCorrupt) || errors.Is(err, blocks.ErrShort) || errors.Is(err, blocks.ErrNotExist)
}

// StoreAway reports whether err says that the block store is not available. Whoever does the same with many files need not ask it for each.
func StoreAway(err error) bool { return errors.Is(err, blocks.ErrUnavailable) }

// unavailable reports whether err means that the database cannot be reached or cannot serve the request for now.
func unavailable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", "53", "57": // connection exception, insufficient resources, operator intervention
			return true
		}
		return pg.Code == "25006" // read-only transaction: the database takes no changes for now
	}
	var (
		connect *pgconn.ConnectError
		network *net.OpError
	)
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || // cut off
		errors.Is(err, pgconn.ErrConnClosed) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, pgx.ErrTxClosed)
}

// conflicting reports whether the transaction should be run again.
func conflicting(err error) bool {
	switch sqlState(err) {
	case "40001", "40P01": // serialization failure, deadlock
		return true
	}
	return false
}

// queryCanceled is the SQLSTATE of a statement that was canceled, by its timeout or by its sender.
const queryCanceled = "57014"

// sqlState returns the SQLSTATE of err, "" if it did not come from the database.
func sqlState(err error) string {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return ""
	}
	return pg.Code
}

// taken reports whether err is a unique violation: somebody made the entry first.
func taken(err error) bool {
	return sqlState(err) == "23505"
}
