package namespace

import (
	"bytes"
	"fmt"
	"sync/atomic"
	"testing"
)

// What the event costs a creation: alone, and with several writers at once, in a directory for each.
func BenchmarkCreate(b *testing.B) {
	for _, writers := range []int{1, 8} {
		for _, unrecorded := range []bool{true, false} {
			b.Run(fmt.Sprintf("%d writers, unrecorded %v", writers, unrecorded), func(b *testing.B) {
				fs := newServers(b, 1)[0]
				fs.unrecorded = unrecorded
				fs.as(b, superuser).put(b, "/tmp/f", nil)
				var number atomic.Int64
				content := pattern(1000)
				b.ResetTimer()
				crowd(writers, func(i int) {
					s := fs.as(b, superuser)
					for {
						n := number.Add(1)
						if n > int64(b.N) {
							return
						}
						if _, err := s.Create(b.Context(), path(b, fmt.Sprintf("/tmp/%d/%d", i, n)),
							CreateOptions{CreateParent: true, Mode: 0o644, Size: int64(len(content))}, bytes.NewReader(content)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			})
		}
	}
}
