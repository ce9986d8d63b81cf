package server

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"granary/namespace"
)

// wire is a client that costs next to nothing, so that a benchmark measures the server: it has one connection, and reads heads
// only as far as it must.
type wire struct {
	conn    net.Conn
	r       *bufio.Reader
	request []byte
	host    string
	header  string // whole lines
	buffer  [8 << 10]byte
}

func newWire(b *testing.B, url, header string) *wire {
	host := strings.TrimPrefix(url, "http://")
	conn, err := net.Dial("tcp", host)
	must(b, err)
	b.Cleanup(func() { conn.Close() })
	return &wire{conn: conn, r: bufio.NewReaderSize(conn, 256<<10), host: host, header: header}
}

// send sends a request and returns the status and the Location, which is valid until the next call. The target is given in
// pieces, so that it can be made without allocating.
func (w *wire) send(method string, body []byte, target ...[]byte) (status int, location []byte) {
	q := append(append(w.request[:0], method...), ' ')
	for _, t := range target {
		q = append(q, t...)
	}
	q = append(append(q, " HTTP/1.1\r\nHost: "...), w.host...)
	q = append(append(q, "\r\n"...), w.header...)
	if method == http.MethodPut {
		q = strconv.AppendInt(append(q, "Content-Length: "...), int64(len(body)), 10)
		q = append(q, "\r\n"...)
	}
	q = append(append(q, "\r\n"...), body...)
	w.request = q
	_, err := w.conn.Write(q)
	w.check(err)
	return w.receive()
}

var (
	headLength   = []byte("Content-Length: ")
	headLocation = []byte("Location: ")
	headChunked  = []byte("Transfer-Encoding: chunked")
)

func (w *wire) receive() (status int, location []byte) {
	line := w.line()
	if len(line) < 12 {
		w.check(fmt.Errorf("the answer begins with %q", line))
	}
	status = int(line[9]-'0')*100 + int(line[10]-'0')*10 + int(line[11]-'0')
	length, chunked := 0, false
	for line = w.line(); len(line) > 0; line = w.line() {
		if text, ok := bytes.CutPrefix(line, headLength); ok {
			for _, c := range text {
				length = length*10 + int(c-'0')
			}
		}
		if text, ok := bytes.CutPrefix(line, headLocation); ok {
			location = append(w.buffer[:0], text...)
		}
		chunked = chunked || bytes.Equal(line, headChunked)
	}
	if !chunked {
		w.skip(length)
		return status, location
	}
	for {
		length = 0
		for _, c := range w.line() {
			length = length<<4 + unhex(c)
		}
		w.skip(length)
		w.line()
		if length == 0 {
			return status, location
		}
	}
}

// check ends the benchmark after a failure, from any goroutine.
func (w *wire) check(err error) {
	if err != nil {
		panic(err)
	}
}

func (w *wire) line() []byte {
	line, err := w.r.ReadSlice('\n')
	w.check(err)
	return bytes.TrimRight(line, "\r\n")
}

func (w *wire) skip(n int) {
	_, err := w.r.Discard(n)
	w.check(err)
}

// clients is the number of wires that send at once.
const clients = 16

// measure calls f b.N times in all, from several wires at once and with another number each time, and reports the processor
// time of this process per call: of the server and the wires, without the database.
func measure(b *testing.B, w *wire, f func(w *wire, i int)) {
	wires := []*wire{w}
	for range clients - 1 {
		wires = append(wires, newWire(b, "http://"+w.host, w.header))
	}
	b.ReportAllocs()
	var n atomic.Int64
	run := func(most int64) {
		var all sync.WaitGroup
		for _, w := range wires {
			all.Go(func() {
				for i := n.Add(1); i <= most; i = n.Add(1) {
					f(w, int(i))
				}
			})
		}
		all.Wait()
		n.Store(most)
	}
	const warm = 50 * clients // opens connections, prepares statements, grows buffers
	run(warm)
	b.ResetTimer()
	before, collecting := processorTime(b), collectorTime()
	run(warm + int64(b.N))
	b.ReportMetric(float64((processorTime(b)-before).Nanoseconds())/1000/float64(b.N), "cpu-µs/op")
	b.ReportMetric((collectorTime()-collecting)*1e6/float64(b.N), "gc-µs/op")
}

// collectorTime returns how many seconds the garbage collector has taken, as of its last cycle.
func collectorTime() float64 {
	sample := []metrics.Sample{{Name: "/cpu/classes/gc/total:cpu-seconds"}}
	metrics.Read(sample)
	return sample[0].Value.Float64()
}

func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchHouse returns a server as the command line starts it and a wire with ada's token, and makes 64 files in /tmp/set.
func benchHouse(b *testing.B) (*house, *wire) {
	h := newHouse(b, func(c *Config) {
		c.Log = slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}).nextDoor()
	w := newWire(b, h.url, "Authorization: Bearer "+h.token("ada")+"\r\n")
	content := bytes.Repeat([]byte("granary "), 512)
	for i := range 64 {
		w.want(201, http.MethodPut, content, fmt.Appendf(nil, "/webhdfs/v1/tmp/set/f%d?op=CREATE&data=true", i))
	}
	return h, w
}

