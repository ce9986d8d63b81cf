package postgres

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// The published binaries are the artefacts io.zonky.test.postgres:embedded-postgres-binaries-* of Maven Central
// (github.com/zonkyio/embedded-postgres-binaries): relocatable builds, each a jar that holds one .txz.
const (
	publishedMajor = 18
	publishedMinor = 6

	publishedVersion = "18.6.0"
	mavenCentral     = "https://repo1.maven.org/maven2"
	mirrorVariable   = "GRANARY_PG_MIRROR"
)

// bundle describes the artefact that is expected for one platform.
type bundle struct {
	jar  string // SHA-256 of the jar, in hexadecimal
	tree string // digest of what unpacking it leaves, as treeDigest computes it
}

// bundles are the pinned bundles, by the platform's name in the artefact's. There is none for Alpine on arm64; those of
// macOS hold the same programs, built for both processors.
var bundles = map[string]bundle{
	"linux-amd64": {
		jar:  "008ee189eaa7ca2b58bd01dd950291e638b998392cf982297acd4779ec898ac1",
		tree: "c1c9eefc0cdf14daf987a1c61a4e02467f38fab76f4c245c4956eefdfc3b6701",
	},
	"linux-amd64-alpine": {
		jar:  "1568b3805c3a3b99b5f4f0d7f6cf16e2a39075462ed47a614bfbabd92508350d",
		tree: "fcd8d2f470dbe2fa6990df730f8818341df6d2dd18dbd592f436f504d71dc3ae",
	},
	"linux-arm64v8": {
		jar:  "5f54e016723afa6213925a8acb939bac52944b1d348f65c7a20f0cd2928c31be",
		tree: "083eadbb9b4892acd7954ac43d0f5edb41cf0acb916ec742a22328e09a0eaa5e",
	},
	"darwin-amd64": {
		jar:  "690941008aac9ee360820fde9bb7870a4f3dcac5e9e2f9e45e42333a436ad0f9",
		tree: "c12503400040595869e48a9d0923a04a8dc1412be32e4ad64aa7a1c514060169",
	},
	"darwin-arm64v8": {
		jar:  "8f6ed6f38195b50a40712ada8b2a12060b6193c1a6977a6eb5cff053bb5a1b89",
		tree: "c12503400040595869e48a9d0923a04a8dc1412be32e4ad64aa7a1c514060169",
	},
}

// platform is this machine's name in the names of the artefacts.
func platform() string {
	name := runtime.GOOS + "-" + runtime.GOARCH
	if runtime.GOARCH == "arm64" {
		name += "v8"
	}
	// Where musl is the only C library, as on Alpine, programs linked with another do not start.
	musl, _ := filepath.Glob("/lib/ld-musl-*") // the pattern is well formed
	glibc, _ := filepath.Glob("/lib*/ld-linux-*")
	if len(musl) > 0 && len(glibc) == 0 {
		name += "-alpine"
	}
	return name
}

// published returns the published binaries from the cache, after verifying them, or fetches them there first.
func published(ctx context.Context, c Config, a account) (binaries, error) {
	name := platform()
	pinned, ok := bundles[name]
	if !ok {
		return binaries{}, fmt.Errorf("there are none for %s: install PostgreSQL %d or newer", name, oldestMajor)
	}
	cache, err := openCache(c.Cache)
	if err != nil {
		return binaries{}, err
	}
	held, err := waitLock(ctx, filepath.Join(cache, "lock"), func() bool { return true })
	if err != nil {
		return binaries{}, fmt.Errorf("wait for another process that fetches them: %w", err)
	}
	defer func() { _ = held.release() }() // nothing was written through it

	root := filepath.Join(cache, publishedVersion+"-"+name)
	digest, err := treeDigest(root)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = fetch(ctx, c, root, name, pinned)
	case err == nil && digest != pinned.tree:
		c.logf("the PostgreSQL in %s is not what was put there: fetching it again", root)
		err = errors.Join(os.RemoveAll(root), fetch(ctx, c, root, name, pinned))
	}
	if err != nil {
		return binaries{}, err
	}
	b, err := probe(ctx, a, filepath.Join(root, "bin"))
	if err != nil {
		return binaries{}, fmt.Errorf("%w (may user %s pass through %s?)", err, a.name, cache)
	}
	return b, nil
}

// openCache makes the folder for published binaries. They are executed, so nobody else may write to it; and all may
// read it, because root runs them as another user.
func openCache(dir string) (string, error) {
	switch {
	case dir != "":
	case os.Geteuid() == 0 && runtime.GOOS == "darwin":
		dir = "/Library/Caches/granary/postgres"
	case os.Geteuid() == 0:
		dir = "/var/cache/granary/postgres"
	default:
		user, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no folder to keep them in: %w", err)
		}
		dir = filepath.Join(user, "granary", "postgres")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := makeFolders(dir, 0o755, syncFolder); err != nil {
		return "", fmt.Errorf("make the folder to keep them in: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return "", err
	}
	if owner := ownerOf(info); owner != uint32(os.Geteuid()) || info.Mode()&0o022 != 0 {
		return "", fmt.Errorf("others can write to the folder to keep them in: %s (mode %04o, owner %s) must belong to user %s alone",
			dir, info.Mode().Perm(), nameOf(owner), nameOf(uint32(os.Geteuid())))
	}
	return dir, nil
}

// fetch downloads the jar beside root, verifies it, unpacks it beside root and renames the result to root.
func fetch(ctx context.Context, c Config, root, name string, pinned bundle) (err error) {
	jar, err := os.CreateTemp(filepath.Dir(root), "fetch-*.jar")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, jar.Close(), os.Remove(jar.Name())) }()
	if err := download(ctx, c, name, pinned.jar, jar); err != nil {
		return err
	}

	c.logf("unpacking PostgreSQL %s", publishedVersion)
	draft, err := os.MkdirTemp(filepath.Dir(root), "unpack-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(draft)) }() // gone already if all went well
	if err := unpackJar(ctx, jar, draft); err != nil {
		return fmt.Errorf("unpack PostgreSQL %s: %w", publishedVersion, err)
	}
	digest, err := treeDigest(draft)
	if err != nil {
		return err
	}
	if digest != pinned.tree {
		return fmt.Errorf("unpacking PostgreSQL %s left something else than it should (digest %s, not %s): is the disk in order?",
			publishedVersion, digest, pinned.tree)
	}
	if err := os.Chmod(draft, 0o755); err != nil {
		return err
	}
	return os.Rename(draft, root)
}

// unpackJar unpacks the one .txz in a jar into dir.
func unpackJar(ctx context.Context, jar *os.File, dir string) error {
	info, err := jar.Stat()
	if err != nil {
		return err
	}
	archive, err := zip.NewReader(jar, info.Size())
	if err != nil {
		return err
	}
	for _, entry := range archive.File {
		if !strings.HasSuffix(entry.Name, ".txz") {
			continue
		}
		txz, err := entry.Open()
		if err != nil {
			return err
		}
		return errors.Join(unpack(ctx, txz, dir), txz.Close())
	}
	return errors.New("the jar holds no .txz")
}

// contextReader ends a long read when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.r.Read(p)
}
