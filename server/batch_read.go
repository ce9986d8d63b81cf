package server

import (
	"archive/tar"
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	stdpath "path"
	"slices"
	"strings"
	"time"

	"granary/namespace"
)

// BatchRead says which files to read.
type BatchRead struct {
	Paths     []string `json:"paths,omitempty" max:"10000" doc:"Absolute paths, in the order in which the files are wanted. A path may be repeated."`
	Directory string   `json:"directory,omitempty" doc:"Instead of paths: an absolute path of a directory. Its files are read, each directory in the byte order of its names; 100,000 at most."`
	Recursive bool     `json:"recursive,omitempty" doc:"With directory: also the files of all directories below it, other than the trash."`
	Pattern   string   `json:"pattern,omitempty" max:"255" doc:"With directory: only files whose names match this pattern, in which * stands for any characters, ? for one, and [a-z] for one of these."`
	Samples   bool     `json:"samples,omitempty" doc:"Files of one directory whose names are the same up to the first dot, such as 17.jpg and 17.cls, are one sample, as for WebDataset: they come together, in the place of the first, and are shuffled and divided as one."`
	Shuffle   *int64   `json:"shuffle,omitempty" doc:"A seed. The files come in a random order that is the same for the same files and the same seed."`
	Part      int64    `json:"part,omitempty" min:"0" doc:"With parts: which of them is read, from 0 on."`
	Parts     int64    `json:"parts,omitempty" min:"1" max:"65536" doc:"The number of parts into which the shuffled files are divided, one for each worker."`
}

// BatchEnd is the content of the last member of the archive, which says how the batch came out.
type BatchEnd struct {
	Read   int64 `json:"read"`   // files
	Failed int64 `json:"failed"` // those that could not be read
}

// Names of members that are not files of the caller's. Readers of WebDataset skip names with this prefix (tariterators.py), and
// no other member has it except files in a directory of that name in the root.
const (
	batchErrors = "__granary__/errors/" // followed by a number
	batchEnd    = "__granary__/end.json"
)

// batchStatus is the PAX record of a member that says why a file could not be read: the HTTP status of a request for it alone.
const batchStatus = "GRANARY.status"

// names returns the files that in asks for, in their order.
func (in *BatchRead) names(c *call) ([]string, error) {
	bad := func(msg string) error {
		return &namespace.Error{Op: "read the body", Kind: namespace.InvalidArgument, Msg: msg}
	}
	names := in.Paths
	switch {
	case (len(in.Paths) > 0) == (in.Directory != ""):
		return nil, bad("A batch needs paths, or a directory, and not both.")
	case in.Directory == "" && (in.Recursive || in.Pattern != ""):
		return nil, bad("recursive and pattern are for a directory: leave them out with paths.")
	case in.Part > 0 && in.Part >= in.Parts:
		return nil, bad(fmt.Sprintf("part %d is none of %d parts, which count from 0 on.", in.Part, in.Parts))
	case in.Directory != "":
		dir, err := namespace.ParsePath(in.Directory)
		if err != nil {
			return nil, err
		}
		files, err := c.session.Files(c.ctx, dir, namespace.FilesQuery{
			Below: in.Recursive, Pattern: in.Pattern, Most: batchFiles,
			Looked: func() error { return c.spend(reading, 1) }, // also if no file is found
		})
		if err != nil {
			return nil, err
		}
		names = make([]string, len(files))
		for i, file := range files {
			names[i] = file.String()
		}
	}
	groups := in.groups(names)
	if in.Shuffle != nil {
		random := rand.New(rand.NewPCG(uint64(*in.Shuffle), 0))
		random.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
	}
	dealt := make([]string, 0, len(names)/int(max(1, in.Parts))+1)
	for i := int(in.Part); i < len(groups); i += int(max(1, in.Parts)) {
		dealt = append(dealt, groups[i]...)
	}
	return dealt, nil
}

// groups returns the files that stay together: those of a sample, or each by itself.
func (in *BatchRead) groups(names []string) (groups [][]string) {
	if !in.Samples {
		return slices.Collect(slices.Chunk(names, 1))
	}
	at := map[string]int{}
	for _, name := range names {
		dir, file := stdpath.Split(name)
		stem, _, _ := strings.Cut(file, ".")
		key := dir + cmp.Or(stem, file) // a name that begins with a dot is no sample of WebDataset's
		i, known := at[key]
		if !known {
			i = len(groups)
			at[key], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], name)
	}
	return groups
}

