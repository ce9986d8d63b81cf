package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

const (
	readFiles   = 512  // small files of each size that read and stat go over
	listEntries = 1000 // directory entries that list reads
	deleteFiles = 2000 // files that one run of delete deletes, written beforehand
	checkFiles  = 64   // new files that are read back after a run of create

	rangeSize = 64 << 10  // bytes that one operation of ranges reads
	runBytes  = 256 << 20 // bytes that one run of create writes at the most: the disk is not the benchmark's

	smallLimit = 30 * time.Second // for a request about a small file
	largeLimit = 10 * time.Minute // for one that moves a large file

	prepareLimit = 10 * time.Minute // for everything that one run needs beforehand
)

// operation is a kind of load.
type operation struct {
	name  string
	sized bool // once for each size of small files
	large bool // one client and the large file
	parts bool // any number of clients, and the large file
	load  func(b *bed, ctx context.Context, s scenario) (load, error)
}

// operations are all there are, in the order in which a round goes through them: bigread and ranges take up what bigwrite
// wrote.
var operations = []operation{
	{name: "create", sized: true, load: (*bed).create},
	{name: "create1", sized: true, load: (*bed).createOneHop},
	{name: "read", sized: true, load: (*bed).read},
	{name: "stat", load: (*bed).stat},
	{name: "mkdirs", load: (*bed).mkdirs},
	{name: "rename", load: (*bed).rename},
	{name: "delete", load: (*bed).remove},
	{name: "spotify", load: (*bed).spotify},
	{name: "list", load: (*bed).list},
	{name: "bigwrite", large: true, load: (*bed).bigWrite},
	{name: "bigread", large: true, load: (*bed).bigRead},
	{name: "ranges", parts: true, load: (*bed).ranges},
}

// bed is the benchmark's own directory on a server, and what it holds.
type bed struct {
	to    *target
	top   string // absolute path
	most  int    // operations of one run
	seed  uint64 // of what is chosen at random
	runs  int    // directories made so far, for fresh names
	sets  map[int64]string
	trees []*tree  // of the mix, one for each client
	full  string   // the directory that list reads
	large content  // the file that bigread reads
	at    string   // its path, if it is there
	bulky []string // directories of new files that take much of the disk, since makeRoom was called
}

// bulkySize is the size of files, in bytes, from which on those of all rounds together would fill a disk.
const bulkySize = 64 << 10

// makeRoom deletes what earlier rounds left that takes much of the disk, which is not the benchmark's.
func (b *bed) makeRoom(ctx context.Context) error {
	for _, dir := range b.bulky {
		if err := b.borrow(ctx, func(c *client) error { return c.remove(dir) }); err != nil {
			return err
		}
	}
	b.bulky = nil
	return nil
}

// newBed makes the directory, which must not exist.
func newBed(ctx context.Context, to *target, top string, p plan) (*bed, error) {
	b := &bed{to: to, top: top, most: p.most, seed: p.seed, sets: map[int64]string{}}
	return b, b.borrow(ctx, func(c *client) error { return c.mkdirs(top) })
}

// clear deletes everything.
func (b *bed) clear(ctx context.Context) error {
	return b.borrow(ctx, func(c *client) error { return c.remove(b.top) })
}

// borrow lends a client for what is not measured. A recursive delete may take a while.
func (b *bed) borrow(ctx context.Context, do func(*client) error) error {
	c := newClient(ctx, b.to, largeLimit)
	defer c.close()
	if err := do(c); err != nil {
		return fmt.Errorf("%s: %w", b.to.name, err)
	}
	return nil
}

// prepare runs a load to its end and forgets how long it took.
func (b *bed) prepare(ctx context.Context, clients, each int, act func(c *client, worker, i int) error) error {
	got, err := run(ctx, b.to, load{clients: clients, most: each, limit: smallLimit, act: act}, prepareLimit)
	if err == nil && got.Ops < clients*each {
		err = fmt.Errorf("%s: %d of %d operations done within %s", b.to.name, got.Ops, clients*each, prepareLimit)
	}
	return err
}

// each does something for every number below n, beforehand and by as many clients as are of use.
func (b *bed) each(ctx context.Context, n int, do func(c *client, k int) error) error {
	clients := min(n, mostClients)
	return b.prepare(ctx, clients, (n+clients-1)/clients, func(c *client, w, i int) error {
		if k := i*clients + w; k < n {
			return do(c, k)
		}
		return nil
	})
}

