package namespace

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// packing is an entry of a test archive.
type packing struct {
	name    string
	content string
	mode    fs.FileMode
	raw     bool // content is stored as it is, and the header as the function header left it
	header  func(*zip.FileHeader)
}

// archiveOf makes an archive.
func archiveOf(t testing.TB, entries ...packing) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		create := z.CreateHeader
		if e.raw {
			h.Method, create = zip.Store, z.CreateRaw
			h.CRC32, h.CompressedSize64, h.UncompressedSize64 = crc32.ChecksumIEEE([]byte(e.content)), uint64(len(e.content)), uint64(len(e.content))
		}
		if e.header != nil {
			e.header(h)
		}
		w, err := create(h)
		must(t, err)
		_, err = w.Write([]byte(e.content))
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

func TestZipAndUnzip(t *testing.T) {
	fs := jobsFS(t)
	bob := fs.as(t, "bob")
	const top = "/Projects/vision"
	long := pattern(3 << 20)
	bob.put(t, top+"/d/long", long)
	bob.put(t, top+"/d/deep/ä/f", []byte("deep"))
	bob.put(t, top+"/d/empty", nil)
	_, err := bob.Mkdirs(t.Context(), at(top+"/d/bare"), MkdirOptions{Mode: 0o711})
	must(t, err)
	must(t, bob.SetPermission(t.Context(), at(top+"/d/empty"), 0o600))
	bob.put(t, top+"/single", []byte("alone"))

	job := fs.do(t, bob, JobZip, top+"/z.zip", top+"/d", top+"/single")
	job.want(t, JobDone, "")
	if job.Files != 4 || job.FilesDone != 4 || job.BytesDone != int64(len(long))+9 {
		t.Errorf("%+v", job)
	}
	packed := bob.get(t, top+"/z.zip")
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	must(t, err)
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	if got, want := strings.Join(names, " "), "d/ d/bare/ d/deep/ d/deep/ä/ d/deep/ä/f d/empty d/long single"; got != want {
		t.Errorf("the archive holds %s, want %s", got, want)
	}
	fs.do(t, bob, JobUnzip, "/Projects/sound/out", top+"/z.zip").want(t, JobDone, "")
	const out = "/Projects/sound/out"
	if got, want := strings.ReplaceAll(bob.tree(t, out+"/d"), out, top), bob.tree(t, top+"/d"); got != want {
		t.Error("what was unpacked is another tree")
	}
	if got := string(bob.get(t, out+"/single")); got != "alone" {
		t.Errorf("%q", got)
	}
	for _, name := range []string{"/d/bare", "/d/empty", "/d/deep", "/single"} {
		was, err := bob.Stat(t.Context(), at(top+name))
		must(t, err)
		is, err := bob.Stat(t.Context(), at(out+name))
		must(t, err)
		if is.Perms.Mode != was.Perms.Mode || is.Owner != "bob" || is.Group != "sound" {
			t.Errorf("%s was %+v and is %+v", name, was, is)
		}
	}
	events, err := fs.as(t, "ada").Events(t.Context(), "vision", 0, 0)
	must(t, err)
	if e := events[len(events)-1]; e.Op != "zip" || e.Path != at(top+"/z.zip") || e.Operation != job.ID || len(e.Detail.Sources) != 2 || e.Detail.Size == nil {
		t.Errorf("%+v", e)
	}
	fs.nothingStaged(t)
}

// An archive may leave directories out, or have them late; entries without modes get the usual ones.
func TestUnzipMakesDirectories(t *testing.T) {
	server := jobsFS(t)
	bob := server.as(t, "bob")
	dos := func(h *zip.FileHeader) { h.CreatorVersion = 0 }
	bob.put(t, "/Projects/vision/z", archiveOf(t, packing{name: "a/b/c/f", content: "f", header: dos}, packing{name: "a/b/", mode: fs.ModeDir | 0o750}, packing{name: "g"}, packing{name: "G"}))
	job := server.do(t, bob, JobUnzip, "/Projects/vision/out", "/Projects/vision/z")
	job.want(t, JobDone, "")
	if got := bob.tree(t, "/Projects/vision/out"); got != "/Projects/vision/out/G= /Projects/vision/out/a/b/c/f=f /Projects/vision/out/g=" {
		t.Error(got)
	}
	for name, want := range map[string]string{"": "0755", "/a": "0755", "/a/b": "0750", "/a/b/c": "0755", "/a/b/c/f": "0644"} {
		if s, err := bob.Stat(t.Context(), at("/Projects/vision/out"+name)); err != nil || octal(s.Perms.Mode) != want {
			t.Errorf("%q has the mode %s, want %s: %v", name, octal(s.Perms.Mode), want, err)
		}
	}
	bob.put(t, "/Projects/vision/none", archiveOf(t))
	server.do(t, bob, JobUnzip, "/Projects/vision/bare", "/Projects/vision/none").want(t, JobDone, "")
	server.nothingStaged(t)
}

