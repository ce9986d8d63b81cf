package tfevents_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"google.golang.org/protobuf/encoding/protowire"

	"granary/tfevents"
	write "granary/tfevents/tfeventstest"
)

// Behind a record that is too long another reader goes on, and it is known whether the record may have had values.
func TestLongRecords(t *testing.T) {
	first, last := write.Event(1, 1, write.Simple("a", 1)), write.Event(2, 2, write.Simple("a", 2))
	two := slices.Concat(write.Graph(tfevents.MaxRecord)[12:], protowire.AppendTag(nil, 10, protowire.BytesType), []byte{0})
	for name, c := range map[string]struct {
		record []byte
		values bool
	}{
		"a graph":          {write.Graph(tfevents.MaxRecord), false},
		"values":           {write.Event(1, 1, write.Image("x", 1, 1, make([]byte, tfevents.MaxRecord))), true},
		"two fields":       {write.Record(two), true},
		"no message":       {write.Record(bytes.Repeat([]byte{0xff}, tfevents.MaxRecord+1)), true},
		"many small":       {write.Record(bytes.Repeat([]byte{0x10, 0}, tfevents.MaxRecord)), true},
		"a graph in parts": {write.Record(bytes.Repeat([]byte{0x22, 0}, tfevents.MaxRecord)), true},
	} {
		t.Run(name, func(t *testing.T) {
			file := slices.Concat(first, c.record, last)
			events, err := all(file)
			var long *tfevents.LongError
			if len(events) != 1 || !errors.As(err, &long) || long.Offset != int64(len(first)) || long.Next != int64(len(first)+len(c.record)) || long.Values != c.values {
				t.Fatalf("%d events, %v, %+v", len(events), err, long)
			}
			if events, err := all(file[long.Next:]); len(events) != 1 || !errors.Is(err, io.EOF) {
				t.Errorf("behind it there are %d events, %v", len(events), err)
			}
			for _, n := range []int{11, 12, 75} { // too little to know what it has
				if _, err := all(c.record[:n]); !errors.As(err, new(*tfevents.PartialError)) {
					t.Errorf("of %d bytes: %v", n, err)
				}
			}
			if _, err := all(c.record[:76]); !errors.As(err, new(*tfevents.LongError)) {
				t.Errorf("of its beginning: %v", err)
			}
			failure := fmt.Errorf("closed: %w", io.EOF)
			r := tfevents.NewReader(io.MultiReader(bytes.NewReader(c.record[:20]), iotest.ErrReader(failure)), 0)
			if _, err := r.Next(); !errors.As(err, new(*tfevents.ReadError)) || !errors.Is(err, failure) {
				t.Errorf("when reading fails: %v", err)
			}
		})
	}
}
