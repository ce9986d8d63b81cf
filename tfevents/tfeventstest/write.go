// Package tfeventstest makes event files for tests. It encodes them by hand, so that it shares no mistake with the reader.
package tfeventstest

import (
	"encoding/binary"
	"hash/crc32"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Record returns data framed as a record.
func Record(data []byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	b = binary.LittleEndian.AppendUint32(b, Masked(b))
	b = append(b, data...)
	return binary.LittleEndian.AppendUint32(b, Masked(data))
}

// Masked returns the checksum of p as records have it.
func Masked(p []byte) uint32 {
	crc := crc32.Checksum(p, crc32.MakeTable(crc32.Castagnoli))
	return (crc>>15 | crc<<17) + 0xa282ead8
}

// Version returns the record that files begin with.
func Version() []byte {
	return Record(protowire.AppendString(protowire.AppendTag(nil, 3, protowire.BytesType), "brain.Event:2"))
}

// Event returns a record with values at a step.
func Event(wall float64, step int64, values ...[]byte) []byte {
	var summary []byte
	for _, v := range values {
		summary = Message(summary, 1, v)
	}
	return Record(Message(head(wall, step), 5, summary))
}

// Start returns a record that says that a run starts again at a step.
func Start(wall float64, step int64) []byte {
	return Record(Message(head(wall, step), 7, Number(nil, 1, 1)))
}

// Graph returns a record with a graph of this length, as TensorFlow writes it.
func Graph(length int) []byte {
	return Record(Message(head(1, 0), 4, make([]byte, length)))
}

func head(wall float64, step int64) []byte {
	b := protowire.AppendTag(nil, 1, protowire.Fixed64Type)
	b = protowire.AppendFixed64(b, math.Float64bits(wall))
	return Number(b, 2, uint64(step))
}

// Simple returns a value in simple_value.
func Simple(tag string, value float32) []byte {
	b := Message(nil, 1, []byte(tag))
	return protowire.AppendFixed32(protowire.AppendTag(b, 2, protowire.Fixed32Type), math.Float32bits(value))
}

// Tensor returns a value in a tensor with elements of type dtype, to which fields appends. If plugin is "", it has no metadata.
func Tensor(tag, plugin string, dtype uint64, fields func(b []byte) []byte) []byte {
	b := Message(nil, 1, []byte(tag))
	b = Message(b, 8, fields(Number(nil, 1, dtype)))
	if plugin != "" {
		b = Message(b, 9, Message(nil, 1, Message(nil, 1, []byte(plugin))))
	}
	return b
}

// Image returns a value in image.
func Image(tag string, width, height uint64, data []byte) []byte {
	m := Number(Number(nil, 1, height), 2, width)
	return Message(Message(nil, 1, []byte(tag)), 4, Message(m, 4, data))
}

// Images returns a value of the plugin images: a tensor of images.
func Images(tag, width, height string, data ...[]byte) []byte {
	return Tensor(tag, "images", 7, func(b []byte) []byte {
		for _, text := range append([][]byte{[]byte(width), []byte(height)}, data...) {
			b = Message(b, 8, text)
		}
		return b
	})
}

// Message appends a field that holds bytes.
func Message(b []byte, number protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), m)
}

// Number appends a varint field.
func Number(b []byte, number protowire.Number, n uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), n)
}
