package namespace

import (
	"context"
	"slices"
	"sync"
)

// fair is a number of places. Who waits for one is let in user by user: whoever asks for many keeps nobody else waiting for longer than one of them
// takes, and has all places where nobody else wants any.
type fair struct {
	mu      sync.Mutex
	free    int
	waiting map[string][]chan struct{} // by user, who came first comes first; closed when they are let in
	users   []string                   // who have somebody waiting, the next one first
}

func newFair(places int) *fair { return &fair{free: places, waiting: map[string][]chan struct{}{}} }

// enter takes a place, and waits for one until ctx ends. leave gives it back.
func (f *fair) enter(ctx context.Context, user string) error {
	f.mu.Lock()
	if f.free > 0 {
		f.free--
		f.mu.Unlock()
		return nil
	}
	in := make(chan struct{})
	if f.waiting[user] == nil {
		f.users = append(f.users, user)
	}
	f.waiting[user] = append(f.waiting[user], in)
	f.mu.Unlock()
	select {
	case <-in:
		return nil
	case <-ctx.Done():
	}
	if !f.turnAway(user, in) {
		f.leave()
	}
	return ctx.Err()
}

// turnAway lets somebody wait no longer, and reports false if they were let in meanwhile.
func (f *fair) turnAway(user string, in chan struct{}) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.Index(f.waiting[user], in)
	if i < 0 {
		return false
	}
	if f.waiting[user] = slices.Delete(f.waiting[user], i, i+1); len(f.waiting[user]) == 0 {
		delete(f.waiting, user)
		f.users = slices.DeleteFunc(f.users, func(other string) bool { return other == user })
	}
	return true
}

func (f *fair) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.users) == 0 {
		f.free++
		return
	}
	user := f.users[0]
	f.users = f.users[1:]
	close(f.waiting[user][0])
	if f.waiting[user] = f.waiting[user][1:]; len(f.waiting[user]) == 0 {
		delete(f.waiting, user)
		return
	}
	f.users = append(f.users, user)
}
