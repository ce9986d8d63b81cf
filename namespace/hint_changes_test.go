package namespace

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"granary/auth/perm"
)

// happenings are changes of what a server remembers.
var happenings = map[string]func(r *remembered) error{
	"chmod of the file":    func(r *remembered) error { return r.bob.SetPermission(r.t.Context(), r.path("d/e/f"), 0o600) },
	"chmod of a directory": func(r *remembered) error { return r.root.SetPermission(r.t.Context(), r.path("d"), 0o700) },
	"chmod of the top":     func(r *remembered) error { return r.alice.SetPermission(r.t.Context(), r.path(""), 0o705) },
	"chown of the file":    func(r *remembered) error { return r.root.SetOwner(r.t.Context(), r.path("d/e/f"), "eve", "") },
	"group of a directory": func(r *remembered) error { return r.root.SetOwner(r.t.Context(), r.path("d"), "", "others") },
	"ACL of a directory": func(r *remembered) error {
		return r.root.ModifyACL(r.t.Context(), r.path("d"), acl(r.t, "user:"+r.bobs+":---"))
	},
	"ACL of the file": func(r *remembered) error {
		return r.root.SetACL(r.t.Context(), r.path("d/e/f"), acl(r.t, "user::rw-,group::---,other::---,user:"+r.daves+":r--"))
	},
	"times of the file":    func(r *remembered) error { return r.bob.SetTimes(r.t.Context(), r.path("d/e/f"), 1_000, 2_000) },
	"times of a directory": func(r *remembered) error { return r.root.SetTimes(r.t.Context(), r.path("d"), 1_000, -1) },
	"replication": func(r *remembered) error {
		_, err := r.bob.SetReplication(r.t.Context(), r.path("d/e/f"), 2)
		return err
	},
	"storage policy":    func(r *remembered) error { return r.root.SetStoragePolicy(r.t.Context(), r.path("d"), "COLD") },
	"policy of the top": func(r *remembered) error { return r.root.SetStoragePolicy(r.t.Context(), r.path(""), "COLD") },
	"quota": func(r *remembered) error {
		return r.root.SetQuota(r.t.Context(), r.path("d"), QuotaChange{Names: pointer(100)})
	},
	"xattr": func(r *remembered) error {
		return r.bob.SetXattr(r.t.Context(), r.path("d/e"), Xattr{Name: XattrName{"user", "a"}, Value: []byte("1")}, XattrFlags{Create: true})
	},
	"rename of the file":    moving("d/e/f", "d/e/moved"),
	"rename of a directory": moving("d", "moved"),
	"move of a directory": func(r *remembered) error {
		r.bob.put(r.t, r.path("made/x").String(), nil)
		return moving("d/e", "made/e")(r)
	},
	"two directories change": func(r *remembered) error {
		r.bob.put(r.t, r.path("made/e/f").String(), []byte("the other"))
		return errors.Join(moving("d", "moved")(r), moving("made", "d")(r))
	},
	"delete":           func(r *remembered) error { _, err := r.root.Delete(r.t.Context(), r.path("d/e/f"), false); return err },
	"recursive delete": func(r *remembered) error { _, err := r.root.Delete(r.t.Context(), r.path("d"), true); return err },
	"purge": func(r *remembered) error {
		_, err := r.root.Delete(r.t.Context(), r.path("d"), true)
		return errors.Join(err, r.there.Reap(r.t.Context()))
	},
	"another of its name":          func(r *remembered) error { return again(r, "d/e/f", "another content") },
	"another of its name and size": func(r *remembered) error { return again(r, "d/e/f", "THE CONTENT OF F") },
	"a directory instead of a file": func(r *remembered) error {
		_, err := r.root.Delete(r.t.Context(), r.path("d/e/f"), false)
		_, failed := r.bob.Mkdirs(r.t.Context(), r.path("d/e/f"), MkdirOptions{Mode: 0o750})
		return errors.Join(err, failed)
	},
	"a file instead of a directory": func(r *remembered) error {
		_, err := r.root.Delete(r.t.Context(), r.path("d/e"), true)
		r.bob.put(r.t, r.path("d/e").String(), []byte("a file"))
		return err
	},
	"another directory of its name": func(r *remembered) error {
		_, err := r.root.Delete(r.t.Context(), r.path("d"), true)
		r.root.put(r.t, r.path("d/e/f").String(), []byte("of another directory"))
		return err
	},
	"overwrite": func(r *remembered) error { r.bob.put(r.t, r.path("d/e/f").String(), []byte("new content")); return nil },
	"what was missing": func(r *remembered) error {
		r.bob.put(r.t, r.path("d/none").String(), []byte("not any more"))
		return nil
	},
	"what was missing in the middle": func(r *remembered) error {
		r.bob.put(r.t, r.path("d/none/below").String(), []byte("not any more"))
		return nil
	},
	"another child": func(r *remembered) error { r.bob.put(r.t, r.path("d/e/child").String(), nil); return nil },
	"append": func(r *remembered) error {
		return r.bob.Append(r.t.Context(), r.path("d/log"), -1, strings.NewReader(" and more"))
	},
	"large append": func(r *remembered) error {
		return r.bob.Append(r.t.Context(), r.path("d/log"), -1, bytes.NewReader(pattern(InlineMax)))
	},
	"fold": func(r *remembered) error {
		var failed error
		for range foldRows {
			failed = errors.Join(failed, r.bob.Append(r.t.Context(), r.path("d/log"), 1, strings.NewReader("x")))
		}
		r.there.folded()
		return failed
	},
	"truncate": func(r *remembered) error { _, err := r.bob.Truncate(r.t.Context(), r.path("d/log"), 3); return err },
	"truncate and append": func(r *remembered) error {
		_, err := r.bob.Truncate(r.t.Context(), r.path("d/log"), 3)
		return errors.Join(err, r.bob.Append(r.t.Context(), r.path("d/log"), -1, strings.NewReader(" LOG")))
	},
	"concat": func(r *remembered) error {
		r.bob.put(r.t, r.path("d/x").String(), []byte("more"))
		return r.bob.Concat(r.t.Context(), r.path("d/log"), []Path{r.path("d/x")})
	},
	"promise": func(r *remembered) error {
		_, err := r.bob.Promise(r.t.Context(), r.path("d/none"), CreateOptions{Mode: 0o644, Size: -1})
		return err
	},
	"member gone":  func(r *remembered) error { return r.there.dropMember(r.t.Context(), r.name, r.bobs) },
	"new member":   func(r *remembered) error { return r.there.setMember(r.t.Context(), r.name, r.daves, Scientist) },
	"another role": func(r *remembered) error { return r.there.setMember(r.t.Context(), r.name, r.bobs, Observer) },
	"group of somebody": func(r *remembered) error {
		err := r.root.ModifyACL(r.t.Context(), r.path(""), acl(r.t, "group:others:r-x"))
		r.look()
		return errors.Join(err, r.there.auth.SetGroups(r.t.Context(), r.daves, []string{"others"}))
	},
	"new superuser": func(r *remembered) error { return r.there.auth.SetAdmin(r.t.Context(), r.daves, true) },
	"disabled":      func(r *remembered) error { return r.there.auth.Disable(r.t.Context(), r.bobs) },
	"dataset":       func(r *remembered) error { return r.dataset(MakeDatasetOptions{}) },
	"published": func(r *remembered) error {
		return r.dataset(MakeDatasetOptions{DatasetInfo: DatasetInfo{Public: true}})
	},
	"published dataset gone": func(r *remembered) error {
		err := r.dataset(MakeDatasetOptions{DatasetInfo: DatasetInfo{Public: true}})
		r.look()
		_, failed := r.root.Delete(r.t.Context(), r.path("d"), true)
		return errors.Join(err, failed)
	},
	"published no more": func(r *remembered) error {
		err, no := r.dataset(MakeDatasetOptions{DatasetInfo: DatasetInfo{Public: true}}), false
		r.look()
		_, failed := r.alice.ChangeDataset(r.t.Context(), r.id("d"), DatasetChange{Public: &no})
		return errors.Join(err, failed)
	},
	"of a listed project published no more": func(r *remembered) error {
		yes, no := true, false
		err := errors.Join(r.alice.ChangeProject(r.t.Context(), r.name, ProjectChange{Listed: &yes}),
			r.dataset(MakeDatasetOptions{DatasetInfo: DatasetInfo{Public: true}}))
		r.look()
		_, failed := r.alice.ChangeDataset(r.t.Context(), r.id("d"), DatasetChange{Public: &no})
		return errors.Join(err, failed)
	},
	"dataset no more": func(r *remembered) error {
		err := r.dataset(MakeDatasetOptions{DatasetInfo: DatasetInfo{Public: true}})
		r.look()
		return errors.Join(err, r.alice.EndDataset(r.t.Context(), r.id("d")))
	},
	"listed": func(r *remembered) error {
		yes := true
		return r.alice.ChangeProject(r.t.Context(), r.name, ProjectChange{Listed: &yes})
	},
	"listed no more": func(r *remembered) error {
		yes, no := true, false
		err := r.alice.ChangeProject(r.t.Context(), r.name, ProjectChange{Listed: &yes})
		r.look()
		return errors.Join(err, r.alice.ChangeProject(r.t.Context(), r.name, ProjectChange{Listed: &no}))
	},
	"archived": func(r *remembered) error {
		yes := true
		return r.alice.ChangeProject(r.t.Context(), r.name, ProjectChange{Archived: &yes})
	},
	"project gone": func(r *remembered) error { return r.alice.DeleteProject(r.t.Context(), r.name) },
	"project restored": func(r *remembered) error {
		err := r.alice.DeleteProject(r.t.Context(), r.name)
		r.look()
		return errors.Join(err, r.alice.RestoreProject(r.t.Context(), r.name))
	},
	"offered to a person":   func(r *remembered) error { return r.share(Offer{ToUser: r.daves, Level: Read}, false) },
	"shared with a person":  func(r *remembered) error { return r.share(Offer{ToUser: r.daves, Level: Edit}, true) },
	"shared with a project": func(r *remembered) error { return r.share(Offer{ToProject: r.other, Level: Edit}, true) },
	"share over": func(r *remembered) error {
		err := r.share(Offer{ToProject: r.other, Level: Edit}, true)
		r.look()
		// Its time passes without any statement that could tell of it.
		_, failed := r.there.db.Exec(r.t.Context(), `UPDATE shares SET expires = now() - interval '1 second' WHERE to_project = (SELECT id FROM projects WHERE name = $1)`, r.other)
		return errors.Join(err, failed)
	},
	"share with a person over": func(r *remembered) error {
		err := r.share(Offer{ToUser: r.daves, Level: Edit}, true)
		r.look()
		_, failed := r.there.db.Exec(r.t.Context(), `UPDATE shares SET expires = now() - interval '1 second' WHERE to_user = (SELECT id FROM users WHERE name = $1)`, r.daves)
		return errors.Join(err, failed)
	},
	"member of the recipients": func(r *remembered) error {
		err := r.share(Offer{ToProject: r.other, Level: Edit}, true)
		r.look()
		return errors.Join(err, r.there.setMember(r.t.Context(), r.other, r.people[len(r.people)-1].User, Scientist))
	},
	"no member of the recipients any more": func(r *remembered) error {
		eve := r.people[len(r.people)-1].User
		err := errors.Join(r.share(Offer{ToProject: r.other, Level: Edit}, true), r.there.setMember(r.t.Context(), r.other, eve, Scientist))
		r.look()
		return errors.Join(err, r.there.dropMember(r.t.Context(), r.other, eve))
	},
	"project of the recipients gone": func(r *remembered) error {
		err := r.share(Offer{ToProject: r.other, Level: Edit}, true)
		r.look()
		return errors.Join(err, r.dave.DeleteProject(r.t.Context(), r.other))
	},
}

