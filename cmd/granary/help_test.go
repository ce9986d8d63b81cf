package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestHelpDefaults shows that the help of each command tells what its flags are if they are not given.
func TestHelpDefaults(t *testing.T) {
	var c commands
	parser, err := newParser(&c, kong.Name("granary"))
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, command := range parser.Model.Leaves(true) {
		var help bytes.Buffer
		args := append(strings.Fields(command.Path()), "--help")
		if err := run(t.Context(), args, nil, &help, &help); err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		words := strings.Join(strings.Fields(help.String()), " ")
		for _, flag := range command.Flags {
			if !flag.HasDefault || flag.IsBool() {
				continue
			}
			if !strings.Contains(words, "--"+flag.Name+`="`+flag.Default+`"`) && !strings.Contains(words, "Default: "+flag.Default+" ($"+flag.Envs[0]+")") {
				t.Errorf("granary %s does not say that --%s is %s by default:\n%s", strings.Join(args, " "), flag.Name, flag.Default, &help)
			}
			checked++
		}
	}
	if checked < 20 {
		t.Errorf("only %d flags are found that have a default", checked)
	}
}

// TestHelpStandsAlone shows that what is said of a command or a flag can be read without what stands before it: people ask for one command, and
// kong puts a command's flags in the order of the source.
func TestHelpStandsAlone(t *testing.T) {
	var c commands
	parser, err := newParser(&c, kong.Name("granary"))
	if err != nil {
		t.Fatal(err)
	}
	err = kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		name, help := "", ""
		switch node := node.(type) {
		case *kong.Node:
			name, help = node.Path(), node.Help
		case *kong.Flag:
			name, help = "--"+node.Name, node.Help
		}
		for _, leaning := range []string{"Take that back", "The same for"} {
			if strings.HasPrefix(help, leaning) {
				t.Errorf("%s: %q leans on what stands before it", name, help)
			}
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
}
