package namespace

import (
	"context"
	"sync"
	"time"
)

// pastReading identifies readings of which only one is recorded within accessesAgain.
type pastReading struct {
	origin
	op             string
	project, inode int64
}

// recorder holds the accesses that wait to be written.
type recorder struct {
	mu      sync.Mutex
	waiting []access
	each    map[string]int   // number of entries in waiting, by user
	lost    map[string]int64 // number of lost entries, by user
	// recent are the readings that were recorded lately, and older those before them. Once recent holds accessesKnown readings, or
	// is accessesAgain old, it becomes older, so outdated readings need not be searched for.
	recent, older map[pastReading]time.Time
	turned        time.Time     // when recent began
	full          chan struct{} // has an element when accessesBatch wait; made by FS.Open
	taken         chan struct{} // closed when entries are taken; nil: nobody waits for that
}

// Bounds of the texts of an entry, in bytes: they come from callers, and entries wait in memory.
const (
	accessPath   = 8000
	accessReason = 1000
	accessUser   = 256 // longer than any user's name
)

// add queues a to be written. It never waits.
func (r *recorder) add(a access) {
	a.path, a.reason = Path{storable(a.path.text, accessPath)}, storable(a.reason, accessReason)
	a.asked = Path{storable(a.asked.text, accessPath)}
	a.client = storable(a.client, accessReason)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.push(a)
	r.trim()
	r.wake()
}

// whose returns the user that an entry counts for. The name in a failed sign-in may be anything, so that counts for nobody.
func (a *access) whose() string {
	if a.op == opSignIn {
		return ""
	}
	return a.user
}

// push queues a, unless accessesEach entries of the same user wait already: a user who does too much loses their own entries, and
// nobody else's.
func (r *recorder) push(a access) {
	whose := a.whose()
	if r.each[whose] >= accessesEach {
		r.lose(whose, 1)
		return
	}
	r.waiting = append(r.waiting, a)
	r.count(whose, 1)
}

// count adds n to the number of a user's entries that wait.
func (r *recorder) count(whose string, n int) {
	if r.each == nil {
		r.each = map[string]int{}
	}
	if r.each[whose] += n; r.each[whose] == 0 {
		delete(r.each, whose)
	}
}

// lose counts lost entries of a user, or of nobody if those of too many users were lost already.
func (r *recorder) lose(whose string, n int64) {
	if r.lost == nil {
		r.lost = map[string]int64{}
	}
	if _, counted := r.lost[whose]; !counted && len(r.lost) >= accessesUsers {
		whose = ""
	}
	r.lost[whose] += n
}

// trim drops the oldest entries if too many wait, and counts them as lost.
func (r *recorder) trim() {
	if over := len(r.waiting) - accessesWait; over > 0 {
		for i := range r.waiting[:over] {
			whose := r.waiting[i].whose()
			r.count(whose, -1)
			r.lose(whose, 1)
		}
		r.waiting = r.waiting[over:] // append copies the rest only once there is no more room behind it
	}
}

// repeats reports whether the same reading was recorded lately, and remembers it if not.
func (r *recorder) repeats(which pastReading, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.repeatsLocked(which, now)
}

func (r *recorder) repeatsLocked(which pastReading, now time.Time) bool {
	at, ok := r.recent[which]
	if !ok {
		at, ok = r.older[which]
	}
	if ok && now.Sub(at) < accessesAgain {
		return true
	}
	if r.recent == nil || len(r.recent) >= accessesKnown || now.Sub(r.turned) >= accessesAgain {
		r.older, r.recent, r.turned = r.recent, map[pastReading]time.Time{}, now // rather recorded twice than not at all
	}
	r.recent[which] = now
	return false
}

// addAll queues readings by one principal, except those that were recorded lately. While accessesEach/2 entries wait already, it
// first waits for the writer, at most accessesEvery in all: a batch reads faster than accesses are written.
func (r *recorder) addAll(ctx context.Context, by origin, op string, spots []spot, now time.Time) {
	patience, cancel := context.WithTimeout(ctx, accessesEvery)
	defer cancel()
	told := by
	told.client = storable(by.client, accessReason)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, at := range spots {
		if r.repeatsLocked(pastReading{by, op, at.project, at.inode}, now) {
			continue
		}
		for len(r.waiting) >= accessesEach/2 && patience.Err() == nil {
			r.await(patience)
		}
		at.path = Path{storable(at.path.text, accessPath)}
		r.push(access{origin: told, spot: at, at: now, op: op})
	}
	r.trim()
	r.wake()
}

// await waits until entries are taken, or ctx ends. r must be locked; it is unlocked during the wait.
func (r *recorder) await(ctx context.Context) {
	if r.taken == nil {
		r.taken = make(chan struct{})
	}
	taken := r.taken
	r.wake()
	r.mu.Unlock()
	defer r.mu.Lock()
	select {
	case <-taken:
	case <-ctx.Done():
	}
}

// wake wakes the writer if accessesBatch entries wait.
func (r *recorder) wake() {
	if len(r.waiting) >= accessesBatch {
		select {
		case r.full <- struct{}{}:
		default:
		}
	}
}

// take returns up to accessesBatch entries, and how many entries of each user were lost before them.
func (r *recorder) take() (batch []access, lost map[string]int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(len(r.waiting), accessesBatch)
	batch, r.waiting = r.waiting[:n:n], r.waiting[n:]
	for i := range batch {
		r.count(batch[i].whose(), -1)
	}
	lost, r.lost = r.lost, nil
	if r.taken != nil {
		close(r.taken)
		r.taken = nil
	}
	return batch, lost
}

// putBack queues again what could not be written.
func (r *recorder) putBack(batch []access, lost map[string]int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = append(batch, r.waiting...)
	for i := range batch {
		r.count(batch[i].whose(), 1)
	}
	for whose, n := range lost {
		r.lose(whose, n)
	}
	r.trim()
}