// Whatever another server changes of what a server remembers, its next answers are the new ones.
func TestNothingThatIsRememberedOutlivesAChange(t *testing.T) {
	servers, number := newHintedServers(t), 0
	for name, change := range happenings {
		number++
		// Each change is tried with one way of combining lookups; which one differs from run to run.
		server := []string{"hints", "one by one", "all at once"}[number%3]
		t.Run(name, func(t *testing.T) {
			here := servers[server].FS
			r := remember(t, servers["walks"], number)
			r.topFirst = number%2 == 0 || strings.HasSuffix(name, "no more") || strings.Contains(name, "recipients") || strings.HasSuffix(name, "over")
			r.look = func() { r.before = r.view(here) }
			r.look()
			must(t, change(r))
			got := r.view(here)
			after := r.view(servers["walks"].FS)
			if after == r.before && !slices.Contains([]string{"dataset", "offered to a person", "quota"}, name) {
				t.Error("the change changes nothing that anybody sees")
			}
			if got != after {
				t.Errorf("%s: other answers than those of a walk:\n%s", server, difference(after, got))
			}
		})
	}
}

// A server remembers what it has moved without the version that its row has now. That proves nothing, not even that nothing is
// there.
func TestWhatAServerMovedProvesNothing(t *testing.T) {
	servers, number := newHintedServers(t), 0
	for name, change := range map[string]func(r *remembered) error{
		"replaced by itself": nil,
		"deleted": func(r *remembered) error {
			_, err := r.root.Delete(r.t.Context(), r.path("d/moved"), true)
			return err
		},
		"replaced": func(r *remembered) error { return again(r, "d/moved", "something else") },
		"moved on": moving("d/moved", "d/e/moved"),
		"chmod":    func(r *remembered) error { return r.root.SetPermission(r.t.Context(), r.path("d/moved"), 0o600) },
	} {
		for server, here := range servers {
			number++
			r := remember(t, servers["walks"], number)
			t.Run(name+", "+server, func(t *testing.T) {
				root := here.FS.As(r.root.p)
				seenBy(t.Context(), root, r.path("d/e/f"))
				ok, err := root.Rename(t.Context(), r.path("d/e/f"), r.path("d/moved"))
				if err != nil || !ok {
					t.Fatal(ok, err)
				}
				if change == nil {
					root.put(t, r.path("d/moved").String(), pattern(InlineMax+1)) // which is committed alone
				} else {
					must(t, change(r))
				}
				for _, at := range []Path{r.path("d/moved"), r.path("d/e/moved"), r.path("d/e/f")} {
					if got, want := seenBy(t.Context(), root, at), seenBy(t.Context(), r.root, at); got != want {
						t.Errorf("%s: got  %s\nwant %s", at, got, want)
					}
				}
				err = root.SetPermission(t.Context(), r.path("d/moved"), 0o640)
				_, want := r.root.Stat(t.Context(), r.path("d/moved"))
				if kindOf(err) != kindOf(want) {
					t.Errorf("a chmod gave %v, where %v was due", err, want)
				}
			})
		}
	}
}

