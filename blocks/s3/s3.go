// Package s3 keeps blocks as objects in a bucket of a store that speaks the protocol of Amazon S3.
//
// A block is the object <prefix><first two digits of its id>/<id>, so a bucket and the folder of package disk have the
// same layout, and any tool that copies files to S3 brings one to the other. Objects appear whole or not at all. Short
// blocks are sent in one request, long ones in parts, which become an object with the last request.
//
// That request carries `If-None-Match: *`, by which two writers of one id exclude each other. [Store.Probe] refuses
// stores that ignore it for an object that is sent whole; for one in parts it is not tried. An answer that is lost does
// not tell whether the object is there. So each object says in its metadata which Put made it: one that finds its own has
// succeeded, and one that failed takes its own away again.
//
// Source for the protocol: "Amazon Simple Storage Service API Reference", PutObject, CompleteMultipartUpload, GetObject,
// DeleteObjects, ListObjectsV2.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"granary/blocks"
)

const (
	// partSize is how much content goes into one request, 5 MiB: the least that S3 takes for a part that is not the
	// last. Retries begin at a part, and what is held of it in memory is bounded: see [memory].
	partSize = 5 << 20

	// mostParts is how many parts an object may have.
	mostParts = 10_000

	// requestTimeout is how long a request may take whose size is bounded.
	requestTimeout = 5 * time.Minute

	// cleanTimeout is how long a Put that failed takes at most to remove what it left.
	cleanTimeout = 20 * time.Second

	// deleteBatch is how many objects the client deletes with a request.
	deleteBatch = 1000

	// connections is how many idle connections are kept.
	connections = 128

	// mostRefused is after how many uploads that it may not remove, one after the other, a sweep gives up.
	mostRefused = 3

	// staleAfter is the age from which unfinished uploads in parts count as abandoned. Their writers, should they still
	// be there, get an error from Put.
	staleAfter = 7 * 24 * time.Hour
)

// Store is a [blocks.Store] in a bucket. The zero value is not usable: see [Open].
type Store struct {
	client    *minio.Core
	asking    *minio.Core // asks once only: for Healthy
	transport *transport
	at        Place
	memory    *memory
	patience  time.Duration // requestTimeout, or less in tests
	stall     time.Duration // readStall, or less in tests
	puts      refusal
	deletions refusal
}

// Open returns the store at a place, whose bucket must exist, and asks whether it can be reached. Credentials are those
// that Amazon's own tools find: the environment variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
// AWS_SESSION_TOKEN, the file ~/.aws/credentials, or the role of the machine or container.
func Open(ctx context.Context, at Place) (*Store, error) {
	base, err := minio.DefaultTransport(at.secure())
	if err != nil {
		return nil, fmt.Errorf("block store %s: %w", at, err)
	}
	base.MaxIdleConns, base.MaxIdleConnsPerHost = connections, connections
	base.ResponseHeaderTimeout = 0 // each request has a time of its own
	through := &transport{base}
	options := minio.Options{
		Creds:     credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{}}),
		Secure:    at.secure(),
		Transport: through,
		Region:    at.Region,
	}
	client, err := minio.NewCore(at.host(), &options)
	if err != nil {
		return nil, fmt.Errorf("block store %s: %w", at, err)
	}
	options.MaxRetries = 1
	asking, err := minio.NewCore(at.host(), &options)
	if err != nil {
		return nil, fmt.Errorf("block store %s: %w", at, err)
	}
	s := &Store{client: client, asking: asking, transport: through, at: at, memory: newMemory(mostPlaces), patience: requestTimeout, stall: readStall}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	switch there, err := client.BucketExists(ctx, at.Bucket); {
	case refused(err):
		return nil, fmt.Errorf("block store %s: it refuses the credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to those of somebody who may list, read, write and delete there: %w", at, err)
	case err != nil:
		return nil, fmt.Errorf("block store %s: %w", at, fault(err))
	case !there:
		return nil, fmt.Errorf("block store %s: there is no such bucket: make it, or name the right one", at)
	}
	return s, nil
}

