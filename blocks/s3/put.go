package s3

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"

	"granary/blocks"
)

// tokenName is the metadata in which an object says which Put made it.
const tokenName = "Granary-Put"

// sendsAtOnce is how many parts of an object are on their way at a time, while the next one comes.
const sendsAtOnce = 3

// abortPause is how long an upload that was given up is left alone before it is looked at again.
const (
	abortPause = 500 * time.Millisecond
	abortTries = 3
)

// conflictPause is how long a Put waits before it sends again what met with another of the same id.
const (
	conflictPause = 50 * time.Millisecond
	conflictTries = 20
)

// Put implements [blocks.Store].
func (s *Store) Put(ctx context.Context, id blocks.ID, r io.Reader, size int64) error {
	p := &putting{s: s, key: s.key(id), token: rand.Text()}
	err := p.put(ctx, r, size)
	s.puts.note(err)
	if err != nil {
		return fmt.Errorf("put block %s: %w", id, err)
	}
	return nil
}

// putting is a Put under way.
type putting struct {
	s      *Store
	key    string
	token  string
	upload string // id of the upload in parts; "": there is none
	parts  []*minio.CompletePart
	// open is set while the request that makes the object may have succeeded although it seems to have failed.
	open bool
}

func (p *putting) put(ctx context.Context, r io.Reader, size int64) (err error) {
	within, stop := context.WithCancel(ctx)
	sends, within := errgroup.WithContext(within)
	sends.SetLimit(sendsAtOnce)
	r = blocks.Exactly(within, r, size)
	defer func() {
		stop()
		if err != nil {
			_ = sends.Wait() // nothing goes on once Put has returned
			err = errors.Join(err, p.clean(ctx))
		}
	}()
	for {
		part := &part{memory: p.s.memory}
		more, err := part.fill(within, r)
		if err != nil {
			part.release()
			if failed := context.Cause(within); failed != nil && ctx.Err() == nil {
				return failed // of a part before, after which it does not matter what came
			}
			return err
		}
		if len(p.parts) == 0 && !more {
			if err = p.whole(ctx, part); err == nil {
				p.s.memory.took()
			}
			part.release()
			return err
		}
		if part.size == 0 { // the last part was full
			part.release()
		} else {
			done, err := p.next(within)
			if err != nil {
				part.release()
				return err
			}
			sends.Go(func() error {
				defer part.release()
				return p.send(within, part, done)
			})
		}
		if !more {
			if err := sends.Wait(); err != nil {
				return err
			}
			return p.complete(ctx)
		}
	}
}

// whole makes the object of a single part.
func (p *putting) whole(ctx context.Context, part *part) error {
	sum := p.s.sum(part)
	return p.exclusive(ctx, func(ctx context.Context) error {
		options := p.options()
		options.SetMatchETagExcept("*")
		part.rewind()
		_, err := p.s.client.PutObject(ctx, p.s.at.Bucket, p.key, part, part.size, "", sum, options)
		return err
	})
}

func (p *putting) options() minio.PutObjectOptions {
	return minio.PutObjectOptions{UserMetadata: map[string]string{tokenName: p.token}}
}

// sum is the checksum that goes with a part. Without TLS the client signs what it sends piece by piece, and takes none.
func (s *Store) sum(part *part) string {
	if !s.at.secure() {
		return ""
	}
	return part.sum()
}

// next adds a part to the object, and begins its upload with the first one.
func (p *putting) next(ctx context.Context) (_ *minio.CompletePart, err error) {
	if p.upload == "" {
		ctx, cancel := context.WithTimeout(ctx, p.s.patience)
		defer cancel()
		if p.upload, err = p.s.client.NewMultipartUpload(ctx, p.s.at.Bucket, p.key, p.options()); err != nil {
			return nil, fault(err)
		}
		if p.upload == "" {
			return nil, fmt.Errorf("%w: it began an upload in parts, and does not say which", blocks.ErrUnavailable)
		}
	}
	number := len(p.parts) + 1
	if number > mostParts {
		return nil, fmt.Errorf("%w: an object has %d parts of %d bytes at most", blocks.ErrLong, mostParts, partSize)
	}
	next := &minio.CompletePart{PartNumber: number}
	p.parts = append(p.parts, next)
	return next, nil
}

// send sends a part of the object, and notes in done what the store calls it.
func (p *putting) send(ctx context.Context, part *part, done *minio.CompletePart) error {
	ctx, cancel := context.WithTimeout(ctx, p.s.patience)
	defer cancel()
	options := minio.PutObjectPartOptions{Sha256Hex: p.s.sum(part)}
	sent, err := p.s.client.PutObjectPart(ctx, p.s.at.Bucket, p.key, p.upload, done.PartNumber, part, part.size, options)
	if err != nil {
		return fault(err)
	}
	done.ETag = sent.ETag
	p.s.memory.took()
	return nil
}

