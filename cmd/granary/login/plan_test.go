package login

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// home is a home folder of a test.
type home struct {
	t       *testing.T
	folder  string
	folders Folders
}

func newHome(t *testing.T, files map[string]string) *home {
	t.Helper()
	h := &home{t: t, folder: t.TempDir()}
	for name, text := range files {
		path := filepath.Join(h.folder, name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(text), 0o644))
	}
	h.folders = FoldersOf(h.folder, func(string) string { return "" }, "")
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// files returns all that is in the home, folders with a slash, and checks that only their user can read what holds a token.
func (h *home) files() map[string]string {
	h.t.Helper()
	found := map[string]string{}
	must(h.t, filepath.WalkDir(h.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == h.folder {
			return err
		}
		name := strings.TrimPrefix(path, h.folder+"/")
		if d.IsDir() {
			found[name+"/"] = ""
			return nil
		}
		text, err := os.ReadFile(path)
		found[name] = string(text)
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 && strings.Contains(string(text), "gr_") {
			h.t.Errorf("%s is open to others: %v, %v", name, info.Mode(), err)
		}
		return err
	}))
	return found
}

func (h *home) plan(url string, clients ...string) (*Plan, error) {
	h.t.Helper()
	s, err := ParseService(url)
	must(h.t, err)
	return Prepare(h.t.Context(), h.folders, s, clients)
}

// login logs in with a token.
func (h *home) login(url, token string, clients ...string) *Plan {
	h.t.Helper()
	p, err := h.plan(origin, clients...)
	must(h.t, err)
	must(h.t, p.Write(Credential{User: "ada", Token: token, TokenID: "id of " + token, Expires: time.Now().Add(time.Hour)}))
	return p
}

func (h *home) logout() {
	h.t.Helper()
	p, err := PrepareRemoval(h.folders)
	must(h.t, err)
	must(h.t, p.Remove())
}

// wantFiles compares what is in the home, but for the folders.
func (h *home) wantFiles(want map[string]string) {
	h.t.Helper()
	got := h.files()
	maps.DeleteFunc(got, func(name, _ string) bool { return strings.HasSuffix(name, "/") })
	if !maps.Equal(got, want) {
		h.t.Errorf("there is\n%q\nwant\n%q", got, want)
	}
}

const origin = "http://127.0.0.1:9870"

func TestNewHome(t *testing.T) {
	h := newHome(t, nil)
	p := h.login(origin, "gr_one", Clients...)
	for _, c := range p.Changes {
		if c.Foreign || c.Removed {
			t.Errorf("a new file is planned as %+v", c)
		}
	}
	files := h.files()
	for name, words := range map[string]string{
		".config/granary/token":                "gr_one\n",
		".config/granary/hadoop.token":         "WEBHDFS delegation\x0e127.0.0.1:9870",
		".config/granary/env.sh":               "export HADOOP_CONF_DIR='" + h.folder + "/.config/granary/hadoop'\n",
		".config/granary/hadoop/core-site.xml": "<name>fs.defaultFS</name><value>webhdfs://127.0.0.1:9870</value>",
		".config/fsspec/granary.json":          `"token": "gr_one"`,
		".hdfscli.cfg":                         "[granary.alias]\nclient = TokenClient\nurl = http://127.0.0.1:9870\ntoken = gr_one\n",
	} {
		if !strings.Contains(files[name], words) {
			t.Errorf("%s is %q, without %q", name, files[name], words)
		}
	}
	// Once more, with another token: nothing is there twice, and the first is known, to be ended.
	again := h.login(origin, "gr_two", Clients...)
	if last := again.Last(); last == nil || last.Token != "gr_one" || last.TokenID != "id of gr_one" {
		t.Errorf("the login before is %+v", last)
	}
	for name, text := range h.files() {
		if strings.Contains(text, "gr_one") || strings.Count(text, "[granary.alias]") > 1 || strings.Count(text, "fs.defaultFS") > 1 {
			t.Errorf("%s has something of the first login: %s", name, text)
		}
	}
	for _, c := range again.Changes {
		if c.Foreign {
			t.Errorf("a file of one's own is taken for another's: %+v", c)
		}
	}
	h.logout()
	if left := h.files(); len(left) > 0 {
		t.Errorf("left are %q", left)
	}
	if p, err := PrepareRemoval(h.folders); p != nil || err != nil {
		t.Errorf("a second logout is %+v, %v", p, err)
	}
}