// want calls send, and demands that status.
func (w *wire) want(status int, method string, body []byte, target ...[]byte) []byte {
	got, location := w.send(method, body, target...)
	if got != status {
		w.check(fmt.Errorf("%s %s: %d; want %d", method, bytes.Join(target, nil), got, status))
	}
	return location
}

// fresh returns the path of a new file.
func fresh(i int) []byte {
	return fmt.Appendf(nil, "/webhdfs/v1/tmp/new/f%d", i)
}

func BenchmarkStat(b *testing.B) {
	_, w := benchHouse(b)
	target := []byte("/webhdfs/v1/tmp/set/f7?op=GETFILESTATUS")
	measure(b, w, func(w *wire, _ int) { w.want(200, http.MethodGet, nil, target) })
}

func BenchmarkStatMissing(b *testing.B) {
	_, w := benchHouse(b)
	target := []byte("/webhdfs/v1/tmp/set/none?op=GETFILESTATUS")
	measure(b, w, func(w *wire, _ int) { w.want(404, http.MethodGet, nil, target) })
}

func BenchmarkRead(b *testing.B) {
	_, w := benchHouse(b)
	target := []byte("/webhdfs/v1/tmp/set/f7?op=OPEN")
	measure(b, w, func(w *wire, _ int) { w.want(200, http.MethodGet, nil, target) })
}

func BenchmarkList(b *testing.B) {
	_, w := benchHouse(b)
	for i := range 1000 {
		w.want(200, http.MethodPut, nil, fmt.Appendf(nil, "/webhdfs/v1/tmp/thousand/d%d?op=MKDIRS", i))
	}
	target := []byte("/webhdfs/v1/tmp/thousand?op=LISTSTATUS")
	measure(b, w, func(w *wire, _ int) { w.want(200, http.MethodGet, nil, target) })
}

func BenchmarkMkdirs(b *testing.B) {
	_, w := benchHouse(b)
	op := []byte("?op=MKDIRS")
	measure(b, w, func(w *wire, i int) { w.want(200, http.MethodPut, nil, fresh(i), op) })
}

func BenchmarkCreateOneHop(b *testing.B) {
	_, w := benchHouse(b)
	op, content := []byte("?op=CREATE&overwrite=false"), make([]byte, 4096)
	measure(b, w, func(w *wire, i int) { w.want(201, http.MethodPut, content, fresh(i), op) })
}

func BenchmarkCreateRedirected(b *testing.B) {
	_, w := benchHouse(b)
	op, content := []byte("?op=CREATE&overwrite=false"), make([]byte, 4096)
	measure(b, w, func(w *wire, i int) {
		location := w.want(307, http.MethodPut, nil, fresh(i), op)
		w.want(201, http.MethodPut, content, location[len("http://")+len(w.host):])
	})
}

// BenchmarkRedirect measures only the first hop of a creation, which does not call the namespace.
func BenchmarkRedirect(b *testing.B) {
	_, w := benchHouse(b)
	target := []byte("/webhdfs/v1/tmp/new/file?op=CREATE&overwrite=false")
	measure(b, w, func(w *wire, _ int) { w.want(307, http.MethodPut, nil, target) })
}

// BenchmarkBare measures net/http and the wire themselves, with an answer as long as a status.
func BenchmarkBare(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	body := bytes.Repeat([]byte("s"), 250)
	served := make(chan error, 1)
	s := &http.Server{ReadHeaderTimeout: headerTime, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{"application/json"}
		_, _ = w.Write(body)
	})}
	go func() { served <- s.Serve(l) }()
	b.Cleanup(func() {
		must(b, s.Close())
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			b.Error(err)
		}
	})
	w := newWire(b, "http://"+l.Addr().String(), "Authorization: Bearer "+strings.Repeat("t", 400)+"\r\n")
	target := []byte("/webhdfs/v1/tmp/set/f7?op=GETFILESTATUS")
	measure(b, w, func(w *wire, _ int) { w.want(200, http.MethodGet, nil, target) })
}

// BenchmarkSession measures the namespace alone, so that its share can be subtracted.
func BenchmarkSession(b *testing.B) {
	h, w := benchHouse(b)
	p, err := h.auth.Principal(b.Context(), "ada")
	must(b, err)
	file, err := namespace.ParsePath("/tmp/set/f7")
	must(b, err)
	b.Run("Stat", func(b *testing.B) {
		measure(b, w, func(w *wire, _ int) { _, err := h.fs.As(p).Stat(context.Background(), file); w.check(err) })
	})
	b.Run("Read", func(b *testing.B) {
		measure(b, w, func(w *wire, _ int) {
			buffer := w.buffer[:]
			r, err := h.fs.As(p).Open(context.Background(), file, 0, -1)
			w.check(err)
			_, err = io.ReadFull(r, buffer[:r.Size()])
			w.check(err)
			w.check(r.Close())
		})
	})
}
