package curves

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// enterAll takes all places of readers, in the name of others than those who ask.
func (d *desk) enterAll() (leave func()) {
	d.t.Helper()
	leaves := make([]func(), readersAll)
	for i := range leaves {
		var err error
		leaves[i], err = d.reading.Enter(d.t.Context(), strings.Repeat("x", i+1))
		must(d.t, err)
	}
	return func() {
		for _, leave := range leaves {
			leave()
		}
	}
}

// Who finds all places taken is answered when the question has lasted for as long as it may, with what is known by then, and keeps nobody from
// the file for longer.
func TestAQuestionWaitsNoLongerThanItLasts(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 3))
	var moment time.Time
	d.now = func() time.Time { // when the question comes to wait, there is little time left
		moment = moment.Add(questionTime * 49 / 100)
		return moment
	}
	leave := d.enterAll()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	found, err := d.Runs(ctx, d.as("ada"), runs)
	if err != nil || !found.Partial || len(found.Runs) != 1 || !found.Runs[0].Partial || found.Runs[0].LastStep != 0 {
		t.Errorf("while others read: %+v, %v", found, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := d.Runs(ended, d.as("ada"), runs); !errors.Is(err, context.Canceled) {
		t.Errorf("who is gone is answered: %v", err)
	}
	leave()
	d.now = time.Now
	if found := d.list("ada"); found.Partial || found.Runs[0].LastStep != 3 {
		t.Errorf("when they are done: %+v", found)
	}
}