// harmful is an archive, and the words of its refusal.
type harmful struct {
	archive []byte
	words   string
}

// says makes an entry claim to be size bytes long.
func says(size uint64) func(*zip.FileHeader) {
	return func(h *zip.FileHeader) { h.UncompressedSize64 = size }
}

// refuseArchives fails unless each archive is refused, and nothing of it is to be found anywhere afterwards.
func refuseArchives(t *testing.T, archives map[string]harmful) {
	t.Helper()
	server := jobsFS(t, func(c *Config) { c.Jobs.Packed, c.Jobs.Unpacked, c.Jobs.Ratio = 20, 400<<20, 200 })
	bob := server.as(t, "bob")
	for name, a := range archives {
		t.Run(name, func(t *testing.T) {
			file := "/Projects/vision/" + strings.ReplaceAll(name, " ", "-")
			bob.put(t, file, a.archive)
			before := bob.count(t)
			job := server.do(t, bob, JobUnzip, "/Projects/vision/out", file)
			job.want(t, JobFailed, a.words)
			if kind := job.Failure.Kind; kind != InvalidArgument {
				t.Errorf("the failure is one of kind %s", kind)
			}
			must(t, server.Reap(t.Context()))
			if after := bob.count(t); after != before {
				t.Errorf("%d inodes, were %d", after, before)
			}
		})
	}
	server.nothingStaged(t)
}

// A name in an archive that leads out of the target, whatever system it was meant for.
func TestAttackZipSlip(t *testing.T) {
	refuseArchives(t, map[string]harmful{
		"a verb":                     {archiveOf(t, packing{name: `100%s\a`}), `entry 100%s\\a cannot be unpacked: a name has no backslash`},
		"a way out":                  {archiveOf(t, packing{name: "../../evil"}), `no empty, "." or ".." part`},
		"a way out, deep":            {archiveOf(t, packing{name: "a/b/../../../evil"}), `no empty, "." or ".." part`},
		"a way out at the end":       {archiveOf(t, packing{name: "a/.."}), `no empty, "." or ".." part`},
		"a directory that leads out": {archiveOf(t, packing{name: "../"}), `no empty, "." or ".." part`},
		"an absolute name":           {archiveOf(t, packing{name: "/tmp/evil"}), "not absolute"},
		"a name of Windows":          {archiveOf(t, packing{name: `..\evil`}), "no backslash"},
		"a drive":                    {archiveOf(t, packing{name: `C:/evil`}), "no colon"},
	})
}

// What an archive calls a link or a device.
func TestAttackZipLink(t *testing.T) {
	link := func(name, to string) packing { return packing{name: name, content: to, mode: fs.ModeSymlink | 0o777} }
	refuseArchives(t, map[string]harmful{
		"a symbolic link": {archiveOf(t, link("l", "/etc"), packing{name: "l/passwd"}), "symbolic link"},
		"a device":        {archiveOf(t, packing{name: "d", mode: fs.ModeDevice | 0o600}), "neither a file nor"},
		"a pipe":          {archiveOf(t, packing{name: "d", mode: fs.ModeNamedPipe | 0o600}), "neither a file nor"},
	})
}

// Two entries of one name: a scanner may see one of them, and whoever unpacks the archive gets the other.
func TestAttackZipTwice(t *testing.T) {
	refuseArchives(t, map[string]harmful{
		"the same name twice":        {archiveOf(t, packing{name: "f", content: "1"}, packing{name: "f", content: "2"}), "comes twice"},
		"the same directory twice":   {archiveOf(t, packing{name: "d/"}, packing{name: "d/"}), "comes twice"},
		"a file that is a directory": {archiveOf(t, packing{name: "f"}, packing{name: "f/g"}), "is a file in the same archive"},
		"a directory that is a file": {archiveOf(t, packing{name: "f/g"}, packing{name: "f"}), "comes twice"},
	})
}

