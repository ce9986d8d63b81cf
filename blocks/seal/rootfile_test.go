package seal

import (
	"io/fs"
	"strings"
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

// The modes that secrets in containers have by default are refused, and the error says how to mount them.
func TestSecretsOfContainers(t *testing.T) {
	const root, service = 0, 65532
	for _, c := range []struct {
		mode        fs.FileMode
		owner, self int
		words       string // "": none of them
	}{
		{0o444, root, service, "run chmod 640 on it, or mount it otherwise: a secret of Docker with uid and mode: 0400, one of Kubernetes with defaultMode: 0400 and the pod with fsGroup"},
		{0o644, root, root, "run chmod 600 on it, or mount it otherwise: a secret of Docker with uid and mode: 0400, one of Kubernetes with defaultMode: 0400"},
		{0o660, root, service, ""},
		{0o644, service, service, ""},
	} {
		err := checkMode(c.mode, c.owner, c.self)
		if err == nil || c.words != "" && !strings.HasSuffix(err.Error(), c.words) || c.words == "" && strings.Contains(err.Error(), "Docker") {
			t.Errorf("mode %o of %d's, for %d: %v", c.mode, c.owner, c.self, err)
		}
	}
}
