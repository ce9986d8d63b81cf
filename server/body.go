package server

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// Bounds of what is read from a client that was already refused.
const (
	drainBytes = 64 << 20
	drainTime  = 30 * time.Second
	mostDrains = 1024 // at a time: beyond, a connection is closed
)

// bodyTime is how long the body of a request may take that is kept in memory until it is there; nothing of a file is. Who shows no credential has less.
const (
	bodyTime       = time.Minute
	publicBodyTime = 10 * time.Second
)

// body is a request's body. A client may take as long as it likes in all but must send something within each stall, which is
// longer for who is admitted and sends a file ([exchange.patient]);
// one that does not, hangs up or sends less than it announced makes Read fail with [truncated].
type body struct {
	from    io.Reader
	control http.ResponseController
	stall   time.Duration
	short   time.Duration // the stall of what is dropped
	end     time.Time     // when the body has to be there; zero: some time
	until   time.Time     // the deadline that reading has now, as far as it is this body's; zero: none of it
	first   []byte        // read ahead by begins
	n       int64         // bytes that came
	done    bool          // the end, good or bad, was met

	patience *patience // nil: it does not wait for long
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
		return 0, io.EOF
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
		// net/http will try to read what is left before it answers; nothing more will come.
		_ = b.control.SetReadDeadline(time.Now())
		return n, &truncated{err}
	}
	// The connection is now watched for the client's leaving; a deadline that passes meanwhile would look like it.
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

// drain reads and drops up to left bytes of what is left, which must come within a time; 0: each piece within a stall. It reports whether that
// was all.
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

// buffers are what bodies and files are copied with.
var buffers = sync.Pool{New: func() any {
	b := make([]byte, copySize)
	return &b
}}

// publicPiece is how much who shows no credential has to take within each stall.
const publicPiece = 64 << 10

// reply is the way to the client. It counts, and allows each write a stall's time, so that a reader may pause but not
// hold a file open for ever.
type reply struct {
	http.ResponseWriter
	control    http.ResponseController
	connection *connection
	exchange   *exchange
	stall      time.Duration
	patience   *patience // nil: it does not wait for long
	head       bool      // the client wants no more than the head
	values     values
	status     int // 0 until the header is written
	bytes      int64
	aborted    bool // the answer broke off: the connection must not be used again
}

// begin gives the connection fresh deadlines: those that the previous request left may have passed, or be about to. A body that no
// handler reads is read by net/http before it sends the answer, which must not take all the time that the answer has.
func (w *reply) begin(hasBody bool) {
	short := w.exchange.server.short
	w.extend(short) // and not w.stall, which grows when it is known who asks: each request would set two deadlines
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

// recent reports whether a deadline that was set before does for the one that is due now, which may be a little later. Setting one
// wakes the poller, and a short answer would set it three times within a fraction of a millisecond.
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
			// Without this, net/http reads on before it writes, and closes the connection after 256 KiB. It fails for
			// HTTP/2 alone, which has no need of it.
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

// Unwrap lets [http.ResponseController] through.
func (w *reply) Unwrap() http.ResponseWriter { return w.ResponseWriter }