// Archives that would expand out of all proportion.
func TestAttackZipBomb(t *testing.T) {
	refuseArchives(t, map[string]harmful{
		"a bomb":                 {archiveOf(t, packing{name: "f", content: strings.Repeat("\x00", archiveSmall+1)}), "200 times its own length"},
		"a bomb of 64 bits":      {archiveOf(t, packing{name: "f", content: "x", raw: true, header: says(1 << 62)}), "than the 419430400"},
		"many that are too long": {archiveOf(t, packing{name: "a", content: "x", raw: true, header: says(300 << 20)}, packing{name: "b", content: "x", raw: true, header: says(300 << 20)}), "longer than 419430400"},
		"sizes that overflow":    {archiveOf(t, packing{name: "a", content: "x", raw: true, header: says(1<<64 - 1)}, packing{name: "b", content: "x", raw: true, header: says(2)}), "than the 419430400"},
	})
}

// A bomb whose entries share their bytes has no ratio that gives it away.
func TestAttackZipOverlap(t *testing.T) {
	overlapping := overlap(t, archiveOf(t, packing{name: "a", content: strings.Repeat("a", 1000), raw: true}, packing{name: "b", content: "b", raw: true}))
	refuseArchives(t, map[string]harmful{
		"entries that overlap": {overlapping, "use the same bytes"},
	})
}

// More entries than a job may make.
func TestAttackZipEntries(t *testing.T) {
	many := make([]packing, 21)
	for i := range many {
		many[i] = packing{name: fmt.Sprint(i), raw: true}
	}
	refuseArchives(t, map[string]harmful{
		"more than there may be":       {archiveOf(t, many...), "at most 20"},
		"more directories than may be": {archiveOf(t, packing{name: strings.Repeat("n/", 30) + "f"}), "directories than 20"},
		"more than it holds, it says":  {saying64(archiveOf(t, packing{name: "f"}), 21), "more than 20 entries"},
	})
	// A name that implies too many directories is refused before these are recorded.
	u := unpacking{target: at("/out"), most: 20, places: map[string]int{}}
	if err := u.add(0, &zip.File{FileHeader: zip.FileHeader{Name: strings.Repeat("n/", 300) + "f"}}); err == nil {
		t.Error("more directories than may be were not refused at once")
	}
}

