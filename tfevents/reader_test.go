package tfevents_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"google.golang.org/protobuf/encoding/protowire"

	"granary/tfevents"
	write "granary/tfevents/tfeventstest"
)

// all reads the events of a file, and what ends it.
func all(file []byte) (events []tfevents.Event, end error) {
	r := tfevents.NewReader(bytes.NewReader(file), 0)
	for {
		e, err := r.Next()
		if err != nil {
			return events, err
		}
		events = append(events, *e)
	}
}

// golden returns the events of a file that a writer of the field has written.
func golden(t *testing.T, name string) []tfevents.Event {
	t.Helper()
	file, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var events []tfevents.Event
	r := tfevents.NewReader(bytes.NewReader(file), 0)
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, v := range e.Values { // what is kept beyond the next record is copied, as callers have to
			if v.Image != nil && !bytes.Equal(v.Image.Data, file[v.Image.Offset:][:len(v.Image.Data)]) {
				t.Errorf("%s: an image is not at %d", name, v.Image.Offset)
			}
		}
		events = append(events, *e)
	}
	if r.Offset() != int64(len(file)) {
		t.Errorf("%s: read up to %d of %d", name, r.Offset(), len(file))
	}
	return events
}

func TestSimpleValuesOfTensorboardX(t *testing.T) {
	var losses, odd int
	var pictures int
	for _, e := range golden(t, "simple.tfevents") {
		for _, v := range e.Values {
			switch v.Tag {
			case "train/loss":
				if want := float32(1 / (float64(losses) + 1)); v.Simple == nil || *v.Simple != want || e.Step != int64(losses) || e.WallTime != 1_700_000_000+float64(losses) {
					t.Errorf("the loss %d is %+v at step %d, %f", losses, v, e.Step, e.WallTime)
				}
				losses++
			case "train/odd":
				if x := float64(*v.Simple); e.Step == 0 && !math.IsNaN(x) || e.Step == 1 && !math.IsInf(x, 1) {
					t.Errorf("the odd value at %d is %f", e.Step, x)
				}
				odd++
			case "sample":
				if v.Image == nil || v.Image.Width != 4 || v.Image.Height != 2 || e.Step != 7 {
					t.Errorf("the image is %+v", v.Image)
				}
				pictures++
			}
		}
	}
	if losses != 20 || odd != 2 || pictures != 1 {
		t.Errorf("%d losses, %d odd values, %d images", losses, odd, pictures)
	}
}

func TestTensorsOfTensorBoard(t *testing.T) {
	file, err := os.ReadFile("testdata/tensor.tfevents")
	if err != nil {
		t.Fatal(err)
	}
	var losses, pictures int
	for _, e := range golden(t, "tensor.tfevents") {
		for _, v := range e.Values {
			switch v.Tag {
			case "epoch_loss":
				if first := v.Plugin == tfevents.PluginScalars; first != (losses == 0) {
					t.Errorf("the value %d is of the plugin %q", losses, v.Plugin)
				}
				losses++
			case "pixels":
				images := v.Tensor.Images()
				if len(images) != 2 || v.Plugin != tfevents.PluginImages || images[0].Width != 1 || images[0].Height != 1 {
					t.Fatalf("the images are %+v", images)
				}
				for _, m := range images {
					if !bytes.HasPrefix(file[m.Offset:], []byte("\x89PNG")) || !bytes.HasSuffix(file[:m.Offset+int64(len(m.Data))], []byte("IEND\xaeB`\x82")) {
						t.Errorf("no PNG lies at %d", m.Offset)
					}
				}
				pictures++
			}
		}
	}
	if losses != 20 || pictures != 1 {
		t.Errorf("%d losses, %d tensors of images", losses, pictures)
	}
	r := tfevents.NewReader(bytes.NewReader(file), 0)
	step := 0
	for {
		e, err := r.Next()
		if err != nil {
			break
		}
		for _, v := range e.Values {
			if v.Tag != "epoch_loss" {
				continue
			}
			got, err := v.Tensor.Scalar()
			if want := float64(float32(1 / (float64(step) + 1))); err != nil || got != want {
				t.Errorf("the loss at %d is %f, %v; want %f", step, got, err, want)
			}
			step++
		}
	}
}

