package postgres

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Root that may not become another user, as in a container without capabilities, hears of that and of nothing else.
func TestRootThatMayBecomeNobody(t *testing.T) {
	if err := accountOf(t, t.TempDir()).become(); err != nil {
		t.Error(err)
	}
	err := account{uid: math.MaxUint32, gid: math.MaxUint32, name: "nobody", drop: true}.become() // which no system allows
	if err == nil || !strings.Contains(err.Error(), "this root may not become user nobody") {
		t.Errorf("become: %v", err)
	}
}

// A user without a name on this machine, as containers are often run as, is told what PostgreSQL lacks.
func TestUserWithoutName(t *testing.T) {
	if os.Geteuid() != 0 {
		return // who else cannot be anybody else
	}
	f := folder(filepath.Join(reachable(t), "data"))
	if err := f.create(syncFolder); err != nil {
		t.Fatal(err)
	}
	acct := account{uid: 54321, gid: 54322, name: "54321", drop: true}
	bin, err := f.binaries(t.Context(), Config{Logf: t.Logf}, acct)
	if err != nil {
		t.Fatal(err)
	}
	err = f.prepare(t.Context(), bin, acct, t.Logf)
	if err == nil || !strings.Contains(err.Error(), "user 54321 has no name") || !strings.Contains(err.Error(), "/etc/passwd") {
		t.Errorf("prepare: %v", err)
	}
	if left, err := filepath.Glob(f.cluster() + "*"); err != nil || len(left) > 0 {
		t.Errorf("%q are left, %v", left, err)
	}
}