// TestSettingsOfOthers are kept, through a login, another to elsewhere for less, and the logout.
func TestSettingsOfOthers(t *testing.T) {
	others := map[string]string{
		".hdfscli.cfg":                         "[global]\ndefault.alias = prod\n\n[prod.alias]\nurl = http://prod:9870\n",
		"hadoop/core-site.xml":                 strings.Replace(site, "io.file.buffer.size</name><value>4096", "hadoop.token.files</name><value>/etc/t", 1),
		".config/fsspec/s3.json":               `{"s3": {"anon": true}}`,
		".config/fsspec/granary.json":          `{"gcs": {}}`,
		".config/granary/hadoop/hdfs-site.xml": "<configuration></configuration>",
	}
	h := newHome(t, others)
	h.folders.Hadoop = filepath.Join(h.folder, "hadoop")
	p := h.login(origin, "gr_one", Clients...)
	var foreign []string
	for _, c := range p.Changes {
		if c.Foreign {
			foreign = append(foreign, strings.TrimPrefix(c.Path, h.folder+"/"))
		}
	}
	if want := []string{".config/fsspec/granary.json", ".hdfscli.cfg", "hadoop/core-site.xml"}; !slices.Equal(foreign, want) {
		t.Errorf("to be asked for are %q, want %q", foreign, want)
	}
	if len(p.Notes) != 1 || !strings.Contains(p.Notes[0], "stays prod") {
		t.Errorf("the notes are %q", p.Notes)
	}
	if info, err := os.Stat(filepath.Join(h.folder, "hadoop/core-site.xml")); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("an installation's settings, in which there is no token, are closed to its other users: %v, %v", info.Mode(), err)
	}
	files := h.files()
	for name, words := range map[string][]string{
		".hdfscli.cfg":         {"default.alias = prod\n\n[prod.alias]\nurl = http://prod:9870\n", "token = gr_one\n"},
		"hadoop/core-site.xml": {"<!-- ours since 2012 -->", "<value>webhdfs://127.0.0.1:9870</value>", "<value>/etc/t,"},
	} {
		for _, w := range words {
			if !strings.Contains(files[name], w) {
				t.Errorf("%s has no %q:\n%s", name, w, files[name])
			}
		}
	}
	h.login("http://localhost:1234", "gr_two", Hdfscli)
	want := maps.Clone(others)
	delete(want, ".hdfscli.cfg")
	got := h.files()
	for name, text := range want {
		if got[name] != text {
			t.Errorf("after a login for hdfscli alone %s is\n%s\nwant\n%s", name, got[name], text)
		}
	}
	h.logout()
	h.wantFiles(others)
	if info, err := os.Stat(filepath.Join(h.folder, ".hdfscli.cfg")); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the mode of .hdfscli.cfg is not what it was: %v, %v", info.Mode(), err)
	}
}

// TestOwners of files stay who they are, whoever logs in: root may change what is somebody else's.
func TestOwners(t *testing.T) {
	want := [2]uint32{1234, 1235}
	if os.Geteuid() != 0 { // only root gives files to others
		want = [2]uint32{uint32(os.Geteuid()), uint32(os.Getegid())}
	}
	h := newHome(t, map[string]string{".hdfscli.cfg": "[prod.alias]\nurl = http://prod:9870\n"})
	cfg := filepath.Join(h.folder, ".hdfscli.cfg")
	must(t, os.Chown(cfg, int(want[0]), int(want[1])))
	owner := func() [2]uint32 {
		info, err := os.Stat(cfg)
		must(t, err)
		s := info.Sys().(*syscall.Stat_t) //nolint:forcetypeassert // a file's on Unix
		return [2]uint32{s.Uid, s.Gid}
	}
	h.login(origin, "gr_one", Hdfscli)
	if got := owner(); got != want {
		t.Errorf("after a login the file is %v's", got)
	}
	h.logout()
	if got := owner(); got != want {
		t.Errorf("after a logout the file is %v's", got)
	}
}

// TestChangesByHand are asked for, and stay if they are no setting of ours.
func TestChangesByHand(t *testing.T) {
	h := newHome(t, nil)
	h.login(origin, "gr_one", Clients...)
	cfg := filepath.Join(h.folder, ".hdfscli.cfg")
	text, err := os.ReadFile(cfg)
	must(t, err)
	must(t, os.WriteFile(cfg, append(text, "[prod.alias]\nurl = http://prod\n"...), 0o600))
	p := h.login(origin, "gr_two", Clients...)
	for _, c := range p.Changes {
		if c.Foreign != (c.Path == cfg) {
			t.Errorf("%+v", c)
		}
	}
	must(t, os.Remove(filepath.Join(h.folder, ".config/granary/env.sh"))) // a file that is gone is no hindrance
	h.logout()
	h.wantFiles(map[string]string{".hdfscli.cfg": "[prod.alias]\nurl = http://prod\n"})
}

