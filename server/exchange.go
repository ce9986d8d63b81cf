package server

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"
)

// exchange is one request of any kind and its answer.
type exchange struct {
	server *Server
	w      *reply
	r      *http.Request
	body   *body
	id     string // the request's id
	hadoop bool   // failures are RemoteExceptions; else problem details
	page   bool   // failures are HTML pages, if the client accepts HTML
	op     string // the operation's name once it is known, for the log, the span and the metrics
	path   string // the file's path once it is known, for the log
	user   string // the caller once it is known, for the log
	err    error  // what went wrong, for the log
	told   face   // the face of the failure that was answered; zero: none
	client string // the address that the request came from, without its port
	// use is what the principal, or the link, uses of the server, with this request as under way; nil before it was counted.
	use *use
	// held is how many bytes of the body are held in memory.
	held int64
	// entered is set while the request counts among those under way.
	entered bool
	// drained is set when the rest of the body has been dropped, or as much of it as is read of a refused request.
	drained bool
	// torn is set when a rest of the body remains, which must not be taken for the next request.
	torn bool
}

// leave stops counting the request among those under way by all. Only the first call has an effect.
func (x *exchange) leave() {
	if x.entered {
		x.entered = false
		x.server.limits.leave()
	}
}

// release stops counting the request as under way for its principal, if it was counted, and its body as held in memory.
func (x *exchange) release() {
	x.letGo(x.held)
	if x.use != nil {
		x.use.underWay.Add(-1)
	}
}

// begun is all the state of a request, in one allocation.
type begun struct {
	exchange exchange
	reply    reply
	body     body
}

// newExchange returns the exchange of a request that has just come in.
func (s *Server) newExchange(w http.ResponseWriter, r *http.Request) *exchange {
	b, control := new(begun), *http.NewResponseController(w)
	b.exchange = exchange{server: s, r: r, w: &b.reply, body: &b.body, id: requestID(r), client: clientHost(r)}
	b.reply = reply{ResponseWriter: w, control: control, stall: s.public, connection: connectionOf(r), head: r.Method == http.MethodHead, exchange: &b.exchange}
	b.body = body{from: r.Body, control: control, stall: s.short, short: s.short}
	return &b.exchange
}

// maxRequestID bounds an id that a client chose.
const maxRequestID = 64

// requestID returns the caller's X-Request-Id if it can go into a log as it is, or makes one.
func requestID(r *http.Request) string {
	id := r.Header.Get("X-Request-Id")
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '.'
	}
	if id == "" || len(id) > maxRequestID || strings.ContainsFunc(id, func(r rune) bool { return !plain(r) }) {
		return rand.Text()
	}
	return id
}

// ServeHTTP answers one request. Everything that is the same for all requests happens here: the request id, safe headers,
// deadlines, the span, metrics, the log line, and the handling of panics.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	r = s.forwarded(r)
	path, query := splitTarget(r)
	x := s.newExchange(w, r)
	file, isFile := underWebHDFS(path)
	x.hadoop = isFile

	ctx, span := s.telemetry.begin(r)
	defer func() {
		caught := recover()
		if caught != nil && caught != http.ErrAbortHandler { //nolint:errorlint // a panic value, compared as net/http does
			x.err = &panicked{value: caught, stack: debug.Stack()}
			x.fail(x.err)
		}
		if caught == http.ErrAbortHandler { //nolint:errorlint // as above
			x.w.aborted = true
		}
		if caught == nil && !x.w.aborted {
			x.dropRest()
		}
		x.leave()
		s.finish(x, span, path, query, time.Since(start))
		x.release()
		if x.w.aborted || x.torn {
			panic(http.ErrAbortHandler) // the only way to tell the client that the answer is incomplete
		}
	}()
	if ctx != r.Context() {
		x.r = r.WithContext(ctx)
	}
	x.w.begin(r.ContentLength != 0)
	x.w.set("X-Request-Id", x.id)
	h := w.Header()
	h["Cache-Control"] = privateNoStore
	h["Referrer-Policy"] = noReferrer
	h["X-Content-Type-Options"] = noSniff
	if !probes[path] { // probes must be answered also when the server is busy
		x.entered = true
		if err := s.limits.enter(); err != nil {
			x.fail(err)
			return
		}
	}
	if !isFile {
		s.router.ServeHTTP(x.w, override(x.r.WithContext(withExchange(ctx, x)), path))
		return
	}
	if err := x.webhdfs(file, query); err != nil {
		x.fail(err)
	}
}

