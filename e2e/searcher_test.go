//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

const (
	searchProject = "vision"
	searchTrials  = 96
	searchWorkers = 16
	searchAhead   = 24                    // trials that wait for a worker, or are being run
	searchTime    = 3 * time.Minute       // bounds it all; only a test that fails waits for its end
	againEvery    = 20 * time.Millisecond // how often a request is sent again that nobody answers
)

// trial is what a file in trials holds: the parameters to try.
type trial struct {
	Rate  float64 `json:"rate"`
	Depth int     `json:"depth"`
}

// score is the training: the larger the better, at its best for a rate of 0.1 and a depth of 5.
func (p trial) score() float64 {
	return -math.Abs(math.Log10(p.Rate)+1) - math.Abs(float64(p.Depth-5))
}

// result is what a worker finds out, and what leader.json holds of the best.
type result struct {
	Trial  int     `json:"trial"`
	Worker string  `json:"worker"`
	Score  float64 `json:"score"`
}

// model is what a training leaves beside its result, long enough to lie in a block.
func (r result) model() []byte {
	return bytes.Repeat([]byte(fmt.Sprintf("model of trial %d by %s\n", r.Trial, r.Worker)), 4000)
}

// search is a directory in which trials are searched, and what the test counts: no worker looks at that.
type search struct {
	top      string
	trials   int
	careless bool           // workers claim without the condition
	ran      []atomic.Int64 // how often each trial was run
	retried  atomic.Int64   // requests that were sent again
}

func newSearch(name string, trials int, careless bool) *search {
	return &search{top: "/Projects/" + searchProject + "/" + name, trials: trials, careless: careless, ran: make([]atomic.Int64, trials)}
}

// trialName is what a trial's files are called.
func trialName(i int) string { return fmt.Sprintf("%03d", i) }

// searcher is a worker, who knows nothing of the others but what is in files, and what the project's feed tells of them.
type searcher struct {
	*search
	name    string
	servers []string // their origins; it talks to the one at the front while that answers
	token   string
	http    *http.Client
	after   int64 // the last event that it has seen
}

// reply is what a server answered.
type reply struct {
	status int
	body   []byte
	etag   string
}

// ask sends one request until a server answers it. All that it sends for it have one operation id, so that it happens once,
// whichever of them arrive.
func (s *searcher) ask(ctx context.Context, method, route string, query url.Values, body []byte, headers map[string]string) (reply, error) {
	id := uuid.NewString()
	again := time.NewTicker(againEvery)
	defer again.Stop()
	for {
		r, err := http.NewRequestWithContext(ctx, method, s.servers[0]+"/api/v1/"+route+"?"+query.Encode(), bytes.NewReader(body))
		if err != nil {
			return reply{}, err
		}
		r.Header.Set("Authorization", "Bearer "+s.token)
		r.Header.Set("Idempotency-Key", id)
		for name, value := range headers {
			r.Header.Set(name, value)
		}
		got, err := s.send(r)
		if err == nil && got.status != http.StatusServiceUnavailable {
			return got, nil
		}
		s.retried.Add(1)
		if err != nil {
			s.servers = append(s.servers[1:], s.servers[0])
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return reply{}, errors.Join(ctx.Err(), err)
		}
	}
}

// send fails if no whole answer comes.
func (s *searcher) send(r *http.Request) (reply, error) {
	a, err := s.http.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	return reply{a.StatusCode, text, a.Header.Get("ETag")}, err
}

// demand is ask for what must succeed.
func (s *searcher) demand(ctx context.Context, method, route string, query url.Values, body []byte) (reply, error) {
	a, err := s.ask(ctx, method, route, query, body, nil)
	if err == nil && a.status >= 300 {
		err = fmt.Errorf("%s: %s %s: %d %s", s.name, route, query.Encode(), a.status, a.body)
	}
	return a, err
}

func (s *search) at(path string) url.Values { return url.Values{"path": {s.top + path}} }

// write makes a file, whatever was there.
func (s *searcher) write(ctx context.Context, path string, content []byte) error {
	query := s.at(path)
	query.Set("overwrite", "true")
	_, err := s.demand(ctx, "PUT", "fs/create", query, content)
	return err
}

// publish gives what was written at from the name to, in one step.
func (s *searcher) publish(ctx context.Context, from, to string) error {
	query := s.at(to)
	query.Set("source", s.top+from)
	_, err := s.demand(ctx, "POST", "fs/replace", query, nil)
	return err
}

// list returns the names in a directory.
func (s *searcher) list(ctx context.Context, path string) ([]string, error) {
	a, err := s.demand(ctx, "GET", "fs/list-status", s.at(path), nil)
	if err != nil {
		return nil, err
	}
	var listing struct {
		FileStatuses struct{ FileStatus []struct{ PathSuffix string } }
	}
	if err := json.Unmarshal(a.body, &listing); err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range listing.FileStatuses.FileStatus {
		names = append(names, entry.PathSuffix)
	}
	return names, nil
}

