package main

import (
	"archive/zip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// oldFiles is what TestOldInstallations asks for, as dan for what was shared with him and else as ada, and what is in the
// answer, without blanks; content is all of it.
var oldFiles = []struct {
	from       string // the version that could make it
	path, want string
}{
	{"05", "/webhdfs/v1/Projects/p/Logs/empty?op=GETFILESTATUS", `"owner":"bob"`},
	{"05", "/webhdfs/v1/Projects/p/Logs/small?op=GETFILESTATUS", `"modificationTime":1234567890123`},
	{"05", "/webhdfs/v1/Projects/p/Logs/small?op=OPEN", oldContent(500) + oldContent(16) + oldContent(32) + oldContent(48)},
	{"05", "/webhdfs/v1/Projects/p/Logs/large?op=OPEN", oldContent(70_000)},
	{"05", "/webhdfs/v1/Projects/p/Logs/blocks?op=OPEN", oldContent(2500)},
	{"05", "/webhdfs/v1/Projects/p/Logs/rights/inherits?op=OPEN", "inherits"},
	{"05", "/webhdfs/v1/Projects/p/Logs/rights?op=GETACLSTATUS", `{"AclStatus":{"entries":["user:dan:rwx","group::r-x","default:user::rwx","default:user:dan:rw-","default:group::r-x","default:mask::rwx","default:other::---"],"group":"p","owner":"ada","permission":"770","stickyBit":false}}`},
	{"05", "/webhdfs/v1/Projects/p/Logs/rights?op=GETXATTRS&encoding=hex", `{"XAttrs":[{"name":"user.a","value":"0x0102ff"}]}`},
	{"05", "/webhdfs/v1/Projects/p/Logs/rights?op=GETQUOTAUSAGE", `{"QuotaUsage":{"fileAndDirectoryCount":2,"quota":10,"spaceConsumed":24,"spaceQuota":1073741824`},
	{"05", "/webhdfs/v1/Projects/p/Logs/deleted?op=GETFILESTATUS", `{"RemoteException":{"exception":"FileNotFoundException"`},
	{"05", "/webhdfs/v1/Projects/p/Logs/large?op=GETFILECHECKSUM", `"algorithm":"MD5-of-0MD5-of-512CRC32C"`},
	{"05", "/api/v1/search?query=inherits", `{"items":[{"path":"/Projects/p/Logs/rights/inherits",`},
	{"12", "/webhdfs/v1/Projects/q/Shared/p.set/in?op=OPEN", "shared"},
	{"12", "/api/v1/labels?path=/Projects/p/Logs/small", `{"tags":{"kind":"ages"},"description":"Ofpeople."}`},
	{"12", "/api/v1/search?query=ages", `{"items":[{"path":"/Projects/p/Logs/small",`},
	{"12", "/api/v1/projects/p/datasets", `{"items":[{"id":`},
	{"12", "/api/v1/projects/p/shares", `{"given":[{"id":`},
}

// oldContent is what the old versions were given to keep, n bytes of it.
func oldContent(n int) string { return strings.Repeat("0123456789abcde\n", n/16+1)[:n] }

// TestOldInstallations restores copies of installations that programs of former versions of the schema made and filled,
// and finds in them what they were given: their rows, their sealed content, their keys and passwords. (Each is a folder
// of granary backup with the root key beside it; it is never made anew, since only the old program can.)
func TestOldInstallations(t *testing.T) {
	for _, version := range []string{"05", "12", "19"} {
		t.Run(version, func(t *testing.T) {
			archive, err := zip.OpenReader(filepath.Join("testdata", "old", version+".zip"))
			if err != nil {
				t.Fatal(err)
			}
			defer archive.Close()
			folder := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(folder, archive); err != nil {
				t.Fatal(err)
			}
			i := newInstalled(t)
			key, err := os.ReadFile(filepath.Join(folder, "root.key"))
			if err == nil {
				err = os.Mkdir(i.data, 0o700)
			}
			if err == nil {
				err = os.WriteFile(filepath.Join(i.data, "root.key"), key, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			if out := i.do(t, "restore", folder, "--read-data"); !strings.Contains(out, " 0 problems") {
				t.Error(out)
			}
			ada := strings.TrimSpace(i.do(t, "token", "create", "--user", "ada"))
			dan := strings.TrimSpace(i.do(t, "token", "create", "--user", "dan"))
			if _, log, err := i.serve(t, func(url string) { checkOld(t, version, url, ada, dan) }); err != nil {
				t.Errorf("%v: %s", err, log)
			}
			if out := i.do(t, "fsck", "--read-data"); !strings.Contains(out, " 0 problems") {
				t.Error(out)
			}
		})
	}
}

// checkOld asks a server for what an old version was given, with tokens of ada's and dan's, and changes it.
func checkOld(t *testing.T, version, url, ada, dan string) {
	t.Helper()
	answered := func(method, path, body string) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/octet-stream")
		switch {
		case strings.HasSuffix(path, "/sessions"): // she signs in
			request.Header.Set("Content-Type", "application/json")
		case strings.Contains(path, "/q/Shared/"):
			request.Header.Set("Authorization", "Bearer "+dan)
		default:
			request.Header.Set("Authorization", "Bearer "+ada)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	indexed := time.NewTicker(50 * time.Millisecond)
	defer indexed.Stop()
	soon := time.Now().Add(20 * time.Second)
	for _, old := range oldFiles {
		if version < old.from {
			continue
		}
		got := answered("GET", old.path, "")
		for strings.Contains(old.path, "/search?") && !strings.Contains(got, `"path"`) && time.Now().Before(soon) {
			<-indexed.C // names from before there was a search are indexed in the background
			got = answered("GET", old.path, "")
		}
		content := strings.HasSuffix(old.path, "op=OPEN")
		if !content {
			got = strings.NewReplacer(" ", "", "\n", "").Replace(got)
		}
		if content && got != old.want || !strings.Contains(got, old.want) {
			t.Errorf("%s: %.400q, want %.400q", old.path, got, old.want)
		}
	}
	if got := answered("POST", "/api/v1/sessions", `{"user":"ada","password":"correct-horse-battery-ada"}`); !strings.Contains(got, `"user":"ada"`) {
		t.Errorf("sign in with the old password: %s", got)
	}
	const file = "/webhdfs/v1/Projects/p/Logs/large"
	if got := answered("POST", file+"?op=APPEND&data=true", "more"); got != "" {
		t.Errorf("append to an old file: %s", got)
	}
	if got := answered("GET", file+"?op=OPEN&offset=69998", ""); got != oldContent(70_000)[69_998:]+"more" {
		t.Errorf("an old file that was appended to ends in %q", got)
	}
}