// Each type of element has two places where it may be.
func TestScalarsInTensors(t *testing.T) {
	content := func(p ...byte) func(b []byte) []byte { return func(b []byte) []byte { return write.Message(b, 4, p) } }
	varint := func(number protowire.Number, n uint64) func(b []byte) []byte {
		return func(b []byte) []byte { return write.Number(b, number, n) }
	}
	packed := func(number protowire.Number, p ...byte) func(b []byte) []byte {
		return func(b []byte) []byte { return write.Message(b, number, p) }
	}
	minus := func(n int64) uint64 { return uint64(n) }
	sides := func(sides ...uint64) []byte {
		var shape []byte
		for _, n := range sides {
			shape = write.Message(shape, 2, write.Number(nil, 1, n))
		}
		return shape
	}
	const none = -12345
	for name, c := range map[string]struct {
		dtype  uint64
		fields func(b []byte) []byte
		want   float64
	}{
		"float, content": {1, content(0, 0, 0x20, 0x40), 2.5},
		"float, field": {1, func(b []byte) []byte {
			return protowire.AppendFixed32(protowire.AppendTag(b, 5, protowire.Fixed32Type), math.Float32bits(2.5))
		}, 2.5},
		"float, packed":      {1, packed(5, 0, 0, 0x20, 0x40), 2.5},
		"double, content":    {2, content(binary.LittleEndian.AppendUint64(nil, math.Float64bits(1e300))...), 1e300},
		"double, packed":     {2, packed(6, binary.LittleEndian.AppendUint64(nil, math.Float64bits(1e300))...), 1e300},
		"int32":              {3, varint(7, minus(-3)), -3},
		"int32, content":     {3, content(0xfd, 0xff, 0xff, 0xff), -3},
		"uint8":              {4, content(200), 200},
		"int8":               {6, content(200), -56},
		"int16":              {5, content(0xfe, 0xff), -2},
		"int64":              {9, varint(10, minus(-1<<40)), -1 << 40},
		"int64, packed":      {9, packed(10, protowire.AppendVarint(nil, 1<<40)...), 1 << 40},
		"bool":               {10, varint(11, 1), 1},
		"half":               {19, varint(13, 0x3e00), 1.5},
		"half, subnormal":    {19, varint(13, 1), math.Ldexp(1, -24)},
		"half, infinite":     {19, varint(13, 0xfc00), math.Inf(-1)},
		"bfloat16":           {14, content(0xc0, 0x3f), 1.5},
		"uint32":             {22, varint(16, 1<<32-1), 1<<32 - 1},
		"uint64":             {23, varint(17, 1<<63), 1 << 63},
		"zero, left out":     {1, func(b []byte) []byte { return b }, 0},
		"shape of one":       {1, func(b []byte) []byte { return content(0, 0, 0x20, 0x40)(write.Message(b, 2, sides(1, 1))) }, 2.5},
		"a vector":           {1, func(b []byte) []byte { return content(0, 0, 0x20, 0x40)(write.Message(b, 2, sides(3))) }, none},
		"a vector of none":   {1, func(b []byte) []byte { return write.Message(b, 2, sides(0)) }, none},
		"a huge shape":       {1, func(b []byte) []byte { return write.Message(b, 2, sides(1<<40, 1<<40)) }, none},
		"two numbers":        {1, packed(5, 0, 0, 0x20, 0x40, 0, 0, 0x20, 0x40), none},
		"two fields":         {3, func(b []byte) []byte { return write.Number(write.Number(b, 7, 1), 7, 2) }, none},
		"too short":          {1, content(0, 0), none},
		"text":               {7, packed(8, 'a'), none},
		"no text":            {7, func(b []byte) []byte { return b }, none},
		"complex":            {8, packed(9, 0, 0, 0x20, 0x40, 0, 0, 0, 0), none},
		"double complex":     {18, packed(12, make([]byte, 16)...), none},
		"no type":            {0, func(b []byte) []byte { return b }, none},
		"another type's":     {1, varint(7, 3), none},
		"a type there isn't": {99, content(1), none},
	} {
		t.Run(name, func(t *testing.T) {
			events, end := all(write.Event(1, 2, write.Tensor("x", "scalars", c.dtype, c.fields)))
			if !errors.Is(end, io.EOF) || len(events) != 1 || events[0].Values[0].Tensor == nil {
				t.Fatalf("%+v, %v", events, end)
			}
			got, err := events[0].Values[0].Tensor.Scalar()
			if (err != nil) != (c.want == none) || err == nil && got != c.want {
				t.Errorf("%g, %v; want %g", got, err, c.want)
			}
		})
	}
}

