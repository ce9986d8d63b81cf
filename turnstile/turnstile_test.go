package turnstile

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestNobodyHasAllPlaces checks that a user leaves places to others, that there are no more than there are, and that nobody is
// remembered afterwards.
func TestNobodyHasAllPlaces(t *testing.T) {
	for name, tt := range map[string]struct {
		all        int64
		strangerIn bool
	}{"with a common bound": {4, false}, "with shares alone": {0, true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := New(tt.all, 3)
				var leaves []func()
				enter := func(user string) error {
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
					defer cancel()
					leave, err := p.Enter(ctx, user)
					if err == nil {
						leaves = append(leaves, leave)
					}
					return err
				}
				for _, user := range []string{"bob", "bob", "bob", "ada"} {
					if err := enter(user); err != nil {
						t.Fatal(user, err)
					}
				}
				if err := enter("bob"); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("bob has one more place than one user may have: %v", err)
				}
				if n := p.Askers("bob"); n != 3 {
					t.Errorf("bob asks for %d places", n)
				}
				if err := enter("eve"); errors.Is(err, context.DeadlineExceeded) == tt.strangerIn {
					t.Errorf("eve: %v", err)
				}
				for _, leave := range leaves {
					leave()
				}
				if len(p.each) != 0 {
					t.Errorf("%d users are remembered who have no place", len(p.each))
				}
				if err := enter("bob"); err != nil {
					t.Error(err)
				}
				leaves[len(leaves)-1]()
			})
		})
	}
}
