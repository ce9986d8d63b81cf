package namespace

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// outcome is what both callers were told, and what was left.
type outcome struct {
	replies [2]string
	tree    string
}

// when says which of two deeds acts first. Except in a series, both decide before either acts.
type when int

const (
	firstFirst when = iota
	secondFirst
	together
)

var whens = map[when]string{firstFirst: "the first acts first", secondFirst: "the second acts first", together: "both act at once"}

// inSeries runs two deeds one after the other.
func (st *stage) inSeries(ctx context.Context, pair [2]deed, order when) (o outcome, err error) {
	sc, err := st.setFor(ctx, pair)
	if err != nil {
		return o, err
	}
	turns := []int{0, 1}
	if order == secondFirst {
		turns = []int{1, 0}
	}
	for _, i := range turns {
		st.servers[i].decided = func(string, Path) {}
		o.replies[i] = pair[i].do(ctx, sc, st.servers[i])
	}
	o.tree, err = st.look(ctx, sc)
	return o, err
}

// alone runs one deed of a pair. The other one does not happen, and its reply is taken over.
func (st *stage) alone(ctx context.Context, pair [2]deed, i int, other string) (o outcome, err error) {
	sc, err := st.setFor(ctx, pair)
	if err != nil {
		return o, err
	}
	o.replies[i], o.replies[1-i] = pair[i].do(ctx, sc, st.servers[i]), other
	o.tree, err = st.look(ctx, sc)
	return o, err
}

// refused reports whether reply says that d did not happen because of a lease: another deed has one on what d would write, or the
// file that d has it on was deleted, or came below a limit.
func (d *deed) refused(reply string) bool {
	return reply == BeingWritten.String() || d.leased && (reply == NotExist.String() || reply == QuotaSpace.String())
}

// race lets two deeds decide on the same state and then act. early marks those that ended before any acted, because they were
// refused or had nothing to change.
func (st *stage) race(ctx context.Context, pair [2]deed, order when) (o outcome, early [2]bool, err error) {
	sc, err := st.setFor(ctx, pair)
	if err != nil {
		return o, early, err
	}
	var decided, act, done [2]chan struct{}
	for i, d := range pair {
		decided[i], act[i], done[i] = make(chan struct{}), make(chan struct{}), make(chan struct{})
		var once sync.Once
		pause := func() { once.Do(func() { close(decided[i]); <-act[i] }) }
		st.servers[i].decided = func(string, Path) { pause() }
		go func() {
			defer close(done[i])
			if d.atOnce {
				pause()
			}
			o.replies[i] = d.do(ctx, sc, st.servers[i])
		}()
	}
	for i := range pair {
		select {
		case <-decided[i]:
		case <-done[i]:
			early[i] = true
		}
	}
	switch order {
	case firstFirst:
		close(act[0])
		<-done[0]
		close(act[1])
	case secondFirst:
		close(act[1])
		<-done[1]
		close(act[0])
	case together:
		close(act[0])
		close(act[1])
	}
	<-done[0]
	<-done[1]
	for _, fs := range st.servers {
		fs.decided = func(string, Path) {}
	}
	o.tree, err = st.look(ctx, sc)
	return o, early, err
}

// judge races a pair in every order and reports where the outcome is not that of a series in the same order, or in
// either order for deeds that act at once. A deed that is over early came first.
func (st *stage) judge(ctx context.Context, pair [2]deed) (wrong []string, err error) {
	var series [2]outcome
	for i := range series {
		if series[i], err = st.inSeries(ctx, pair, when(i)); err != nil {
			return nil, err
		}
	}
	for _, order := range []when{firstFirst, secondFirst, together} {
		got, early, err := st.race(ctx, pair, order)
		if err != nil {
			return nil, err
		}
		right := series[:]
		switch {
		case early[0] && early[1]:
		case early[0]:
			right = series[firstFirst : firstFirst+1]
		case early[1]:
			right = series[secondFirst : secondFirst+1]
		case order != together:
			right = series[order : order+1]
		default:
			for i := range pair {
				if !pair[i].refused(got.replies[i]) {
					continue
				}
				other, err := st.alone(ctx, pair, 1-i, got.replies[i])
				if err != nil {
					return nil, err
				}
				right = append(slices.Clone(right), other)
			}
		}
		if !slices.Contains(right, got) {
			wrong = append(wrong, fmt.Sprintf("%s and %s, where %s:\n%+v\nin series:\n%+v", pair[0].name, pair[1].name, whens[order], got, right))
		}
	}
	return wrong, nil
}

