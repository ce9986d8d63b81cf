package crash

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// feedEvent is what the test looks at in an event.
type feedEvent struct {
	Seq       int64
	Op        string
	FileID    int64
	Path      string
	Target    string
	Detail    struct{ Replaced int64 }
	Operation string
}

// subscriber follows the feed by server-sent events. It leaves now and then, and comes back to the other server with the
// number of an event that it has seen, not always the last.
type subscriber struct {
	f      *feed
	token  string
	begin  int64  // the number behind which it begins
	until  string // the path of the event that is the last
	at     int    // the server that it follows
	rng    *rand.Rand
	seen   []feedEvent
	again  int // events that it had seen before
	visits int
}

func newSubscriber(f *feed, i int, token string, begin int64, until string, choices uint64) *subscriber {
	return &subscriber{f: f, token: token, begin: begin, until: until, at: i, rng: choicesOf(choices, 1000+i)}
}

// follow follows the feed to its end.
func (s *subscriber) follow(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for ; ; s.visits++ {
		if over, err := s.visit(ctx); over || err != nil {
			return err
		}
		s.at++
		select {
		case <-again.C:
		case <-ctx.Done():
			return fmt.Errorf("%w after %d events", ctx.Err(), len(s.seen))
		}
	}
}

// visit follows one stream until it breaks, or the subscriber has had enough of it.
func (s *subscriber) visit(ctx context.Context) (over bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.f.place(s.at)+"/api/v1/projects/"+s.f.name+"/events/stream", http.NoBody)
	if err != nil {
		return false, err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	last := s.begin + int64(len(s.seen)) - int64(s.rng.IntN(1+min(5, len(s.seen))))
	r.Header.Set("Last-Event-ID", strconv.FormatInt(last, 10))
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return false, nil // the server was killed: there is another one
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusServiceUnavailable:
		return false, nil
	default:
		text, err := io.ReadAll(answer.Body)
		return false, fmt.Errorf("%s: %s %w", answer.Status, text, err)
	}
	left := 1 + s.rng.IntN(200)
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	for left > 0 && lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var e feedEvent
		if err := json.Unmarshal([]byte(data), &e); err != nil || e.Seq == 0 {
			return false, fmt.Errorf("the stream says %q: %w", data, err)
		}
		if last++; e.Seq != last {
			return false, fmt.Errorf("event %d comes where %d should", e.Seq, last)
		}
		if over, err := s.take(e); over || err != nil {
			return over, err
		}
		left--
	}
	return false, nil
}

// take takes in an event, and reports whether it is the last. One that came before must be what it was.
func (s *subscriber) take(e feedEvent) (over bool, err error) {
	if i := int(e.Seq - s.begin - 1); i < len(s.seen) {
		s.again++
		if s.seen[i] != e {
			return false, fmt.Errorf("event %d was %+v and is %+v", e.Seq, s.seen[i], e)
		}
		return false, nil
	}
	s.seen = append(s.seen, e)
	return e.Path == s.until, nil
}

// last returns the number of the newest event.
func (f *feed) last(t *testing.T, token string) int64 {
	t.Helper()
	events := f.pages(t, token, 0, 1<<30)
	return events[len(events)-1].Seq
}

// pages reads the feed by pages, up to so many events.
func (f *feed) pages(t *testing.T, token string, after int64, most int) (events []feedEvent) {
	t.Helper()
	for len(events) < most {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/api/v1/projects/%s/events?after=%d", f.place(0), f.name, after), http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var page struct{ Items []feedEvent }
		if err := json.NewDecoder(answer.Body).Decode(&page); err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v", answer.Status, err)
		}
		answer.Body.Close()
		if len(page.Items) == 0 {
			break
		}
		events = append(events, page.Items...)
		after = events[len(events)-1].Seq
	}
	return events[:min(len(events), most)]
}