// difference returns the lines in which two views differ.
func difference(want, got string) string {
	var b strings.Builder
	lines := strings.Split(got, "\n")
	for i, line := range strings.Split(want, "\n") {
		if i < len(lines) && line != lines[i] {
			fmt.Fprintf(&b, "want %s\ngot  %s\n", line, lines[i])
		}
	}
	return b.String()
}

// newHintedServers opens servers over one database: one without hints, and others that have them and combine lookups into
// statements in different ways.
func newHintedServers(t testing.TB) map[string]*testFS {
	t.Helper()
	clock := time.UnixMilli(1_700_000_000_000)
	var config Config
	servers := map[string]*testFS{"walks": newServers(t, 1, func(c *Config) {
		c.Hints, c.Trash, c.Now = -1, time.Hour, func() time.Time { return clock }
	}, func(c *Config) { config = *c })[0]}
	for name, change := range map[string]func(c *Config){
		"hints":       func(*Config) {},
		"one by one":  func(c *Config) { c.LookupBatch = 1 },
		"all at once": func(c *Config) { c.LookupBatch, c.LookupLanes = 1000, 1 },
	} {
		c := config
		c.Hints = 0
		change(&c)
		fs, err := Open(t.Context(), c)
		must(t, err)
		t.Cleanup(func() { fs.Close() })
		servers[name] = &testFS{fs, servers["walks"].auth, c.Store}
	}
	return servers
}

// acl parses entries.
func acl(t *testing.T, text string) []perm.Entry {
	t.Helper()
	entries, err := perm.ParseSpec(text, true)
	must(t, err)
	return entries
}
