package server

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"strings"

	"granary/namespace"
	"granary/openapi"
)

// Bounds of an archive. The directory of a zip is held in memory until its end; a tar has none.
const (
	archiveNamesMost  = 900 // of the 1,000 parameters (maxPairs) that a request may have
	archiveZipMembers = 100_000
	archiveZipNames   = 64 << 20 // bytes of their names
	archiveTarMembers = 1_000_000
	archiveTogether   = 256 // small files that are read in one batch
)

// archiveLeftOut is the name of the member that lists what was left out.
const archiveLeftOut = "__granary__/left-out.txt"

var (
	archiveNames = param[string]{
		Param: openapi.Param{
			Name: "name", Doc: "Entries of the directory path, each with a name of its own. Without it, path itself.",
			Schema: openapi.Schema{Type: "array", Items: &openapi.Schema{Type: "string"}, MaxItems: pointer[int64](archiveNamesMost)},
		},
		parse: verbatim,
	}
	archiveFormat = param[string]{
		Param: openapi.Param{
			Name: "format", Doc: "Of the archive.", Schema: openapi.Schema{Type: "string", Enum: []string{"zip", "tar"}, Default: "zip"},
		},
		parse: verbatim,
		unset: "zip",
	}
	archiveUnreadable = param[string]{
		Param: openapi.Param{
			Name: "unreadable", Doc: "What to do about entries that the caller may not read: refuse the archive, or leave them out and list them in a member.",
			Schema: openapi.Schema{Type: "string", Enum: []string{"refuse", "list"}, Default: "refuse"},
		},
		parse: verbatim,
		unset: "refuse",
	}
)

// archive answers with an archive. It looks at everything twice: before the first byte, so that a failure is answered as an error,
// and again while sending, when a failure breaks the answer off.
func (c *call) archive() error {
	leave, err := c.enterBatch()
	if err != nil {
		return err
	}
	defer leave()
	tops, err := c.archiveTops()
	if err != nil {
		return err
	}
	zipped := archiveFormat.of(c) == "zip"
	s := survey{call: c, zipped: zipped, lists: archiveUnreadable.of(c) == "list"}
	for _, top := range tops {
		if err := c.session.Below(c.ctx, top, s.add); err != nil {
			return err
		}
	}
	if err := c.spend(reading, int(s.members/batchPerRead)); err != nil {
		return err
	}
	held := c.newArchiveHeld()
	defer held.end()
	if err := held.upTo(s.holds); err != nil {
		return err
	}
	h := c.w.Header()
	h["Content-Type"] = typeBytes
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": c.archiveName(tops) + "." + archiveFormat.of(c)}))
	h["Content-Security-Policy"] = sandboxed
	c.w.WriteHeader(http.StatusOK)
	if c.r.Method == http.MethodHead {
		return nil
	}
	out := bufio.NewWriterSize(c.w, copySize)
	p := &packing{call: c, again: survey{call: c, zipped: s.zipped, lists: s.lists}, held: held}
	if zipped {
		p.into = newZipArchive(out)
	} else {
		p.into = newTarArchive(out)
	}
	for _, top := range tops {
		if err := c.session.Below(c.ctx, top, p.add); err != nil {
			return err
		}
	}
	if err := p.close(); err != nil {
		return err
	}
	return out.Flush()
}

// archiveTops returns the paths that the archive is to hold.
func (c *call) archiveTops() ([]namespace.Path, error) {
	bad := func(format string, args ...any) error {
		return &namespace.Error{Op: "read parameter", Kind: namespace.InvalidArgument, Msg: fmt.Sprintf(format, args...)}
	}
	dir, seen := ofPath.of(c), map[string]bool{}
	var tops []namespace.Path
	for _, p := range c.query {
		if p.name != archiveNames.Name {
			continue
		}
		switch {
		case p.value == "" || p.value == "." || p.value == ".." || strings.Contains(p.value, "/"):
			return nil, bad("%q is no name of an entry.", printable(p.value))
		case seen[p.value]:
			return nil, bad("%q is there twice, and an archive holds a name once.", printable(p.value))
		case len(tops) == archiveNamesMost:
			return nil, bad("An archive is made of at most %d names: put them into a directory and ask for that.", archiveNamesMost)
		}
		seen[p.value] = true
		top, err := namespace.ParsePath(dir.Join(p.value).String())
		if err != nil {
			return nil, err
		}
		tops = append(tops, top)
	}
	if tops == nil {
		tops = []namespace.Path{dir}
	}
	return tops, nil
}

// archiveName returns the archive's file name without its extension: the name of the only entry, or of the directory.
func (c *call) archiveName(tops []namespace.Path) string {
	if len(tops) == 1 {
		return tops[0].Name()
	}
	if name := ofPath.of(c).Name(); name != "" {
		return name
	}
	return "files"
}

// survey checks what an archive is to hold against the bounds.
type survey struct {
	*call
	zipped  bool
	lists   bool // what may not be read is listed, not refused
	members int64
	names   int   // bytes of the members' names
	leftOut int   // bytes of the list of what is left out
	holds   int64 // bytes that the archive holds in memory until its end
}

