package oracle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Golden holds recorded answers: operation, then sequence name, then one answer for each line of the script.
type Golden map[string]map[string][]Answer

// goldenStep is an Answer as stored in a file.
type goldenStep struct {
	Request string  `json:"request"`
	Replies []Reply `json:"replies"`
}

// Load reads the golden file of each named operation from dir. An operation without a file has no answers.
func Load(dir string, ops []string) (Golden, error) {
	g := Golden{}
	for _, op := range ops {
		text, err := os.ReadFile(filepath.Join(dir, op+".json"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("load golden answers: %w", err)
		}
		var file map[string][]goldenStep
		if err := json.Unmarshal(text, &file); err != nil {
			return nil, fmt.Errorf("load golden answers of %s: %w", op, err)
		}
		g[op] = map[string][]Answer{}
		for name, all := range file {
			for _, s := range all {
				g[op][name] = append(g[op][name], Answer(s))
			}
		}
	}
	return g, nil
}

// Save writes one file for each operation into dir: sequences are sorted by name and each reply is on its own line, so that
// a change of one reply changes one line.
func (g Golden) Save(dir string) error {
	for op, sequences := range g {
		text, err := render(sequences)
		if err != nil {
			return fmt.Errorf("save golden answers of %s: %w", op, err)
		}
		if err := os.WriteFile(filepath.Join(dir, op+".json"), text, 0o644); err != nil {
			return fmt.Errorf("save golden answers: %w", err)
		}
	}
	return nil
}

// render writes the JSON that encoding/json would, with line breaks that suit a reader.
func render(sequences map[string][]Answer) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{")
	for i, name := range slices.Sorted(maps.Keys(sequences)) {
		key, err := compact(name)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s\n\t%s: [", comma(i), key)
		for j, a := range sequences[name] {
			line, err := compact(a.Request)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "%s\n\t\t{\"request\": %s, \"replies\": [", comma(j), line)
			for k, r := range a.Replies {
				reply, err := compact(r)
				if err != nil {
					return nil, err
				}
				fmt.Fprintf(&b, "%s\n\t\t\t%s", comma(k), reply)
			}
			b.WriteString("\n\t\t]}")
		}
		b.WriteString("\n\t]")
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

// comma separates each element but the first from the one before.
func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}
