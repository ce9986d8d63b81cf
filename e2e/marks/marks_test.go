package marks

import "testing"

func TestBetween(t *testing.T) {
	const mark, endMark = "<!-- soak: written by make soak -->\n", "<!-- soak: end -->\n"
	got, err := Between("before\n"+mark+"old\n"+endMark+"after\n", "soak", "make soak", "new\n")
	if want := "before\n" + mark + "new\n" + endMark + "after\n"; got != want || err != nil {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	for _, document := range []string{"", mark, endMark, endMark + mark} {
		if got, err := Between(document, "soak", "make soak", "x"); err == nil {
			t.Errorf("of %q: %q", document, got)
		}
	}
}
