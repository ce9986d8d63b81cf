package curves

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"granary/namespace"
	"granary/postgres/pgtest"
)

// longer has more than is appended without a lease, which is another version of the file.
var longer = losses(4, 3000)

// What comes by long appends is read alone, too, and so is what comes after a change of rights: what was read before stays.
func TestALongAppendIsReadAlone(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 3))
	d.steps("ada", "loss")
	kept := d.entry(file)
	kept.series["loss"].kept[0].Value = 77 // a mark
	d.extend(file, longer)
	must(t, d.as("ada")().SetPermission(t.Context(), path("/runs/"+file), 0o640))
	all, _, err := d.Scalars(t.Context(), d.as("ada"), runs, nil, "loss", 10_000)
	must(t, err)
	if got := all[0].Points; len(got) != 3000 || got[0].Value != 77 || got[2999].Value != 3000 {
		t.Errorf("%d points, from %+v to %+v", len(got), got[0], got[len(got)-1])
	}
}

// A file of which a long append is under way, or ends, while it is opened is looked at as it was: no other file of the question suffers from it.
func TestALongAppendWhileAFileIsOpened(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 3))
	at, ada := path("/runs/"+file), d.as("ada")()
	before, err := ada.Stat(t.Context(), at)
	must(t, err)
	f := newFile(before.ID)
	f.forget(editionOf(before, ada.Database()))
	under := func() {
		t.Helper()
		if err := d.readOn(t.Context(), ada, at, f, before, outline, d.work()); err != nil || f.offset != before.Size {
			t.Errorf("up to %d of %d is read, %v", f.offset, before.Size, err)
		}
	}
	begun, finish := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- d.as("ada")().Append(t.Context(), at, int64(len(longer)), io.MultiReader(bytes.NewReader(longer[:70_000]), &gate{begun, finish}, bytes.NewReader(longer[70_000:])))
	}()
	<-begun
	under()
	close(finish)
	must(t, <-done)
	f.forget(editionOf(before, ada.Database()))
	under()
}

// gate yields nothing, but says that it is read and waits.
type gate struct{ begun, finish chan struct{} }

func (g *gate) Read([]byte) (int, error) {
	close(g.begun)
	<-g.finish
	return 0, io.EOF
}

// An export has what was there when it began, whatever is appended meanwhile.
func TestAnExportOfAFileThatGrows(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 3))
	var b bytes.Buffer
	must(t, d.Export(t.Context(), d.as("ada"), runs, nil, "loss", func() io.Writer {
		d.extend(file, longer)
		return &b
	}))
	if n := strings.Count(b.String(), "\n"); n != 1+3 {
		t.Errorf("%d lines", n)
	}
}

// A file that is cut between the two looks at it is not read as if it had grown.
func TestAFileThatIsCutWhileItIsOpened(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 5))
	at, ada := path("/runs/"+file), d.as("ada")()
	before, err := ada.Stat(t.Context(), at)
	must(t, err)
	_, err = ada.Truncate(t.Context(), at, 0)
	must(t, err)
	d.extend(file, losses(6, 12))
	f := newFile(before.ID)
	f.forget(editionOf(before, ada.Database()))
	if err := d.readOn(t.Context(), ada, at, f, before, outline, d.work()); !errors.Is(err, errChanged) || f.offset != 0 {
		t.Errorf("up to %d is read, %v", f.offset, err)
	}
}

// A standby that took over, or a restored database, may have given the id and the version of a file that it lacks to another one.
func TestNothingIsKeptOfAnotherDatabase(t *testing.T) {
	db := pgtest.NewAlone(t) // its statistics are reset, by which it looks like another one
	d := newDeskOn(t, namespace.Config{DB: db})
	d.put(file, losses(1, 5))
	if got := d.steps("ada", "loss"); len(got) != 5 {
		t.Fatalf("the steps are %v", got)
	}
	ada, at := d.as("ada")(), path("/runs/"+file)
	before, err := ada.Stat(t.Context(), at)
	must(t, err)
	_, err = ada.Truncate(t.Context(), at, 0)
	must(t, err)
	d.extend(file, losses(11, 12))
	_, err = db.Exec(t.Context(), `UPDATE inodes SET version = $1 WHERE id = $2`, before.Version, before.ID)
	must(t, err)
	_, err = db.Exec(t.Context(), `SELECT pg_stat_reset_shared('bgwriter')`)
	must(t, err)
	if got := d.steps("ada", "loss"); !slices.Equal(got, []int64{11, 12}) {
		t.Errorf("the steps are %v", got)
	}
}
