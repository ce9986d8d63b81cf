package namespace

import (
	"archive/zip"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"granary/auth/perm"
)

const (
	// archiveDirectory is the maximum length, in bytes, of the central directory of an archive, which is kept in memory:
	// enough for 100,000 names of 280 bytes.
	archiveDirectory = 32 << 20
	// archiveAhead is how much of an archive is read at once, in bytes.
	archiveAhead = int64(256 << 10)
	// archiveSmall is how many bytes an archive may unpack to whatever its own length: a high ratio may come from a mere file
	// of zeros, and up to here even a bomb does no harm.
	archiveSmall = 64 << 20
	// Modes of entries for which an archive states none.
	unpackedFile = perm.Mode(0o644)
	unpackedDir  = perm.Mode(0o755)
)

// archive is a zip file that is read in place, with the principal's rights.
type archive struct {
	*zip.Reader
	file *archiveFile
}

// archiveFile reads a file at any offset. A read that begins where the last one ended continues with the same Reader.
type archiveFile struct {
	ctx    context.Context
	s      *Session
	path   Path
	inode  int64
	gen    int64 // that the content must have; 0: any
	size   int64
	reader *Reader
	left   int64  // bytes that may still be read; below 0: any number, once the directory was read
	most   int64  // entries that the directory may have
	ahead  []byte // what was read last, from at on
	at     int64
}

// openArchive opens the file at path, which must be inode with the content gen (0: any), and reads its central directory.
func (s *Session) openArchive(ctx context.Context, path Path, inode, gen int64) (*archive, error) {
	f := &archiveFile{ctx: ctx, s: s, path: path, inode: inode, gen: gen, left: archiveDirectory, most: s.fs.jobs.limits.Packed}
	if err := f.seek(0); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(f, f.size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are checked in contents
		return nil, errors.Join(f.damaged(path.Name(), err), f.Close())
	}
	f.left = -1
	return &archive{z, f}, nil
}

// errLongDirectory stops the reading of a central directory that is too long to be kept in memory.
var errLongDirectory = errors.New("the directory is too long")

// errManyEntries stops the reading of one that states more entries than are allowed.
var errManyEntries = errors.New("the directory has too many entries")

// ReadAt reads from an offset on, as io.ReaderAt.
func (f *archiveFile) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		at := off + int64(n)
		if at < 0 || at >= f.size {
			return n, io.EOF
		}
		if at < f.at || at >= f.at+int64(len(f.ahead)) {
			if err := f.load(at); err != nil {
				return n, err
			}
		}
		n += copy(p[n:], f.ahead[at-f.at:])
	}
	if f.left >= 0 && says64(p) > uint64(f.most) {
		return 0, errManyEntries
	}
	return n, nil
}

// says64 returns how many entries p states if it is the end of a central directory in the zip64 format; else 0. The library
// allocates memory for as many before it reads the first one, if the file is long enough: 27 GB for a file of 100 GB. In the
// other format the end can state 65,535 at most.
func says64(p []byte) uint64 {
	const signature, entries, length = "PK\x06\x06", 32, 56
	if len(p) < length || string(p[:len(signature)]) != signature {
		return 0
	}
	return binary.LittleEndian.Uint64(p[entries:])
}

// load reads ahead from an offset on: entries are read in small pieces, some of which lie a little before the previous one.
func (f *archiveFile) load(off int64) error {
	if f.reader == nil || f.reader.pos != off {
		if err := f.seek(off); err != nil {
			return err
		}
	}
	want := min(archiveAhead, f.size-off)
	if f.left >= 0 {
		if f.left < want {
			return errLongDirectory
		}
		f.left -= want
	}
	if f.ahead == nil {
		f.ahead = make([]byte, archiveAhead)
	}
	n, err := fill(f.reader, f.ahead[:want])
	f.ahead, f.at = f.ahead[:n], off
	return err
}

