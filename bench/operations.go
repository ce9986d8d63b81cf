package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

const (
	readFiles   = 512  // small files of each size that read and stat use
	listEntries = 1000 // directory entries that list reads
	deleteFiles = 2000 // files that one run of delete deletes, written in advance
	checkFiles  = 64   // new files that are read back after a run of create

	rangeSize = 64 << 10  // bytes that one operation of ranges reads
	runBytes  = 256 << 20 // bytes that one run of create writes at most, since the disk is shared

	smallLimit = 30 * time.Second // for a request about a small file
	largeLimit = 10 * time.Minute // for one that moves a large file

	prepareLimit = 10 * time.Minute // for everything that one run needs in advance
)

// operation is a kind of load.
type operation struct {
	name  string
	sized bool // runs once for each size of small files
	large bool // runs with one client, on the large file
	parts bool // runs with any number of clients, on the large file
	load  func(b *bed, ctx context.Context, s scenario) (load, error)
}

// operations are all operations, in the order in which a round goes through them: bigread and ranges use what bigwrite
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

// bed is the benchmark's own directory on a server, with what it holds.
type bed struct {
	to    *target
	top   string // absolute path
	most  int    // operations of one run
	seed  uint64 // of the random choices
	runs  int    // directories made so far, for unique names
	sets  map[int64]string
	trees []*tree  // for the mix, one for each client
	full  string   // the directory that list lists
	large content  // the file that bigread reads
	at    string   // path of large, or empty if it does not exist
	bulky []string // directories of new files made since makeRoom ran that take much of the disk
}

// bulkySize is the size in bytes from which on a run's new files are deleted before the next round, or those of all rounds
// together would fill a disk.
const bulkySize = 64 << 10

// makeRoom deletes the bulky directories that earlier rounds left, since the disk is shared.
func (b *bed) makeRoom(ctx context.Context) error {
	for _, dir := range b.bulky {
		if err := b.borrow(ctx, func(c *client) error { return c.remove(dir) }); err != nil {
			return err
		}
	}
	b.bulky = nil
	return nil
}

// newBed creates the directory, which must not exist.
func newBed(ctx context.Context, to *target, top string, p plan) (*bed, error) {
	b := &bed{to: to, top: top, most: p.most, seed: p.seed, sets: map[int64]string{}}
	return b, b.borrow(ctx, func(c *client) error { return c.mkdirs(top) })
}

// clear deletes the directory.
func (b *bed) clear(ctx context.Context) error {
	return b.borrow(ctx, func(c *client) error { return c.remove(b.top) })
}

// borrow lends a client for work that is not measured, with a long limit, since a recursive delete may take a while.
func (b *bed) borrow(ctx context.Context, do func(*client) error) error {
	c := newClient(ctx, b.to, largeLimit)
	defer c.close()
	if err := do(c); err != nil {
		return fmt.Errorf("%s: %w", b.to.name, err)
	}
	return nil
}

// prepare runs a load to its end without measuring it.
func (b *bed) prepare(ctx context.Context, clients, each int, act func(c *client, worker, i int) error) error {
	got, err := run(ctx, b.to, load{clients: clients, most: each, limit: smallLimit, act: act}, prepareLimit)
	if err == nil && got.Ops < clients*each {
		err = fmt.Errorf("%s: %d of %d operations done within %s", b.to.name, got.Ops, clients*each, prepareLimit)
	}
	return err
}

// each calls do, unmeasured, for every number below n, with as many clients as are useful.
func (b *bed) each(ctx context.Context, n int, do func(c *client, k int) error) error {
	clients := min(n, mostClients)
	return b.prepare(ctx, clients, (n+clients-1)/clients, func(c *client, w, i int) error {
		if k := i*clients + w; k < n {
			return do(c, k)
		}
		return nil
	})
}

// small returns a load on small files.
func (b *bed) small(s scenario, act func(c *client, worker, i int) error) load {
	return load{clients: s.clients, most: max(b.most/s.clients, 1), limit: smallLimit, act: act}
}

// fresh creates a directory for this run, with a subdirectory for each client.
func (b *bed) fresh(ctx context.Context, s scenario) (dir string, number uint64, err error) {
	b.runs++
	dir = b.top + "/" + s.op.name + "-" + strconv.Itoa(b.runs)
	return dir, uint64(b.runs), b.each(ctx, s.clients, func(c *client, w int) error { return c.mkdirs(place(dir, w)) })
}

// place returns the directory of a client, or the path of a file in it, if its number is given.
func place(dir string, worker int, i ...int) string {
	dir += "/w" + strconv.Itoa(worker)
	for _, i := range i {
		dir += "/f" + strconv.Itoa(i)
	}
	return dir
}

// written returns the content of a client's file in one run. No two files of a benchmark are equal.
func written(run uint64, worker, i int, size int64) content {
	return content{id: run<<44 | uint64(worker)<<32 | uint64(i), size: size}
}

// create writes new files, each client in its own directory.
func (b *bed) create(ctx context.Context, s scenario) (load, error) {
	return b.creating(ctx, s, (*client).create)
}

// createOneHop is create with the bytes in the first request, on servers that accept that.
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

// set creates the files that read and stat use, in 16 directories, unless they exist. If that fails, the next call starts with a new set.
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

// pick chooses the next file of the set: each client goes through all of them in a scattered order of its own.
func pick(worker, i int) (dir, file int) {
	n := (worker*131 + i*197) % readFiles // 197 and 512 are coprime
	return n % 16, n / 16
}

// read reads the files of the set, over and over.
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

// mkdirs makes new directories, each client in its own directory.
func (b *bed) mkdirs(ctx context.Context, s scenario) (load, error) {
	dir, _, err := b.fresh(ctx, s)
	return b.small(s, func(c *client, w, i int) error { return c.mkdirs(place(dir, w, i)) }), err
}

// rename renames files one after the other, each client its own.
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

// remove deletes small files that were written in advance.
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

// list lists a directory of 1,000 entries.
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
	if b.at != "" { // the disk is shared
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

// largeFile writes the large file if it does not exist.
func (b *bed) largeFile(ctx context.Context, s scenario) error {
	if b.at != "" && b.large.size == s.size {
		return nil
	}
	l, err := b.bigWrite(ctx, s)
	if err == nil {
		_, err = run(ctx, b.to, l, prepareLimit)
	}
	if err != nil {
		b.at = "" // it does not exist, or only in part
	}
	return err
}

// ranges reads parts of the large file at random places. Each client has a sequence of its own, which follows from the seed.
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
