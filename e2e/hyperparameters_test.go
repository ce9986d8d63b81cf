//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"granary/postgres/pgtest"
)

// searchServers are two servers on one database, of which one may be killed.
type searchServers struct {
	lasting, killed *granary
	token           string
	kill            func()
}

func newSearchServers(t *testing.T) *searchServers {
	t.Helper()
	database := pgtest.StartFor(t)
	data := scratch(t)
	flags := []string{"--database", database.URL()}
	two := &searchServers{lasting: launchOn(t, data, flags...)}
	var err error
	if two.killed, err = start(data, flags...); err != nil {
		t.Fatal(err)
	}
	two.kill = sync.OnceFunc(func() {
		if err := two.killed.process.Kill(); err != nil {
			t.Error(err)
		}
		<-two.killed.ended
	})
	t.Cleanup(two.kill)
	if err := two.lasting.furnish(); err != nil {
		t.Fatal(err)
	}
	two.token = two.lasting.token(t, "alice")
	return two
}

// searcher makes a worker, who asks one of the servers first: every second asks the same.
func (two *searchServers) searcher(t *testing.T, s *search, i int) *searcher {
	w := &searcher{
		search: s, name: fmt.Sprintf("worker%02d", i), servers: []string{two.lasting.url, two.killed.url}, token: two.token,
		http: &http.Client{Transport: &http.Transport{}},
	}
	if i%2 == 1 {
		w.servers[0], w.servers[1] = w.servers[1], w.servers[0]
	}
	t.Cleanup(w.http.CloseIdleConnections)
	return w
}

