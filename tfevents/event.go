package tfevents

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// Names of TensorBoard's plugins. The metadata of a summary value names the plugin that it is for.
const (
	PluginScalars = "scalars"
	PluginImages  = "images"
)

// Event is the part of a record's content that is of interest here.
type Event struct {
	WallTime float64 // seconds since 1970, when it was written
	Step     int64
	// Start marks a restart: the run goes on from Step, and values written before with that step or a later one do not count.
	Start  bool
	Values []Value // of its summary
}

// Value is one value of a summary. At most one of Simple, Image and Tensor is set.
type Value struct {
	Tag string
	// Plugin is the plugin that the value is for, or "" if it does not say: only the first value of a tag has to.
	Plugin string
	Simple *float32
	Image  *Image
	Tensor *Tensor
}

// Image is an encoded picture.
type Image struct {
	Width, Height int64 // pixels, as the writer says; 0: unknown
	Data          []byte
	Offset        int64 // of Data in the file
}

// field is a field of a message: a number, or bytes.
type field struct {
	number protowire.Number
	kind   protowire.Type
	value  uint64 // of a varint, or the bits of a fixed-size number
	bytes  []byte
	at     int64 // offset of bytes in the file
}

// double returns the value of a field of the type double.
func (f *field) double() float64 { return math.Float64frombits(f.value) }

// float returns the value of a field of the type float.
func (f *field) float() float32 { return math.Float32frombits(uint32(f.value)) }

// is reports whether f has this number and this wire type. As in protobuf, a known number of another type is not a match.
func (f *field) is(number protowire.Number, kind protowire.Type) bool {
	return f.number == number && f.kind == kind
}

// text returns the bytes as a string, with what is not valid UTF-8 replaced.
func (f *field) text() string { return strings.ToValidUTF8(string(f.bytes), "\uFFFD") }

// eachField calls visit with each field of the message b, which begins at this offset of the file. Of groups, which no message here
// uses, it passes the number and kind alone.
func eachField(b []byte, at int64, visit func(f *field) error) error {
	var f field
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return protowire.ParseError(n)
		}
		b, at = b[n:], at+int64(n)
		f = field{number: number, kind: kind}
		switch kind {
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(b)
		case protowire.Fixed64Type:
			f.value, n = protowire.ConsumeFixed64(b)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(b)
			f.value = uint64(v)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
			f.at = at + int64(n-len(f.bytes))
		default:
			n = protowire.ConsumeFieldValue(number, kind, b)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		if err := visit(&f); err != nil {
			return err
		}
		b, at = b[n:], at+int64(n)
	}
	return nil
}

// MaxValues bounds the values of one event that are read. An empty value takes two bytes of a file, but some hundred of memory.
const MaxValues = 1 << 16

// sessionStart is SessionLog.START.
const sessionStart = 1

// summaryField is the number of the field of an Event that has its values.
const summaryField = 5

// mayHaveValues reports whether an Event of this length that begins like this may have values. It has none if all that is behind the time and the
// step is one field of another kind.
func mayHaveValues(begin []byte, length int64) bool {
	for b := begin; ; {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return true
		}
		b = b[n:]
		if kind == protowire.BytesType {
			size, n := protowire.ConsumeVarint(b)
			rest := length - int64(len(begin)-len(b)) - int64(n)
			return n < 0 || number == summaryField || size != uint64(rest)
		}
		if n = protowire.ConsumeFieldValue(number, kind, b); n < 0 {
			return true
		}
		b = b[n:]
	}
}

// parseEvent reads an Event. data begins at this offset of the file.
func parseEvent(data []byte, at int64) (*Event, error) {
	e := &Event{}
	err := eachField(data, at, func(f *field) error {
		switch {
		case f.is(1, protowire.Fixed64Type):
			e.WallTime = f.double()
		case f.is(2, protowire.VarintType):
			e.Step = int64(f.value)
		case f.is(summaryField, protowire.BytesType):
			return e.parseSummary(f.bytes, f.at)
		case f.is(7, protowire.BytesType):
			return eachField(f.bytes, f.at, func(f *field) error {
				e.Start = e.Start || f.is(1, protowire.VarintType) && f.value == sessionStart
				return nil
			})
		}
		return nil
	})
	return e, err
}

func (e *Event) parseSummary(b []byte, at int64) error {
	return eachField(b, at, func(f *field) error {
		if !f.is(1, protowire.BytesType) {
			return nil
		}
		if len(e.Values) == MaxValues {
			return fmt.Errorf("its summary has more than %d values", MaxValues)
		}
		v, err := parseValue(f.bytes, f.at)
		if err == nil {
			e.Values = append(e.Values, v)
		}
		return err
	})
}

func parseValue(b []byte, at int64) (v Value, err error) {
	err = eachField(b, at, func(f *field) error {
		switch {
		case f.is(1, protowire.BytesType):
			v.Tag = f.text()
		case f.is(2, protowire.Fixed32Type):
			simple := f.float()
			v.Simple, v.Image, v.Tensor = &simple, nil, nil // the last member of a oneof counts
		case f.is(4, protowire.BytesType):
			image, err := parseImage(f.bytes, f.at)
			if err != nil {
				return fmt.Errorf("image: %w", err)
			}
			v.Simple, v.Image, v.Tensor = nil, image, nil
		case f.is(8, protowire.BytesType):
			tensor, err := parseTensor(f.bytes, f.at)
			if err != nil {
				return fmt.Errorf("tensor: %w", err)
			}
			v.Simple, v.Image, v.Tensor = nil, nil, tensor
		case f.is(9, protowire.BytesType):
			if v.Plugin, err = parsePlugin(f.bytes); err != nil {
				return fmt.Errorf("metadata: %w", err)
			}
		}
		return nil
	})
	return v, err
}

func parseImage(b []byte, at int64) (*Image, error) {
	m := &Image{}
	err := eachField(b, at, func(f *field) error {
		switch {
		case f.is(1, protowire.VarintType):
			m.Height = side(int64(f.value))
		case f.is(2, protowire.VarintType):
			m.Width = side(int64(f.value))
		case f.is(4, protowire.BytesType):
			m.Data, m.Offset = f.bytes, f.at
		}
		return nil
	})
	return m, err
}

// side returns a length in pixels, or 0 if n is not a valid one.
func side(n int64) int64 {
	if n < 0 || n > math.MaxInt32 {
		return 0
	}
	return n
}

// parsePlugin returns the name of the plugin in a SummaryMetadata.
func parsePlugin(b []byte) (name string, err error) {
	err = eachField(b, 0, func(f *field) error {
		if !f.is(1, protowire.BytesType) {
			return nil
		}
		return eachField(f.bytes, 0, func(f *field) error {
			if f.is(1, protowire.BytesType) {
				name = f.text()
			}
			return nil
		})
	})
	return name, err
}

// errNotOne says that a tensor is no scalar.
var errNotOne = errors.New("the tensor has not exactly one element")
