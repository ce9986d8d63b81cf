package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

// journalFile is where a soak notes which steps have passed, seen from the top of the source.
const journalFile = "build/soak.json"

// journal is what passed of a soak that is not over.
type journal struct {
	Key    string            // of what is tested
	Passed map[string]passed // by command
}

// passed is a step that has passed.
type passed struct {
	Rows []row
	Took time.Duration
}

// count is a variable that says how much is done.
var count = regexp.MustCompile(`^(GRANARY_\w+=\d+|FUZZ_TIME=.*)$`)

// key says what is tested, and how much: commit, and the counts in the environment env. It is empty if nobody can know by it, as where
// changes are not committed.
func key(commit string, env []string) string {
	if strings.Contains(commit, " ") {
		return ""
	}
	counts := slices.DeleteFunc(slices.Clone(env), func(v string) bool { return !count.MatchString(v) })
	slices.Sort(counts)
	return strings.Join(append([]string{commit}, counts...), " ")
}

// resume reads the journal in file. What is of something else than key, or cannot be read, counts for nothing.
func resume(file, key string) *journal {
	j := &journal{}
	text, err := os.ReadFile(file)
	if err != nil || key == "" || json.Unmarshal(text, j) != nil || j.Key != key {
		return &journal{Key: key, Passed: map[string]passed{}}
	}
	return j
}

// note writes down in file that the step command has passed.
func (j *journal) note(file, command string, p passed) error {
	j.Passed[command] = p
	text, err := json.Marshal(j)
	if err != nil {
		return err
	}
	// Whoever is killed meanwhile loses this step and not those before.
	if err := os.WriteFile(file+".new", text, 0o644); err != nil {
		return fmt.Errorf("note what has passed: %w", err)
	}
	return os.Rename(file+".new", file)
}
