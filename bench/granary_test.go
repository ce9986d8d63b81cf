package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The real program starts, takes the whole load from an ordinary user, and leaves nothing behind.
func TestGranary(t *testing.T) {
	dir := t.TempDir()
	// Where this is root, the database runs as another user, who must get there.
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "granary")
	if text, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "granary/cmd/granary").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, text)
	}
	to, stop, err := startGranary(t.Context(), nameGranary, binary, dir, "a disk")
	if err != nil {
		t.Fatal(err)
	}
	s := quick(t, "-rounds=1", "-warm=0", "-most=20", "-clients=4", "-sizes=1KiB")
	err = errors.Join(s.compare(t.Context(), []*target{to}, io.Discard), everyMixed(t, to))
	if err := stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	for _, fact := range to.facts {
		if strings.Contains(to.header, fact) || strings.Contains(fact, "Bearer") {
			t.Errorf("a fact tells the token: %q", fact)
		}
	}
}

func TestSettingsDoNotReachGranary(t *testing.T) {
	got := withoutSettings([]string{"HOME=/h", "GRANARY_AUTH=simple", "GRANARY_DATABASE=x", "GRANARY_PG_MIRROR=m", "MY_GRANARY_=1"})
	if want := []string{"HOME=/h", "GRANARY_PG_MIRROR=m", "MY_GRANARY_=1"}; !slices.Equal(got, want) {
		t.Errorf("the environment is %q, want %q", got, want)
	}
}