func (s *survey) add(f *namespace.BelowEntry) error {
	most := int64(archiveTarMembers)
	if s.zipped {
		most = archiveZipMembers
	}
	s.members++
	s.names += len(f.Name)
	refuse := func(format string, args ...any) error {
		return &namespace.Error{Op: "archive", Path: f.Path.String(), Kind: namespace.IO, Msg: fmt.Sprintf(format, args...)}
	}
	switch {
	case f.Refused != nil && !s.lists:
		return f.Refused
	case s.members > most && s.zipped:
		return refuse("There are more than %d files and directories, as many as a zip is made of: ask for a tar, or for directories further down.", most)
	case s.names > archiveZipNames && s.zipped:
		return refuse("The names of the files and directories come to more than %d bytes, as many as a zip is made of: ask for a tar, or for directories further down.", archiveZipNames)
	case s.zipped && len(f.Name)+len("/") > namespace.MaxZipName:
		return refuse("It lies so deep that its name in a zip would have more than %d bytes: ask for a tar, or for directories further down.", namespace.MaxZipName)
	case s.members > most:
		return refuse("There are more than %d files and directories, as many as an archive is made of: ask for directories further down.", most)
	case s.zipped && strings.Contains(f.Name, `\`):
		return refuse(`%s has a backslash in its name, which some programs that unpack take for the end of a directory's name: ask for a tar.`, f.Path)
	}
	if f.Refused == nil && s.zipped {
		s.holds += int64(perZipMember + len(f.Name))
	}
	if f.Refused != nil && s.leftOut < leftOutMost {
		line := len(leftOutLine(f))
		s.leftOut += line
		s.holds += int64(line)
	}
	return nil
}

// packing writes what is found into an archive.
type packing struct {
	*call
	again   survey // there may be more by now than the first survey found
	held    *archiveHeld
	into    archiveWriter
	small   []string        // paths of small files that wait for flush
	names   []string        // their names in the archive
	leftOut strings.Builder // the list of what may not be read
}

// leftOutMost bounds the list of what was left out, in bytes.
const leftOutMost = 16 << 20

// leftOutLine returns the line of the list for an entry that is left out.
func leftOutLine(f *namespace.BelowEntry) string {
	return fmt.Sprintf("%s\t%s\n", f.Name, explain(f.Refused).msg)
}

func (p *packing) add(f *namespace.BelowEntry) error {
	if err := p.again.add(f); err != nil {
		return err
	}
	if err := p.held.upTo(p.again.holds); err != nil {
		return err
	}
	switch {
	case f.Refused != nil:
		if p.leftOut.Len() < leftOutMost {
			p.leftOut.WriteString(leftOutLine(f))
		}
		return nil
	case f.Status.Dir:
		if err := p.flush(); err != nil {
			return err
		}
		return p.into.directory(f.Name, f.Status)
	case f.Status.Size > namespace.MaxBatchFile:
		if err := p.flush(); err != nil {
			return err
		}
		return p.alone(f)
	}
	p.small, p.names = append(p.small, f.Path.String()), append(p.names, f.Name)
	if len(p.small) == archiveTogether {
		return p.flush()
	}
	return nil
}

// alone adds one file that is too large to be read in a batch.
func (p *packing) alone(f *namespace.BelowEntry) error {
	r, err := p.session.Open(p.ctx, f.Path, 0, -1)
	if p.vanished(f.Path.String(), f.Name, err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	to, err := p.into.file(f.Name, r.Status())
	if err != nil {
		return err
	}
	return copyAll(to, r, r.Size())
}

// vanished reports whether err says that a file, called name in the archive, was deleted or moved away since it was listed. To a
// principal that lost the right to see the file, its directory does not exist either.
func (p *packing) vanished(path, name string, err error) bool {
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(name, "/") { // an entry that was asked for by its name must exist
		return false
	}
	file, err := namespace.ParsePath(path)
	if err == nil {
		_, err = p.session.Stat(p.ctx, file.Parent())
	}
	return err == nil
}

// flush adds the small files that were collected.
func (p *packing) flush() error {
	at := -1
	err := p.session.ReadBatch(p.ctx, p.small, func(f *namespace.BatchFile) error {
		at++
		if p.vanished(p.small[at], p.names[at], f.Err) {
			return nil
		}
		if f.Status.Size > namespace.MaxBatchFile { // it has grown since it was listed
			return p.alone(&namespace.BelowEntry{Path: f.Path, Name: p.names[at]})
		}
		if f.Err != nil {
			return f.Err
		}
		to, err := p.into.file(p.names[at], f.Status)
		if err != nil {
			return err
		}
		return f.WriteContent(p.ctx, to)
	})
	p.small, p.names = p.small[:0], p.names[:0]
	return err
}

// close adds what is outstanding, and ends the archive.
func (p *packing) close() error {
	if err := p.flush(); err != nil {
		return err
	}
	if p.leftOut.Len() > 0 {
		if err := p.into.text(archiveLeftOut, p.leftOut.String()); err != nil {
			return err
		}
	}
	return p.into.close()
}
