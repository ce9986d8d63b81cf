package auth

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

func TestUsers(t *testing.T) {
	a, _ := newAuthority(t)
	must(t, a.AddUser(t.Context(), User{Name: "Zoe", Groups: []string{"b", "a", "b"}, Admin: true, Password: "long enough"}))
	refused(t, a.AddUser(t.Context(), User{Name: "ada"}), Exists)
	must(t, a.Disable(t.Context(), "ada"))

	users, err := a.Users(t.Context())
	must(t, err)
	var lines []string
	for _, u := range users {
		if u.ID == 0 || u.Created.IsZero() || u.Password != "" {
			t.Errorf("%+v", u)
		}
		lines = append(lines, fmt.Sprintf("%s %v %v %v", u.Name, u.Groups, u.Admin, u.Disabled))
	}
	if got, want := strings.Join(lines, "; "), "Zoe [b a] true false; ada [staff] false true"; got != want {
		t.Errorf("users %q; want %q", got, want)
	}

	many := make([]string, maxGroups+1)
	for i := range many {
		many[i] = fmt.Sprintf("g%d", i)
	}
	for name, err := range map[string]error{
		"impossible name":       a.AddUser(t.Context(), User{Name: "a,b"}),
		"impossible group":      a.AddUser(t.Context(), User{Name: "bob", Groups: []string{"ok", "a b"}}),
		"impossible new group":  a.SetGroups(t.Context(), "ada", []string{""}),
		"change of nobody real": a.Enable(t.Context(), "a:b"),
	} {
		t.Run(name, func(t *testing.T) { refused(t, err, InvalidName) })
	}
	refused(t, a.SetGroups(t.Context(), "ada", many), Invalid)
	refused(t, a.AddUser(t.Context(), User{Name: "bob", Password: "short"}), Invalid)
	refused(t, a.SetGroups(t.Context(), "bob", nil), UnknownUser)
	refused(t, a.RevokeToken(t.Context(), uuid.New()), UnknownToken)
}

