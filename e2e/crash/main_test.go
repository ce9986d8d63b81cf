package crash

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

// built is the folder of the programs under test, made by the first build.
var built struct {
	sync.Mutex
	folder string
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.folder != "" {
		if err := os.RemoveAll(built.folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// build returns the program, built with a tag or with none, as "".
func build(t *testing.T, tag string) string {
	t.Helper()
	built.Lock()
	defer built.Unlock()
	if built.folder == "" {
		folder, err := os.MkdirTemp("", "granary-crash-program-")
		if err != nil {
			t.Fatal(err)
		}
		built.folder = folder
	}
	program := filepath.Join(built.folder, "granary"+tag)
	if _, err := os.Stat(program); err == nil {
		return program
	} else if !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-tags", tag, "-o", program, "granary/cmd/granary").CombinedOutput(); err != nil {
		t.Fatalf("build granary: %v\n%s", err, out)
	}
	return program
}

// count reads how often a test is to do its deed.
func count(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q: want a number above 0", variable, text)
	}
	return n
}

// seed returns the seed of a test's choices and logs it.
func seed(t *testing.T) uint64 {
	t.Helper()
	n := rand.Uint64()
	if text := os.Getenv("GRANARY_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("GRANARY_SEED=%q: want a number", text)
		}
	}
	t.Logf("GRANARY_SEED=%d", n)
	return n
}