// judgeAll judges pairs on several stages at once, and returns what was wrong with each that had something.
func judgeAll(t *testing.T, stages []*stage, pairs [][2]deed) [][]string {
	t.Helper()
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		wrong [][]string
	)
	queue := make(chan [2]deed)
	for _, st := range stages {
		wg.Go(func() {
			for pair := range queue {
				found, err := st.judge(t.Context(), pair)
				mu.Lock()
				if err != nil {
					t.Errorf("%s and %s: %v", pair[0].name, pair[1].name, err)
				}
				if len(found) > 0 {
					wrong = append(wrong, found)
				}
				mu.Unlock()
			}
		})
	}
	for _, pair := range pairs {
		queue <- pair
	}
	close(queue)
	wg.Wait()
	return wrong
}

// allPairs is every unordered pair, each deed with itself included.
func allPairs(of []deed) [][2]deed {
	var pairs [][2]deed
	for i := range of {
		for j := i; j < len(of); j++ {
			pairs = append(pairs, [2]deed{of[i], of[j]})
		}
	}
	return pairs
}

// pairsOf is every pair of one of some and one of others.
func pairsOf(some, others []deed) [][2]deed {
	var pairs [][2]deed
	for i := range some {
		for j := range others {
			pairs = append(pairs, [2]deed{some[i], others[j]})
		}
	}
	return pairs
}

// If two operations are decided on the same state, the outcome is as if one had followed the other.
// GRANARY_PAIRS says how many of the pairs are tried, drawn at random; a soak tries all.
func TestPairsAreSerial(t *testing.T) {
	fs, stages := newStages(t, 4, false)
	pairs := slices.Concat(allPairs(deeds(fs.auth)), pairsOf(shareDeeds(), deeds(fs.auth)), allPairs(shareDeeds()))
	all := len(pairs)
	r := rand.New(rand.NewPCG(seed(t), 0))
	r.Shuffle(all, func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	otherwise := 75
	if testing.Short() {
		otherwise = 25
	}
	pairs = pairs[:min(all, wanted(t, "GRANARY_PAIRS", otherwise))]
	for _, wrong := range judgeAll(t, stages, pairs) {
		for _, text := range wrong {
			t.Error(text)
		}
	}
	t.Logf("soak: %d of %d pairs, each in 3 orders", len(pairs), all)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	fs.clean(t)
}

// Without the locks and what is verified under them, the test above would fail.
func TestPairsNeedLocks(t *testing.T) {
	fs, stages := newStages(t, 2, true)
	byName := map[string]deed{}
	for _, d := range append(deeds(fs.auth), shareDeeds()...) {
		byName[d.name] = d
	}
	var pairs [][2]deed
	for _, names := range [][2]string{
		{"create", "chmod parent"},
		{"create", "chmod ancestor"},
		{"create", "setfacl parent"},
		{"mkdirs d/new/deep", "chgrp parent"},
		{"append", "chmod file"},
		{"append", "remove member"},
		{"delete", "remove from group"},
		{"create in the empty directory", "delete empty directory"},
		{"rename directory d/s to d/e/s", "rename directory d/e to d/s/e"},
		{"rename directory d/s to d/e/s", "delete empty directory"},
		{"delete", "rename file d/f to d/g"},
		{"overwrite", "rename file d/f to d/g"},
		{"create", "delete parent"},
		{"create under a quota", "lower the quota"},
		{"mkdirs d/q/new", "clear the quota"},
		{"create", "set quota of parent"},
		{"truncate", "chmod file"},
		{"concat d/s/y to d/s/x", "chmod ancestor"},
		{"move d/s to the trash", "chmod subtree"},
		{"replace d/s by d/e", "chmod subtree"},
		{"replace d/f by d/s/x", "chmod ancestor"},
		{"set xattr", "chmod file"},
		{"set storage policy of the file", "chmod file"},
		{"create where the share is shown", "end the share"},
		{"create by the share, at its own path", "end the share, by who received it"},
		{"append by the share", "lower the share to read"},
		{"delete by the share", "end the dataset"},
		{"rename by the share", "chmod the dataset"},
	} {
		for _, name := range names {
			if byName[name].do == nil {
				t.Fatalf("there is no deed %q", name)
			}
		}
		pairs = append(pairs, [2]deed{byName[names[0]], byName[names[1]]})
	}
	wrong := judgeAll(t, stages, pairs)
	if len(wrong) != len(pairs) {
		t.Errorf("only %d of %d pairs came out wrong without locks; the test of pairs is blind", len(wrong), len(pairs))
	}
}
