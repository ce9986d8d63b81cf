package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
)

// readLog passes on a log, and calls gone once nobody reads it any more: in `granary serve 2>&1 | tee log`, tee has ended.
type readLog struct {
	io.Writer
	gone context.CancelCauseFunc
}

func (l readLog) Write(text []byte) (int, error) {
	n, err := l.Writer.Write(text)
	if errors.Is(err, syscall.EPIPE) {
		l.gone(fmt.Errorf("nobody reads the log any more: %w", err))
	}
	return n, err
}