// seek begins to read at an offset. Rights are checked again.
func (f *archiveFile) seek(off int64) error {
	if err := f.Close(); err != nil {
		return err
	}
	return steadily(f.ctx, func() error {
		w := &walker{ctx: f.ctx, s: f.s}
		c, err := w.walkTo(f.path, f.inode, Need{Node: perm.Read})
		if f.inode == 0 {
			c, err = w.walk(f.path, Need{Node: perm.Read})
		}
		if err != nil {
			return err
		}
		if c == nil {
			return vanished(f.path)
		}
		n, err := fileAt(c)
		if err != nil {
			return err
		}
		if f.gen != 0 && n.gen != f.gen {
			return fail(IO, "%s has changed since the job began to unpack it; start it again", f.path)
		}
		if err := f.s.checkReadable(f.ctx, n); err != nil {
			return err
		}
		f.reader, err = f.s.fs.reader(f.ctx, n, off, n.size)
		if err != nil {
			return err
		}
		f.reader.admission = f.s.admit(c.path)
		f.inode, f.gen, f.size = n.id, n.gen, n.size
		f.s.fs.accessed(f.ctx, c)
		f.s.read("open", c)
		return nil
	})
}

// Close closes the Reader.
func (f *archiveFile) Close() error {
	if f.reader == nil {
		return nil
	}
	err := f.reader.Close()
	f.reader = nil
	return err
}

// damaged turns the error of reading name in the archive into one for the user, if it is the archive's fault.
func (f *archiveFile) damaged(name string, err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, errLongDirectory):
		return fail(InvalidArgument, "The directory of the archive %s is longer than %d bytes, which is as much as is unpacked", f.path, archiveDirectory)
	case errors.Is(err, errManyEntries):
		return fail(InvalidArgument, "The archive %s says that it has more than %d entries, which is as many as are unpacked", f.path, f.most)
	case errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm), errors.Is(err, zip.ErrChecksum), errors.As(err, &corrupt),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fail(InvalidArgument, "%s is no archive in the form of zip, or is damaged: %s: %v", f.path, quoted(name), err)
	}
	return err
}

// quoted returns a name from an archive for a message, with everything but printable ASCII escaped.
func quoted(name string) string { return abbreviate(strings.Trim(fmt.Sprintf("%+q", name), `"`)) }

// contents checks the archive against what may be unpacked, and returns everything that it unpacks to, or an error. An entry that
// would lead out of the target, or is neither a file nor a directory, is refused, not corrected.
func (a *archive) contents(target Path, l *JobLimits) ([]jobEntry, error) {
	if int64(len(a.File)) > l.Packed {
		return nil, fail(InvalidArgument, "The archive has %d entries; at most %d are unpacked", len(a.File), l.Packed)
	}
	if err := a.bounded(l); err != nil {
		return nil, err
	}
	u := unpacking{target: target, most: l.Packed, paths: l.Paths, places: map[string]int{}}
	u.entries = append(u.entries, jobEntry{kind: kindDir, source: -1, mode: unpackedDir, replication: DefaultReplication, listed: true})
	for i, f := range a.File {
		if err := u.add(i, f); err != nil {
			return nil, err
		}
	}
	// Directories come before what is in them, even if the archive names them last.
	slices.SortStableFunc(u.entries, func(a, b jobEntry) int {
		switch {
		case a.kind == kindDir && b.kind == kindDir:
			return strings.Count(a.path, "/") - strings.Count(b.path, "/")
		case a.kind == kindDir:
			return -1
		case b.kind == kindDir:
			return 1
		}
		return 0
	})
	return u.entries, nil
}

// bounded refuses an archive that would unpack to too much in total or for its length. The lengths that entries state are compared
// with what comes out of them later: if they differ, the archive is damaged.
func (a *archive) bounded(l *JobLimits) error {
	var packed, unpacked uint64
	for _, f := range a.File {
		if f.CompressedSize64 > uint64(a.file.size) || f.UncompressedSize64 > uint64(l.Unpacked) {
			return fail(InvalidArgument, "The archive's entry %s says that it is %d bytes long, packed in %d; that is more than the archive can hold, or than the %d that are unpacked",
				quoted(f.Name), f.UncompressedSize64, f.CompressedSize64, l.Unpacked)
		}
		packed, unpacked = packed+f.CompressedSize64, unpacked+f.UncompressedSize64
		switch {
		case packed > uint64(a.file.size):
			return fail(InvalidArgument, "The archive's entries are longer together than the archive: some use the same bytes, which only bombs do")
		case unpacked > uint64(l.Unpacked):
			return fail(InvalidArgument, "The archive would become longer than %d bytes, which is as much as is unpacked", l.Unpacked)
		}
	}
	if unpacked > archiveSmall && unpacked/uint64(l.Ratio) > uint64(a.file.size) {
		return fail(InvalidArgument, "The archive would become %d bytes, more than %d times its own length, as only bombs do", unpacked, l.Ratio)
	}
	return nil
}

