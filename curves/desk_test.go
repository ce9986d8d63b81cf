package curves

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"granary/auth"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
	"granary/blocks/seal"
	"granary/namespace"
	"granary/postgres/pgtest"
	write "granary/tfevents/tfeventstest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// desk is a shelf, a file system beside it and somebody who asks.
type desk struct {
	*Shelf
	t     testing.TB
	fs    *namespace.FS
	auth  *auth.Authority
	store *mem.Store
}

func newDesk(t testing.TB, faults ...blockstest.Fault) *desk {
	t.Helper()
	return newDeskOn(t, namespace.Config{DB: pgtest.New(t)}, faults...)
}

// newDeskOn is newDesk over the database of c.
func newDeskOn(t testing.TB, c namespace.Config, faults ...blockstest.Fault) *desk {
	t.Helper()
	root, err := seal.LoadRoot(filepath.Join(t.TempDir(), "root.key"), true)
	must(t, err)
	authority, err := auth.Open(t.Context(), auth.Config{
		DB: c.DB, Issuer: "test", Seal: root.WrapSecret, Unseal: root.UnwrapSecret, Superuser: "root", Simple: true,
	})
	must(t, err)
	store := mem.New()
	c.Store, c.Root, c.Refresh, c.Superuser = blockstest.Faulty(store, faults...), root, authority.Refresh, "root"
	files, err := namespace.Open(t.Context(), c)
	must(t, err)
	t.Cleanup(func() { must(t, files.Close()) })
	for _, name := range []string{"ada", "bob"} {
		must(t, authority.AddUser(t.Context(), auth.User{Name: name}))
	}
	d := &desk{Shelf: New(0), t: t, fs: files, auth: authority, store: store}
	_, err = d.as("root")().Mkdirs(t.Context(), path("/runs"), namespace.MkdirOptions{Mode: 0o777})
	must(t, err)
	return d
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func path(text string) namespace.Path {
	p, err := namespace.ParsePath(text)
	if err != nil {
		panic(err)
	}
	return p
}

var runs = path("/runs")

func (d *desk) as(user string) Asker {
	p, err := d.auth.Simple(d.t.Context(), user)
	must(d.t, err)
	return func() *namespace.Session { return d.fs.As(p) }
}

// put writes a file below /runs, as ada.
func (d *desk) put(name string, records ...[]byte) {
	d.t.Helper()
	content := slices.Concat(records...)
	_, err := d.as("ada")().Create(d.t.Context(), path("/runs/"+name), namespace.CreateOptions{Overwrite: true, CreateParent: true, Mode: 0o644, Size: -1}, bytes.NewReader(content))
	must(d.t, err)
}

func (d *desk) extend(name string, records ...[]byte) {
	d.t.Helper()
	content := slices.Concat(records...)
	must(d.t, d.as("ada")().Append(d.t.Context(), path("/runs/"+name), int64(len(content)), bytes.NewReader(content)))
}

// losses are records with the values 1, 2, … at the steps from first to last.
func losses(first, last int64) (records []byte) {
	for step := first; step <= last; step++ {
		records = append(records, write.Event(float64(1000+step), step, write.Simple("loss", float32(step)))...)
	}
	return records
}

// steps are the steps of the one series of a tag that user sees.
func (d *desk) steps(user, tag string) (steps []int64) {
	d.t.Helper()
	all, partial, err := d.Scalars(d.t.Context(), d.as(user), runs, nil, tag, DefaultPoints)
	must(d.t, err)
	if partial || len(all) > 1 {
		d.t.Fatalf("%d series, partial %t", len(all), partial)
	}
	for _, one := range all {
		for _, p := range one.Points {
			steps = append(steps, p.Step)
		}
	}
	return steps
}

func (d *desk) list(user string) Runs {
	d.t.Helper()
	found, err := d.Runs(d.t.Context(), d.as(user), runs)
	must(d.t, err)
	return found
}

const file = "a/events.out.tfevents.1"
