package tfevents

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// dtype is the type of a tensor's elements, a DataType of TensorFlow.
type dtype uint64

const (
	dtFloat    dtype = 1
	dtDouble   dtype = 2
	dtInt32    dtype = 3
	dtUint8    dtype = 4
	dtInt16    dtype = 5
	dtInt8     dtype = 6
	dtString   dtype = 7
	dtInt64    dtype = 9
	dtBool     dtype = 10
	dtBfloat16 dtype = 14
	dtUint16   dtype = 17
	dtHalf     dtype = 19
	dtUint32   dtype = 22
	dtUint64   dtype = 23
)

// form says how a number of one type is stored: in size bytes in tensor_content, or by itself in a field of its own, which numbers of
// fewer than 32 bits share with wider ones.
type form struct {
	size  int
	field protowire.Number
}

// forms has the element types that are numbers.
var forms = map[dtype]form{
	dtFloat: {4, 5}, dtDouble: {8, 6}, dtInt32: {4, 7}, dtUint8: {1, 7}, dtInt16: {2, 7}, dtInt8: {1, 7}, dtUint16: {2, 7}, dtInt64: {8, 10}, dtBool: {1, 11},
	dtHalf: {2, 13}, dtBfloat16: {2, 13}, dtUint32: {4, 16}, dtUint64: {8, 17},
}

// Tensor is an array of numbers or of texts, as in TensorProto.
type Tensor struct {
	dtype   dtype
	size    uint64 // elements according to the shape; 2 stands for any more
	content []byte // all elements, little-endian; empty: they are in fields
	fields  []field
	// raw is the whole message, which begins at this offset of the file. It is searched for texts only on demand: a text of two bytes takes
	// some fifty bytes as a field, and an event may have millions.
	raw []byte
	at  int64
}

// maxStrings bounds the texts of a tensor that are looked at: width, height and the images of one step.
const maxStrings = 2 + 64

// parseTensor reads a TensorProto, which begins at this offset of the file. It keeps at most two numbers, one more than a scalar has.
func parseTensor(b []byte, at int64) (*Tensor, error) {
	t := &Tensor{size: 1, raw: b, at: at}
	err := eachField(b, at, func(f *field) error {
		switch f.number { //nolint:exhaustive // the constants are protobuf's bounds
		case 1:
			if f.kind == protowire.VarintType {
				t.dtype = dtype(f.value)
			}
		case 2:
			if f.kind == protowire.BytesType {
				return t.parseShape(f.bytes)
			}
		case 4:
			if f.kind == protowire.BytesType {
				t.content = f.bytes
			}
		case 5, 6, 7, 10, 11, 13, 16, 17:
			if len(t.fields) < 2 {
				t.fields = append(t.fields, *f)
			}
		}
		return nil
	})
	return t, err
}

// parseShape counts the elements of a TensorShapeProto.
func (t *Tensor) parseShape(b []byte) error {
	return eachField(b, 0, func(f *field) error {
		if !f.is(2, protowire.BytesType) {
			return nil
		}
		var side uint64
		err := eachField(f.bytes, 0, func(f *field) error {
			if f.is(1, protowire.VarintType) {
				side = f.value
			}
			return nil
		})
		if side > 1 { // only whether it is more than one matters, and 2 cannot overflow
			side = 2
		}
		t.size = min(t.size*side, 2)
		return err
	})
}

// Scalar returns the number of a tensor that has exactly one element.
func (t *Tensor) Scalar() (float64, error) {
	form, known := forms[t.dtype]
	switch {
	case !known:
		return 0, fmt.Errorf("the tensor holds no numbers, but elements of the type %d", t.dtype)
	case t.size != 1:
		return 0, errNotOne
	case len(t.content) > 0:
		return t.dtype.decode(t.content, form.size)
	case len(t.fields) == 0:
		return 0, nil // protobuf leaves out zeros, and TensorFlow repeats the last element
	case len(t.fields) > 1:
		return 0, errNotOne
	}
	return t.dtype.inField(&t.fields[0], form.field)
}

// decode decodes one element, of n bytes, from tensor_content.
func (d dtype) decode(b []byte, n int) (float64, error) {
	if len(b) != n {
		return 0, errNotOne
	}
	var bits uint64
	for i := n - 1; i >= 0; i-- {
		bits = bits<<8 | uint64(b[i])
	}
	return d.number(bits), nil
}

// number returns the number that these bits stand for.
func (d dtype) number(bits uint64) float64 {
	switch d { //nolint:exhaustive // the others are unsigned
	case dtFloat:
		return float64(math.Float32frombits(uint32(bits)))
	case dtDouble:
		return math.Float64frombits(bits)
	case dtBfloat16:
		return float64(math.Float32frombits(uint32(bits) << 16))
	case dtHalf:
		return half(uint16(bits))
	case dtInt8:
		return float64(int8(bits))
	case dtInt16:
		return float64(int16(bits))
	case dtInt32:
		return float64(int32(bits))
	case dtInt64:
		return float64(int64(bits))
	}
	return float64(bits)
}

// inField returns the element in a typed field, packed or not. The number of the field must be the one that is wanted.
func (d dtype) inField(f *field, want protowire.Number) (float64, error) {
	if f.number != want {
		return 0, fmt.Errorf("the tensor of the type %d has its number in the field %d", d, f.number)
	}
	bits := f.value
	if f.kind == protowire.BytesType {
		switch f.number {
		case 5:
			if len(f.bytes) != 4 {
				return 0, errNotOne
			}
			bits = uint64(binary.LittleEndian.Uint32(f.bytes))
		case 6:
			if len(f.bytes) != 8 {
				return 0, errNotOne
			}
			bits = binary.LittleEndian.Uint64(f.bytes)
		default:
			v, n := protowire.ConsumeVarint(f.bytes)
			if n != len(f.bytes) {
				return 0, errNotOne
			}
			bits = v
		}
	}
	return d.number(bits), nil
}

// half converts a 16-bit floating-point number of IEEE 754.
func half(bits uint16) float64 {
	sign := 1.0
	if bits&0x8000 != 0 {
		sign = -1
	}
	exponent, fraction := int(bits>>10&0x1f), float64(bits&0x3ff)
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 0x1f:
		if fraction != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(fraction+1024, exponent-25)
}

// Images returns the images of a tensor of the plugin images. Its elements are texts: width, height, then the images. Only the first
// 64 images are returned.
func (t *Tensor) Images() []Image {
	if t.dtype != dtString {
		return nil
	}
	texts := t.texts()
	if len(texts) < 3 {
		return nil
	}
	width, _ := strconv.ParseInt(string(texts[0].bytes), 10, 64) // 0 means unknown
	height, _ := strconv.ParseInt(string(texts[1].bytes), 10, 64)
	images := make([]Image, 0, len(texts)-2)
	for _, f := range texts[2:] {
		images = append(images, Image{Width: side(width), Height: side(height), Data: f.bytes, Offset: f.at})
	}
	return images
}

// texts returns the first maxStrings texts of t.
func (t *Tensor) texts() (found []field) {
	_ = eachField(t.raw, t.at, func(f *field) error { // parseTensor has parsed it without an error
		if f.is(8, protowire.BytesType) && len(found) < maxStrings {
			found = append(found, *f)
		}
		return nil
	})
	return found
}
