package main

import (
	"io"
	"strings"
	"testing"
)

// broken is an output that a mistake of the program's is in.
type broken struct{}

func (broken) Write([]byte) (int, error) { panic("a mistake") }

// A mistake of the program's does not look like success.
func TestPanicIsNotSwallowed(t *testing.T) {
	defer func() {
		if thrown := recover(); thrown != "a mistake" {
			t.Errorf("what run threw: %v", thrown)
		}
	}()
	err := run(t.Context(), []string{"version"}, strings.NewReader(""), broken{}, io.Discard)
	t.Errorf("run returned %v", err)
}