// happening is what a worker looks at in an event.
type happening struct {
	Seq          int64
	Op           string
	Path, Target string
}

// page returns what happened next in the project, and waits for it for some seconds.
func (s *searcher) page(ctx context.Context, wait int) ([]happening, error) {
	query := url.Values{"after": {strconv.FormatInt(s.after, 10)}, "wait": {strconv.Itoa(wait)}}
	a, err := s.demand(ctx, "GET", "projects/"+searchProject+"/events", query, nil)
	if err != nil {
		return nil, err
	}
	var page struct {
		Items []happening
		Last  int64
	}
	err = json.Unmarshal(a.body, &page)
	s.after = page.Last
	return page.Items, err
}

// happens waits until something happens in the project, and returns it.
func (s *searcher) happens(ctx context.Context) (events []happening, err error) {
	for err == nil && len(events) == 0 {
		events, err = s.page(ctx, 10)
	}
	return events, err
}

// made returns the name of what the event says is there now in dir, "" if it is of something else.
func (s *search) made(e happening, dir string) string {
	at := e.Path
	if e.Target != "" {
		at = e.Target
	}
	name, ok := strings.CutPrefix(at, s.top+dir+"/")
	if !ok || strings.Contains(name, "/") {
		return ""
	}
	return name
}

// work runs trials, as they come, until there are results of all.
func (s *searcher) work(ctx context.Context) error {
	for results := 0; results < s.trials; {
		events, err := s.happens(ctx)
		if err != nil {
			return err
		}
		for _, e := range events {
			if s.made(e, "/results") != "" {
				results++
			}
			name := s.made(e, "/trials")
			if name == "" {
				continue
			}
			mine, err := s.claim(ctx, name)
			if err == nil && mine {
				err = s.run(ctx, name)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// claim reports whether the trial is this worker's: it is whose claim is the first file of the name.
func (s *searcher) claim(ctx context.Context, name string) (bool, error) {
	if s.careless {
		return true, s.write(ctx, "/claims/"+name, []byte(s.name))
	}
	a, err := s.ask(ctx, "PUT", "fs/create", s.at("/claims/"+name), []byte(s.name), map[string]string{"If-None-Match": "*"})
	switch {
	case err != nil:
		return false, err
	case a.status == http.StatusCreated:
		return true, nil
	case a.status == http.StatusPreconditionFailed:
		return false, nil
	}
	return false, fmt.Errorf("%s claims %s: %d %s", s.name, name, a.status, a.body)
}

// run runs a trial and publishes what comes out: its result, the same as the latest, and as the best if it is that.
func (s *searcher) run(ctx context.Context, name string) error {
	a, err := s.demand(ctx, "GET", "fs/open", s.at("/trials/"+name), nil)
	if err != nil {
		return err
	}
	var p trial
	if err := json.Unmarshal(a.body, &p); err != nil {
		return err
	}
	r := result{Worker: s.name, Score: p.score()}
	if r.Trial, err = strconv.Atoi(name); err != nil {
		return err
	}
	s.ran[r.Trial].Add(1)
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	for to, prefix := range map[string]string{"/results/" + name: "", "/latest": name + "."} {
		work := "/work/" + s.name
		if err := s.write(ctx, work+"/"+prefix+"metrics", text); err != nil {
			return err
		}
		if err := s.write(ctx, work+"/"+prefix+"model", r.model()); err != nil {
			return err
		}
		if err := s.publish(ctx, work, to); err != nil {
			return err
		}
	}
	return s.lead(ctx, r, text)
}

// lead makes r the leader unless there is a better one: compare and set.
func (s *searcher) lead(ctx context.Context, r result, text []byte) error {
	for {
		a, err := s.demand(ctx, "GET", "fs/open", s.at("/leader.json"), nil)
		if err != nil {
			return err
		}
		var leader result
		if err := json.Unmarshal(a.body, &leader); err != nil {
			return err
		}
		if leader.Score >= r.Score {
			return nil
		}
		switch a, err = s.ask(ctx, "PUT", "fs/create", s.at("/leader.json"), text, map[string]string{"If-Match": a.etag}); {
		case err != nil:
			return err
		case a.status == http.StatusCreated:
			return nil
		case a.status != http.StatusPreconditionFailed:
			return fmt.Errorf("%s leads: %d %s", s.name, a.status, a.body)
		}
	}
}

// watch reads the latest result, which is always there and always one result, whenever something happens, until ctx ends. It
// returns how often.
func (s *searcher) watch(ctx context.Context) (seen int, err error) {
	for ; ; seen++ {
		names, err := s.list(ctx, "/latest")
		if err == nil {
			one, _, _ := strings.Cut(strings.Join(names, " "), ".")
			if len(names) != 2 || names[0] != one+".metrics" || names[1] != one+".model" {
				return seen, fmt.Errorf("the latest result is %q", names)
			}
			_, err = s.happens(ctx)
		}
		if errors.Is(err, context.Canceled) {
			return seen, nil
		}
		if err != nil {
			return seen, err
		}
	}
}
