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
	searchTop     = "/Projects/vision/search"
	searchTrials  = 96
	searchWorkers = 16
	searchTime    = 3 * time.Minute // bounds it all; only a test that fails waits for its end
	searchKill    = searchTrials / 4
	pollEvery     = 20 * time.Millisecond
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

// searcher is a worker, who knows nothing of the others but what is in files.
type searcher struct {
	name    string
	servers []string // their origins; it talks to the one at the front while that answers
	token   string
	http    *http.Client
	ran     *[searchTrials]atomic.Int64 // how often each trial was run, for the test alone
	retried *atomic.Int64               // requests that were sent again, likewise
}

// reply is what a server answered.
type reply struct {
	status int
	body   []byte
	etag   string
}

// ask sends one request until a server answers it. All that it sends for it have one operation id, so that it happens once,
// whichever of them arrive.
func (s *searcher) ask(ctx context.Context, method, op string, query url.Values, body []byte, headers map[string]string) (reply, error) {
	id := uuid.NewString()
	again := time.NewTicker(pollEvery)
	defer again.Stop()
	for {
		r, err := http.NewRequestWithContext(ctx, method, s.servers[0]+"/api/v1/fs/"+op+"?"+query.Encode(), bytes.NewReader(body))
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
func (s *searcher) demand(ctx context.Context, method, op string, query url.Values, body []byte, headers map[string]string) (reply, error) {
	a, err := s.ask(ctx, method, op, query, body, headers)
	if err == nil && a.status >= 300 {
		err = fmt.Errorf("%s: %s %s: %d %s", s.name, op, query.Encode(), a.status, a.body)
	}
	return a, err
}

func at(path string) url.Values { return url.Values{"path": {searchTop + path}} }

// write makes a file, whatever was there.
func (s *searcher) write(ctx context.Context, path string, content []byte) error {
	query := at(path)
	query.Set("overwrite", "true")
	_, err := s.demand(ctx, "PUT", "create", query, content, nil)
	return err
}

// publish gives what was written at from the name to, in one step.
func (s *searcher) publish(ctx context.Context, from, to string) error {
	query := at(to)
	query.Set("source", searchTop+from)
	_, err := s.demand(ctx, "POST", "replace", query, nil, nil)
	return err
}

// list returns the names in a directory.
func (s *searcher) list(ctx context.Context, path string) ([]string, error) {
	a, err := s.demand(ctx, "GET", "list-status", at(path), nil, nil)
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

// work runs trials until there are results of all.
func (s *searcher) work(ctx context.Context) error {
	look := time.NewTicker(pollEvery)
	defer look.Stop()
	for {
		trials, err := s.list(ctx, "/trials")
		if err != nil {
			return err
		}
		for _, name := range trials {
			mine, err := s.claim(ctx, name)
			if err == nil && mine {
				err = s.run(ctx, name)
			}
			if err != nil {
				return err
			}
		}
		results, err := s.list(ctx, "/results")
		if err != nil || len(results) == len(trials) {
			return err
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// claim reports whether the trial is this worker's: it is whose claim is the first file of the name.
func (s *searcher) claim(ctx context.Context, name string) (bool, error) {
	a, err := s.ask(ctx, "PUT", "create", at("/claims/"+name), []byte(s.name), map[string]string{"If-None-Match": "*"})
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
	a, err := s.demand(ctx, "GET", "open", at("/trials/"+name), nil, nil)
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
		a, err := s.demand(ctx, "GET", "open", at("/leader.json"), nil, nil)
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
		switch a, err = s.ask(ctx, "PUT", "create", at("/leader.json"), text, map[string]string{"If-Match": a.etag}); {
		case err != nil:
			return err
		case a.status == http.StatusCreated:
			return nil
		case a.status != http.StatusPreconditionFailed:
			return fmt.Errorf("%s leads: %d %s", s.name, a.status, a.body)
		}
	}
}

// watch reads the latest result, which is always there and always one result, until ctx ends. It returns how often.
func (s *searcher) watch(ctx context.Context) (seen int, err error) {
	for ; ctx.Err() == nil; seen++ {
		names, err := s.list(ctx, "/latest")
		if errors.Is(err, context.Canceled) {
			return seen, nil
		}
		if err != nil {
			return seen, err
		}
		one, _, _ := strings.Cut(strings.Join(names, " "), ".")
		if len(names) != 2 || names[0] != one+".metrics" || names[1] != one+".model" {
			return seen, fmt.Errorf("the latest result is %q", names)
		}
	}
	return seen, nil
}