// TestHyperparameterSearch runs one by 16 workers on two servers, which have nothing in common but files, and wait for them
// by the project's feed. One server is killed in the middle. No trial is lost and none is run twice. Workers that claim
// trials without a condition run some more than once, and the test sees that.
func TestHyperparameterSearch(t *testing.T) {
	two := newSearchServers(t)
	ctx, cancel := context.WithTimeout(t.Context(), searchTime)
	defer cancel()

	careless := newSearch("careless", 4, true)
	if _, err := two.run(ctx, t, careless, func() {}); err != nil {
		t.Fatal(err)
	}
	if wrong := two.searcher(t, careless, 0).verify(ctx, result{}); !slices.ContainsFunc(wrong, func(w string) bool { return strings.Contains(w, "was run") }) {
		t.Errorf("workers that claim without a condition are not noticed: %q", wrong)
	}

	s := newSearch("search", searchTrials, false)
	left := 0
	watched, err := two.run(ctx, t, s, func() {
		two.kill()
		for i := range s.ran {
			if s.ran[i].Load() == 0 {
				left++
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	best := result{Score: math.Inf(-1)}
	for i := range s.trials {
		if score := parameters(i).score(); score > best.Score {
			best = result{Trial: i, Score: score}
		}
	}
	for _, wrong := range two.searcher(t, s, 0).verify(ctx, best) {
		t.Error(wrong)
	}
	if left == 0 || s.retried.Load() == 0 || watched == 0 {
		t.Errorf("the kill came when %d trials were left, %d requests were sent again, the latest was read %d times: it proves little", left, s.retried.Load(), watched)
	}
	t.Logf("soak: %d trials by %d workers on two servers, one of them killed when %d were left; %d requests were sent again; the latest result was read %d times, always whole",
		s.trials, searchWorkers, left, s.retried.Load(), watched)
	two.lasting.check(t)
}

// parameters are those of a trial.
func parameters(i int) trial { return trial{Rate: math.Pow(10, -float64(i%8)/2), Depth: 1 + i/8} }

// run searches: it writes trials, a few ahead of the workers, until there are results of all, and calls quarter when there
// are those of a quarter. It returns how often the latest result was read meanwhile.
func (two *searchServers) run(ctx context.Context, t *testing.T, s *search, quarter func()) (watched int64, err error) {
	t.Helper()
	master := two.searcher(t, s, searchWorkers)
	none, err := json.Marshal(result{Trial: -1, Score: -1000})
	if err != nil {
		return 0, err
	}
	for path, content := range map[string][]byte{"/leader.json": none, "/latest/none.metrics": nil, "/latest/none.model": nil} {
		if err := master.write(ctx, path, content); err != nil {
			return 0, err
		}
	}
	if _, err := master.demand(ctx, "PUT", "fs/mkdirs", s.at("/results"), nil); err != nil {
		return 0, err
	}
	watching, enough := context.WithCancel(ctx)
	defer enough()
	var watchers, workers errgroup.Group
	var seen atomic.Int64
	for i := range 2 {
		watchers.Go(func() error {
			n, err := two.searcher(t, s, i).watch(watching)
			seen.Add(int64(n))
			return err
		})
	}
	for i := range searchWorkers {
		workers.Go(func() error { return two.searcher(t, s, i).work(ctx) })
	}
	if err := master.propose(ctx, quarter); err != nil {
		return 0, err
	}
	err = workers.Wait()
	enough()
	err = errors.Join(err, watchers.Wait())
	return seen.Load(), err
}

// propose writes the trials, and calls quarter when there are results of a quarter.
func (s *searcher) propose(ctx context.Context, quarter func()) error {
	for proposed, results := 0, 0; results < s.trials; {
		for ; proposed < min(s.trials, results+searchAhead); proposed++ {
			text, err := json.Marshal(parameters(proposed))
			if err == nil {
				err = s.write(ctx, "/trials/"+trialName(proposed), text)
			}
			if err != nil {
				return err
			}
		}
		events, err := s.happens(ctx)
		if err != nil {
			return err
		}
		for _, e := range events {
			if s.made(e, "/results") == "" {
				continue
			}
			if results++; results == s.trials/4 {
				quarter()
			}
		}
	}
	return nil
}

// verify says what is wrong with what a search has left: each trial is to have been claimed once, run once by who claimed
// it, and to have its result. The feed must tell the same.
func (s *searcher) verify(ctx context.Context, best result) (wrong []string) {
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	read := func(path string, into any) []byte {
		a, err := s.demand(ctx, "GET", "fs/open", s.at(path), nil)
		if err == nil && into != nil {
			err = json.Unmarshal(a.body, into)
		}
		if err != nil {
			complain("%v", err)
		}
		return a.body
	}
	for i := range s.trials {
		if n := s.ran[i].Load(); n != 1 {
			complain("trial %d was run %d times", i, n)
		}
		name := trialName(i)
		var r result
		read("/results/"+name+"/metrics", &r)
		if claimed := string(read("/claims/"+name, nil)); r.Trial != i || r.Worker != claimed {
			complain("the result of trial %d is %+v, and %s claimed it", i, r, claimed)
		}
		if got := read("/results/"+name+"/model", nil); !bytes.Equal(got, r.model()) {
			complain("the model of trial %d is another's: %.60q", i, got)
		}
	}
	var leader result
	if read("/leader.json", &leader); leader.Trial != best.Trial || leader.Score != best.Score {
		complain("the leader is %+v, want trial %d with %v", leader, best.Trial, best.Score)
	}
	for path, want := range map[string]int{"/claims": s.trials, "/results": s.trials, "/work": 0, "/latest": 2} {
		if names, err := s.list(ctx, path); err != nil || len(names) != want {
			complain("%d names in %s, want %d: %v", len(names), path, want, err)
		}
	}
	told := map[string]int{}
	for s.after = 0; ; {
		page, err := s.page(ctx, 0)
		if err != nil {
			complain("%v", err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			for _, dir := range []string{"/claims", "/results"} {
				if name := s.made(e, dir); name != "" {
					told[dir+"/"+name]++
				}
			}
		}
	}
	for i := range s.trials {
		for _, dir := range []string{"/claims/", "/results/"} {
			if n := told[dir+trialName(i)]; n != 1 {
				complain("%d events say that %s%s came to be", n, dir, trialName(i))
			}
		}
	}
	return wrong
}