// probes holds the paths that monitoring asks for.
var probes = map[string]bool{"/healthz": true, "/readyz": true, "/metrics": true}

// underWebHDFS returns the file's part of a path under the WebHDFS prefix.
func underWebHDFS(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, "/webhdfs/v1")
	return rest, ok && (rest == "" || rest[0] == '/')
}

// fail answers with err in the format of the mount. If the answer has begun, it can only be cut off, so that the client sees
// that it is incomplete.
func (x *exchange) fail(err error) {
	x.err = err
	if x.w.status != 0 {
		x.w.aborted = true
		return
	}
	f := explain(err)
	if f.hadoop >= http.StatusInternalServerError || f.api >= http.StatusInternalServerError {
		if x.r.Context().Err() != nil { // it failed because the client left
			f.face = hungUp
		}
	}
	x.told = f.face
	h := x.w.Header()
	h.Del("Content-Disposition")
	h.Del("Content-Security-Policy")
	h.Del("Content-Length")
	if f.allow != "" {
		h.Set("Allow", f.allow)
	}
	if f.etag != "" {
		h.Set("ETag", f.etag)
	}
	if f.contentRange != "" {
		h.Set("Content-Range", f.contentRange)
	}
	status, kind, text := f.hadoop, "application/json", remoteException(f)
	if !x.hadoop {
		status, kind, text = f.api, "application/problem+json", problem(f, x.id, x.path)
	}
	if x.page && strings.Contains(x.r.Header.Get("Accept"), "text/html") {
		h.Set("Content-Security-Policy", pagePolicy)
		kind, text = "text/html; charset=utf-8", failurePage(f, x.id)
	}
	if f.retry > 0 {
		h.Set("Retry-After", seconds(f.retry))
	} else if status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "1")
	}
	if f.challenge == "" && status == http.StatusUnauthorized { // a 401 must have a challenge (RFC 9110, section 15.5.2)
		f.challenge = bearerChallenge
	}
	if f.challenge != "" {
		h.Set("WWW-Authenticate", f.challenge)
	}
	x.typed(kind)
	x.answerEarly(status, text)
}

// seconds returns a duration in whole seconds, rounded up, as in Retry-After.
func seconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// remoteException renders f as Hadoop's clients read it.
func remoteException(f failure) []byte {
	b := append([]byte(nil), `{"RemoteException":{"exception":`...)
	b = appendJSON(b, simpleName(f.class))
	b = append(b, `,"javaClassName":`...)
	b = appendJSON(b, f.class)
	b = append(b, `,"message":`...)
	b = appendJSON(b, f.java+f.msg)
	return append(b, "}}"...)
}

// simpleName is Java's short name of a class.
func simpleName(class string) string { return class[strings.LastIndexAny(class, ".$")+1:] }

// Problem is the body of a failure under /api/v1: problem details of RFC 9457 with extension members.
type Problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Instance  string `json:"instance,omitempty"`  // the file's path
	Exception string `json:"exception,omitempty"` // Java's simple class name, for those who know HDFS
	ETag      string `json:"etag,omitempty"`      // the file's, if a condition demanded another
	RequestID string `json:"requestId"`
}

func problem(f failure, id, path string) []byte {
	text, err := json.Marshal(Problem{
		Type: "about:blank", Title: f.title, Status: f.api, Detail: f.msg, Instance: path,
		Exception: simpleName(f.class), ETag: f.etag, RequestID: id,
	})
	if err != nil {
		panic(err) // cannot fail: only strings and a number
	}
	return text
}

// typed sets the type of a JSON answer. A Hadoop client gets none: Spark 4.3 ships JAX-RS without its implementation and
// crashes on any media type, while every Hadoop client reads an untyped answer as JSON.
func (x *exchange) typed(kind string) {
	if x.hadoop && isJava(x.r) {
		x.w.Header()["Content-Type"] = nil // present but empty, so that net/http does not guess one
		return
	}
	x.w.Header()["Content-Type"] = typeValue(kind)
}

// hadoopHeader is X-Hadoop-Accept-EZ as net/http keeps it.
const hadoopHeader = "X-Hadoop-Accept-Ez"

// isJava reports whether the client is Hadoop's own. Hadoop marks all its requests with the first header, and the JDK names
// itself in User-Agent.
func isJava(r *http.Request) bool {
	return len(r.Header[hadoopHeader]) > 0 && r.Header[hadoopHeader][0] != "" || strings.HasPrefix(r.UserAgent(), "Java/")
}

// panicked is a panic of a handler, kept for the log.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return "panic in a handler" }

