package server

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// Limits bound what one principal, and all together, may ask of one server. They are meant to stop programs that run wild, and
// so are far above what a data loader or a cluster of workers needs. Each server counts for itself, so n servers behind one
// address allow up to n times as much. 0 means the default, below 0 no limit.
type Limits struct {
	Reads  float64 // GET and HEAD requests per second by one principal, except those that create something; default 20,000
	Writes float64 // other requests per second by one principal; default 10,000
	Costly float64 // searches, jobs and queries of the audit and of access, per second by one principal, in place of the above; default 100
	Each   int     // requests under way by one principal; default 2,048
	All    int     // requests under way by all; default 8,192
}

// class is the rate that a request counts against.
type class int

const (
	reading class = iota
	writing
	costly
	classes
)

// classNames are the names of the classes in the RateLimit fields.
var classNames = [classes]string{"reads", "writes", "costly"}

// Defaults of [Limits].
const (
	defaultReads      = 20_000
	defaultWrites     = 10_000
	defaultCostly     = 100
	defaultEach       = 2_048
	defaultAll        = 8_192
	rateWindow        = 10 * time.Second // a burst may use up what a rate allows in this time
	limitedPrincipals = 16_384           // whose use is remembered, in some 8 MB; beyond, the least recently seen one starts anew
	shedRetry         = time.Second      // the Retry-After of a request that was refused because too much is under way
)

// limiter enforces [Limits].
type limiter struct {
	rates    [classes]rate.Limit
	bursts   [classes]int
	policies [classes][]string // values of the RateLimit-Policy field
	each     int64
	all      int64
	underWay atomic.Int64
	batches  atomic.Int64 // of those under way
	held     held
	rooms    [purposes]room
	drains   atomic.Int64 // bodies that are read only to be dropped
	aside    atomic.Int64 // requests that gave back their place among all while their client pauses
	// asideAfter is how long a client may pause before its request does so.
	asideAfter time.Duration
	uses       *lru.Cache[string, *use]
	now        func() time.Time
}

// use counts what a principal uses of a server.
type use struct {
	rates    [classes]*rate.Limiter
	underWay atomic.Int64
	batches  atomic.Int64 // of those under way
	held     held
}

func newLimiter(l Limits) *limiter {
	uses, err := lru.New[string, *use](limitedPrincipals)
	if err != nil {
		panic(err) // the size is a constant
	}
	out := &limiter{
		each: int64(orDefault(float64(l.Each), defaultEach)), all: int64(orDefault(float64(l.All), defaultAll)),
		uses: uses, now: time.Now, asideAfter: defaultAside,
		rooms: rooms,
	}
	for c, perSecond := range [classes]float64{
		orDefault(l.Reads, defaultReads), orDefault(l.Writes, defaultWrites), orDefault(l.Costly, defaultCostly),
	} {
		if perSecond < 0 {
			out.rates[c] = rate.Inf
			continue
		}
		out.rates[c] = rate.Limit(perSecond)
		out.bursts[c] = max(1, int(perSecond*rateWindow.Seconds()))
		out.policies[c] = []string{fmt.Sprintf(`"%s";q=%d;w=%d`, classNames[c], out.bursts[c], int(rateWindow.Seconds()))}
	}
	return out
}

func orDefault(given, unset float64) float64 {
	if given == 0 {
		return unset
	}
	return given
}

// of returns the use of a principal.
func (l *limiter) of(user string) *use {
	if u, ok := l.uses.Get(user); ok {
		return u
	}
	u := &use{}
	for c := range u.rates {
		u.rates[c] = rate.NewLimiter(l.rates[c], l.bursts[c])
	}
	if first, ok, _ := l.uses.PeekOrAdd(user, u); ok {
		return first
	}
	return u
}

// enter counts a request among those under way, and fails if there are too many. The caller must call leave in either case.
func (l *limiter) enter() error {
	if n := l.underWay.Add(1); l.all < 0 || n <= l.all {
		return nil
	}
	return &denial{face: tooBusy, msg: "The server is serving as many requests as it can; try again.", retry: shedRetry}
}

func (l *limiter) leave() { l.underWay.Add(-1) }

// classOf returns the class of a request by its method, unless its operation says otherwise.
func classOf(method string) class {
	if method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions {
		return reading
	}
	return writing
}

// count counts the request against the limits of whose, a principal or a link, sets the RateLimit fields to what is left, and
// fails if nothing is. The request counts as under way until [exchange.release].
//
// The fields are those of draft-ietf-httpapi-ratelimit-headers from its eighth version on, q and r in requests, w and t in
// seconds; t is when all of q is available again. Clients of HDFS and most of Python's look only at Retry-After.
func (x *exchange) count(whose string, as class) error {
	l := x.server.limits
	u := l.of(whose)
	if n := u.underWay.Add(1); l.each >= 0 && n > l.each {
		u.underWay.Add(-1)
		return &denial{
			face: tooManyRequests, retry: shedRetry,
			msg: fmt.Sprintf("You have %d requests under way, as many as this server takes from one user; wait for some of them.", l.each),
		}
	}
	x.use = u
	u.held[forBodies].Add(x.held)
	x.w.stall = x.server.short
	return x.spend(as, 1)
}

// spend counts the request as n more of a class, and fails if fewer are left. n is capped at the burst, so that a large request
// can succeed at all.
func (x *exchange) spend(as class, n int) error {
	l, u := x.server.limits, x.use
	if l.rates[as] == rate.Inf {
		return nil
	}
	now, bucket := l.now(), u.rates[as]
	n = max(0, min(n, l.bursts[as]))
	var wait time.Duration
	if !bucket.AllowN(now, n) {
		reserved := bucket.ReserveN(now, n)
		wait = reserved.DelayFrom(now)
		reserved.CancelAt(now)
	}
	left := max(0, math.Floor(bucket.TokensAt(now)))
	full := math.Ceil((float64(l.bursts[as]) - left) / float64(l.rates[as]))
	x.w.Header()["Ratelimit-Policy"] = l.policies[as]
	var room [48]byte
	text := append(append(append(room[:0], '"'), classNames[as]...), `";r=`...)
	text = append(strconv.AppendInt(text, int64(left), 10), ";t="...)
	x.w.set("Ratelimit", string(strconv.AppendInt(text, int64(full), 10)))
	if wait > 0 {
		return &denial{
			face: tooManyRequests, retry: wait,
			msg: fmt.Sprintf("You have used up your %s on this server: at most %d within %s. Wait as long as Retry-After says.", classNames[as], l.bursts[as], rateWindow),
		}
	}
	return nil
}
