package namespace

import (
	"bytes"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"
)

// logCount counts the writes of a log that contain words.
type logCount struct {
	words string
	n     atomic.Int64
}

func (c *logCount) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(c.words)) {
		c.n.Add(1)
	}
	return len(p), nil
}

// While accesses cannot be written, it is tried once a second, however many come.
func TestAccessesThatCannotBeWrittenAreTriedNowAndThen(t *testing.T) {
	failed := &logCount{words: "accesses could not be recorded"}
	fs := newFS(t, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(failed, nil)) })
	fs.exec(t, `ALTER TABLE accesses RENAME TO others`)
	begun := time.Now()
	for range accessesBatch {
		fs.recorder.add(access{at: begun, op: "open", spot: spot{path: at("/f")}})
	}
	for range 500 {
		fs.recorder.add(access{at: begun, op: "open", spot: spot{path: at("/f")}})
		fs.count(t, `SELECT 1`) // which takes as long as a try
	}
	for failed.n.Load() == 0 { // on a busy machine a try takes longer than all that
		fs.count(t, `SELECT 1`)
	}
	if n, most := failed.n.Load(), 2+int64(time.Since(begun)/accessesEvery); n > most {
		t.Errorf("%d tries failed, want at most %d", n, most)
	}
	fs.exec(t, `ALTER TABLE others RENAME TO accesses`)
	for n := 0; n == 0; n = fs.count(t, `SELECT count(*) FROM accesses`) {
		must(t, t.Context().Err())
	}
}

// What is being written when the server ends is not written again.
func TestNoAccessIsWrittenTwice(t *testing.T) {
	l := &line{of: accessesSQL}
	fs := newFS(t, l.over(t))
	l.next(func(c *wire, commit []byte) error {
		_, err := c.Conn.Write(commit)
		for n := 0; n == 0 && err == nil; { // until it is committed
			err = fs.db.QueryRow(t.Context(), `SELECT count(*) FROM accesses`).Scan(&n)
		}
		fs.stop()
		select {
		case <-c.cut:
		case <-time.After(time.Second): // its answer is waited for
		}
		return err
	})
	fs.recorder.add(access{at: time.Now(), op: "open", spot: spot{path: at("/f")}})
	<-fs.done
	must(t, fs.Close())
	if n := fs.count(t, `SELECT count(*) FROM accesses`); n != 1 {
		t.Errorf("one access was written %d times", n)
	}
}
