package disk

import "testing"

func TestSpace(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	space, err := s.Space()
	if err != nil {
		t.Fatal(err)
	}
	if space.Capacity <= 0 || space.Used <= 0 || space.Remaining < 0 || space.Used+space.Remaining > space.Capacity {
		t.Errorf("%+v: want a capacity of at least what is used and what remains", space)
	}
	s.Close()
	if space, err := s.Space(); err == nil {
		t.Errorf("of a closed store: %+v, want an error", space)
	}
}