// small is a load on small files.
func (b *bed) small(s scenario, act func(c *client, worker, i int) error) load {
	return load{clients: s.clients, most: max(b.most/s.clients, 1), limit: smallLimit, act: act}
}

// fresh makes a directory for this run, with one directory for each client in it.
func (b *bed) fresh(ctx context.Context, s scenario) (dir string, number uint64, err error) {
	b.runs++
	dir = b.top + "/" + s.op.name + "-" + strconv.Itoa(b.runs)
	return dir, uint64(b.runs), b.each(ctx, s.clients, func(c *client, w int) error { return c.mkdirs(place(dir, w)) })
}

// place is the directory of a client, and with a number the file of that number in it.
func place(dir string, worker int, i ...int) string {
	dir += "/w" + strconv.Itoa(worker)
	for _, i := range i {
		dir += "/f" + strconv.Itoa(i)
	}
	return dir
}

// written is the content of a client's file in one run: no two files of a benchmark are alike.
func written(run uint64, worker, i int, size int64) content {
	return content{id: run<<44 | uint64(worker)<<32 | uint64(i), size: size}
}

// create writes new files, each client in a directory of its own.
func (b *bed) create(ctx context.Context, s scenario) (load, error) {
	return b.creating(ctx, s, (*client).create)
}

// createOneHop is create with the bytes in the first request, where the server takes them.
func (b *bed) createOneHop(ctx context.Context, s scenario) (load, error) {
	return b.creating(ctx, s, (*client).createOneHop)
}

