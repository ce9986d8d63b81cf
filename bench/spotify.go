package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
)

// The operation mix that the authors of HopsFS took from the logs of a Spotify cluster, and the shape of its namespace
// (hammer-bench, the benchmark of HopsFS). As there, each client has its own tree.
const (
	treeFiles = 16 // files in each full directory, at the beginning of a run
	treeDirs  = 2  // subdirectories of each full directory
	treeFull  = 7  // full directories of a client: the top, two below it, four below those; the eight below are empty

	mixTotal  = 100_00 // shares of the mix are hundredths of a per cent
	sizeTotal = 100_0  // shares of the sizes are tenths of a per cent
)

// mixed is one kind of operation in the mix.
type mixed struct {
	name  string
	share int // hundredths of a per cent
	do    func(t *tree, c *client) error
}

// mix has the operations with their shares.
var mix = []mixed{
	{"read", 68_73, (*tree).read},
	{"stat file", 13_04, (*tree).statFile},
	{"stat dir", 3_96, (*tree).statDir},
	{"list dir", 8_52, (*tree).listDir},
	{"list file", 49, (*tree).listFile},
	{"create", 2_70, (*tree).create},
	{"rename", 1_30, (*tree).rename},
	{"delete", 75, (*tree).remove},
	{"chown dir", 32, (*tree).chownDir},
	{"setReplication", 14, (*tree).setReplication},
	{"chmod file", 2, (*tree).chmodFile},
	{"chmod dir", 1, (*tree).chmodDir},
	{"mkdir", 2, (*tree).mkdir},
}

// mixSizes are the sizes of the files in bytes, with their shares.
var mixSizes = []struct {
	bytes int64
	share int // tenths of a per cent
}{
	{0, 3},
	{1 << 10, 6_3},
	{2 << 10, 7_2},
	{3 << 10, 8_5},
	{4 << 10, 9_6},
	{5 << 10, 10_2},
	{6 << 10, 10_5},
	{7 << 10, 10_8},
	{8 << 10, 11_0},
	{16 << 10, 11_9},
	{32 << 10, 13_7},
}

// mixAt returns the operation for a number below mixTotal.
func mixAt(n int) mixed {
	for _, m := range mix {
		if n < m.share {
			return m
		}
		n -= m.share
	}
	panic(fmt.Sprintf("%d is past the end of the mix", n))
}

// sizeAt returns the size for a number below sizeTotal.
func sizeAt(n int) int64 {
	for _, s := range mixSizes {
		if n < s.share {
			return s.bytes
		}
		n -= s.share
	}
	panic(fmt.Sprintf("%d is past the end of the sizes", n))
}

// spotify does the mix, each client in its own tree. What a client does follows from the seed and the client's number: it is the
// same in every run on every server, as far as each gets. When the clock has stopped, all changes are verified and
// undone, so that the directories of a fast server do not grow larger than others.
func (b *bed) spotify(ctx context.Context, s scenario) (load, error) {
	if err := b.plant(ctx, s.clients); err != nil {
		return load{}, err
	}
	if err := b.tidy(ctx); err != nil { // a warm-up ends without a check
		return load{}, err
	}
	l := b.small(s, func(c *client, w, _ int) error {
		t := b.trees[w]
		return mixAt(t.rng.IntN(mixTotal)).do(t, c)
	})
	l.check = func(*client, []int) error { return b.tidy(ctx) }
	return l, nil
}

// plant makes trees until there is one for each client. If that fails, the next call makes new ones.
func (b *bed) plant(ctx context.Context, clients int) error {
	if len(b.trees) >= clients {
		return nil
	}
	b.runs++
	var fresh []*tree
	for w := len(b.trees); w < clients; w++ {
		fresh = append(fresh, newTree(b.top+"/spotify-"+strconv.Itoa(b.runs)+"/w"+strconv.Itoa(w), b.seed, w))
	}
	const dirs = 1 + treeFull*treeDirs
	err := b.each(ctx, len(fresh)*dirs, func(c *client, k int) error {
		return c.mkdirs(fresh[k%len(fresh)].dirs[k/len(fresh)].path)
	})
	if err != nil {
		return err
	}
	err = b.each(ctx, len(fresh)*treeFull*treeFiles, func(c *client, k int) error {
		f := fresh[k%len(fresh)].home[k/len(fresh)]
		return c.create(f.path(), f.body)
	})
	if err == nil {
		b.trees = append(b.trees, fresh...)
	}
	return err
}

// tidy undoes the changes in the trees, and fails if anything differs from what the clients left.
func (b *bed) tidy(ctx context.Context) error {
	if len(b.trees) == 0 {
		return nil
	}
	return b.each(ctx, len(b.trees), func(c *client, w int) error { return b.trees[w].tidy(c) })
}

// tree is one client's part of the namespace, as it must be on the server if all replies were true.
type tree struct {
	worker int
	seed   uint64
	rng    *rand.Rand  // restarted for each run
	dirs   []*treeDir  // full directories first
	files  []*treeFile // that exist now
	home   []*treeFile // that exist at the beginning of a run
	extra  []string    // directories made during the run
	next   int         // number of the next file or directory
}

type treeDir struct {
	path    string
	entries int
	mode    string // 750 or 755, or empty: the server's default
}

type treeFile struct {
	dir    *treeDir
	name   string
	born   string // name at the beginning of a run, empty if the file was created during it
	body   content
	copies int    // 1 or 2, or 0: the server's default
	mode   string // 640 or 644, or empty: the server's default
	gone   bool
}

func (f *treeFile) path() string { return f.dir.path + "/" + f.name }

// newTree plans a tree. Nothing is on the server yet.
func newTree(top string, seed uint64, worker int) *tree {
	t := &tree{worker: worker, seed: seed}
	t.begin()
	t.dirs = append(t.dirs, &treeDir{path: top})
	for i := range treeFull {
		for k := range treeDirs {
			t.dirs = append(t.dirs, &treeDir{path: t.dirs[i].path + "/d" + strconv.Itoa(k)})
		}
		t.dirs[i].entries = treeDirs
		for range treeFiles {
			f := t.file(t.dirs[i])
			f.born = f.name
			t.home = append(t.home, f)
		}
	}
	t.begin()
	return t
}

// begin resets the files and the random choices to those at the beginning of a run.
func (t *tree) begin() {
	t.files = slices.Clone(t.home)
	t.rng = rand.New(rand.NewPCG(t.seed, uint64(t.worker)))
}

// file plans a new file.
func (t *tree) file(d *treeDir) *treeFile {
	size := sizeAt(t.rng.IntN(sizeTotal))
	name := t.name()
	f := &treeFile{dir: d, name: name, body: written(spotifyRun, t.worker, t.next, size)}
	d.entries++
	t.files = append(t.files, f)
	return f
}

// spotifyRun is a number of a run, in the sense of [written], that no other load uses.
const spotifyRun = 1<<20 - 1

// name returns a name that no other file or directory of the tree has had.
func (t *tree) name() string {
	t.next++
	return "f" + strconv.Itoa(t.next)
}

func (t *tree) anyFile() *treeFile { return t.files[t.rng.IntN(len(t.files))] }
func (t *tree) anyDir() *treeDir   { return t.dirs[t.rng.IntN(treeFull)] }
