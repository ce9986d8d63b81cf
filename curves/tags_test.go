package curves

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	write "granary/tfevents/tfeventstest"
)

// tags are records with the values of n tags.
func tags(n int) []byte {
	values := make([][]byte, 0, n)
	for i := range n {
		values = append(values, write.Simple(fmt.Sprintf("tag %d", i), 1))
	}
	return write.Event(1, 1, values...)
}

// The name of a run is in an answer with each of its tags: a few megabytes of files must not become a gigabyte of names.
func TestTheNamesInAnAnswerAreBounded(t *testing.T) {
	d := newDesk(t)
	deep := strings.Repeat("/"+strings.Repeat("x", 250), findDepth-2)
	for _, name := range []string{"1", "2"} { // one of them fits
		d.put(name+deep+"/tfevents", tags(3000))
	}
	d.put("short/tfevents", tags(2000), write.Event(1, 1, write.Image("sample", 1, 1, nil)))
	found, err := d.Tags(t.Context(), d.as("ada"), runs)
	must(t, err)
	bytes := 0
	for _, tag := range slices.Concat(found.Scalars, found.Images) {
		bytes += len(tag.Name) + len(strings.Join(tag.Runs, ""))
	}
	if !found.Partial || bytes > answerNames || len(found.Scalars) != 3000 || len(found.Scalars[2000].Runs) == 0 || !slices.Contains(found.Scalars[0].Runs, "short") ||
		len(found.Images) != 1 || !slices.Equal(found.Images[0].Runs, []string{"short"}) {
		t.Errorf("%d bytes of %d tags and %d, partial %t", bytes, len(found.Scalars), len(found.Images), found.Partial)
	}
	_, err = d.as("ada")().Delete(t.Context(), path("/runs/1"), true)
	must(t, err)
	if found, err = d.Tags(t.Context(), d.as("ada"), runs); err != nil || found.Partial || len(found.Scalars) != 3000 || len(found.Scalars[0].Runs) != 2 {
		t.Errorf("of two runs: %d tags, partial %t, %v", len(found.Scalars), found.Partial, err)
	}
}

// Names are counted as an answer has them, and each tag once.
func TestHowNamesAreCounted(t *testing.T) {
	told := newTagsTold(3)
	seen := &seenRun{scalars: map[string]bool{"a\n": true, "b": true}, images: map[string]bool{}}
	if !told.add(0, "run", seen) || told.tags != 2 || told.bytes != 2*6+10+4 {
		t.Errorf("%d tags with %d bytes", told.tags, told.bytes)
	}
	if !told.add(1, "run", seen) || told.tags != 4 || told.bytes != 4*6+10+4 {
		t.Errorf("of two runs: %d tags with %d bytes", told.tags, told.bytes)
	}
	if told.bytes = answerNames - 5; told.add(2, "run", seen) || told.scalars[2] != nil || told.tags != 4 {
		t.Error("there is room for more than an answer has")
	}
	if told.bytes, told.tags = 0, answerTags-1; told.add(2, "run", seen) || told.scalars[2] != nil {
		t.Error("there is room for more tags than an answer has")
	}
}
