package namespace

import (
	"errors"
	"sync"
)

// outage is what several readers know of a store that was not available to one of them.
type outage struct {
	mu  sync.Mutex
	err error // what the first one failed with
}

// note takes note of err, if it says that the store is not available.
func (o *outage) note(err error) {
	if !StoreAway(err) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		var e *Error
		if errors.As(err, &e) { // which is about that reader's file
			err = e.Err
		}
		o.err = err
	}
}

// met returns what a reader failed with, nil if none did.
func (o *outage) met() error {
	if o == nil {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}
