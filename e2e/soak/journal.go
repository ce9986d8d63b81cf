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

// journalFile is where a soak records which steps have passed, relative to the top of the source.
const journalFile = "build/soak.json"

// journal records what has passed in a soak that is not finished.
type journal struct {
	Key    string            // what is tested, see key
	Passed map[string]passed // by command
}

// passed is a step that has passed.
type passed struct {
	Rows []row
	Took time.Duration
}

// count matches a variable that says how much to test.
var count = regexp.MustCompile(`^(GRANARY_\w+=\d+|FUZZ_TIME=.*)$`)

// key identifies what is tested, and how much: the commit, and the counts in the environment env. It is empty if the commit does not
// determine the source, as when there are uncommitted changes.
func key(commit string, env []string) string {
	if strings.Contains(commit, " ") {
		return ""
	}
	counts := slices.DeleteFunc(slices.Clone(env), func(v string) bool { return !count.MatchString(v) })
	slices.Sort(counts)
	return strings.Join(append([]string{commit}, counts...), " ")
}

// resume reads the journal in file. A journal for another key, or one that cannot be read, is ignored.
func resume(file, key string) *journal {
	j := &journal{}
	text, err := os.ReadFile(file)
	if err != nil || key == "" || json.Unmarshal(text, j) != nil || j.Key != key {
		return &journal{Key: key, Passed: map[string]passed{}}
	}
	return j
}

// note records in file that the step command has passed.
func (j *journal) note(file, command string, p passed) error {
	j.Passed[command] = p
	text, err := json.Marshal(j)
	if err != nil {
		return err
	}
	// Replaced atomically: a kill loses this step at most.
	if err := os.WriteFile(file+".new", text, 0o644); err != nil {
		return fmt.Errorf("note what has passed: %w", err)
	}
	return os.Rename(file+".new", file)
}
