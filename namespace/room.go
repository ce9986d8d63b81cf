package namespace

import (
	"context"
	"io"
	"math"
)

// quotaReader is content of which no more is read once the quotas have no room for it. The act that publishes the content checks and
// charges them, but without this reader a writer could fill the stores until then, for as long as it sends, and would learn only at the
// end of many hours that there was no room.
type quotaReader struct {
	r    io.Reader
	size int64 // as announced; below 0: not known
	// room refuses so many bytes if there is no room for them. It reports false if it cannot tell.
	room func(size int64) (told bool, err error)
	got  int64
	next int64 // how many bytes come before room is asked (again)
}

// noRoomError is the refusal of a quotaReader, which is no failure of the client's stream.
type noRoomError struct{ err error }

func (e *noRoomError) Error() string { return e.err.Error() }
func (e *noRoomError) Unwrap() error { return e.err }

// withinQuotas returns r as a quotaReader, unless it is short enough to be held in memory. find finds the place of the content as it is
// then, and says what so many bytes of content cost there: what a hasty decision knows of limits may be out of date.
func (s *Session) withinQuotas(ctx context.Context, r io.Reader, size int64, find func(w *walker, size int64) (c *chain, cost, peak amount, err error)) io.Reader {
	if size >= 0 && size <= PackMax {
		return r
	}
	q := &quotaReader{r: r, size: size, next: PackMax, room: func(size int64) (told bool, err error) {
		err = steadily(ctx, func() error {
			c, cost, peak, err := find(&walker{ctx: ctx, s: s, op: endingUpload}, size)
			if err != nil {
				return err
			}
			return s.fs.room(ctx, charged(c.quotas(), cost, peak))
		})
		if err == nil {
			return true, nil
		}
		if kind := KindOf(err); kind == QuotaSpace || kind == QuotaType {
			return true, &noRoomError{err}
		}
		return false, nil // whatever else is in the way, the act says so
	}}
	if size >= 0 {
		q.next = 0
	}
	return q
}

func (q *quotaReader) Read(p []byte) (int, error) {
	if q.got >= q.next {
		size := q.size
		if size < 0 {
			size = q.got // it may end here
		}
		told, err := q.room(size)
		if err != nil {
			return 0, err
		}
		if q.next = q.got + maxBlock; told && q.size >= 0 {
			q.next = math.MaxInt64
		}
	}
	n, err := q.r.Read(p)
	q.got += int64(n)
	return n, err
}

// spaceOf returns what n costs beyond its name if it grows from one size to another, and what HDFS would count besides while it is
// written.
func spaceOf(n *node, from, to int64) (cost, peak amount) {
	return bytesOf(to-from, n.replication, n.policy), newBlocks(n, from, to)
}

// roomForNew is find of [Session.withinQuotas] for a new file.
func roomForNew(path Path, o CreateOptions) func(w *walker, size int64) (*chain, amount, amount, error) {
	return func(w *walker, size int64) (*chain, amount, amount, error) {
		c, err := w.place(path, o)
		if err != nil {
			return nil, amount{}, amount{}, err
		}
		cost, peak := spaceOf(&node{replication: o.Replication, policy: c.nodes[len(c.nodes)-1].policy, blockSize: o.BlockSize}, 0, size)
		if old := c.node(); old != nil {
			gone := costOf(old)
			gone.names = 0
			cost.add(gone.negative())
		}
		return c, cost, peak, nil
	}
}