// batchRead answers with an archive of the files. Nothing is written before the files are known, so that whatever is wrong
// with the request is answered as an error; a failure of one file is reported in its place in the archive.
func (c *call) batchRead(in BatchRead) error {
	names, err := in.names(c)
	if err != nil {
		return err
	}
	if err := c.spend(reading, len(names)/batchPerRead); err != nil {
		return err
	}
	c.patient() // the client may work on the files while it reads them
	h := c.w.Header()
	h.Set("Content-Type", "application/x-tar")
	// As with a single file, a browser must not take it for a page.
	h["Content-Disposition"] = attachment
	h["Content-Security-Policy"] = sandboxed
	c.w.WriteHeader(http.StatusOK)
	out := bufio.NewWriterSize(c.w, copySize)
	a := &batchArchive{call: c, tar: tar.NewWriter(out)}
	if err := a.fill(names); err != nil {
		return err
	}
	if err := a.close(); err != nil {
		return err
	}
	return out.Flush()
}

// batchArchive is the archive that a batch is answered with.
type batchArchive struct {
	*call
	tar   *tar.Writer
	end   BatchEnd
	bytes int64
}

// fill adds as many of the files as there is room for, and reports the others as left out.
func (a *batchArchive) fill(names []string) error {
	err := a.session.ReadBatch(a.ctx, names, a.add)
	if !errors.Is(err, errBatchFull) {
		return err
	}
	for _, name := range names[a.end.Read+a.end.Failed:] {
		if err := a.leaveOut(name); err != nil {
			return err
		}
	}
	return nil
}

// errBatchFull ends the reading of a batch that has reached batchContent.
var errBatchFull = errors.New("the batch is full")

// leaveOut reports a file that is not read because the batch is full.
func (a *batchArchive) leaveOut(name string) error {
	f := &namespace.BatchFile{Name: name}
	if f.Path, f.Err = namespace.ParsePath(name); f.Err == nil {
		f.Err = &namespace.Error{
			Op: "open", Path: f.Path.String(), Kind: namespace.IO,
			Msg: fmt.Sprintf("The batch has come to %d bytes, the most that one may have: ask for the rest in another.", int64(batchContent)),
		}
	}
	return a.refuse(f)
}

// add adds a file, or reports why it cannot be read.
func (a *batchArchive) add(f *namespace.BatchFile) error {
	if f.Err == nil && a.bytes+f.Status.Size > batchContent {
		return errBatchFull
	}
	if f.Err != nil {
		return a.refuse(f)
	}
	a.end.Read++
	a.bytes += f.Status.Size
	if err := a.tar.WriteHeader(tarHeader(f.Path.String()[1:], f.Status)); err != nil {
		return err
	}
	return f.WriteContent(a.ctx, a.tar)
}

// refuse adds the problem that a request for the file alone would have been answered with.
func (a *batchArchive) refuse(f *namespace.BatchFile) error {
	told := explain(f.Err)
	a.logPart(told, f.Path.String())
	number := a.end.Read + a.end.Failed
	a.end.Failed++
	return a.text(fmt.Sprintf("%s%06d.json", batchErrors, number), problem(told, a.id, f.Name), map[string]string{batchStatus: fmt.Sprint(told.api)})
}

// text adds a member of the server's own.
func (a *batchArchive) text(name string, text []byte, records map[string]string) error {
	if err := a.tar.WriteHeader(&tar.Header{
		Typeflag: tar.TypeReg, Name: name, Size: int64(len(text)), Mode: 0o600, ModTime: time.Unix(time.Now().Unix(), 0), PAXRecords: records,
	}); err != nil {
		return err
	}
	_, err := a.tar.Write(text)
	return err
}

// close ends the archive with a member that says how many files it has.
func (a *batchArchive) close() error {
	text, err := json.Marshal(a.end)
	if err != nil {
		return err
	}
	if err := a.text(batchEnd, text, nil); err != nil {
		return err
	}
	return a.tar.Close()
}