// TestRefusals are those of files that cannot be changed without harm. Nothing is.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		words string
	}{
		"core-site.xml":    {map[string]string{".config/granary/hadoop/core-site.xml": "<configuration>"}, "core-site.xml: it is not XML"},
		"hdfscli":          {map[string]string{".hdfscli.cfg": "[global]\n[global]\n"}, "more than once"},
		"fsspec, JSON":     {map[string]string{".config/fsspec/a.json": `{"webhdfs": {"user": "ada"}}`}, "a.json has settings for webhdfs"},
		"fsspec, INI":      {map[string]string{".config/fsspec/a.ini": "[webhdfs]\nuser = ada\n"}, "a.ini has settings for webhdfs"},
		"fsspec, no JSON":  {map[string]string{".config/fsspec/a.json": "{"}, "fsspec cannot read it"},
		"the record":       {map[string]string{".config/granary/login.json": "{"}, "cannot be read any more"},
		"a kind of later":  {map[string]string{".config/granary/login.json": `{"files": [{"path": "/etc/hosts", "kind": "new"}]}`}, "does not know"},
		"a folder, a file": {map[string]string{".hdfscli.cfg/file": ""}, "is a directory"},
	} {
		h := newHome(t, c.files)
		if _, err := h.plan(origin, Clients...); err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v; want words about %q", name, err, c.words)
		}
		h.wantFiles(c.files)
	}
	h := newHome(t, nil)
	if _, err := h.plan("http://nowhere.invalid", Clients...); err == nil || !strings.Contains(err.Error(), "cannot be found") {
		t.Errorf("a host that is not there: %v", err)
	}
}

// TestNothingIsDoneByHalves: the last file cannot be written, and none is.
func TestNothingIsDoneByHalves(t *testing.T) {
	others := map[string]string{".hdfscli.cfg": "[prod.alias]\nurl = x\n", ".config/fsspec": "a file"}
	h := newHome(t, others)
	h.folders.Fsspec = filepath.Join(h.folder, ".config", "fsspec", "settings") // whose folder is a file
	s, err := ParseService(origin)
	must(t, err)
	p := &Plan{folders: h.folders, service: s, services: []string{"127.0.0.1:9870"}, clients: Clients, seen: map[string][]byte{}}
	if err := p.Write(Credential{User: "ada", Token: "gr_one"}); err == nil {
		t.Fatal("a file was written into a file")
	}
	h.wantFiles(others)

	// Here one cannot take its place, when others have: the last needs a folder there.
	blocked := newHome(t, map[string]string{"a": "first", "b": "goes"})
	folder := blocked.folder
	err = perform([]write{
		{filepath.Join(folder, "a"), []byte("second"), private},
		{filepath.Join(folder, "b"), nil, private},
		{filepath.Join(folder, "new/c"), []byte("new"), private},
		{filepath.Join(folder, "d"), []byte("a file"), private},
		{filepath.Join(folder, "d/e"), []byte("in a folder"), private},
	})
	if err == nil {
		t.Fatal("a folder was replaced")
	}
	if got := blocked.files(); !maps.Equal(got, map[string]string{"a": "first", "b": "goes"}) {
		t.Errorf("left is %q after %v", got, err)
	}
}

// TestFilesThatChangeMeanwhile are left as they are.
func TestFilesThatChangeMeanwhile(t *testing.T) {
	h := newHome(t, nil)
	p, err := h.plan(origin, Clients...)
	must(t, err)
	must(t, os.WriteFile(h.folders.Hdfscli, []byte("[mine]\n"), 0o600))
	if err := p.Write(Credential{User: "ada", Token: "gr_one"}); err == nil || !strings.Contains(err.Error(), "changed meanwhile") {
		t.Errorf("written over: %v", err)
	}
	h.wantFiles(map[string]string{".hdfscli.cfg": "[mine]\n"})
}

// TestLinks stay links, and what they lead to is changed.
func TestLinks(t *testing.T) {
	h := newHome(t, map[string]string{"dotfiles/hdfscli": "[prod.alias]\nurl = x\n"})
	must(t, os.Symlink("dotfiles/hdfscli", h.folders.Hdfscli))
	h.login(origin, "gr_one", Hdfscli)
	if text, err := os.ReadFile(filepath.Join(h.folder, "dotfiles/hdfscli")); err != nil || !strings.Contains(string(text), "gr_one") {
		t.Errorf("the file behind the link is %q, %v", text, err)
	}
	if info, err := os.Lstat(h.folders.Hdfscli); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
}

func TestFoldersOf(t *testing.T) {
	here, err := os.Getwd()
	must(t, err)
	for _, c := range []struct {
		environment map[string]string
		hadoop      string
		want        Folders
	}{
		{nil, "", Folders{"/h/.config/granary", "/h/.config/granary/hadoop", "/h/.hdfscli.cfg", "/h/.config/fsspec"}},
		{
			map[string]string{"XDG_CONFIG_HOME": "/x", "HDFSCLI_CONFIG": "/c", "FSSPEC_CONFIG_DIR": "/f"},
			"/etc/hadoop",
			Folders{"/x/granary", "/etc/hadoop", "/c", "/f"},
		},
		{
			map[string]string{"HDFSCLI_CONFIG": "c", "FSSPEC_CONFIG_DIR": "./f"},
			"",
			Folders{"/h/.config/granary", "/h/.config/granary/hadoop", filepath.Join(here, "c"), filepath.Join(here, "f")},
		},
		{map[string]string{"XDG_CONFIG_HOME": "x"}, "", Folders{"/h/.config/granary", "/h/.config/granary/hadoop", "/h/.hdfscli.cfg", "/h/.config/fsspec"}},
	} {
		if got := FoldersOf("/h", func(name string) string { return c.environment[name] }, c.hadoop); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.environment, got, c.want)
		}
	}
}
