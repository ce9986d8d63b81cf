package mutants

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// countVariable says how many mutants are tried, drawn at random; a soak tries all.
const countVariable = "GRANARY_MUTANTS"

// root is the top of the source, seen from here.
const root = "../.."

var attackTest = regexp.MustCompile(`(?m)^func (TestAttack\w+)\(t \*testing\.T\) \{`)

// attackTests returns the tests of attacks by name, each with the directory of its package.
func attackTests(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(root + "/*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range attackTest.FindAllStringSubmatch(string(text), -1) {
			if other := tests[found[1]]; other != "" {
				t.Errorf("there are two %s", found[1])
			}
			tests[found[1]] = filepath.Base(filepath.Dir(file))
		}
	}
	return tests
}

// mutated returns what the files of m are to be read as, by their paths.
func mutated(m mutant) (map[string]string, error) {
	texts := map[string]string{}
	for _, c := range m.changes {
		if _, begun := texts[c.file]; !begun {
			text, err := os.ReadFile(filepath.Join(root, c.file))
			if err != nil {
				return nil, err
			}
			texts[c.file] = string(text)
		}
		text, err := c.apply(texts[c.file])
		if err != nil {
			return nil, err
		}
		texts[c.file] = text
	}
	return texts, nil
}

// Every test of an attack has a mutant that fits the source as it is now.
func TestEveryAttackHasAMutant(t *testing.T) {
	all, err := read(attacks)
	if err != nil {
		t.Fatal(err)
	}
	missing := attackTests(t)
	if len(missing) < 40 {
		t.Errorf("only %d tests of attacks", len(missing))
	}
	seen := map[string]bool{}
	for _, m := range all {
		if _, ok := missing[m.test]; !ok {
			t.Errorf("there is no %s, or it has two mutants", m.test)
		}
		seen[m.test] = true
		delete(missing, m.test)
		if m.itself != (len(m.changes) == 0) {
			t.Errorf("%s is to fail by itself, or has changes: one of the two", m.test)
		}
		if _, err := mutated(m); err != nil {
			t.Errorf("%s: %v", m.test, err)
		}
	}
	for name := range missing {
		t.Errorf("%s is not in attacks.txt: say what makes it fail", name)
	}
}

// A test of an attack fails if its defence is taken out, and not without that: where all are tried, each runs beside its defence first.
func TestAttacksNeedTheirDefences(t *testing.T) {
	all, err := read(attacks)
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(m mutant) bool { return m.itself })
	count := 1
	if text := os.Getenv(countVariable); text != "" {
		if count, err = strconv.Atoi(text); err != nil {
			t.Fatalf("%s=%q is not a number", countVariable, text)
		}
	}
	of, tests := len(all), attackTests(t)
	choices := rand.New(rand.NewPCG(seed(t), 0))
	choices.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:min(len(all), count)]
	if len(all) == of {
		passWithDefences(t, all, tests)
	}
	failed := 0
	for _, m := range all {
		t.Run(m.test, func(t *testing.T) {
			if said := try(t, m, tests[m.test]); !strings.Contains(said, "--- FAIL: "+m.test) {
				t.Fatalf("it does not fail without its defence:\n%s", said)
			}
			failed++
		})
	}
	t.Logf("soak: %d of %d tests of attacks failed when their defence was taken out", failed, of)
}

// seed is what the choice grows from; GRANARY_SEED repeats that of an earlier run.
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

// passWithDefences runs the tests of mutants as the source is. Who fails then, as without a database, says nothing of the mutant.
func passWithDefences(t *testing.T, mutants []mutant, tests map[string]string) {
	t.Helper()
	names := map[string][]string{}
	for _, m := range mutants {
		names[tests[m.test]] = append(names[tests[m.test]], m.test)
	}
	for pkg, names := range names {
		said := run(t, pkg, strings.Join(names, "|"), "-v")
		for _, name := range names {
			if !strings.Contains(said, "--- PASS: "+name+" ") {
				t.Errorf("%s does not pass beside its defence:\n%s", name, said)
			}
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// try runs the test of m in a package with the changes of m, and returns what it said.
func try(t *testing.T, m mutant, pkg string) string {
	t.Helper()
	texts, err := mutated(m)
	if err != nil {
		t.Fatal(err)
	}
	dir, replace := t.TempDir(), map[string]string{}
	for name, text := range texts {
		is, err := filepath.Abs(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		replace[is] = filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(replace[is], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	return run(t, pkg, m.test, "-overlay", file)
}

// run runs the tests of a package that have one of the names, between which "|" stands, and returns what they said.
func run(t *testing.T, pkg, names string, flags ...string) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
	defer stop()
	// Compiling is what takes long: without optimizations, and vetted elsewhere, a third less.
	test := exec.CommandContext(ctx, "go", slices.Concat([]string{"test", "-vet=off", "-gcflags=granary/...=-N -l", "-count=1", "-timeout", "5m"},
		flags, []string{"-run", "^(" + names + ")$", "./" + pkg})...)
	test.Dir = root
	said, err := test.CombinedOutput()
	if err == nil {
		return string(said)
	}
	return fmt.Sprintf("%s%v", said, err)
}

func TestRead(t *testing.T) {
	const text = "# a comment\nTestA\na/b.go\n-\told\n-\n+\tnew\na/b.go\n-x\n\nTestB by itself\n"
	got, err := read(text)
	want := []mutant{
		{test: "TestA", changes: []change{{"a/b.go", "\told\n\n", "\tnew\n"}, {"a/b.go", "x\n", ""}}},
		{test: "TestB", itself: true},
	}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for _, wrong := range []string{"a/b.go\n", "TestA\n-x\n", "TestA\na/b.go\n+y\n-x\n"} {
		if got, err := read(wrong); err == nil {
			t.Errorf("of %q: %v", wrong, got)
		}
	}
}

func TestApply(t *testing.T) {
	c := change{"f", "b\n", "c\nd\n"}
	if got, err := c.apply("a\nb\nab\n"); got != "a\nc\nd\nab\n" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for _, text := range []string{"a\n", "b\nb\n"} {
		if got, err := c.apply(text); err == nil {
			t.Errorf("of %q: %q", text, got)
		}
	}
	if _, err := (change{file: "f", by: "x\n"}).apply("a\n"); err == nil {
		t.Error("a change of nothing")
	}
}
