package namespace

import (
	"context"
	"slices"
	"sync"
)

// fair gives out a number of places, to waiting users in turn: a user who asks for many places delays each other user by one of them only, and
// gets all of them while nobody else wants any.
type fair struct {
	mu      sync.Mutex
	free    int
	waiting map[string][]chan struct{} // by user, in order of arrival; closed when the place is given
	users   []string                   // users with callers that wait, the next one first
}

func newFair(places int) *fair { return &fair{free: places, waiting: map[string][]chan struct{}{}} }

// enter takes a place for user, and waits for it until ctx ends. The place is returned by leave.
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

// turnAway removes a caller that waits, and reports false if it has got its place meanwhile.
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

// leave returns a place, which the next user's first caller gets.
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
