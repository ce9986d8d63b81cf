package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// byteSize is a number of bytes on the command line: 1048576, 1024KiB, 1MiB, 1GiB.
type byteSize int64

var byteUnits = []struct {
	suffix string
	factor int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"B", 1}, {"", 1}}

// UnmarshalText implements encoding.TextUnmarshaler.
func (b *byteSize) UnmarshalText(text []byte) error {
	for _, unit := range byteUnits {
		digits, found := strings.CutSuffix(string(text), unit.suffix)
		if !found {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 40)
		if err != nil || n < 0 || n > math.MaxInt64/unit.factor {
			break
		}
		*b = byteSize(n * unit.factor)
		return nil
	}
	return fmt.Errorf("size %q: want bytes, or a number with KiB, MiB or GiB", text)
}
