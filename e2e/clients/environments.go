package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// environment is a set of libraries that are installed together.
type environment struct {
	name   string
	weight int // about how many seconds its tests take
}

// always is the environment that runs every time, because other tests need it too.
const always = "python"

// read returns the environments in a folder, which must be those listed in its weights.txt.
func read(folder string) ([]environment, error) {
	text, err := os.ReadFile(filepath.Join(folder, "weights.txt"))
	if err != nil {
		return nil, err
	}
	var all []environment
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if len(fields) != 2 {
			return nil, fmt.Errorf("weights.txt: %q: want a name and a number", strings.TrimSpace(line))
		}
		weight, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("weights.txt: %w", err)
		}
		all = append(all, environment{fields[0], weight})
	}
	found, err := filepath.Glob(filepath.Join(folder, "*", "requirements.txt"))
	if err != nil {
		return nil, err
	}
	for i, f := range found {
		found[i] = filepath.Base(filepath.Dir(f))
	}
	weighed := names(all)
	slices.Sort(weighed)
	if slices.Sort(found); !slices.Equal(weighed, found) {
		return nil, fmt.Errorf("weights.txt lists %v, and the folders with a requirements.txt are %v", weighed, found)
	}
	return all, nil
}

func names(all []environment) []string {
	var names []string
	for _, e := range all {
		names = append(names, e.name)
	}
	return names
}

// quarter returns the environment that always runs and, of each four others with similar weights, one. So any quarter takes about a
// quarter of the time, all the others are equally likely, and what one seed leaves out another seed takes.
func quarter(all []environment, seed uint64) []environment {
	random := rand.New(rand.NewPCG(seed, 0))
	var chosen, rest []environment
	for _, e := range all {
		if e.name == always {
			chosen = append(chosen, e)
		} else {
			rest = append(rest, e)
		}
	}
	slices.SortStableFunc(rest, func(a, b environment) int { return b.weight - a.weight })
	for i := 0; i < len(rest); i += 4 {
		if one := i + random.IntN(4); one < len(rest) {
			chosen = append(chosen, rest[one])
		}
	}
	return chosen
}

// seed returns the seed of this run: GRANARY_SEED, or a random one if that is not set.
func seed() (uint64, error) {
	text := os.Getenv("GRANARY_SEED")
	if text == "" {
		return uint64(rand.Uint32()), nil
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("GRANARY_SEED: %w", err)
	}
	return seed, nil
}
