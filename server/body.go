package server

import (
	"cmp"
	"io"
	"net/http"
	"sync"
	"time"
)

// Bounds of what is read and dropped from a client whose request was already refused.
const (
	drainBytes = 64 << 20
	drainTime  = 30 * time.Second
	mostDrains = 1024 // at a time; beyond, the connection is closed
)

// bodyTime is how long a body that is held in memory until it is complete may take; file content is not held like that.
// publicBodyTime is the same for clients that show no credential.
const (
	bodyTime       = time.Minute
	publicBodyTime = 10 * time.Second
)

// body is a request's body. A client may take as long as it likes in total but must send something within each stall, which is
// longer for an authenticated client that sends a file ([exchange.patient]). If the client does not, hangs up, or sends less
// than it announced, Read fails with [truncated].
type body struct {
	from    io.Reader
	control http.ResponseController
	stall   time.Duration
	short   time.Duration // the stall while the rest is dropped
	end     time.Time     // when the body has to be complete; zero: no limit
	until   time.Time     // the read deadline that this body has set; zero: none
	first   []byte        // read ahead by begins
	n       int64         // bytes that arrived
	done    bool          // reading has ended, with io.EOF or an error
	failed  error         // the error that reading ended with; nil: io.EOF

	patience *patience // nil: the client may not pause for long
}

// Read reads from the client.
func (b *body) Read(p []byte) (int, error) {
	if len(b.first) > 0 {
		n := copy(p, b.first)
		b.first = b.first[n:]
		return n, nil
	}
	return b.receive(p, time.Now().Add(b.stall))
}

func (b *body) receive(p []byte, deadline time.Time) (int, error) {
	if b.done {
		// An error may come together with the last bytes, and who got those must not take the next end for a regular one.
		return 0, cmp.Or(b.failed, io.EOF)
	}
	if !b.end.IsZero() && deadline.After(b.end) {
		deadline = b.end
	}
	if !recent(b.until, deadline, b.stall) {
		b.until = deadline
		// Fails only where there are no deadlines, as with the recorders of tests.
		_ = b.control.SetReadDeadline(deadline)
	}
	b.patience.wait()
	n, err := b.from.Read(p)
	b.patience.goOn()
	b.n += int64(n)
	if err == nil {
		return n, nil
	}
	b.done = true
	if err != io.EOF {
		// net/http will try to read the rest before it answers, but nothing more will come.
		_ = b.control.SetReadDeadline(time.Now())
		b.failed = &truncated{err}
		return n, b.failed
	}
	// net/http now watches the connection for a client that leaves; a deadline that passes would look like one.
	_ = b.control.SetReadDeadline(time.Time{})
	return n, io.EOF
}

// begins reports whether the body has at least one byte, waiting for it if it must.
func (b *body) begins() (bool, error) {
	var one [1]byte
	for {
		n, err := b.receive(one[:], time.Now().Add(b.stall))
		if n > 0 {
			b.first = append(b.first, one[0])
			return true, nil
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// drain reads and drops up to left bytes of the rest, which must arrive within a time or, if within is 0, each piece within a
// stall. It reports whether it reached the end of the body.
func (b *body) drain(left int64, within time.Duration) (all bool) {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	b.end, b.stall = time.Time{}, b.short
	if within > 0 {
		b.end = time.Now().Add(within)
	}
	for left > 0 {
		n, err := b.receive(*buffer, time.Now().Add(max(b.stall, within)))
		if err != nil {
			return err == io.EOF
		}
		left -= int64(n)
	}
	return false
}

// copySize is how many bytes are copied at a time.
const copySize = 128 << 10

// buffers holds the buffers for copying bodies and files.
var buffers = sync.Pool{New: func() any {
	b := make([]byte, copySize)
	return &b
}}

// publicPiece is how many bytes a client that shows no credential has to read within each stall.
const publicPiece = 64 << 10

// reply writes to the client. It counts the bytes, and allows each write one stall, so that a reader may pause but not hold a
// file open for ever.
type reply struct {
	http.ResponseWriter
	control    http.ResponseController
	connection *connection
	exchange   *exchange
	stall      time.Duration
	patience   *patience // nil: the client may not pause for long
	head       bool      // the request is a HEAD
	values     values
	status     int // 0 until the header is written
	bytes      int64
	aborted    bool // the answer broke off: the connection must not be used again
}

// begin sets new deadlines, since those that the previous request left may have passed, or be about to. If no handler reads the
// body, net/http reads it before it sends the answer, and must not spend all the time of the answer on it.
func (w *reply) begin(hasBody bool) {
	short := w.exchange.server.short
	w.extend(short) // not w.stall, which grows once the caller is known: each request would set two deadlines
	if hasBody {
		_ = w.control.SetReadDeadline(time.Now().Add(short / 2))
	}
}

func (w *reply) extend(stall time.Duration) {
	w.connection.answering = true
	deadline := time.Now().Add(stall)
	if recent(w.connection.until, deadline, stall) {
		return
	}
	w.connection.until = deadline
	// Fails only where there are no deadlines, as with the recorders of tests.
	_ = w.control.SetWriteDeadline(deadline)
}

// recent reports whether a deadline that was set before is close enough to the one that is due now. Setting a deadline wakes the
// poller, and a short answer would set one three times within a fraction of a millisecond.
func recent(set, due time.Time, stall time.Duration) bool {
	early := due.Sub(set)
	return 0 <= early && early < stall/64
}

// WriteHeader notes the status.
func (w *reply) WriteHeader(status int) {
	if status >= http.StatusOK {
		w.status = status
		w.extend(w.stall)
		if w.exchange.flowing() {
			// Without this, net/http reads the rest of the body before it writes, and closes the connection after 256 KiB.
			// It fails only for HTTP/2, which does not need it.
			_ = w.control.EnableFullDuplex()
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts what is written.
func (w *reply) Write(p []byte) (n int, err error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	for w.exchange.use == nil && len(p) > publicPiece {
		m, err := w.write(p[:publicPiece])
		n += m
		if err != nil {
			return n, err
		}
		p = p[publicPiece:]
	}
	m, err := w.write(p)
	return n + m, err
}

func (w *reply) write(p []byte) (int, error) {
	w.extend(w.stall)
	if w.bytes == 0 && len(p) >= buffered && !w.head {
		w.connection.follows = true
	}
	w.patience.wait()
	n, err := w.ResponseWriter.Write(p)
	w.patience.goOn()
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *reply) Unwrap() http.ResponseWriter { return w.ResponseWriter }