// saying64 makes an archive end in the form of zip64, with that number of entries.
func saying64(archive []byte, entries uint64) []byte {
	end := bytes.LastIndex(archive, []byte("PK\x05\x06"))
	size, offset := binary.LittleEndian.Uint32(archive[end+12:]), binary.LittleEndian.Uint32(archive[end+16:])
	out := append(bytes.Clone(archive[:end]), "PK\x06\x06"+
		"\x2c\x00\x00\x00\x00\x00\x00\x00"+ // how much follows
		"\x2d\x00\x2d\x00\x00\x00\x00\x00\x00\x00\x00\x00"...) // versions and disks
	for _, v := range []uint64{entries, entries, uint64(size), uint64(offset)} {
		out = binary.LittleEndian.AppendUint64(out, v)
	}
	out = append(out, "PK\x06\x07\x00\x00\x00\x00"...)
	out = append(binary.LittleEndian.AppendUint64(out, uint64(end)), 1, 0, 0, 0)
	out = append(out, "PK\x05\x06\x00\x00\x00\x00"...)
	return append(out, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00"...)
}

// Archives that are damaged, or cannot be unpacked here.
func TestArchivesThatAreNone(t *testing.T) {
	good := archiveOf(t, packing{name: "f", content: strings.Repeat("content ", 20_000)})
	bent := bytes.Clone(good)
	bent[60] ^= 0xff
	refuseArchives(t, map[string]harmful{
		"a NUL":                  {archiveOf(t, packing{name: "a\x00.txt"}), "no NUL"},
		"an empty name":          {archiveOf(t, packing{name: ""}), "no empty"},
		"an empty part":          {archiveOf(t, packing{name: "a//b"}), "no empty"},
		"only a slash":           {archiveOf(t, packing{name: "/"}), "no empty"},
		"no text":                {archiveOf(t, packing{name: "a\xff"}), "not UTF-8"},
		"a reserved name":        {archiveOf(t, packing{name: "a/.snapshot/f"}), "reserved name"},
		"a long name":            {archiveOf(t, packing{name: strings.Repeat("n", MaxName+1)}), "component name limit"},
		"a deep path":            {archiveOf(t, packing{name: strings.Repeat("n/", MaxDepth) + "f"}), "Pathname too long"},
		"what is encrypted":      {archiveOf(t, packing{name: "f", content: "x", raw: true, header: func(h *zip.FileHeader) { h.Flags |= 1 }}), "encrypted"},
		"an unknown method":      {archiveOf(t, packing{name: "f", content: "x", raw: true, header: func(h *zip.FileHeader) { h.Method = 12 }}), "method 12"},
		"more than it says":      {archiveOf(t, packing{name: "f", content: strings.Repeat("x", 1000), raw: true, header: says(10)}), "damaged"},
		"less than it says":      {archiveOf(t, packing{name: "f", content: "x", raw: true, header: says(10)}), "damaged"},
		"a wrong checksum":       {archiveOf(t, packing{name: "f", content: "x", raw: true, header: func(h *zip.FileHeader) { h.CRC32++ }}), "damaged"},
		"a wrong checksum, long": {archiveOf(t, packing{name: "f", content: strings.Repeat("x", 100<<10), raw: true, header: func(h *zip.FileHeader) { h.CRC32++ }}), "damaged"},
		"a bent one":             {bent, "damaged"},
		"half of one":            {good[:len(good)/2], "no archive"},
		"none":                   {[]byte("this is no archive"), "no archive"},
		"an empty file":          {nil, "no archive"},
	})
}

// count is how many inodes there are, seen or unseen.
func (s *Session) count(t testing.TB) (n int) {
	must(t, s.fs.db.QueryRow(t.Context(), `SELECT count(*) FROM inodes`).Scan(&n))
	return n
}

// overlap makes all entries of an archive begin where the first does, with its length.
func overlap(t testing.TB, archive []byte) []byte {
	t.Helper()
	archive = bytes.Clone(archive)
	const directoryEntry = "PK\x01\x02"
	first := bytes.Index(archive, []byte(directoryEntry))
	second := first + 4 + bytes.Index(archive[first+4:], []byte(directoryEntry))
	copy(archive[second+16:second+28], archive[first+16:first+28]) // checksum and sizes
	binary.LittleEndian.PutUint32(archive[second+42:], 0)          // where its content is
	return archive
}

// Unpacking an archive puts no more names into a directory than may be there.
func TestUnzipIntoAFullDirectory(t *testing.T) {
	server := jobsFS(t, func(c *Config) { c.MaxChildren = 10 })
	server.jobs.atOnce = 4
	bob := server.as(t, "bob")
	many := make([]packing, 11)
	for i := range many {
		many[i].name = fmt.Sprint("d/", i)
	}
	bob.put(t, "/Projects/vision/z", archiveOf(t, many...))
	server.do(t, bob, JobUnzip, "/Projects/vision/out", "/Projects/vision/z").want(t, JobFailed, "item limit of /Projects/vision/out/d is exceeded: limit=10")
	bob.put(t, "/Projects/vision/z", archiveOf(t, many[:10]...))
	server.do(t, bob, JobUnzip, "/Projects/vision/out", "/Projects/vision/z").want(t, JobDone, "")
	server.nothingStaged(t)
}

// If the archive is replaced while it is unpacked, nothing of either version is made.
func TestArchiveChangesMeanwhile(t *testing.T) {
	t.Run("longer", func(t *testing.T) {
		archiveChangesMeanwhile(t, "has changed since", func(s *Session) {
			must(t, s.Append(t.Context(), at("/Projects/vision/z"), -1, strings.NewReader("more")))
		})
	})
	t.Run("another one", func(t *testing.T) {
		archiveChangesMeanwhile(t, "is not any more", func(s *Session) {
			s.put(t, "/Projects/vision/z", archiveOf(t, packing{name: "f", content: strings.Repeat("y", 1<<20)}))
		})
	})
}

func archiveChangesMeanwhile(t *testing.T, want string, change func(s *Session)) {
	server := jobsFS(t)
	bob := server.as(t, "bob")
	bob.put(t, "/Projects/vision/z", archiveOf(t, packing{name: "f", content: strings.Repeat("x", 1<<20)}))
	p := server.park(t, 1)
	job := bob.start(t, JobUnzip, "/Projects/vision/out", "/Projects/vision/z")
	p.wait(t)
	change(bob)
	_, err := server.db.Exec(t.Context(), `UPDATE jobs SET server = gen_random_uuid()`) // and another server goes on
	must(t, err)
	server.jobs.awake()
	server.ended(t, job.ID).want(t, JobFailed, want)
	p.release()
}

// The zip64 format is read like the rest: sizes in an extra field, and more than 65,535 entries.
func TestUnzip64(t *testing.T) {
	server := jobsFS(t)
	bob := server.as(t, "bob")
	bob.put(t, "/Projects/vision/z", archiveOf(t, packing{name: "f", content: "zip64", raw: true, header: func(h *zip.FileHeader) {
		// As programs write it that did not know beforehand how long the content would be.
		h.Extra = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, 1), 16)
		h.Extra = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(h.Extra, 5), 5)
	}}))
	server.do(t, bob, JobUnzip, "/Projects/vision/out", "/Projects/vision/z").want(t, JobDone, "")
	if got := string(bob.get(t, "/Projects/vision/out/f")); got != "zip64" {
		t.Errorf("%q", got)
	}
	many := make([]packing, 70_000)
	for i := range many {
		many[i] = packing{name: fmt.Sprint(i), raw: true}
	}
	bob.put(t, "/Projects/vision/many", archiveOf(t, many...))
	a, err := bob.openArchive(t.Context(), at("/Projects/vision/many"), 0, 0)
	must(t, err)
	defer a.file.Close()
	entries, err := a.contents(at("/Projects/vision/out"), &server.jobs.limits)
	if err != nil || len(entries) != len(many)+1 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

