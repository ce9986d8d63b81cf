package perm

import "testing"

func TestMode(t *testing.T) {
	for _, c := range []struct {
		in, text, symbolic string
		user, group, other Action
		sticky             bool
	}{
		{"0", "0", "---------", None, None, None, false},
		{"7", "7", "------rwx", None, None, All, false},
		{"644", "644", "rw-r--r--", ReadWrite, Read, Read, false},
		{"0755", "755", "rwxr-xr-x", All, ReadExecute, ReadExecute, false},
		{"00000000755", "755", "rwxr-xr-x", All, ReadExecute, ReadExecute, false},
		{"1777", "1777", "rwxrwxrwt", All, All, All, true},
		{"1770", "1770", "rwxrwx--T", All, All, None, true},
		{"1776", "1776", "rwxrwxrwT", All, All, ReadWrite, true},
		{"1000", "1000", "--------T", None, None, None, true},
	} {
		m, err := ParseMode(c.in)
		if err != nil {
			t.Errorf("ParseMode(%q): %v", c.in, err)
			continue
		}
		if m.String() != c.text || m.Symbolic() != c.symbolic {
			t.Errorf("mode %q is %q, %q, want %q, %q", c.in, m.String(), m.Symbolic(), c.text, c.symbolic)
		}
		if m.User() != c.user || m.Group() != c.group || m.Other() != c.other || m.Sticky() != c.sticky {
			t.Errorf("mode %q is %v, %v, %v, sticky %v", c.in, m.User(), m.Group(), m.Other(), m.Sticky())
		}
	}
}

func TestParseModeRefuses(t *testing.T) {
	for _, octal := range []string{
		"", "8", "788", "2000", "1778", "77777", "200000", "777777777777777777777777",
		"-1", "+755", " 755", "755 ", "0o755", "7_5", "rwxr-xr-x", "٧",
	} {
		if m, err := ParseMode(octal); err == nil {
			t.Errorf("ParseMode(%q) = %v, want an error", octal, m)
		}
	}
}

func FuzzParseMode(f *testing.F) {
	for _, octal := range []string{"0", "644", "1777", "2000", "-1", "08"} {
		f.Add(octal)
	}
	f.Fuzz(func(t *testing.T, octal string) {
		m, err := ParseMode(octal)
		if err != nil {
			return
		}
		if m > MaxMode {
			t.Fatalf("ParseMode(%q) = %v, more than %v", octal, m, MaxMode)
		}
		if again, err := ParseMode(m.String()); err != nil || again != m {
			t.Fatalf("%q became %v and then %v, %v", octal, m, again, err)
		}
	})
}
