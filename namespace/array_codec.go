package namespace

import (
	"encoding/binary"
	"slices"

	"github.com/jackc/pgx/v5/pgtype"
)

// fastArrays makes m encode the columns of batches without boxing each element and with a single allocation. pgx by itself
// inspects each element, and grows each parameter from 256 bytes.
func fastArrays(m *pgtype.Map) {
	registerArray(m, pgtype.Int8ArrayOID, pgtype.Int8OID, func(int64) int { return 8 }, func(b []byte, v int64) []byte {
		return binary.BigEndian.AppendUint64(b, uint64(v))
	})
	registerArray(m, pgtype.TextArrayOID, pgtype.TextOID, func(v string) int { return len(v) }, func(b []byte, v string) []byte { return append(b, v...) })
	registerArray(m, pgtype.TIDArrayOID, pgtype.TIDOID, func(tid) int { return tidBytes }, func(b []byte, v tid) []byte { return v.append(b) })
	registerArray(m, pgtype.ByteaArrayOID, pgtype.ByteaOID, func(v []byte) int { return len(v) }, func(b, v []byte) []byte { return append(b, v...) })
}

// registerArray makes m encode slices of T as arrays of the type oid with elements of the type element. put appends a value to b, which
// takes size(value) bytes. Other values are encoded as before.
func registerArray[T any](m *pgtype.Map, oid, element uint32, size func(T) int, put func(b []byte, v T) []byte) {
	known, ok := m.TypeForOID(oid)
	if !ok {
		panic("pgx knows no such array") // cannot happen: pgx registers those of fastArrays
	}
	fast := *known
	fast.Codec = arrayCodec[T]{known.Codec, arrayPlan[T]{element, size, put}}
	m.RegisterType(&fast)
}

type arrayCodec[T any] struct {
	pgtype.Codec
	plan arrayPlan[T]
}

// PlanEncode returns the fast plan for a []T in binary format, else what the original codec returns.
func (c arrayCodec[T]) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.([]T); ok && format == pgtype.BinaryFormatCode {
		return c.plan
	}
	return c.Codec.PlanEncode(m, oid, format, value)
}

type arrayPlan[T any] struct {
	element uint32
	size    func(T) int
	put     func(b []byte, v T) []byte
}

// Encode appends value, a slice of T, to b in the form of array_recv: dimensions, whether there are NULLs, the type of elements, and
// for each dimension its length and lower bound; then the elements with their lengths. A nil slice is NULL.
func (p arrayPlan[T]) Encode(value any, b []byte) ([]byte, error) {
	all := value.([]T) //nolint:forcetypeassert // PlanEncode has looked
	if all == nil {
		return nil, nil
	}
	const head, length = 20, 4
	n := head + length*len(all)
	for _, v := range all {
		n += p.size(v)
	}
	b = slices.Grow(b, n)
	for _, field := range []uint32{1, 0, p.element, uint32(len(all)), 1} {
		b = binary.BigEndian.AppendUint32(b, field)
	}
	for _, v := range all {
		b = binary.BigEndian.AppendUint32(b, uint32(p.size(v)))
		b = p.put(b, v)
	}
	return b, nil
}
