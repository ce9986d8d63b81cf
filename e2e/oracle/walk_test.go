package oracle

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Every line that is drawn must be one that a script may hold, and the same seed must draw the same lines.
func TestWalksAreScripts(t *testing.T) {
	draw := func() []string { return walker{rand.New(rand.NewPCG(1, 2)), .1}.script(5000) }
	lines := draw()
	if !slices.Equal(lines, draw()) {
		t.Error("the same seed draws other lines")
	}
	parsed, err := steps(strings.Join(lines, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(parsed) != len(lines) {
		t.Errorf("%d lines make %d steps", len(lines), len(parsed))
	}
}

func TestShrink(t *testing.T) {
	got := shrink([]string{"1", "2", "3", "4", "5"}, func(lines []string) bool {
		return slices.Contains(lines, "2") && slices.Contains(lines, "4")
	})
	if want := []string{"2", "4"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// shrink takes out of lines what is not needed for still to hold.
func shrink(lines []string, still func([]string) bool) []string {
	for i := len(lines) - 1; i >= 0; i-- {
		if fewer := slices.Delete(slices.Clone(lines), i, i+1); still(fewer) {
			lines = fewer
		}
	}
	return lines
}
