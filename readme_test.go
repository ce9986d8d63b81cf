package granary_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadmeOperations holds the README's table of operations against the document that the service describes itself by.
func TestReadmeOperations(t *testing.T) {
	var document struct {
		Paths map[string]map[string]struct {
			Summary string
			Op      string `json:"x-webhdfs-op"`
		}
	}
	if err := json.Unmarshal(granary(t, "openapi", "--format", "json"), &document); err != nil {
		t.Fatal(err)
	}
	type row struct{ op, method, summary string }
	var rows []row
	for _, methods := range document.Paths {
		for method, operation := range methods {
			if operation.Op != "" {
				rows = append(rows, row{operation.Op, strings.ToUpper(method), operation.Summary})
			}
		}
	}
	if len(rows) == 0 {
		t.Fatal("the document has no operation")
	}
	// As people look for them: what reads, what writes, what deletes, and each by name.
	slices.SortFunc(rows, func(a, b row) int {
		order := func(r row) int { return slices.Index([]string{"GET", "PUT", "POST", "DELETE"}, r.method) }
		return cmp.Or(order(a)-order(b), cmp.Compare(a.op, b.op))
	})
	want := "| operation | | |\n|---|---|---|\n"
	for _, r := range rows {
		want += fmt.Sprintf("| `%s` | %s | %s |\n", r.op, r.method, r.summary)
	}
	if !strings.Contains(readme(t), want+"\n") {
		t.Errorf("the README's table of operations should be\n%s", want)
	}
}

// TestReadmeSettings holds the README's table of settings against the command line.
func TestReadmeSettings(t *testing.T) {
	help := string(granary(t, "serve", "--help"))
	settings := map[string]string{} // variables by flags
	for _, flag := range regexp.MustCompile(`(?m)^ +(--[a-z-]+)[= ][^$]*\(\$(GRANARY_[A-Z_]+)\)`).FindAllStringSubmatch(help, -1) {
		settings[flag[1]] = flag[2]
	}
	if len(settings) == 0 {
		t.Fatalf("no settings are found in\n%s", help)
	}
	described := map[string]string{}
	for _, line := range regexp.MustCompile("(?m)^\\| `(--[a-z-]+)` \\| `(GRANARY_[A-Z_]+)` \\| .+ \\|$").FindAllStringSubmatch(readme(t), -1) {
		described[line[1]] = line[2]
	}
	if !maps.Equal(settings, described) {
		t.Errorf("the README describes\n%v\ngranary serve has\n%v", described, settings)
	}
}

// TestReadmeDefaults holds what the README says that a setting is without being set against the source, which TestHelpDefaults holds the help against.
func TestReadmeDefaults(t *testing.T) {
	checked := 0
	for _, file := range []string{"serve.go", "oidc.go", "installation.go"} {
		source, err := os.ReadFile(filepath.Join("cmd", "granary", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range regexp.MustCompile("(?m)^\t(\\w+) +\\S+ +`([^`]*)`").FindAllStringSubmatch(string(source), -1) {
			tag := reflect.StructTag(field[2])
			otherwise, ok := tag.Lookup("default")
			if !ok {
				continue
			}
			name := cmp.Or(tag.Get("name"), strings.ToLower(regexp.MustCompile(`\B[A-Z]`).ReplaceAllString(field[1], "-$0")))
			row := regexp.MustCompile("(?m)^\\| `--" + name + "` .*$").FindString(readme(t))
			if _, said, told := strings.Cut(row, "Default: "); !strings.Contains(row, "`"+otherwise+"`") || told && !strings.HasPrefix(said, "`"+otherwise+"`") {
				t.Errorf("without --%s it is %s; the README says %q", name, otherwise, row)
			}
			checked++
		}
	}
	if checked < 20 {
		t.Errorf("only %d settings are found that have a default", checked)
	}
}

// TestReadmeLinks shows that the files that the README and its companions point at are there.
func TestReadmeLinks(t *testing.T) {
	documents, err := filepath.Glob("docs/*.md")
	if err != nil || len(documents) == 0 {
		t.Fatal(documents, err)
	}
	for _, file := range append(documents, "README.md", "CONTRIBUTING.md", "CHANGELOG.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range regexp.MustCompile(`\]\(([^):#]+)(#[^):]*)?\)`).FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), link[1])); err != nil {
				t.Errorf("%s points at %v", file, err)
			}
		}
	}
}

// TestReadmeWords shows that what the README explains is still said by the program, in these words.
func TestReadmeWords(t *testing.T) {
	_, table, found := strings.Cut(readme(t), "| message | cause |\n|---|---|\n")
	table, _, closed := strings.Cut(table, "\n\n")
	if !found || !closed {
		t.Fatal("the README has no table of what is said")
	}
	var source strings.Builder
	for _, folder := range []string{"cmd/granary", "server", "namespace", "auth"} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(folder, err)
		}
		for _, file := range files {
			if text, err := os.ReadFile(file); err != nil {
				t.Fatal(err)
			} else if !strings.HasSuffix(file, "_test.go") {
				source.Write(text)
			}
		}
	}
	for line := range strings.Lines(table) {
		said := regexp.MustCompile("^\\| `([^`]+)`").FindStringSubmatch(line)
		if said == nil || !strings.Contains(source.String(), said[1]) {
			t.Errorf("nothing says what stands at the beginning of %s", line)
		}
	}
}

// TestProxyDocument holds docs/proxy.md against the command line.
func TestProxyDocument(t *testing.T) {
	text, err := os.ReadFile("docs/proxy.md")
	if err != nil {
		t.Fatal(err)
	}
	help := string(granary(t, "serve", "--help"))
	flags := regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(string(text), -1)
	if len(flags) == 0 {
		t.Error("docs/proxy.md names no flag")
	}
	for _, flag := range flags {
		if !strings.Contains(help, " "+flag+"=") {
			t.Errorf("granary serve has no %s", flag)
		}
	}
	// A redirect repeats the path of its request, and nginx answers 502 itself for a header beyond its buffer.
	requests := regexp.MustCompile(`(?m)^ +large_client_header_buffers \d+ (\w+);$`).FindStringSubmatch(string(text))
	answers := regexp.MustCompile(`(?m)^ +proxy_buffer_size (\w+);$`).FindStringSubmatch(string(text))
	if requests == nil || answers == nil || requests[1] != answers[1] {
		t.Errorf("nginx takes headers of requests up to %q, and of answers up to %q: want the same", requests, answers)
	}
}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// granary runs a command of granary and returns what it prints.
func granary(t *testing.T, arguments ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"run", "-buildvcs=false", "./cmd/granary"}, arguments...)...)
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("granary %s: %v", strings.Join(arguments, " "), err)
	}
	return output
}
