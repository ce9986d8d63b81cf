package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// begun returns an installation that was served once, with a project of the user eve's.
func begun(t *testing.T) installed {
	t.Helper()
	i := newInstalled(t)
	if _, _, err := i.serve(t, func(string) {}); err != nil {
		t.Fatal(err)
	}
	i.do(t, "user", "add", "eve", "--groups", "staff,gpu")
	i.do(t, "project", "create", "vision", "--owner", "eve")
	return i
}

// do is granary for a command that must succeed.
func (i installed) do(t *testing.T, args ...string) string {
	t.Helper()
	out, err := i.granary(t, args...)
	if err != nil {
		t.Fatalf("granary %q: %v", args, err)
	}
	return out
}

// row returns what stands in the line of a table that begins with name, without the blanks between columns.
func row(t *testing.T, table, name string) []string {
	t.Helper()
	for line := range strings.Lines(table) {
		if words := strings.Fields(line); len(words) > 0 && words[0] == name {
			return words[1:]
		}
	}
	t.Errorf("no line for %s in\n%s", name, table)
	return nil
}

func TestChangingAUser(t *testing.T) {
	i := begun(t)
	for _, step := range []struct {
		flags []string
		want  []string
	}{
		{[]string{"--groups", "ops,staff"}, []string{"ops,staff", "active"}},
		{[]string{"--admin"}, []string{"ops,staff", "admin", "active"}},
		{[]string{"--no-admin", "--no-groups"}, []string{"active"}},
	} {
		i.do(t, append([]string{"user", "change", "eve"}, step.flags...)...)
		if got := row(t, i.do(t, "user", "list"), "eve"); !slices.Equal(got, step.want) {
			t.Errorf("after %q: %q; want %q", step.flags, got, step.want)
		}
	}
	for want, args := range map[string][]string{
		"nothing is to be changed: give":                 {"eve"},
		"can't be used together":                         {"eve", "--groups", "a", "--no-groups"},
		"user nobody does not exist":                     {"nobody", "--admin"},
		"the group vision is also the name of a project": {"eve", "--groups", "vision"},
		`user name "" is empty`:                          {"", "--admin"},
	} {
		if out, err := i.granary(t, append([]string{"user", "change"}, args...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %s, %v; want %s", args, out, err, want)
		}
	}
}

// Whoever takes superuser rights away is told if the user has them by other means as well.
func TestWhoStaysASuperuser(t *testing.T) {
	i := begun(t)
	i.do(t, "user", "change", "eve", "--admin", "--groups", "ops,supergroup")
	for want, args := range map[string][]string{
		"eve is still a superuser, as a member of the group supergroup": {"eve", "--no-admin"},
		"admin is still a superuser, as --superuser names that user":    {"admin", "--no-admin"},
	} {
		if out, err := i.granary(t, append([]string{"user", "change"}, args...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %s, %v; want %s", args, out, err, want)
		}
	}
	i.do(t, "user", "change", "eve", "--no-admin", "--groups", "ops")
	i.do(t, "user", "change", "eve", "--admin")
	i.do(t, "user", "change", "admin", "--admin")
}

func TestListingProjects(t *testing.T) {
	i := begun(t)
	i.do(t, "project", "member", "add", "vision", "admin", "--role", "observer")
	projects := i.do(t, "project", "list")
	for name, owner := range map[string]string{"demo": "admin", "vision": "eve"} {
		if got := row(t, projects, name); len(got) != 3 || got[0] != owner || got[2] != "active" {
			t.Errorf("%s: %q", name, got)
		}
	}
	members := i.do(t, "project", "member", "list", "vision")
	for name, role := range map[string]string{"USER": "ROLE", "eve": "owner", "admin": "observer"} {
		if got := row(t, members, name); !slices.Equal(got, []string{role}) {
			t.Errorf("%s is %q; want %s", name, got, role)
		}
	}
	if out, err := i.granary(t, "project", "member", "list", "missing"); err == nil {
		t.Errorf("of a project that is not there: %s", out)
	}
}

// A list of tokens says where they are good for in words that their users know.
func TestTokensNameTheirPlaces(t *testing.T) {
	i := begun(t)
	limited := []string{"token", "create", "--user", "eve", "--personal", "--project", "vision"}
	i.do(t, append(limited, "--label", "project")...)
	i.do(t, append(limited, "--label", "directory", "--path", "/Projects/vision/Logs", "--read-only")...)
	i.do(t, "token", "create", "--user", "eve", "--personal", "--label", "everywhere")
	list := i.do(t, "token", "list", "--user", "eve")
	for label, want := range map[string]string{
		"project": " in project vision ", "directory": `read in "/Projects/vision/Logs" `, "everywhere": "personal  eve ",
	} {
		if !slices.ContainsFunc(strings.Split(list, "\n"), func(line string) bool {
			return strings.Contains(line, want) && strings.HasSuffix(line, `"`+label+`"`) && strings.Contains(line, " in ") == (label != "everywhere")
		}) {
			t.Errorf("no token %s with %q in\n%s", label, want, list)
		}
	}
}

// Whoever makes a token for a directory that its user may not see is told that, and not that it lies elsewhere.
func TestTokenForWhatItsUserMayNotSee(t *testing.T) {
	i := begun(t)
	i.do(t, "user", "add", "dan")
	for want, args := range map[string][]string{
		"--path /Projects/vision/Logs: user dan has no right there": {"dan", "/Projects/vision/Logs"},
		"/Projects/demo/Logs is outside it":                         {"eve", "/Projects/demo/Logs"},
		"File does not exist: /Projects/vision/missing":             {"eve", "/Projects/vision/missing"},
	} {
		if out, err := i.granary(t, "token", "create", "--project", "vision", "--user", args[0], "--path", args[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %s, %v; want %s", args, out, err, want)
		}
	}
	i.do(t, "project", "member", "add", "vision", "dan", "--role", "observer")
	i.do(t, "token", "create", "--project", "vision", "--user", "dan", "--path", "/Projects/vision/Logs")
}

// A link to a file that lies in no project names its place as well, or it would look as if it led everywhere.
func TestLinksNameTheirPlaces(t *testing.T) {
	i := begun(t)
	token := strings.TrimSpace(i.do(t, "token", "create", "--user", "admin", "--personal", "--label", "everywhere"))
	list := func(want string) {
		t.Helper()
		if table := i.do(t, "token", "list", "--user", "admin"); !strings.Contains(table, want) {
			t.Errorf("no %q in\n%s", want, table)
		}
	}
	ask := func(method, url, body string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if answer.Body.Close(); answer.StatusCode/100 != 2 {
			t.Fatalf("%s %s: %s", method, url, answer.Status)
		}
	}
	for _, step := range []struct {
		does func(url string)
		want string
	}{
		{func(url string) {
			ask("PUT", url+"/webhdfs/v1/user/admin/f?op=CREATE&data=true", "x")
			ask("POST", url+"/api/v1/links", `{"path":"/user/admin/f"}`)
		}, ` read in "/user/admin/f" `},
		{func(url string) { ask("DELETE", url+"/webhdfs/v1/user/admin/f?op=DELETE", "") }, " read of a file that is gone "},
	} {
		if _, _, err := i.serve(t, step.does); err != nil {
			t.Fatal(err)
		}
		list(step.want)
	}
}
