package namespace

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"granary/auth"
)

const (
	historyClients = 8
	historySteps   = 7 // of each client

	// historyPatience bounds the time for checking one history, which usually takes milliseconds.
	historyPatience = time.Minute
)

// historyUsers are who the clients are, in turn.
var historyUsers = []string{"alice", "bob", "alice", superuser}

// historian records histories.
type historian struct {
	servers []*testFS
	who     map[string]auth.Principal
	seed    uint64
	clock   time.Time
}

func newHistorian(t *testing.T, servers int) *historian {
	t.Helper()
	h := &historian{seed: seed(t), clock: time.UnixMilli(1_700_000_000_000), who: map[string]auth.Principal{}}
	h.servers = newServers(t, servers, func(c *Config) { c.Now = func() time.Time { return h.clock } })
	for i, fs := range h.servers { // by turns, lookups go one by one, or all that wait go at once
		if fs.lanes.batch, fs.lanes.number = 1, mostLanes; i%2 == 1 {
			fs.lanes.batch, fs.lanes.number = math.MaxInt, 1
		}
	}
	for _, user := range historyUsers {
		if _, known := h.who[user]; !known {
			h.who[user] = h.servers[0].as(t, user).p
		}
	}
	return h
}

// record lets the clients work in a directory of their own, and returns the model as it was before and what they did.
// The clients of the history are spread over the first servers of the historian.
func (h *historian) record(t *testing.T, number, servers int) (*model, []porcupine.Operation) {
	top := fmt.Sprintf("/h%d", number)
	if _, err := h.servers[0].As(h.who[superuser]).Mkdirs(t.Context(), at(top), MkdirOptions{Mode: 0o777}); err != nil {
		t.Error(err)
	}
	m := &model{root: newModelDir(superuser, SuperGroup, 0o755, 0), now: h.clock.UnixMilli()}
	m.root.adopt(top[1:], newModelDir(superuser, SuperGroup, 0o777, m.now))

	var now atomic.Int64 // ticks at every call and return
	done := make([][]porcupine.Operation, historyClients)
	crowd(historyClients, func(client int) {
		user := historyUsers[client%len(historyUsers)]
		s := h.servers[client%servers].As(h.who[user])
		p := &place{top, rand.New(rand.NewPCG(h.seed, uint64(number*historyClients+client)))}
		for i := range historySteps {
			st := p.step(user, fmt.Sprintf("<%d.%d>", client, i))
			o := porcupine.Operation{ClientId: client, Input: st, Call: now.Add(1)}
			o.Output = st.ask(t.Context(), s)
			o.Return = now.Add(1)
			done[client] = append(done[client], o)
		}
	})
	var history []porcupine.Operation
	for _, of := range done {
		history = append(history, of...)
	}
	return m, history
}

// judgeHistory says what is wrong with a history, "" if nothing is.
func judgeHistory(m *model, history []porcupine.Operation) string {
	result, info := porcupine.CheckOperationsVerbose(linearizable(m), history, historyPatience)
	if result == porcupine.Ok {
		return ""
	}
	text := fmt.Sprintf("%s:\n%s", result, retold(history))
	var furthest []porcupine.Operation
	for _, order := range info.PartialLinearizationsOperations()[0] {
		if len(order) > len(furthest) {
			furthest = order
		}
	}
	text += "the most of it that can be put in order:\n"
	for _, o := range furthest {
		text += fmt.Sprintf("client %d: %s: %v\n", o.ClientId, o.Input.(step).name, o.Output)
	}
	return text
}

// Whatever replies 8 clients get, from one server or from two over one database, some order of their operations explains them.
// GRANARY_HISTORIES says how many such histories are recorded.
func TestHistoriesAreLinearizable(t *testing.T) {
	h := newHistorian(t, 2)
	h.servers[1].committer.most = 1 // the first server commits together what waits
	histories := wanted(t, "GRANARY_HISTORIES", 60)
	var (
		mu                  sync.Mutex
		longest             time.Duration
		operations, refused int
	)
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for i := range histories {
			numbers <- i
		}
	}()
	crowd(2, func(int) {
		for number := range numbers {
			m, history := h.record(t, number, 1+number%2)
			began := time.Now()
			wrong := judgeHistory(m, history)
			took := time.Since(began)
			mu.Lock()
			longest = max(longest, took)
			operations += len(history)
			for _, o := range history {
				if o.Output.(reply).kind != allowed {
					refused++
				}
			}
			mu.Unlock()
			if wrong != "" {
				t.Errorf("history %d, on %d servers, is %s", number, 1+number%2, wrong)
			}
		}
	})
	t.Logf("soak: %d histories of %d clients, every second on two servers: %d operations, of which %d were refused; the longest took %v to judge",
		histories, historyClients, operations, refused, longest.Round(time.Millisecond))
	if err := h.servers[0].Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.servers[0].clean(t)
}

// Without the locks and what is verified under them, the test above would fail.
func TestHistoriesNeedLocks(t *testing.T) {
	h := newHistorian(t, 2)
	for _, fs := range h.servers {
		fs.unlocked = true
	}
	const histories = 200
	for number := range histories {
		if m, history := h.record(t, number, 2); judgeHistory(m, history) != "" {
			t.Logf("history %d is wrong", number)
			return
		}
	}
	t.Errorf("%d histories were right without locks; the test of histories is blind", histories)
}

// A client that is told what was true before another's change was answered gets a wrong reply.
func TestAStaleReplyIsNoticed(t *testing.T) {
	const now = 1_700_000_000_000
	m := &model{root: newModelDir(superuser, SuperGroup, 0o755, now), now: now}
	// told returns what the model answers if the steps run one after the other.
	told := func(steps ...step) (history []porcupine.Operation) {
		m := m.clone()
		for i, st := range steps {
			history = append(history, porcupine.Operation{
				ClientId: i % 2, Input: st, Output: st.spec(m, reply{id: 7}), Call: int64(2 * i), Return: int64(2*i + 1),
			})
		}
		return history
	}
	steps := []step{
		creating(superuser, "/f", "old", false, false), describing(superuser, "/f"), reading(superuser, "/f"),
		following(superuser, "/f", "new"), describing(superuser, "/f"), reading(superuser, "/f"),
		moding(superuser, "/f", 0o600), describing(superuser, "/f"),
		removing(superuser, "/f", false), describing(superuser, "/f"),
	}
	if wrong := judgeHistory(m, told(steps...)); wrong != "" {
		t.Fatalf("what the model answered itself is %s", wrong)
	}
	for _, stale := range [][2]int{{4, 1}, {5, 2}, {7, 4}, {9, 7}} { // an operation, and an earlier one whose reply it gets
		history := told(steps...)
		history[stale[0]].Output = history[stale[1]].Output
		if judgeHistory(m, history) == "" {
			t.Errorf("nobody noticed a stale reply:\n%s", retold(history))
		}
		// While the change between them is under way, the old reply is as good as the new one.
		history[stale[0]].Call = history[stale[1]].Return
		history[stale[0]].Return = history[stale[0]-1].Return
		if wrong := judgeHistory(m, history); wrong != "" {
			t.Errorf("a reply that may be old is %s", wrong)
		}
	}
}
