package server

import (
	"archive/tar"
	"archive/zip"
	"compress/flate"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"granary/namespace"
)

// archiveWriter writes an archive member by member.
type archiveWriter interface {
	directory(name string, s namespace.Status) error
	// file begins a file. The caller must write s.Size bytes of content.
	file(name string, s namespace.Status) (io.Writer, error)
	// text adds a file of the server's own.
	text(name, content string) error
	// close writes the end of the archive, without which no program reads it.
	close() error
}

// packed holds the extensions of files that compression does not make shorter.
var packed = map[string]bool{
	".7z": true, ".avi": true, ".avif": true, ".br": true, ".bz2": true, ".feather": true, ".flac": true, ".gif": true, ".gz": true, ".heic": true, ".jpeg": true, ".jpg": true,
	".lz4": true, ".m4a": true, ".mkv": true, ".mov": true, ".mp3": true, ".mp4": true, ".npz": true, ".ogg": true, ".opus": true, ".parquet": true, ".png": true, ".pt": true, ".pth": true,
	".rar": true, ".safetensors": true, ".tgz": true, ".webm": true, ".webp": true, ".whl": true, ".xz": true, ".zip": true, ".zst": true,
}

// zipArchive is a zip whose members are followed by their lengths and checksums, which are not known before. All members are
// deflated, packed ones at level 0: some readers refuse members that are stored and have their length behind them.
type zipArchive struct {
	*zip.Writer
	level int // of the next member
	idle  map[int]*flate.Writer
}

func newZipArchive(to io.Writer) *zipArchive {
	z := &zipArchive{Writer: zip.NewWriter(to), idle: map[int]*flate.Writer{}}
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		// A compressor takes some hundred kilobytes, and a member may have ten bytes.
		if of := z.idle[z.level]; of != nil {
			of.Reset(w)
			return of, nil
		}
		of, err := flate.NewWriter(w, z.level)
		z.idle[z.level] = of
		return of, err
	})
	return z
}

func (z *zipArchive) directory(name string, s namespace.Status) error {
	h := zipHeader(name+"/", s)
	h.Method = zip.Store
	h.SetMode(fs.FileMode(s.Perms.Mode&0o777) | fs.ModeDir)
	_, err := z.CreateHeader(h)
	return err
}

func (z *zipArchive) file(name string, s namespace.Status) (io.Writer, error) {
	z.level = flate.BestSpeed
	if packed[strings.ToLower(path.Ext(name))] {
		z.level = flate.NoCompression
	}
	return z.CreateHeader(zipHeader(name, s))
}

func (z *zipArchive) text(name, content string) error {
	z.level = flate.BestSpeed
	to, err := z.Create(name)
	if err == nil {
		_, err = io.WriteString(to, content)
	}
	return err
}

func (z *zipArchive) close() error { return z.Close() }

func zipHeader(name string, s namespace.Status) *zip.FileHeader {
	h := &zip.FileHeader{Name: name, Modified: time.UnixMilli(s.MTime).UTC(), Method: zip.Deflate}
	h.SetMode(fs.FileMode(s.Perms.Mode & 0o777))
	return h
}

// tarArchive is a tar that keeps names that are long or not ASCII in PAX records.
type tarArchive struct{ *tar.Writer }

func newTarArchive(to io.Writer) tarArchive { return tarArchive{tar.NewWriter(to)} }

func (t tarArchive) directory(name string, s namespace.Status) error {
	h := tarHeader(name+"/", s)
	h.Typeflag, h.Size = tar.TypeDir, 0
	return t.WriteHeader(h)
}

func (t tarArchive) file(name string, s namespace.Status) (io.Writer, error) {
	return t.Writer, t.WriteHeader(tarHeader(name, s))
}

func (t tarArchive) text(name, content string) error {
	err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(content)), Mode: 0o600, ModTime: time.Unix(time.Now().Unix(), 0)})
	if err == nil {
		_, err = io.WriteString(t, content)
	}
	return err
}

func (t tarArchive) close() error { return t.Close() }

func tarHeader(name string, s namespace.Status) *tar.Header {
	return &tar.Header{
		Typeflag: tar.TypeReg, Name: name, Size: s.Size, Mode: int64(s.Perms.Mode & 0o777),
		ModTime: time.Unix(s.MTime/1000, 0), // truncated, as the tar package would round it into the future
		Uname:   s.Owner, Gname: s.Group,
	}
}
