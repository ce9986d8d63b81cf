package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// binaries are one installation of PostgreSQL's server programs.
type binaries struct {
	dir          string // the folder that holds postgres and initdb, links resolved
	major, minor int
}

func (b binaries) String() string {
	return fmt.Sprintf("PostgreSQL %d.%d in %s", b.major, b.minor, b.dir)
}

// installedIn are patterns of folders where packages put the server programs without listing them in PATH.
var installedIn = []string{
	"/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
	"/usr/pgsql-*/bin",                  // PostgreSQL's own RPMs
	"/usr/libexec/postgresql*",          // Alpine
	"/usr/local/pgsql/bin",              // built from source
	"/opt/homebrew/opt/postgresql*/bin", // Homebrew, Apple processors
	"/usr/local/opt/postgresql*/bin",    // Homebrew, Intel
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// command prepares one of the programs to run as the account, with nothing of this process's environment but TMPDIR:
// PG* variables would change what the programs do, and others may be secrets.
func (b binaries) command(ctx context.Context, a account, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(b.dir, program), args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + b.dir + ":/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", "TMPDIR=" + os.TempDir()}
	cmd.SysProcAttr = a.attributes()
	return cmd
}

// versionLine is what "postgres --version" prints for a release; betas and builds from a branch do not match.
var versionLine = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)\.(\d+)(?:\s|$)`)

// probe asks the installation in dir for its version, running as the account, who may not be able to.
func probe(ctx context.Context, a account, dir string) (binaries, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return binaries{}, err
	}
	b := binaries{dir: dir}
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return binaries{}, err
	}
	out, err := b.command(ctx, a, "postgres", "--version").Output()
	if err != nil {
		return binaries{}, fmt.Errorf("%s as user %s: %w", filepath.Join(dir, "postgres"), a.name, err)
	}
	found := versionLine.FindStringSubmatch(string(out))
	if found == nil {
		return binaries{}, fmt.Errorf("%s is no release of PostgreSQL: it says %q", filepath.Join(dir, "postgres"), strings.TrimSpace(string(out)))
	}
	// The pattern admits digits only, and a version that overflowed would be no version.
	if b.major, err = strconv.Atoi(found[1]); err != nil {
		return binaries{}, err
	}
	if b.minor, err = strconv.Atoi(found[2]); err != nil {
		return binaries{}, err
	}
	return b, nil
}

// installed lists the installations on this machine that the account can run, newest first, and why others were
// passed over.
func installed(ctx context.Context, a account) (found []binaries, passedOver error) {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	for _, pattern := range installedIn {
		// Glob fails on a malformed pattern only, and these are constants.
		matches, _ := filepath.Glob(pattern)
		dirs = append(dirs, matches...)
	}
	seen := map[string]bool{}
	for _, dir := range dirs {
		program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
		if err != nil || !filepath.IsAbs(program) {
			continue // no PostgreSQL here
		}
		// A link in PATH leads to where the other programs are.
		dir = filepath.Dir(program)
		if seen[dir] {
			continue
		}
		seen[dir] = true
		b, err := probe(ctx, a, dir)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				passedOver = errors.Join(passedOver, err)
			}
			continue
		}
		found = append(found, b)
	}
	slices.SortStableFunc(found, func(x, y binaries) int {
		return cmp.Or(cmp.Compare(y.major, x.major), cmp.Compare(y.minor, x.minor))
	})
	return found, passedOver
}

// binaries chooses what runs the folder's cluster: for an existing one the same major version, because PostgreSQL
// reads no other's files; for a new one the newest. Installed programs are preferred to published ones.
func (f folder) binaries(ctx context.Context, c Config, a account) (binaries, error) {
	major, exists, err := f.major()
	if err != nil {
		return binaries{}, err
	}
	if exists && major < oldestMajor {
		return binaries{}, fmt.Errorf("%s was made by PostgreSQL %d, and Granary needs %d or newer: %s",
			f, major, oldestMajor, moveWords(major))
	}
	fits := func(b binaries) bool { return b.major >= oldestMajor && (!exists || b.major == major) }

	var found []binaries
	var passedOver error
	if !c.Published {
		found, passedOver = installed(ctx, a)
		for _, b := range found {
			if !fits(b) {
				continue
			}
			lacking := ""
			if !exists { // otherwise there is no choice
				lacking = b.lacks(ctx, a)
			}
			if lacking == "" {
				return b, nil
			}
			passedOver = errors.Join(passedOver, fmt.Errorf("%s lacks the extension %s: install PostgreSQL's contributed extensions (postgresql-contrib)", b, lacking))
		}
	}
	if exists && major != publishedMajor {
		return binaries{}, fmt.Errorf("%s was made by PostgreSQL %d, which is not installed here (found: %s) and not among the published binaries (PostgreSQL %d): install PostgreSQL %d, or %s",
			f, major, listed(found), publishedMajor, major, moveWords(major))
	}
	b, err := published(ctx, c, a)
	if err != nil {
		wanted := fmt.Sprintf("%d or newer", oldestMajor)
		if exists {
			wanted = strconv.Itoa(major)
		}
		return binaries{}, errors.Join(
			fmt.Errorf("no usable PostgreSQL is installed (found: %s), and the published one could not be had: install PostgreSQL %s with its contributed extensions, or name a mirror of %s in %s: %w",
				listed(found), wanted, mavenCentral, mirrorVariable, err),
			passedOver)
	}
	return b, nil
}

// extensions are those of PostgreSQL's contributed ones that Granary's schema needs. Many packages of PostgreSQL come
// without them.
var extensions = []string{"pg_trgm", "btree_gin"}

// sharePath is where initdb says that the files are which all clusters share.
var sharePath = regexp.MustCompile(`(?m)^share_path=(.+)$`)

// lacks names an extension that this installation lacks; "" if there is none, or it cannot be found out.
func (b binaries) lacks(ctx context.Context, a account) string {
	said, err := b.command(ctx, a, "initdb", "--show", "--pgdata=/nonexistent").CombinedOutput()
	found := sharePath.FindSubmatch(said)
	if err != nil || found == nil {
		return ""
	}
	for _, name := range extensions {
		if _, err := os.Stat(filepath.Join(string(found[1]), "extension", name+".control")); errors.Is(err, fs.ErrNotExist) {
			return name
		}
	}
	return ""
}

func moveWords(major int) string {
	return fmt.Sprintf("save its contents with pg_dump of PostgreSQL %d and restore them into a new data folder", major)
}

func listed(found []binaries) string {
	if len(found) == 0 {
		return "none"
	}
	names := make([]string, len(found))
	for i, b := range found {
		names[i] = b.String()
	}
	return strings.Join(names, ", ")
}

// major reads which major version made the cluster, if there is one.
func (f folder) major() (major int, exists bool, err error) {
	file := filepath.Join(f.cluster(), "PG_VERSION")
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(f.cluster()); err == nil {
			return 0, false, fmt.Errorf("%s holds no PG_VERSION and so is no cluster of PostgreSQL: restore it, or give another data folder", f.cluster())
		}
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("find out the version of the data folder: %w", err)
	}
	// Before version 10 a major version had two numbers.
	first, _, _ := strings.Cut(strings.TrimSpace(string(text)), ".")
	major, err = strconv.Atoi(first)
	if err != nil {
		return 0, false, fmt.Errorf("%s should hold the number of a major version, and holds %q", file, text)
	}
	return major, true, nil
}
