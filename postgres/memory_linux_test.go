package postgres

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

func TestGroupLimit(t *testing.T) {
	root := t.TempDir()
	for file, text := range map[string]string{
		"a/memory.max":                          "max\n",
		"a/b/memory.max":                        "1000\n",
		"a/b/c/memory.max":                      "2000\n",
		"memory/docker/x/memory.limit_in_bytes": "500\n",
	} {
		path := filepath.Join(root, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for groups, want := range map[string]int64{
		"":                                       math.MaxInt64,
		"0::/\n":                                 math.MaxInt64,
		"0::/a\n":                                math.MaxInt64,
		"0::/a/b/c\n":                            1000, // an ancestor's holds too
		"0::/a/b/c/none\n":                       1000,
		"3:cpu:/a/b\n5:memory:/docker/x\n0::/\n": 500,
		"nonsense\n":                             math.MaxInt64,
	} {
		if got := groupLimit(root, groups); got != want {
			t.Errorf("groupLimit of %q is %d, want %d", groups, got, want)
		}
	}
}

func TestTuned(t *testing.T) {
	const gib = 1 << 30
	for memory, want := range map[int64]string{
		64 * gib: "1048576kB", // 1 GiB is enough
		2 * gib:  "524288kB",  // a quarter
		1:        "16384kB",   // less is no database
	} {
		if got := tuned(memory, math.MaxInt64)["shared_buffers"]; got != want {
			t.Errorf("shared_buffers for %d bytes of memory is %s, want %s", memory, got, want)
		}
	}
}
