package perm

import "testing"

func TestAction(t *testing.T) {
	// Names and symbols are those of Hadoop's FsAction.
	for _, c := range []struct {
		action       Action
		name, symbol string
	}{
		{None, "NONE", "---"},
		{Execute, "EXECUTE", "--x"},
		{Write, "WRITE", "-w-"},
		{WriteExecute, "WRITE_EXECUTE", "-wx"},
		{Read, "READ", "r--"},
		{ReadExecute, "READ_EXECUTE", "r-x"},
		{ReadWrite, "READ_WRITE", "rw-"},
		{All, "ALL", "rwx"},
	} {
		if got := c.action.String(); got != c.name {
			t.Errorf("String of %d is %q, want %q", c.action, got, c.name)
		}
		if got := c.action.Symbol(); got != c.symbol {
			t.Errorf("Symbol of %v is %q, want %q", c.action, got, c.symbol)
		}
		if got, err := ParseAction(c.symbol); err != nil || got != c.action {
			t.Errorf("ParseAction(%q) = %v, %v, want %v", c.symbol, got, err, c.action)
		}
	}
	if got := Action(8).String(); got != "Action(8)" {
		t.Errorf("String of an undefined action is %q", got)
	}
}

func TestParseActionRefuses(t *testing.T) {
	for _, symbol := range []string{"", "r", "rw", "rwxr", "xwr", "RWX", "r w", "rwt", "7", "rw-\n"} {
		if got, err := ParseAction(symbol); err == nil {
			t.Errorf("ParseAction(%q) = %v, want an error", symbol, got)
		}
	}
}

func TestImplies(t *testing.T) {
	for a := None; a <= All; a++ {
		for b := None; b <= All; b++ {
			want := true
			for _, right := range []Action{Read, Write, Execute} {
				if b&right != 0 && a&right == 0 {
					want = false
				}
			}
			if got := a.Implies(b); got != want {
				t.Errorf("%v implies %v: %v, want %v", a, b, got, want)
			}
		}
	}
}
