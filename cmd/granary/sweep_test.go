package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestSweepGoesOnUntilItIsStopped(t *testing.T) {
	var log bytes.Buffer
	rounds, enough := 0, make(chan struct{})
	stop := sweep(t.Context(), time.Millisecond, func(ctx context.Context) error {
		if rounds++; rounds == 3 {
			close(enough)
			<-ctx.Done() // the last round is behind this one
		}
		return errors.New("the disk is away")
	}, slog.New(slog.NewTextHandler(&log, nil)), "nothing could be swept")
	<-enough
	stop()
	if rounds != 4 {
		t.Errorf("%d rounds, want three and the last", rounds)
	}
	if text := log.String(); strings.Count(text, "nothing could be swept; the next round tries again") != 3 || !strings.Contains(text, "the disk is away") {
		t.Errorf("the log is %s", text)
	}
}
