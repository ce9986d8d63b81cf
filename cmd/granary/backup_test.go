package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"granary/postgres/pgtest"
)

// ask makes a request as ada, and returns what was answered.
func ask(t *testing.T, method, url string, body []byte) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url+"&data=true&user.name=ada", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/octet-stream")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode >= 300 {
		return fmt.Sprintf("%d %s", answer.StatusCode, text)
	}
	return string(text)
}

// asAda serves the installation to ada, who need show no token.
func (i installed) asAda(t *testing.T, f func(files string)) {
	t.Helper()
	if _, log, err := i.serve(t, func(url string) { f(url + "/webhdfs/v1") }, "--auth", "simple", "--superuser", "ada", "--gc-grace", "0s"); err != nil {
		t.Fatalf("%v: %s", err, log)
	}
}

// emptied is another place for the same root key.
func (i installed) emptied(t *testing.T) installed {
	t.Helper()
	other := newInstalled(t)
	key, err := os.ReadFile(filepath.Join(i.data, "root.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(other.data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other.data, "root.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	return other
}

// blockFiles are the names of blocks in a folder, and when they were written.
func blockFiles(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	found := map[string]int64{}
	paths, err := filepath.Glob(filepath.Join(dir, "??", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		found[filepath.Base(path)] = info.ModTime().UnixNano()
	}
	return found
}

// A copy is made while the service runs, another one after what it holds has changed, and each of them is put back: all that was there at its
// moment, and nothing else.
func TestBackupAndRestore(t *testing.T) {
	i := newInstalled(t)
	to := t.TempDir()
	// What is overwritten is large, since a pack is given up only when its server has heard of all that lies in it.
	small, packed, large := []byte("small"), bytes.Repeat([]byte("packed "), 10_000), bytes.Repeat([]byte("large "), 400_000)
	save := func(flags ...string) string {
		t.Helper()
		out, err := i.granary(t, append([]string{"backup", to}, flags...)...)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out, "the root key "+filepath.Join(i.data, "root.key")+" is not in it") {
			t.Errorf("it does not say what else to save: %s", out)
		}
		name, _, _ := strings.Cut(out, ": ")
		return name
	}
	var first, second string
	var copied map[string]int64
	i.asAda(t, func(files string) {
		for name, content := range map[string][]byte{"small": small, "packed": packed, "large": large, "gone": large, "changed": large} {
			ask(t, "PUT", files+"/d/"+name+"?op=CREATE", content)
		}
		ask(t, "POST", files+"/d/small?op=APPEND", []byte(" and more"))
		ask(t, "PUT", files+"/d?op=SETACL&aclspec=user::rwx,group::r-x,other::---,user:bob:r-x", nil)
		first = save()
		copied = blockFiles(t, filepath.Join(to, "blocks"))
		ask(t, "DELETE", files+"/d/gone?op=DELETE", nil)
		ask(t, "PUT", files+"/d/changed?op=CREATE&overwrite=true", packed)
		ask(t, "PUT", files+"/d/new?op=CREATE", packed)
		if _, err := i.granary(t, "gc"); err != nil {
			t.Fatal(err)
		}
		second = save()
	})
	after := blockFiles(t, filepath.Join(to, "blocks"))
	for name, written := range copied {
		if after[name] != written {
			t.Errorf("block %s was copied once more, or is gone", name)
		}
	}
	if len(copied) == 0 || len(after) != len(copied)+2 {
		t.Errorf("%d blocks behind the first copy, and %d behind the second", len(copied), len(after))
	}

	restored := map[string]installed{}
	for name, want := range map[string]map[string]string{
		first:  {"small": "small and more", "packed": string(packed), "large": string(large), "gone": string(large), "changed": string(large), "new": "404"},
		second: {"small": "small and more", "packed": string(packed), "large": string(large), "gone": "404", "changed": string(packed), "new": string(packed)},
	} {
		other := i.emptied(t)
		flags := []string{"restore", to, "--read-data"}
		if name == first {
			flags = append(flags, "--copy", first)
		}
		out, err := other.granary(t, flags...)
		if err != nil || !strings.Contains(out, name) || !strings.Contains(out, ", 0 in the store belong to nothing;") || !strings.HasSuffix(out, " 0 problems\n") {
			t.Errorf("restore of %s: %s, %v", name, out, err)
		}
		other.asAda(t, func(files string) {
			for file, content := range want {
				if got := ask(t, "GET", files+"/d/"+file+"?op=OPEN", nil); got != content && !(content == "404" && strings.HasPrefix(got, "404")) {
					t.Errorf("%s has %s as %d bytes: %.100s", name, file, len(got), got)
				}
			}
			if acl := ask(t, "GET", files+"/d?op=GETACLSTATUS", nil); !strings.Contains(acl, "user:bob:r-x") {
				t.Errorf("%s has the rights %s", name, acl)
			}
			// It goes on from there: numbers are given on behind those that were.
			ask(t, "PUT", files+"/d/later?op=CREATE", packed)
			if got := ask(t, "GET", files+"/d/later?op=OPEN", nil); got != string(packed) {
				t.Errorf("%s: what was written then is %.100s", name, got)
			}
		})
		restored[name] = other
	}

	t.Run("the store is left, and the database lost", func(t *testing.T) {
		lost := i
		lost.database = pgtest.EmptyURL(t)
		if out, err := lost.granary(t, "restore", to, "--read-data"); err != nil || !strings.Contains(out, " of which 0 with 0 bytes were copied now") {
			t.Errorf("%s, %v", out, err)
		}
	})

	t.Run("older copies go", func(t *testing.T) {
		third := save("--keep", "2")
		names, err := os.ReadDir(filepath.Join(to, "names"))
		if err != nil || len(names) != 2 || names[0].Name() != second || names[1].Name() != third {
			t.Errorf("%v, %v; want %s and %s", names, err, second, third)
		}
		kept := blockFiles(t, filepath.Join(to, "blocks"))
		if len(kept) != len(copied) { // what was deleted between the first and the second is in neither
			t.Errorf("%d blocks are left of %d, want %d", len(kept), len(after), len(copied))
		}
		if out, err := i.emptied(t).granary(t, "restore", to, "--copy", second, "--read-data"); err != nil {
			t.Errorf("%s, %v", out, err)
		}
		if _, err := i.emptied(t).granary(t, "restore", to, "--copy", first); err == nil || !strings.Contains(err.Error(), "it has no copy "+first) {
			t.Error(err)
		}
	})

	t.Run("refused", func(t *testing.T) {
		stranger := newInstalled(t)
		stranger.asAda(t, func(files string) { ask(t, "PUT", files+"/d?op=CREATE", large) })
		foreignKey := i.emptied(t)
		foreignKey.data = stranger.data
		foreignBlocks := i.emptied(t)
		for name, tt := range map[string]struct {
			of   installed
			args []string
			want string
		}{
			"a database that is in use":           {i, []string{"restore", to}, "the database is in use"},
			"another root key":                    {foreignKey, []string{"restore", to}, "data belongs to another root key"},
			"no root key":                         {newInstalled(t), []string{"restore", to}, "restore it from its backup"},
			"another installation's blocks":       {foreignBlocks, []string{"restore", to, "--blocks", filepath.Join(stranger.data, "blocks")}, "is another installation's"},
			"into another installation's backups": {stranger, []string{"backup", to}, "is another installation's"},
			"no folder":                           {i, []string{"backup", filepath.Join(to, "none")}, "it is not there: make it, or mount"},
			"no folder to restore from":           {i.emptied(t), []string{"restore", filepath.Join(to, "none")}, "want the folder that granary backup wrote to"},
			"its own blocks":                      {i, []string{"backup", i.data}, "it holds the blocks of the service"},
			"none of the copies is to be kept":    {i, []string{"backup", to, "--keep", "0"}, "--keep 0: want 1 or more"},
			"no backup":                           {i.emptied(t), []string{"restore", t.TempDir()}, "there is no backup in it"},
			"the backup itself":                   {i.emptied(t), []string{"restore", to, "--blocks", filepath.Join(to, "blocks")}, "it holds the blocks of the service"},
		} {
			if _, err := tt.of.granary(t, tt.args...); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v; want %s", name, err, tt.want)
			}
		}
		if _, err := stranger.granary(t, "fsck", "--read-data"); err != nil {
			t.Errorf("the other installation: %v", err)
		}
		if entries, err := os.ReadDir(i.data); err != nil || len(entries) != 2 {
			t.Errorf("the data folder has %v, %v", entries, err)
		}
	})
}

// What failed half way is no installation, and is done by whoever tries again.
func TestInterruptedRestore(t *testing.T) {
	i := newInstalled(t)
	i.asAda(t, func(files string) { ask(t, "PUT", files+"/file?op=CREATE", bytes.Repeat([]byte("content "), 100_000)) })
	to := t.TempDir()
	if _, err := i.granary(t, "backup", to); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(to, "names", "*", "extents.copy.gz"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	whole, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	other := i.emptied(t)
	if err := os.WriteFile(found[0], whole[:len(whole)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := other.granary(t, "restore", to); err == nil || !strings.Contains(err.Error(), "table extents: unexpected EOF") {
		t.Errorf("a copy that is cut off: %v", err)
	}
	if _, _, err := other.serve(t, func(string) { t.Error("half of it is served") }); err == nil || !strings.Contains(err.Error(), "has blocks of another installation") || !strings.Contains(err.Error(), "If it is lost, granary restore brings it back") {
		t.Errorf("half of it: %v", err)
	}
	if err := os.WriteFile(found[0], whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := other.granary(t, "restore", to, "--read-data"); err != nil {
		t.Errorf("%s, %v", out, err)
	}
}

// A copy of what has lost blocks is made as far as it can be, says so, and takes the place of none.
func TestBackupOfWhatIsDamaged(t *testing.T) {
	i := newInstalled(t)
	to := t.TempDir()
	i.asAda(t, func(files string) { ask(t, "PUT", files+"/whole?op=CREATE", bytes.Repeat([]byte("w"), 2_000_000)) })
	if _, err := i.granary(t, "backup", to); err != nil {
		t.Fatal(err)
	}
	before := blockFiles(t, filepath.Join(i.data, "blocks"))
	i.asAda(t, func(files string) { ask(t, "PUT", files+"/lost?op=CREATE", bytes.Repeat([]byte("l"), 2_000_000)) })
	for name := range blockFiles(t, filepath.Join(i.data, "blocks")) {
		if _, old := before[name]; !old {
			if err := os.Remove(filepath.Join(i.data, "blocks", name[:2], name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 3 { // night after night
		out, err := i.granary(t, "backup", to, "--keep", "1")
		if err == nil || !strings.Contains(err.Error(), "not whole, and older whole ones stay: 1 blocks are missing") {
			t.Errorf("%s, %v", out, err)
		}
		if names, err := os.ReadDir(filepath.Join(to, "names")); err != nil || len(names) != 2 {
			t.Errorf("%v, %v", names, err)
		}
	}
	other := i.emptied(t)
	var said bytes.Buffer
	out, err := other.granaryTelling(t, &said, "restore", to)
	if err == nil || !strings.Contains(out, "1 problems") || !strings.Contains(said.String(), "is not whole: 1 of its blocks were missing when it was made") {
		t.Errorf("%s, %s, %v", out, &said, err)
	}
	other.asAda(t, func(files string) {
		if got := ask(t, "GET", files+"/whole?op=OPEN", nil); len(got) != 2_000_000 {
			t.Errorf("what is whole: %.100s", got)
		}
	})
}

// Who makes room is told why there is not more of it.
func TestCollectingDuringABackup(t *testing.T) {
	i := newInstalled(t)
	i.asAda(t, func(string) {})
	db, err := pgx.Connect(t.Context(), i.database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	told := func() bool {
		t.Helper()
		var said strings.Builder
		if err := run(t.Context(), []string{"gc", "--data", i.data, "--database", i.database}, strings.NewReader(""), io.Discard, &said); err != nil {
			t.Fatal(err)
		}
		return strings.Contains(said.String(), "a backup is being made")
	}
	if told() {
		t.Error("of none")
	}
	if _, err := db.Exec(t.Context(), `INSERT INTO servers (id, keeps) VALUES (gen_random_uuid(), true)`); err != nil {
		t.Fatal(err)
	}
	if !told() {
		t.Error("nobody is told of it")
	}
}
