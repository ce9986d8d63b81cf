package mutants

import (
	_ "embed"
	"fmt"
	"strings"
)

// attacks are the mutants.
//
//go:embed attacks.txt
var attacks string

// mutant is a test with the defence that it cannot do without.
type mutant struct {
	test    string
	itself  bool // it takes its defence out by itself, and there are no changes
	changes []change
}

// change replaces lines of a file, which is named from the root of the source.
type change struct {
	file    string
	old, by string
}

// read takes mutants out of the text of attacks.txt.
func read(text string) ([]mutant, error) {
	var all []mutant
	for i, line := range strings.Split(text, "\n") {
		wrong := func(what string) ([]mutant, error) { return nil, fmt.Errorf("line %d, %q: %s", i+1, line, what) }
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.HasPrefix(line, "Test") {
			name, itself := strings.CutSuffix(line, " by itself")
			all = append(all, mutant{test: name, itself: itself})
			continue
		}
		if len(all) == 0 {
			return wrong("the name of a test comes first")
		}
		m := &all[len(all)-1]
		mark, rest := line[0], line[1:]
		switch {
		case mark != '-' && mark != '+':
			m.changes = append(m.changes, change{file: line})
			continue
		case len(m.changes) == 0:
			return wrong("the name of a file comes before its lines")
		}
		c := &m.changes[len(m.changes)-1]
		if mark == '+' {
			c.by += rest + "\n"
			continue
		}
		if c.by != "" {
			return wrong("lines that go stand before those that come; name the file again for another place")
		}
		c.old += rest + "\n"
	}
	return all, nil
}

// apply returns the text of a file with the change made. The old lines must be there exactly once.
func (c change) apply(text string) (string, error) {
	if c.old == "" {
		return "", fmt.Errorf("%s: the change takes nothing out", c.file)
	}
	var at []int
	for i := 0; i < len(text); {
		if strings.HasPrefix(text[i:], c.old) {
			at = append(at, i)
		}
		end := strings.IndexByte(text[i:], '\n')
		if end < 0 {
			break
		}
		i += end + 1
	}
	if len(at) != 1 {
		return "", fmt.Errorf("%s has these lines %d times and not once:\n%s", c.file, len(at), c.old)
	}
	return text[:at[0]] + c.by + text[at[0]+len(c.old):], nil
}
