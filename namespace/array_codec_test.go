package namespace

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"
)

// fastArrays encodes arrays byte for byte as pgx would.
func TestArraysAreEncodedAsBefore(t *testing.T) {
	fs := newFS(t)
	conn, err := fs.byKeys.Acquire(t.Context())
	must(t, err)
	defer conn.Release()
	fast, slow := conn.Conn().TypeMap(), pgtype.NewMap()
	for _, c := range []struct {
		oid    uint32
		values []any
	}{
		{pgtype.Int8ArrayOID, []any{[]int64(nil), []int64{}, []int64{0}, []int64{-1, 1 << 62, 7}}},
		{pgtype.TextArrayOID, []any{[]string(nil), []string{}, []string{""}, []string{"a", "", "ä\n\"{}"}, []*string{nil, new("x")}}},
		{pgtype.ByteaArrayOID, []any{[][]byte(nil), [][]byte{}, [][]byte{{}}, [][]byte{{0, 1}, bytes.Repeat([]byte{7}, 70000), {}}}},
	} {
		for _, v := range c.values {
			want, err := slow.Encode(c.oid, pgtype.BinaryFormatCode, v, []byte("before"))
			must(t, err)
			got, err := fast.Encode(c.oid, pgtype.BinaryFormatCode, v, []byte("before"))
			must(t, err)
			if !bytes.Equal(got, want) || (got == nil) != (want == nil) {
				t.Errorf("%v %.40v: %.60q, want %.60q", reflect.TypeOf(v), v, got, want)
			}
		}
	}
	if _, ok := fast.PlanEncode(pgtype.Int8ArrayOID, pgtype.BinaryFormatCode, []int64{1}).(arrayPlan[int64]); !ok {
		t.Error("columns of numbers are encoded in the common way")
	}
}

func BenchmarkArrays(b *testing.B) {
	fast := pgtype.NewMap()
	fastArrays(fast)
	numbers, texts, contents := make([]int64, 16), make([]string, 16), make([][]byte, 16)
	for i := range texts {
		texts[i], contents[i] = "/Projects/demo/a-directory/and-a-file-in-it", make([]byte, 4<<10)
	}
	for _, c := range []struct {
		name string
		m    *pgtype.Map
	}{{"pgx", pgtype.NewMap()}, {"fast", fast}} {
		for _, v := range []struct {
			name  string
			oid   uint32
			value any
		}{{"numbers", pgtype.Int8ArrayOID, numbers}, {"texts", pgtype.TextArrayOID, texts}, {"contents", pgtype.ByteaArrayOID, contents}} {
			b.Run(c.name+"/"+v.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := c.m.Encode(v.oid, pgtype.BinaryFormatCode, v.value, make([]byte, 0, 256)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
