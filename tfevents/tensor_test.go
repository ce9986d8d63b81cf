package tfevents_test

import (
	"bytes"
	"slices"
	"testing"

	"granary/tfevents"
	write "granary/tfevents/tfeventstest"
)

// A text may be two bytes long, and tensors that nobody asks for their texts keep none.
func TestTheTextsOfAnEventTakeLittle(t *testing.T) {
	tensor := write.Tensor("x", "", 7, func(b []byte) []byte { return append(b, bytes.Repeat([]byte{0x42, 0}, 66)...) })
	record := write.Event(1, 1, slices.Repeat([][]byte{tensor}, tfevents.MaxValues)...)
	got := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if events, err := all(record); len(events) != 1 || len(events[0].Values[0].Tensor.Images()) != 64 {
				b.Fatal(err)
			}
		}
	})
	if got.AllocedBytesPerOp() > 64<<20 {
		t.Errorf("%d bytes for a record of %d", got.AllocedBytesPerOp(), len(record))
	}
}
