package perm

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestHadoop asks the questions of testdata/hadoop/answers.txt and wants the
// answers that Hadoop's own classes gave. Record.java beside it says what the
// fields of each line are.
func TestHadoop(t *testing.T) {
	recorded, err := os.ReadFile("testdata/hadoop/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]struct {
		fields int
		answer func(t *testing.T, question []string) string
	}{
		"parse":   {fields: 2, answer: answerParse},
		"change":  {fields: 5, answer: answerChange},
		"inherit": {fields: 5, answer: answerInherit},
		"access":  {fields: 7, answer: answerAccess},
	}
	asked := map[string]int{}
	for line := range strings.Lines(string(recorded)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		kind, known := kinds[fields[0]]
		if !known || len(fields) < kind.fields+2 {
			t.Fatalf("cannot read the line %q", line)
		}
		asked[fields[0]]++
		question, want := fields[1:1+kind.fields], strings.Join(fields[1+kind.fields:], "\t")
		if got := kind.answer(t, question); got != want {
			t.Errorf("%s %q\n got %s\nwant %s", fields[0], question, got, want)
		}
	}
	for kind := range kinds {
		if asked[kind] < 100 {
			t.Errorf("%d questions of kind %s are recorded, want 100 or more", asked[kind], kind)
		}
	}
}

func answerParse(_ *testing.T, question []string) string {
	withPerm := question[0] == "with"
	entries, err := ParseSpec(strings.ReplaceAll(question[1], `\n`, "\n"), withPerm)
	if domain := (*DomainError)(nil); errors.As(err, &domain) {
		return "!domain"
	}
	if spec := (*SpecError)(nil); errors.As(err, &spec) {
		return "!spec " + spec.Error()
	}
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = e.String()
		if !withPerm { // Hadoop's entries have a null there
			texts[i] = strings.TrimSuffix(texts[i], None.Symbol())
		}
	}
	return strings.Join(texts, ",")
}

func answerChange(t *testing.T, question []string) string {
	before := perms(t, question[2], question[3])
	spec := question[4]
	if question[0] == "remove" {
		spec = strings.ReplaceAll(spec+",", ":,", ":---,")
		spec = strings.TrimSuffix(spec, ",")
	}
	after, err := change(before, question[0], specification(t, spec), question[1] == "dir")
	if err != nil {
		return "!" + err.Error()
	}
	return state(after)
}

func answerInherit(t *testing.T, question []string) string {
	var unmasked *Mode
	if question[4] != "" {
		m := mode(t, question[4])
		unmasked = &m
	}
	parent := perms(t, question[1], question[2])
	return state(Inherit(parent, mode(t, question[3]), unmasked, question[0] == "dir"))
}

func answerAccess(t *testing.T, question []string) string {
	groups := strings.Split(question[1], ",")
	who := Who{User: question[0], InGroup: func(group string) bool { return slices.Contains(groups, group) }}
	want, err := ParseAction(question[6])
	if err != nil {
		t.Fatal(err)
	}
	if perms(t, question[4], question[5]).Allows(who, question[2], question[3], want) {
		return "true"
	}
	return "false"
}

// change runs one of the three operations by its name.
func change(p Perms, operation string, spec []Entry, dir bool) (Perms, error) {
	switch operation {
	case "modify":
		return p.Modify(spec, dir)
	case "replace":
		return p.Replace(spec, dir)
	case "remove":
		return p.Remove(spec, dir)
	}
	panic("no operation " + operation)
}

// perms reads the two columns that state writes.
func perms(t testing.TB, octal, stored string) Perms {
	t.Helper()
	acl, err := ParseACL(stored)
	if err != nil {
		t.Fatal(err)
	}
	return Perms{Mode: mode(t, octal), ACL: acl}
}

// state writes permissions as the mode and the stored ACL, with a tab between.
func state(p Perms) string {
	return p.Mode.String() + "\t" + p.ACL.String()
}

func mode(t testing.TB, octal string) Mode {
	t.Helper()
	m, err := ParseMode(octal)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// specification reads entries, all of which have their letters.
func specification(t testing.TB, spec string) []Entry {
	t.Helper()
	entries, err := ParseSpec(spec, true)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}