// Close ends idle connections. It must follow the last use of the store and of every reader from it.
func (s *Store) Close() error {
	s.transport.closeIdle()
	return nil
}

// Name implements [blocks.Marked].
func (s *Store) Name() string { return "block store " + s.at.String() }

// key names a block's object.
func (s *Store) key(id blocks.ID) string {
	text := id.String()
	return s.at.Prefix + text[:2] + "/" + text
}

// idOf returns the block whose object has a key.
func (s *Store) idOf(key string) (id blocks.ID, ok bool) {
	id, err := blocks.ParseID(path.Base(key))
	return id, err == nil && s.key(id) == key
}

// stat looks at an object. That there is none it believes only of an answer with a body, which HEAD has not: see [gone].
func (s *Store) stat(ctx context.Context, key string) (minio.ObjectInfo, error) {
	return s.statBy(ctx, s.client, key)
}

func (s *Store) statBy(ctx context.Context, client *minio.Core, key string) (minio.ObjectInfo, error) {
	info, err := client.StatObject(ctx, s.at.Bucket, key, minio.StatObjectOptions{})
	if minio.ToErrorResponse(err).StatusCode != notFound {
		return info, err
	}
	body, info, _, err := client.GetObject(ctx, s.at.Bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return info, err
	}
	return info, body.Close() // it has come meanwhile
}

// tooSlow is why a request ends that takes longer than the store's patience.
func (s *Store) tooSlow() error {
	return fmt.Errorf("%w: it has not answered in full within %s", blocks.ErrUnavailable, s.patience)
}

// watch is for what asks the store many times: the context ends once slow runs out, which begins with the store's
// patience.
func (s *Store) watch(ctx context.Context) (_ context.Context, slow *time.Timer, cancel func()) {
	ctx, stop := context.WithCancelCause(ctx)
	slow = time.AfterFunc(s.patience, func() { stop(s.tooSlow()) })
	return ctx, slow, func() {
		slow.Stop()
		stop(nil)
	}
}

// Space is the room of the store in bytes. S3 does not tell, so it is as Hadoop's file systems for S3 have it: all that
// a number can say (FileSystem.getStatus in Hadoop).
func (s *Store) Space() (blocks.Space, error) {
	return blocks.Space{Capacity: math.MaxInt64, Remaining: math.MaxInt64}, nil
}

// Sweep removes what Puts of dead processes left unfinished. It may run at any time, in several processes.
func (s *Store) Sweep(ctx context.Context) error { return s.sweep(ctx, time.Now().Add(-staleAfter)) }

// sweep removes unfinished uploads of blocks that began before the time given. One that it cannot remove does not keep it from
// others.
func (s *Store) sweep(ctx context.Context, before time.Time) (failed error) {
	refused := 0 // in a row
	ctx, slow, cancel := s.watch(ctx)
	uploads := s.client.ListIncompleteUploads(ctx, s.at.Bucket, s.at.Prefix, true)
	defer func() {
		cancel()
		for range uploads { // otherwise the goroutine that lists them waits for ever
		}
	}()
	for upload := range uploads {
		slow.Reset(s.patience)
		if err := context.Cause(ctx); err != nil {
			return fmt.Errorf("sweep %s: %w", s.Name(), err)
		}
		if upload.Err != nil {
			return fmt.Errorf("sweep %s: %w", s.Name(), fault(upload.Err))
		}
		if _, ok := s.idOf(upload.Key); !ok || !upload.Initiated.Before(before) {
			continue
		}
		err := s.client.AbortMultipartUpload(ctx, s.at.Bucket, upload.Key, upload.UploadID)
		if err == nil || minio.ToErrorResponse(err).Code == minio.NoSuchUpload { // its writer, or another sweep, was faster
			refused = 0
			continue
		}
		failed = fmt.Errorf("sweep %s: %w", s.Name(), fault(err))
		if refused++; refused == mostRefused {
			break
		}
	}
	return failed
}