// complete makes the object of its parts.
func (p *putting) complete(ctx context.Context) error {
	parts := make([]minio.CompletePart, len(p.parts))
	for i, part := range p.parts {
		parts[i] = *part
	}
	err := p.exclusive(ctx, func(ctx context.Context) error {
		var options minio.PutObjectOptions
		options.SetMatchETagExcept("*")
		_, err := p.s.client.CompleteMultipartUpload(ctx, p.s.at.Bucket, p.key, p.upload, parts, options)
		return err
	})
	if err == nil {
		p.upload = ""
	}
	return err
}

// exclusive sends the request that makes the object, unless there is one. It sends it again if the store cannot decide
// between several at the same time.
func (p *putting) exclusive(ctx context.Context, send func(context.Context) error) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	within, cancel := context.WithTimeoutCause(ctx, p.s.patience, p.s.tooSlow())
	defer cancel()
	for tries := 1; ; tries++ {
		err := send(within)
		response := minio.ToErrorResponse(err)
		switch {
		case err == nil:
			return nil
		case taken(err), response.Code == minio.NoSuchUpload: // perhaps by this request, whose first answer was lost
			mine, there, failed := p.mine(within)
			switch {
			case failed != nil:
				p.open = true
				return fault(failed)
			case mine:
				return nil
			case there, taken(err) && tries == conflictTries:
				return blocks.ErrExist
			case !taken(err):
				p.open = true // the first one may still be at work
				return fault(err)
			}
		case undecided(err) && tries < conflictTries:
		default:
			p.open = true // also if it was refused: the client may have sent it before, and got no answer
			return fault(err)
		}
		select { // another is about to make the object
		case <-time.After(conflictPause):
		case <-within.Done():
			p.open = true
			return context.Cause(within)
		}
	}
}

// mine reports whether the object is there, and this Put has made it.
func (p *putting) mine(ctx context.Context) (mine, there bool, err error) {
	info, err := p.s.stat(ctx, p.key)
	if gone(err) {
		return false, false, nil
	}
	return err == nil && info.UserMetadata[tokenName] == p.token, err == nil, err
}

// clean removes what a failed Put left, also if its caller has gone.
func (p *putting) clean(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTimeout)
	defer cancel()
	var errs []error
	if p.upload != "" {
		errs = append(errs, p.abort(ctx))
	}
	if p.open {
		mine, _, err := p.mine(ctx)
		if err == nil && mine {
			err = p.s.client.RemoveObject(ctx, p.s.at.Bucket, p.key, minio.RemoveObjectOptions{})
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("remove what may be left of it: %w", fault(err)))
		}
		errs = append(errs, blocks.ErrUndecided) // a request that was given up may be at work
	}
	return errors.Join(errs...)
}

// abort gives the upload up. A part that was on its way may come to the store later, and be kept: so the upload is given
// up until the store does not know it any more. What comes later still, Sweep removes.
func (p *putting) abort(ctx context.Context) error {
	under := slices.ContainsFunc(p.parts, func(part *minio.CompletePart) bool { return part.ETag == "" })
	for tries := 1; ; tries++ {
		err := p.s.client.AbortMultipartUpload(ctx, p.s.at.Bucket, p.key, p.upload)
		switch {
		case minio.ToErrorResponse(err).Code == minio.NoSuchUpload:
			return nil
		case err != nil:
			return fmt.Errorf("remove its parts: %w", fault(err))
		case !under || tries == abortTries:
			return nil
		}
		select {
		case <-time.After(abortPause):
		case <-ctx.Done():
			return nil
		}
	}
}

// Probe makes sure that the store never overwrites an object that is to be new: it writes a small one twice, and
// removes it. Servers call it before they write.
func (s *Store) Probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	key := s.at.Prefix + "probe-" + rand.Text()
	send := func() error {
		var options minio.PutObjectOptions
		options.SetMatchETagExcept("*")
		_, err := s.client.PutObject(ctx, s.at.Bucket, key, bytes.NewReader(nil), 0, "", "", options)
		return err
	}
	err := send()
	if taken(err) { // it was sent twice by itself
		err = nil
	}
	if err == nil {
		if again := send(); again == nil {
			err = errors.New("it overwrites objects although asked not to (If-None-Match): want a store that can make an object only if there is none, as Amazon's can")
		} else if !taken(again) {
			err = fault(again)
		}
	} else {
		err = fault(err)
	}
	after, done := context.WithTimeout(context.WithoutCancel(ctx), cleanTimeout) // also if the caller has gone
	defer done()
	if failed := s.client.RemoveObject(after, s.at.Bucket, key, minio.RemoveObjectOptions{}); failed != nil && err == nil {
		err = fmt.Errorf("remove the object %s: %w", key, fault(failed))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name(), err)
	}
	return nil
}
