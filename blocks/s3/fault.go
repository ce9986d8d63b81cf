package s3

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/minio/minio-go/v7"

	"granary/blocks"
)

// Statuses of HTTP that decide something here.
const (
	unauthorized = 401
	forbidden    = 403
	notFound     = 404
	conflict     = 409
	failedBefore = 412 // Precondition Failed
	badRange     = 416
	noStorage    = 507
)

// fault adds the sentinel of package blocks that says what an error of the store means. All that is not about one block
// means that the store cannot be used now.
func fault(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	response := minio.ToErrorResponse(err)
	var kind error
	switch {
	case gone(err):
		kind = blocks.ErrNotExist
	case response.StatusCode == noStorage || full[response.Code]:
		kind = blocks.ErrNoSpace
	case taken(err): // of a part of an object that another has replaced, which never happens
		kind = blocks.ErrCorrupt
	case response.Code == minio.NoSuchKey:
		return fmt.Errorf("%w: what answers there that nothing was found is no S3 store", blocks.ErrUnavailable)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF): // of an answer: readers of archives would take it for that of the block
		return fmt.Errorf("%w: its answer was cut off: %s", blocks.ErrUnavailable, err.Error())
	default:
		kind = blocks.ErrUnavailable
	}
	return fmt.Errorf("%w: %w", kind, err)
}

// gone reports whether the store says that there is no such object. It does so in XML. The client takes every other
// answer of 404 for the same: those of a proxy that has lost its store, and those to HEAD, which also a lost bucket gets.
func gone(err error) bool {
	response := minio.ToErrorResponse(err)
	return response.Code == minio.NoSuchKey && response.XMLName.Local == "Error"
}

// full has the codes by which stores say that there is no room: Ceph's, MinIO's and others'.
var full = map[string]bool{
	"QuotaExceeded": true, "InsufficientStorage": true, "InsufficientCapacity": true,
	"XMinioStorageFull": true, "XMinioAdminBucketQuotaExceeded": true,
}

// taken reports whether err says that there is such an object already. The answer to a request that takes long may
// begin with a status of success.
func taken(err error) bool {
	response := minio.ToErrorResponse(err)
	return response.StatusCode == failedBefore || response.Code == minio.PreconditionFailed
}

// undecided reports whether err says that others made the same object at the same time.
func undecided(err error) bool {
	response := minio.ToErrorResponse(err)
	return response.StatusCode == conflict || response.Code == "ConditionalRequestConflict"
}

// refused reports whether err says that the credentials do not do.
func refused(err error) bool {
	status := minio.ToErrorResponse(err).StatusCode
	return status == unauthorized || status == forbidden
}