// Members of the group named after a project can read its files. So an administrator must add them to the project, which its owners see.
func TestNobodyIsPutIntoTheGroupOfAProject(t *testing.T) {
	a, h := newAuthority(t)
	h.exec(`INSERT INTO projects (id, name, root) VALUES (7, 'seven', 700)`)
	for what, err := range map[string]error{
		"set": a.SetGroups(t.Context(), "ada", []string{"staff", "seven"}),
		"add": a.AddUser(t.Context(), User{Name: "bob", Groups: []string{"seven"}}),
	} {
		if refused(t, err, Exists); !strings.Contains(err.Error(), "the group seven is also the name of a project") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if p, err := a.Principal(t.Context(), "ada"); err != nil || fmt.Sprint(p.Groups) != "[staff]" {
		t.Errorf("groups of ada: %v, %v", p.Groups, err)
	}
	must(t, a.AddUser(t.Context(), User{Name: "bob", Groups: []string{"Seven"}}))
}

func TestSuperusers(t *testing.T) {
	a, _ := newAuthority(t, simple, superuser("hdfs"))
	must(t, a.AddUser(t.Context(), User{Name: "boss", Admin: true}))
	must(t, a.AddUser(t.Context(), User{Name: "member", Groups: []string{"staff", Supergroup}}))
	for name, want := range map[string]bool{
		"hdfs": true, "boss": true, "member": true, "ada": false, "nobody": false, Supergroup: false,
	} {
		p, err := a.Simple(t.Context(), name)
		must(t, err)
		if p.Superuser != want {
			t.Errorf("%s: superuser %v; want %v", name, p.Superuser, want)
		}
	}
	must(t, a.SetAdmin(t.Context(), "boss", false))
	if p, err := a.Principal(t.Context(), "boss"); err != nil || p.Superuser {
		t.Errorf("boss is no administrator any more, and yet: %+v, %v", p, err)
	}
}

func TestSimple(t *testing.T) {
	a, h := newAuthority(t, simple, recall(time.Minute))
	bob, err := a.Simple(t.Context(), "bob")
	must(t, err)
	if !samePrincipal(bob, Principal{User: "bob"}) {
		t.Errorf("bob, who has no row: %+v", bob)
	}
	must(t, a.AddUser(t.Context(), User{Name: "bob", Groups: []string{"crew"}}))
	fresh, err := a.Refresh(t.Context(), bob)
	must(t, err)
	if fresh.UserID == 0 || fresh.Epoch != 1 || fmt.Sprint(fresh.Groups) != "[crew]" {
		t.Errorf("bob, who has one now: %+v", fresh)
	}
	must(t, second(a.Simple(t.Context(), "bob")))
	must(t, h.server().Disable(t.Context(), "bob"))
	must(t, second(a.Simple(t.Context(), "bob"))) // from memory
	_, err = a.Refresh(t.Context(), bob)
	refused(t, err, Disabled)
	_, err = a.Simple(t.Context(), "bob")
	refused(t, err, Disabled)
	_, err = a.Simple(t.Context(), "")
	refused(t, err, InvalidName)
	_, err = h.server().Simple(t.Context(), "ada")
	refused(t, err, NotBelieved)
	_, err = a.Principal(t.Context(), "carol")
	refused(t, err, UnknownUser)
	_, err = a.Principal(t.Context(), "a/b")
	refused(t, err, InvalidName)
}

func TestRefreshKeepsTheCredentialsLimits(t *testing.T) {
	a, h := newAuthority(t)
	p, _ := verify(t, a, issue(t, a, TokenRequest{Project: 3, Root: 17000, Verbs: Read, TTL: 2 * time.Hour}))
	must(t, a.SetGroups(t.Context(), "ada", []string{"crew"}))
	fresh, err := a.Refresh(t.Context(), p)
	must(t, err)
	want := p
	want.Groups, want.Epoch = []string{"crew"}, p.Epoch+1
	if !samePrincipal(fresh, want) {
		t.Errorf("refreshed %+v; want %+v", fresh, want)
	}
	session, _ := verify(t, a, issue(t, a, TokenRequest{TTL: time.Minute}))
	h.clock.advance(time.Minute + leeway)
	_, err = a.Refresh(t.Context(), session)
	refused(t, err, Expired)
}

func TestEveryChangeRaisesTheEpoch(t *testing.T) {
	a, _ := newAuthority(t)
	_, c := verify(t, a, issue(t, a, TokenRequest{TTL: 2 * time.Hour}))
	epoch := int64(1)
	for _, change := range []struct {
		name string
		do   func() error
	}{
		{"SetGroups", func() error { return a.SetGroups(t.Context(), "ada", nil) }},
		{"SetAdmin", func() error { return a.SetAdmin(t.Context(), "ada", true) }},
		{"SetPassword", func() error { return a.SetPassword(t.Context(), "ada", "") }},
		{"RevokeToken", func() error { return a.RevokeToken(t.Context(), c.ID) }},
		{"Disable", func() error { return a.Disable(t.Context(), "ada") }},
		{"Enable", func() error { return a.Enable(t.Context(), "ada") }},
	} {
		must(t, change.do())
		epoch++
		var got int64
		must(t, a.cfg.DB.QueryRow(t.Context(), `SELECT epoch FROM users WHERE name = 'ada'`).Scan(&got))
		if got != epoch {
			t.Errorf("after %s: epoch %d; want %d", change.name, got, epoch)
		}
	}
}

// TestChangeWaitsForActs proves that a change of rights waits for an act that relied on them, and locked the row as the
// namespace does.
func TestChangeWaitsForActs(t *testing.T) {
	a, h := newAuthority(t)
	cfg := h.db.Config()
	cfg.ConnConfig.RuntimeParams["lock_timeout"] = "50ms"
	hasty, err := pgxpool.NewWithConfig(t.Context(), cfg)
	must(t, err)
	defer hasty.Close()
	b := h.server(func(c *Config) { c.DB = hasty })
	_, c := verify(t, a, issue(t, a, TokenRequest{TTL: 2 * time.Hour}))

	act, err := h.db.Begin(t.Context())
	must(t, err)
	defer func() { _ = act.Rollback(t.Context()) }()
	must(t, second(act.Exec(t.Context(), `SELECT FROM users WHERE name = 'ada' FOR KEY SHARE`)))
	refused(t, b.Disable(t.Context(), "ada"), Unavailable)
	refused(t, b.SetGroups(t.Context(), "ada", nil), Unavailable)
	refused(t, b.RevokeToken(t.Context(), c.ID), Unavailable)
	must(t, act.Commit(t.Context()))
	must(t, b.RevokeToken(t.Context(), c.ID))
	must(t, b.Disable(t.Context(), "ada"))
}

// TestFactsBelongToTheirEpoch changes groups on two servers while others read them: what is read under one epoch must
// always be the same, and no change may be lost.
func TestFactsBelongToTheirEpoch(t *testing.T) {
	a, h := newAuthority(t, recall(time.Minute))
	const writers, changes = 2, 20
	token := issue(t, a, TokenRequest{})
	var seen sync.Map // epoch → groups
	look := func(p Principal, err error) {
		if err != nil {
			t.Error(err)
			return
		}
		groups := fmt.Sprint(p.Groups)
		if was, ok := seen.LoadOrStore(p.Epoch, groups); ok && was != groups {
			t.Errorf("epoch %d had groups %v and has %v", p.Epoch, was, groups)
		}
	}
	done := make(chan struct{})
	var lookers, changers sync.WaitGroup
	for range 2 {
		lookers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				p, _, err := a.Verify(t.Context(), token)
				look(p, err)
				fresh, err := a.Refresh(t.Context(), p)
				look(fresh, err)
				if fresh.Epoch < p.Epoch {
					t.Errorf("Refresh went back from epoch %d to %d", p.Epoch, fresh.Epoch)
				}
			}
		})
	}
	for w := range writers {
		b := h.server()
		changers.Go(func() {
			for i := range changes {
				if err := b.SetGroups(t.Context(), "ada", []string{fmt.Sprintf("g%d-%d", w, i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	changers.Wait()
	close(done)
	lookers.Wait()
	p, err := a.Refresh(t.Context(), Principal{UserID: 1, User: "ada"})
	must(t, err)
	if p.Epoch != 1+writers*changes {
		t.Errorf("epoch %d after %d changes", p.Epoch, writers*changes)
	}
}
