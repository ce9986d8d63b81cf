//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDigits follows examples/digits/README.md to the letter: it runs what is in its sh blocks, and what they print must
// be what its text blocks show, but for the numbers.
func TestDigits(t *testing.T) {
	interpreter := python(t)
	readme, err := os.ReadFile("../examples/digits/README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands, shown := fenced(string(readme), "sh"), fenced(string(readme), "text")
	if commands == "" || shown == "" {
		t.Fatal("the README has no sh block, or no text block")
	}
	g := launch(t)
	ctx, cancel := context.WithTimeout(t.Context(), scenarioTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu", "-c", commands)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "GRANARY_URL="+g.url, "GRANARY_DATA="+g.data, "PYTHONDONTWRITEBYTECODE=1",
		"PATH="+strings.Join([]string{filepath.Dir(binary), filepath.Dir(interpreter), os.Getenv("PATH")}, string(os.PathListSeparator)))
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, &problems)
	}
	if got, want := unnumbered(string(out)), unnumbered(shown); got != want {
		t.Errorf("the commands of the README print\n%s\nand it shows\n%s", out, shown)
	}
	g.check(t)
}

// TestDigitsTLS has the scripts of the example say where they would send a token.
func TestDigitsTLS(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), python(t), "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_service.py")
	cmd.Dir = "../examples/digits"
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// fenced returns the contents of a Markdown text's fenced blocks of a language.
func fenced(markdown, language string) string {
	var all strings.Builder
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(markdown, -1) {
		all.WriteString(m[1])
	}
	return all.String()
}

// unnumbered replaces what another machine may compute otherwise: decimal numbers and MD5s.
func unnumbered(text string) string {
	return regexp.MustCompile(`\b([0-9a-f]{32}|[0-9]+\.[0-9]+|[0-9]+ bytes)\b`).ReplaceAllString(text, "N")
}