// beside runs a part of a request in a goroutine of its own, where a panic would end the process, and returns a panic as an
// error.
func beside(part func() error) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = &panicked{value: caught, stack: debug.Stack()}
		}
	}()
	return part()
}

// withStack adds the stack to what is logged about err, if err is a panic.
func withStack(attrs []slog.Attr, err error) []slog.Attr {
	var p *panicked
	if errors.As(err, &p) {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	return attrs
}

// finish records one request: span, metrics, and one line of log. Nothing that could be a secret gets in: the query is
// redacted, and of a panic only the stack is kept, which shows no values.
func (s *Server) finish(x *exchange, span trace.Span, path, rawQuery string, took time.Duration) {
	name := x.op
	if name == "" {
		name = "other"
	}
	status := x.w.status
	if status == 0 {
		status = http.StatusOK // nothing was written, which net/http sends as an empty 200
	}
	level, ended := slog.LevelInfo, asTold
	if x.faulty(status) {
		level, ended = slog.LevelError, ourFault
	}
	if x.w.aborted {
		ended = brokeOff
	}
	s.telemetry.end(x.r.Context(), span, series{name, status, ended}, x.w.bytes, x.body.n, took)
	if !s.log.Enabled(x.r.Context(), level) {
		return
	}
	told := redactSecrets(x.path) // as it was parsed
	if told == "" {
		told = redactPath(path)
	}
	attrs := []slog.Attr{
		slog.String("id", x.id), slog.String("method", redactSecrets(x.r.Method)), slog.String("op", name),
		slog.String("path", told), slog.String("query", redact(rawQuery)), slog.Int("status", status),
		slog.Int64("received", x.body.n), slog.Int64("sent", x.w.bytes), slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.String("user", redactSecrets(x.user)), slog.String("client", x.client),
	}
	if x.err != nil {
		attrs = append(attrs, slog.String("error", redactSecrets(x.err.Error())))
	}
	s.log.LogAttrs(x.r.Context(), level, "request", withStack(attrs, x.err)...)
}

// faulty reports whether the server is to blame for how the request ended. An answer that broke off is the server's fault, unless
// the client left.
func (x *exchange) faulty(status int) bool {
	switch {
	case x.w.aborted && x.r.Context().Err() == nil:
		return true
	case x.told != face{}:
		return x.told.ours()
	}
	return status >= http.StatusInternalServerError
}

// answerEarly writes a small answer to a request whose body may still be arriving. Clients in Java and Python send the whole
// body before they look for the answer, and lose it if the connection is reset meanwhile. So the answer is sent first, and then
// the rest of the body is read and dropped, within bounds.
func (x *exchange) answerEarly(status int, text []byte) {
	x.w.sized(len(text))
	if x.flowing() && (x.r.ContentLength < 0 || x.r.ContentLength-x.body.n > drainBytes) {
		// The rest may be too long to be drained. A client that has sent all of it would otherwise use the connection again, and
		// lose its next request when the connection is closed.
		x.w.Header().Set("Connection", "close")
	}
	x.w.WriteHeader(status)
	if x.r.Method != http.MethodHead {
		_, _ = x.w.Write(text) // fails only if the client is gone
	}
	x.drained = true
	if !x.flowing() {
		return
	}
	_ = x.w.control.Flush()
	// The request is answered. While its body is drained it holds no place among all, and has none to give back in a pause.
	x.body.patience = nil
	x.leave()
	x.dropSome()
}

// dropSome reads and drops the rest of the body within the bounds for refused and for unauthenticated requests.
func (x *exchange) dropSome() {
	drains := &x.server.limits.drains
	defer drains.Add(-1)
	x.torn = drains.Add(1) > mostDrains || !x.body.drain(drainBytes, drainTime)
}

// dropRest drops the rest of the body after a successful answer that did not need it, such as that to a file that is sent again
// under the same Idempotency-Key. The rest may be of any length, and the request holds its place, and its user's, until all of it
// has arrived. Of an unauthenticated request no more is read than of a refused one.
func (x *exchange) dropRest() {
	if x.drained || x.w.status == 0 || !x.flowing() {
		return
	}
	_ = x.w.control.Flush()
	if x.use == nil {
		x.leave()
		x.dropSome()
		return
	}
	x.torn = !x.body.drain(math.MaxInt64, 0)
}

// flowing reports whether the body, or the end of it, may still be arriving.
func (x *exchange) flowing() bool {
	if x.r.ContentLength == 0 || x.body.done {
		return false
	}
	return x.body.n > 0 || x.r.Header.Get("Expect") == "" // a client that waits for 100 Continue will not send it now
}