// Delete implements [blocks.Store]. An error for one id does not keep it from deleting the others.
func (s *Store) Delete(ctx context.Context, ids ...blocks.ID) error {
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("delete %d blocks: %w", len(ids), err)
	}
	if len(ids) == 0 {
		return nil
	}
	batches := 1 + len(ids)/deleteBatch
	ctx, cancel := context.WithTimeoutCause(ctx, time.Duration(batches)*s.patience, s.tooSlow())
	defer cancel()
	results, err := s.client.RemoveObjectsWithIter(ctx, s.at.Bucket, func(yield func(minio.ObjectInfo) bool) {
		for _, id := range ids {
			if !yield(minio.ObjectInfo{Key: s.key(id)}) {
				return
			}
		}
	}, minio.RemoveObjectsOptions{})
	if err != nil {
		return fmt.Errorf("delete %d blocks: %w", len(ids), fault(err))
	}
	var errs []error
	for result := range results {
		if err := fault(result.Err); err != nil && minio.ToErrorResponse(result.Err).Code != minio.NoSuchKey {
			which := "block " + path.Base(result.ObjectName)
			if result.ObjectName == "" { // an answer that cannot be read
				which = fmt.Sprintf("%d blocks", len(ids))
			}
			errs = append(errs, fmt.Errorf("delete %s: %w", which, err))
		}
	}
	err = errors.Join(append(errs, context.Cause(ctx))...) // ended early, it does not say so
	s.deletions.note(err)
	return err
}

// List implements [blocks.Store]. It passes over objects that are not named like blocks.
func (s *Store) List(ctx context.Context) iter.Seq2[blocks.Info, error] {
	return func(yield func(blocks.Info, error) bool) {
		fail := func(err error) { yield(blocks.Info{}, fmt.Errorf("list blocks: %w", err)) }
		ctx, slow, cancel := s.watch(ctx)
		defer cancel()
		for object := range s.client.ListObjectsIter(ctx, s.at.Bucket, minio.ListObjectsOptions{Prefix: s.at.Prefix, Recursive: true}) {
			slow.Stop() // the caller may take its time
			if err := context.Cause(ctx); err != nil {
				fail(err)
				return
			}
			if object.Err != nil {
				fail(fault(object.Err))
				return
			}
			if id, ok := s.idOf(object.Key); ok && !yield(blocks.Info{ID: id, Size: object.Size, Written: object.LastModified}, nil) {
				return
			}
			slow.Reset(s.patience)
		}
		if err := context.Cause(ctx); err != nil { // ended early, the listing does not say so
			fail(err)
		}
	}
}

// markName names the object that says whose blocks are in the store.
const markName = "installation"

// mostMark bounds what is read of it, in bytes.
const mostMark = 256

// Mark implements [blocks.Marked].
func (s *Store) Mark(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	body, _, _, err := s.client.GetObject(ctx, s.at.Bucket, s.at.Prefix+markName, minio.GetObjectOptions{})
	if err = fault(err); errors.Is(err, blocks.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.Name(), err)
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, mostMark))
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.Name(), fault(err))
	}
	return strings.TrimSpace(string(text)), nil
}

// SetMark implements [blocks.Marked]. It fails if another installation is recorded by then.
func (s *Store) SetMark(ctx context.Context, mark string) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	text := mark + "\n"
	options := minio.PutObjectOptions{ContentType: "text/plain"}
	options.SetMatchETagExcept("*")
	content := strings.NewReader(text)
	_, err := s.client.PutObject(ctx, s.at.Bucket, s.at.Prefix+markName, content, int64(len(text)), "", "", options)
	if taken(err) { // perhaps by this very request, whose first answer was lost
		is, failed := s.Mark(ctx)
		switch {
		case failed != nil:
			return failed
		case is == mark:
			return nil
		}
		return fmt.Errorf("%s: its object %s names the installation %s by now, and this one is %s", s.Name(), markName, is, mark)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name(), fault(err))
	}
	return nil
}
