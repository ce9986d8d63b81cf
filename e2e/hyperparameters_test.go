//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"granary/postgres/pgtest"
)

// TestHyperparameterSearch runs one by 16 workers on two servers, which have nothing in common but files. One server is
// killed in the middle. No trial is lost and none is run twice.
func TestHyperparameterSearch(t *testing.T) {
	database, err := pgtest.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Stop(); err != nil {
			t.Error(err)
		}
	})
	data := scratch(t)
	flags := []string{"--database", database.URL()}
	lasting := launchOn(t, data, flags...)
	killed, err := start(data, flags...)
	if err != nil {
		t.Fatal(err)
	}
	kill := sync.OnceFunc(func() {
		if err := killed.process.Kill(); err != nil {
			t.Error(err)
		}
		<-killed.ended
	})
	t.Cleanup(kill)
	if err := lasting.furnish(); err != nil {
		t.Fatal(err)
	}
	var (
		ran     [searchTrials]atomic.Int64
		retried atomic.Int64
		token   = lasting.token(t, "alice")
		best    = result{Score: math.Inf(-1)}
	)
	newSearcher := func(i int) *searcher {
		s := &searcher{
			name: fmt.Sprintf("worker%02d", i), servers: []string{lasting.url, killed.url}, token: token, ran: &ran, retried: &retried,
			http: &http.Client{Transport: &http.Transport{}},
		}
		if i%2 == 1 {
			s.servers[0], s.servers[1] = s.servers[1], s.servers[0]
		}
		t.Cleanup(s.http.CloseIdleConnections)
		return s
	}
	ctx, cancel := context.WithTimeout(t.Context(), searchTime)
	defer cancel()
	master := newSearcher(searchWorkers)
	for i := range searchTrials {
		p := trial{Rate: math.Pow(10, -float64(i%8)/2), Depth: 1 + i/8}
		text, err := json.Marshal(p)
		if err == nil {
			err = master.write(ctx, fmt.Sprintf("/trials/%03d", i), text)
		}
		if err != nil {
			t.Fatal(err)
		}
		if score := p.score(); score > best.Score {
			best = result{Trial: i, Score: score}
		}
	}
	none, err := json.Marshal(result{Trial: -1, Score: -1000})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{"/leader.json": none, "/latest/none.metrics": nil, "/latest/none.model": nil} {
		if err := master.write(ctx, path, content); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := master.demand(ctx, "PUT", "mkdirs", at("/results"), nil, nil); err != nil {
		t.Fatal(err)
	}

	watching, enough := context.WithCancel(ctx)
	var watchers, workers errgroup.Group
	var seen atomic.Int64
	for i := range 2 {
		watchers.Go(func() error {
			n, err := newSearcher(i).watch(watching)
			seen.Add(int64(n))
			return err
		})
	}
	for i := range searchWorkers {
		workers.Go(func() error { return newSearcher(i).work(ctx) })
	}
	look := time.NewTicker(pollEvery)
	defer look.Stop()
	for done := 0; done < searchKill; {
		results, err := master.list(ctx, "/results")
		if err != nil {
			t.Fatal(err)
		}
		done = len(results)
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("%d results after %v", done, searchTime)
		}
	}
	kill()
	left := 0
	for i := range ran {
		if ran[i].Load() == 0 {
			left++
		}
	}
	if err := workers.Wait(); err != nil {
		t.Error(err)
	}
	enough()
	if err := watchers.Wait(); err != nil {
		t.Error(err)
	}

	verifySearch(ctx, t, master, best)
	if left == 0 || retried.Load() == 0 || seen.Load() == 0 {
		t.Errorf("the kill came when %d trials were left, %d requests were sent again, the latest was read %d times: it proves little", left, retried.Load(), seen.Load())
	}
	t.Logf("soak: %d trials by %d workers on two servers, one of them killed when %d were left; %d requests were sent again; the latest result was read %d times, always whole",
		searchTrials, searchWorkers, left, retried.Load(), seen.Load())
	lasting.check(t)
}

// verifySearch checks what a search has left: each trial claimed once, run once by who claimed it, and with its result.
func verifySearch(ctx context.Context, t *testing.T, s *searcher, best result) {
	t.Helper()
	read := func(path string, into any) []byte {
		a, err := s.demand(ctx, "GET", "open", at(path), nil, nil)
		if err == nil && into != nil {
			err = json.Unmarshal(a.body, into)
		}
		if err != nil {
			t.Error(err)
		}
		return a.body
	}
	for i := range searchTrials {
		if n := s.ran[i].Load(); n != 1 {
			t.Errorf("trial %d was run %d times", i, n)
		}
		name := fmt.Sprintf("%03d", i)
		var r result
		read("/results/"+name+"/metrics", &r)
		if claimed := string(read("/claims/"+name, nil)); r.Trial != i || r.Worker != claimed {
			t.Errorf("the result of trial %d is %+v, and %s claimed it", i, r, claimed)
		}
		if got := read("/results/"+name+"/model", nil); !bytes.Equal(got, r.model()) {
			t.Errorf("the model of trial %d is another's: %.60q", i, got)
		}
	}
	var leader result
	if read("/leader.json", &leader); leader.Trial != best.Trial || leader.Score != best.Score {
		t.Errorf("the leader is %+v, want trial %d with %v", leader, best.Trial, best.Score)
	}
	for path, want := range map[string]int{"/claims": searchTrials, "/results": searchTrials, "/work": 0, "/latest": 2} {
		if names, err := s.list(ctx, path); err != nil || len(names) != want {
			t.Errorf("%d names in %s, want %d: %v", len(names), path, want, err)
		}
	}
}
