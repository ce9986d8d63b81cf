package seal

import (
	"io/fs"
	"testing"
)

// The root key belongs to the user of the service, or is root's and given to the group of the service.
func TestWhoMayUseTheRootKey(t *testing.T) {
	const root, service, somebody = 0, 54321, 54322
	for _, c := range []struct {
		mode        fs.FileMode
		owner, self int
		ok          bool
	}{
		{0o600, service, service, true},
		{0o400, root, root, true},
		{0o640, service, service, false},
		{0o640, somebody, service, false},
		{0o640, root, root, false},
		{0o440, root, service, true},
		{0o640, root, service, true},
		{0o660, root, service, false},
		{0o444, root, service, false},
	} {
		if err := checkMode(c.mode, c.owner, c.self); (err == nil) != c.ok {
			t.Errorf("mode %o of %d's, for %d: %v", c.mode, c.owner, c.self, err)
		}
	}
}