// The central directory of an archive is kept in memory, so its length is bounded.
func TestAttackLongDirectory(t *testing.T) {
	server := jobsFS(t)
	bob := server.as(t, "bob")
	many := make([]packing, 600)
	for i := range many { // some 60,000 bytes each
		many[i] = packing{name: strings.Repeat(fmt.Sprintf("%06d", i), 10_000), raw: true}
	}
	bob.put(t, "/Projects/vision/z", archiveOf(t, many...))
	server.do(t, bob, JobUnzip, "/Projects/vision/out", "/Projects/vision/z").want(t, JobFailed, "is longer than 33554432 bytes")
}

// TestAttackZipBackslash: some programs that unpack archives take a backslash for a separator.
func TestAttackZipBackslash(t *testing.T) {
	fs := jobsFS(t)
	bob := fs.as(t, "bob")
	const name = `/Projects/vision/data/deep/..\x.bat`
	bob.put(t, name, []byte("x"))
	fs.do(t, bob, JobZip, "/Projects/vision/all.zip", "/Projects/vision/data").want(t, JobFailed, "a backslash in its name")
	if _, err := bob.StartJob(t.Context(), NewJob{JobZip, []Path{at(name)}, at("/Projects/vision/one.zip")}); kindOf(err) != IO {
		t.Errorf("it alone: %v", err)
	}
	fs.do(t, bob, JobCopy, "/Projects/vision/copy", "/Projects/vision/data").want(t, JobDone, "")
	fs.nothingStaged(t)
}

// The bounds on what a server copies do not bound an archive, and leave nothing out of one.
func TestZipIsBoundedByWhatIsPacked(t *testing.T) {
	server := jobsFS(t, func(c *Config) { c.Jobs.Entries, c.Jobs.Packed = 2, 20 })
	bob := server.as(t, "bob")
	const top = "/Projects/vision"
	for i := range 10 {
		bob.put(t, fmt.Sprintf("%s/d/%d", top, i), nil)
	}
	server.do(t, bob, JobCopy, top+"/copy", top+"/d").want(t, JobFailed, "more than 2 files and directories")
	if job := server.do(t, bob, JobZip, top+"/z", top+"/d"); job.State != JobDone || job.Files != 10 {
		t.Errorf("%+v", job)
	}
}