// A file may end anywhere. What is whole is read, and the reader says how long the file has to be for more.
func TestAFileThatGrows(t *testing.T) {
	records := [][]byte{write.Version(), write.Event(1, 1, write.Simple("a", 1)), write.Event(2, 2, write.Simple("a", 2))}
	file := slices.Concat(records...)
	for n := range file {
		whole, offset := 0, 0
		for whole < len(records) && offset+len(records[whole]) <= n {
			offset += len(records[whole])
			whole++
		}
		r := tfevents.NewReader(bytes.NewReader(file[:n]), 0)
		var err error
		for range whole {
			if _, err := r.Next(); err != nil {
				t.Fatalf("%d bytes: %v", n, err)
			}
		}
		_, err = r.Next()
		var partial *tfevents.PartialError
		switch {
		case n == offset && !errors.Is(err, io.EOF), n > offset && !errors.As(err, &partial):
			t.Fatalf("%d bytes: %v", n, err)
		case r.Offset() != int64(offset):
			t.Errorf("%d bytes: the next record is at %d, want %d", n, r.Offset(), offset)
		case partial != nil && (partial.Need <= int64(n) || partial.Need > int64(offset+len(records[whole]))):
			t.Errorf("%d bytes: %+v", n, partial)
		}
		rest := tfevents.NewReader(bytes.NewReader(file[offset:]), r.Offset())
		for range len(records) - whole {
			if _, err := rest.Next(); err != nil {
				t.Fatalf("going on behind %d bytes: %v", n, err)
			}
		}
	}
}

// What reading fails with is no end of the file, wherever it comes and whatever it wraps.
func TestReadingFails(t *testing.T) {
	file := write.Event(1, 1, write.Simple("a", 1))
	for _, failure := range []error{errors.New("torn"), fmt.Errorf("the connection broke: %w", io.ErrUnexpectedEOF), fmt.Errorf("closed: %w", io.EOF), io.ErrUnexpectedEOF} {
		for n := range len(file) + 1 {
			r := tfevents.NewReader(io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(failure)), 0)
			_, err := r.Next()
			if n == len(file) && err == nil {
				_, err = r.Next()
			}
			var failed *tfevents.ReadError
			if !errors.As(err, &failed) || !errors.Is(err, failure) || errors.As(err, new(*tfevents.PartialError)) || failed.Offset != r.Offset() {
				t.Fatalf("%q behind %d bytes: %v", failure, n, err)
			}
		}
	}
}

func TestDamage(t *testing.T) {
	good := write.Event(1, 1, write.Simple("a", 1))
	changed := func(at int) []byte {
		b := bytes.Clone(good)
		b[at] ^= 1
		return b
	}
	length := func(n uint64) []byte {
		b := binary.LittleEndian.AppendUint64(nil, n)
		return binary.LittleEndian.AppendUint32(b, write.Masked(b))
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"the length":            {changed(0), "length whose checksum does not match"},
		"the length's checksum": {changed(8), "length whose checksum does not match"},
		"the data":              {changed(14), "checksum that does not match: the file is damaged"},
		"the data's checksum":   {changed(len(good) - 1), "checksum that does not match: the file is damaged"},
		"four gigabytes":        {length(4 << 30), "says that it has 4294967296 bytes"},
		"a negative length":     {length(math.MaxUint64), "at most 33554432 are read"},
		"no message":            {write.Record([]byte{0x0f}), "is no event"},
		"a value of none":       {write.Event(1, 1, []byte{0x0a, 0x7f}), "is no event"},
		"a tensor of none":      {write.Event(1, 1, write.Message(nil, 8, []byte{0x22, 0x7f})), "tensor"},
		"another kind of file":  {[]byte(strings.Repeat("PK\x03\x04 text", 9)), "or is no event file"},
	} {
		t.Run(name, func(t *testing.T) {
			events, err := all(append(bytes.Clone(good), c.file...))
			var damage *tfevents.DamageError
			if len(events) != 1 || !errors.As(err, &damage) || damage.Offset != int64(len(good)) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%d events, %v; want 1 and %q", len(events), err, c.want)
			}
		})
	}
	if events, err := all(length(tfevents.MaxRecord)); len(events) != 0 || !errors.As(err, new(*tfevents.PartialError)) {
		t.Errorf("the longest record, of which nothing has come: %v", err)
	}
}