// unpacking is what an archive unpacks to.
type unpacking struct {
	target  Path
	most    int64 // limit of entries
	paths   int64 // limit of the sum of directories' paths, in bytes
	dirs    int64 // their sum so far
	entries []jobEntry
	places  map[string]int // indexes of entries, by path
}

// fits adds the path of another directory to the sum of them, and fails if that exceeds the limit.
func (u *unpacking) fits(path string) error {
	u.dirs += int64(len(path))
	if u.dirs > u.paths {
		return fail(InvalidArgument, "The paths of the archive's directories come to more than %d bytes, which is as much as is unpacked", u.paths)
	}
	return nil
}

// add adds what the archive's i-th entry unpacks to.
func (u *unpacking) add(i int, f *zip.File) error {
	refuse := func(format string, args ...any) error {
		return fail(InvalidArgument, "The archive's entry %s cannot be unpacked: %s; nothing was", quoted(f.Name), fmt.Sprintf(format, args...))
	}
	name, dir := strings.CutSuffix(f.Name, "/")
	switch {
	case !utf8.ValidString(name):
		return refuse("its name is not UTF-8")
	case strings.ContainsAny(name, "\\\x00:"):
		return refuse(`a name has no backslash, no colon and no NUL`)
	case strings.HasPrefix(name, "/"):
		return refuse("a name in an archive is not absolute")
	case f.Flags&(1|1<<6) != 0:
		return refuse("it is encrypted")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return refuse("it is packed by method %d, and only 0, stored, and 8, deflated, are known", f.Method)
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." {
			return refuse(`a name has no empty, "." or ".." part`)
		}
	}
	switch mode := f.Mode(); {
	case mode&fs.ModeSymlink != 0:
		return refuse("it is a symbolic link, which there are none of here")
	case mode&fs.ModeType&^fs.ModeDir != 0:
		return refuse("it is neither a file nor a directory")
	case mode.IsDir() != dir:
		return refuse("its name and its kind do not say the same")
	case dir && f.UncompressedSize64 > 0:
		return refuse("it is a directory and has content")
	}
	path := "/" + name
	whole := Path{u.target.text + path}
	var bad *Error
	if errors.As(errors.Join(whole.creatable(), whole.checkNames(0)), &bad) {
		return refuse("%s", bad.Msg)
	}
	if err := u.put(i, f, path, dir, refuse); err != nil {
		return err
	}
	// This is checked for each entry, since a name of 8,000 bytes can stand for a thousand directories.
	if int64(len(u.entries)) > u.most {
		return fail(InvalidArgument, "The archive has more files and directories than %d, which is as many as are unpacked", u.most)
	}
	return nil
}

// put gives the entry its place, and adds the missing directories above it.
func (u *unpacking) put(i int, f *zip.File, path string, dir bool, refuse func(string, ...any) error) error {
	for at := (Path{path}).Parent(); at.text != ""; at = at.Parent() {
		known, ok := u.places[at.text]
		if ok && u.entries[known].kind != kindDir {
			return refuse("%s is a file in the same archive", quoted(at.text[1:]))
		}
		if ok {
			break
		}
		if err := u.fits(at.text); err != nil {
			return err
		}
		u.places[at.text] = len(u.entries)
		u.entries = append(u.entries, jobEntry{path: at.text, kind: kindDir, source: -1, mode: unpackedDir, replication: DefaultReplication, listed: true})
	}
	e := jobEntry{
		path: path, kind: kindFile, source: int64(i), size: int64(f.UncompressedSize64), mode: unpackedFile,
		replication: DefaultReplication, blockSize: DefaultBlockSize, listed: true,
	}
	if dir {
		e.kind, e.size, e.mode, e.blockSize = kindDir, 0, unpackedDir, 0
	}
	const unix, macOS = 3, 19 // others have no such modes
	if system := f.CreatorVersion >> 8; (system == unix || system == macOS) && f.Mode().Perm() != 0 {
		e.mode = perm.Mode(f.Mode().Perm())
	}
	known, ok := u.places[path]
	if dir && !ok {
		if err := u.fits(path); err != nil {
			return err
		}
	}
	switch {
	case !ok:
		u.places[path] = len(u.entries)
		u.entries = append(u.entries, e)
	case dir && u.entries[known].kind == kindDir && u.entries[known].source < 0: // so far it was only implied by what is in it
		u.entries[known] = e
	default:
		return refuse("the name comes twice")
	}
	return nil
}
