package postgres

import (
	"archive/tar"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/ulikunitz/xz"
)

// unpack writes the folders, files and links of a .txz into dir and nowhere else: os.Root follows no link out of it.
// Modes are reduced to 0755 and 0644, whatever the umask.
func unpack(ctx context.Context, txz io.Reader, dir string) error {
	plain, err := xz.NewReader(bufio.NewReaderSize(contextReader{ctx, txz}, 1*mib))
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // a folder: nothing to be lost
	for archive := tar.NewReader(plain); ; {
		entry, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := unpackEntry(root, entry, archive); err != nil {
			return fmt.Errorf("%s: %w", entry.Name, err)
		}
	}
}

func unpackEntry(root *os.Root, entry *tar.Header, content io.Reader) error {
	name := path.Clean(entry.Name)
	if !fs.ValidPath(name) {
		return errors.New("this name leads out of the archive")
	}
	mode := fs.FileMode(0o644)
	if entry.Mode&0o111 != 0 {
		mode = 0o755
	}
	if err := makeFolder(root, path.Dir(name)); err != nil {
		return err
	}
	switch entry.Typeflag {
	case tar.TypeDir:
		return makeFolder(root, name)
	case tar.TypeSymlink:
		return root.Symlink(entry.Linkname, name)
	case tar.TypeReg:
		file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, content)
		return errors.Join(err, file.Chmod(mode), file.Close())
	}
	return fmt.Errorf("an entry of type %q has no place in an archive of programs", entry.Typeflag)
}

// makeFolder makes a folder and its parents with mode 0755. name is valid as fs.ValidPath says.
func makeFolder(root *os.Root, name string) error {
	if name == "." {
		return nil
	}
	if err := makeFolder(root, path.Dir(name)); err != nil {
		return err
	}
	if err := root.Mkdir(name, 0o755); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		return err
	}
	return root.Chmod(name, 0o755)
}

// treeDigest is the SHA-256, in hexadecimal, of a list of everything under dir but folders, in the order of a walk: for
// a file its mode, name and SHA-256, for a link its name and target.
func treeDigest(dir string) (string, error) {
	all := sha256.New()
	err := filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, at)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if entry.Type() == fs.ModeSymlink {
			target, err := os.Readlink(at)
			fmt.Fprintf(all, "link %q %q\n", name, target)
			return err
		}
		sum, err := fileDigest(at)
		fmt.Fprintf(all, "%v %q %s\n", info.Mode(), name, sum)
		return err
	})
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}

func fileDigest(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return hex.EncodeToString(sum.Sum(nil)), errors.Join(err, file.Close())
}