// A length promises memory that nobody has to give before the bytes are there.
func TestALengthIsNotBelieved(t *testing.T) {
	head := binary.LittleEndian.AppendUint64(nil, tfevents.MaxRecord)
	head = binary.LittleEndian.AppendUint32(head, write.Masked(head))
	got := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = all(head)
		}
	})
	if got.AllocedBytesPerOp() > 1<<20 {
		t.Errorf("%d bytes for a record of which nothing has come", got.AllocedBytesPerOp())
	}
}

// A value may be two bytes long and takes a hundred in memory.
func TestTheValuesOfAnEventAreBounded(t *testing.T) {
	record := func(n int) []byte {
		return write.Record(write.Message(nil, 5, bytes.Repeat([]byte{0x0a, 0}, n)))
	}
	if events, err := all(record(tfevents.MaxValues)); len(events) != 1 || err != io.EOF {
		t.Errorf("%d events, %v", len(events), err)
	}
	if events, err := all(record(15 << 20)); len(events) != 0 || !errors.As(err, new(*tfevents.DamageError)) {
		t.Errorf("%d events, %v", len(events), err)
	}
}

func TestRestart(t *testing.T) {
	events, _ := all(slices.Concat(write.Start(1, 0), write.Start(2, 17), write.Event(3, 17)))
	if len(events) != 3 || !events[1].Start || events[1].Step != 17 || events[2].Start {
		t.Errorf("%+v", events)
	}
}

// FuzzReader gives the reader files of which checksums hold, and such of which they do not.
func FuzzReader(f *testing.F) {
	f.Add(write.Event(1, 2, write.Simple("a", 3), write.Image("b", 1, 1, []byte("\x89PNG"))), []byte{})
	f.Add(slices.Concat(write.Version(), write.Start(1, 2)), []byte{8, 1})
	f.Add([]byte{}, write.Event(1, 2, write.Images("b", "1", "1", []byte("\xff\xd8\xff")))[12:])
	f.Add([]byte{}, write.Tensor("x", "scalars", 1, func(b []byte) []byte { return write.Message(b, 4, []byte{0, 0, 0, 0}) }))
	f.Fuzz(func(t *testing.T, file, data []byte) {
		file = append(file, write.Record(data)...)
		r := tfevents.NewReader(bytes.NewReader(file), 0)
		for {
			before := r.Offset()
			e, err := r.Next()
			if err != nil {
				if r.Offset() != before {
					t.Fatalf("the offset moved from %d to %d with %v", before, r.Offset(), err)
				}
				return
			}
			if r.Offset() <= before || r.Offset() > int64(len(file)) {
				t.Fatalf("the offset went from %d to %d of %d", before, r.Offset(), len(file))
			}
			for _, v := range e.Values {
				var images []tfevents.Image
				if v.Image != nil {
					images = append(images, *v.Image)
				}
				if v.Tensor != nil {
					_, _ = v.Tensor.Scalar()
					images = append(images, v.Tensor.Images()...)
				}
				for _, m := range images {
					if !bytes.Equal(file[m.Offset:m.Offset+int64(len(m.Data))], m.Data) && len(m.Data) > 0 {
						t.Fatalf("an image is not at %d", m.Offset)
					}
				}
			}
		}
	})
}

func BenchmarkReader(b *testing.B) {
	var file []byte
	for step := range int64(20_000) {
		file = append(file, write.Event(float64(step), step, write.Simple("train/loss", 1), write.Simple("train/accuracy", 2))...)
	}
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if events, err := all(file); len(events) != 20_000 {
			b.Fatal(err)
		}
	}
}