func (b *bed) creating(ctx context.Context, s scenario, create func(*client, string, content) error) (load, error) {
	dir, number, err := b.fresh(ctx, s)
	if err != nil {
		return load{}, err
	}
	if s.size >= bulkySize {
		b.bulky = append(b.bulky, dir)
	}
	l := b.small(s, func(c *client, w, i int) error {
		return create(c, place(dir, w, i), written(number, w, i, s.size))
	})
	l.most = max(min(l.most, int(runBytes/max(s.size, 1))/s.clients), 1)
	l.check = func(c *client, done []int) error {
		each := max(checkFiles/s.clients, 1)
		for w, n := range done {
			for i := 0; i < n; i += max(n/each, 1) {
				if err := c.read(place(dir, w, i), written(number, w, i, s.size)); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return l, nil
}

// set makes sure of the files that read and stat go over, 16 directories of them. If that fails, another one is made the next time.
func (b *bed) set(ctx context.Context, size int64) (string, error) {
	if dir, found := b.sets[size]; found {
		return dir, nil
	}
	const dirs = 16
	b.runs++
	dir := b.top + "/set-" + strconv.Itoa(b.runs)
	if err := b.each(ctx, dirs, func(c *client, w int) error { return c.mkdirs(place(dir, w)) }); err != nil {
		return "", err
	}
	err := b.each(ctx, readFiles, func(c *client, k int) error {
		w, i := k%dirs, k/dirs
		return c.create(place(dir, w, i), written(0, w, i, size))
	})
	if err != nil {
		return "", err
	}
	b.sets[size] = dir
	return dir, nil
}

// pick is which file of the set comes next: each client goes through all of them in a scattered order of its own.
func pick(worker, i int) (dir, file int) {
	n := (worker*131 + i*197) % readFiles // 197 and 512 have no common divisor
	return n % 16, n / 16
}

// read reads the set, over and over.
func (b *bed) read(ctx context.Context, s scenario) (load, error) {
	dir, err := b.set(ctx, s.size)
	if err != nil {
		return load{}, err
	}
	return b.small(s, func(c *client, w, i int) error {
		d, f := pick(w, i)
		return c.read(place(dir, d, f), written(0, d, f, s.size))
	}), nil
}

// stat asks for the status of the set's files.
func (b *bed) stat(ctx context.Context, s scenario) (load, error) {
	dir, err := b.set(ctx, s.size)
	if err != nil {
		return load{}, err
	}
	return b.small(s, func(c *client, w, i int) error {
		d, f := pick(w, i)
		return c.stat(place(dir, d, f), s.size)
	}), nil
}

// mkdirs makes new directories, each client in a directory of its own.
func (b *bed) mkdirs(ctx context.Context, s scenario) (load, error) {
	dir, _, err := b.fresh(ctx, s)
	return b.small(s, func(c *client, w, i int) error { return c.mkdirs(place(dir, w, i)) }), err
}

// rename gives one file after the other a new name, each client its own file.
func (b *bed) rename(ctx context.Context, s scenario) (load, error) {
	dir, number, err := b.fresh(ctx, s)
	if err != nil {
		return load{}, err
	}
	err = b.each(ctx, s.clients, func(c *client, w int) error {
		return c.create(place(dir, w, 0), written(number, w, 0, s.size))
	})
	l := b.small(s, func(c *client, w, i int) error { return c.rename(place(dir, w, i), place(dir, w, i+1)) })
	l.check = func(c *client, done []int) error {
		for w, n := range done {
			if err := c.read(place(dir, w, n), written(number, w, 0, s.size)); err != nil {
				return err
			}
		}
		return nil
	}
	return l, err
}

// remove deletes small files that were written beforehand.
func (b *bed) remove(ctx context.Context, s scenario) (load, error) {
	dir, number, err := b.fresh(ctx, s)
	if err != nil {
		return load{}, err
	}
	l := b.small(s, func(c *client, w, i int) error { return c.remove(place(dir, w, i)) })
	l.most = max(min(b.most, deleteFiles)/s.clients, 1)
	l.check = func(c *client, done []int) error {
		for w, n := range done {
			if err := c.list(place(dir, w), l.most-n); err != nil {
				return err
			}
		}
		return nil
	}
	return l, b.each(ctx, s.clients*l.most, func(c *client, k int) error {
		w, i := k%s.clients, k/s.clients
		return c.create(place(dir, w, i), written(number, w, i, s.size))
	})
}

// list reads a directory of 1,000 entries.
func (b *bed) list(ctx context.Context, s scenario) (load, error) {
	if b.full == "" {
		full := b.top + "/full"
		err := b.each(ctx, listEntries, func(c *client, k int) error { return c.mkdirs(full + "/entry-" + strconv.Itoa(k)) })
		if err != nil {
			return load{}, err
		}
		b.full = full
	}
	return b.small(s, func(c *client, _, _ int) error { return c.list(b.full, listEntries) }), nil
}

// bigWrite writes one large file.
func (b *bed) bigWrite(ctx context.Context, s scenario) (load, error) {
	if b.at != "" { // the disk is not the benchmark's
		if err := b.borrow(ctx, func(c *client) error { return c.remove(b.at) }); err != nil {
			return load{}, err
		}
	}
	b.runs++
	b.at, b.large = b.top+"/large-"+strconv.Itoa(b.runs), written(uint64(b.runs), 0, 0, s.size)
	return load{clients: 1, most: 1, bytes: s.size, limit: largeLimit, act: func(c *client, _, _ int) error {
		return c.create(b.at, b.large)
	}}, nil
}

// bigRead reads the file that bigWrite wrote last.
func (b *bed) bigRead(ctx context.Context, s scenario) (load, error) {
	return load{clients: 1, most: 1, bytes: s.size, limit: largeLimit, act: func(c *client, _, _ int) error {
		return c.read(b.at, b.large)
	}}, b.largeFile(ctx, s)
}

// largeFile has the large file written if it is not there.
func (b *bed) largeFile(ctx context.Context, s scenario) error {
	if b.at != "" && b.large.size == s.size {
		return nil
	}
	l, err := b.bigWrite(ctx, s)
	if err == nil {
		_, err = run(ctx, b.to, l, prepareLimit)
	}
	if err != nil {
		b.at = "" // it is not there, or not whole
	}
	return err
}

// ranges reads parts of the large file, each client its own sequence of random places, which follows from the seed.
func (b *bed) ranges(ctx context.Context, s scenario) (load, error) {
	if err := b.largeFile(ctx, s); err != nil {
		return load{}, err
	}
	rngs := make([]*rand.Rand, s.clients)
	for w := range rngs {
		rngs[w] = rand.New(rand.NewPCG(b.seed, uint64(w)))
	}
	size := min(rangeSize, s.size)
	return b.small(s, func(c *client, w, _ int) error {
		return c.readRange(b.at, b.large, rngs[w].Int64N(s.size-size+1), size)
	}), nil
}
