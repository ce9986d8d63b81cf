package auth

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const provider = "https://login.example.org"

func creating(rules map[string][]string) func(*Config) {
	return func(c *Config) { c.Identities = IdentityRules{Create: true, Groups: rules} }
}

// TestFirstLoginsAtOnce has one person sign in for the first time on several servers at once, and then two whose names look alike.
func TestFirstLoginsAtOnce(t *testing.T) {
	const together = 2 // each keeps a connection, of which the test needs one more
	h := newHouse(t)
	servers := []*Authority{h.server(creating(nil)), h.server(creating(nil))}
	// All logins have looked for the user, in vain, before the first one may create it.
	names, err := h.db.Begin(t.Context())
	must(t, err)
	_, err = names.Exec(t.Context(), `SELECT pg_advisory_xact_lock($1, 0)`, int32(lockNames))
	must(t, err)
	var wait sync.WaitGroup
	for i := range together {
		wait.Go(func() {
			_, _, err := servers[i%2].LoginIdentity(t.Context(), Identity{Issuer: provider, Subject: "1", Name: "carol"}, Origin{})
			if err != nil {
				t.Error(err)
			}
			_, _, err = servers[i%2].LoginIdentity(t.Context(), Identity{Issuer: provider, Subject: "2", Name: "CAROL"}, Origin{})
			if KindOf(err) != Exists {
				t.Errorf("CAROL signs in: %v", err)
			}
		})
	}
	for waiting := 0; waiting < together; {
		must(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting))
	}
	must(t, names.Rollback(t.Context()))
	wait.Wait()
	sessions, err := servers[0].Sessions(t.Context(), "carol", TokenQuery{})
	must(t, err)
	if len(sessions) != together {
		t.Errorf("there are %d sessions", len(sessions))
	}
	links, err := servers[0].IdentitiesOf(t.Context(), "carol")
	must(t, err)
	if len(links) != 1 || links[0].Issuer != provider || links[0].Subject != "1" || links[0].Used.IsZero() || links[0].Linked.IsZero() {
		t.Errorf("%+v", links)
	}
}

// A person's second login waits for the names, to make the user that the first one makes meanwhile, when the third one has locked
// that user and waits for the names, to change the groups.
func TestLoginsBesideTheFirstOne(t *testing.T) {
	h := newHouse(t)
	a := h.server(creating(map[string][]string{"eng": {"staff"}}))
	names, err := h.db.Begin(t.Context())
	must(t, err)
	must(t, LockNames(t.Context(), names))
	var wait sync.WaitGroup
	for waits := range 2 {
		wait.Go(func() {
			_, _, err := a.LoginIdentity(t.Context(), Identity{Issuer: provider, Subject: "1", Name: "carol", Groups: []string{"eng"}}, Origin{})
			if err != nil {
				t.Error(err)
			}
		})
		for waiting := 0; waiting <= waits; {
			must(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting))
		}
		if waits == 0 {
			h.exec(`WITH made AS (INSERT INTO users (name, kind) VALUES ('carol', 'person') RETURNING id)
				INSERT INTO identities (issuer, subject, user_id, linked) SELECT '` + provider + `', '1', id, now() FROM made`)
		}
	}
	must(t, names.Rollback(t.Context()))
	wait.Wait()
	p, err := a.Principal(t.Context(), "carol")
	must(t, err)
	if !slices.Equal(p.Groups, []string{"staff"}) {
		t.Errorf("carol is in %q", p.Groups)
	}
}

// Who is unlinked while a login waits for the user's row is not let in.
func TestALoginBesideItsUnlinking(t *testing.T) {
	h := newHouse(t)
	a := h.server(creating(nil))
	who := Identity{Issuer: provider, Subject: "1", Name: "carol"}
	_, _, err := a.LoginIdentity(t.Context(), who, Origin{})
	must(t, err)
	unlinking, err := h.db.Begin(t.Context())
	must(t, err)
	_, err = unlinking.Exec(t.Context(), `SELECT FROM users WHERE name = 'carol' FOR UPDATE`)
	must(t, err)
	ended := make(chan error, 1)
	go func() {
		_, _, err := a.LoginIdentity(t.Context(), who, Origin{})
		ended <- err
	}()
	for waiting := 0; waiting == 0; {
		must(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting))
	}
	_, err = unlinking.Exec(t.Context(), `DELETE FROM identities`)
	must(t, err)
	must(t, unlinking.Commit(t.Context()))
	refused(t, <-ended, Unlinked)
}

// TestMappedGroups shows which logins raise the epoch, and that mapped groups are kept apart from those that the administrator set.
func TestMappedGroups(t *testing.T) {
	h := newHouse(t)
	a := h.server(creating(map[string][]string{"eng": {"gpu", "staff"}, "ops": {"gpu"}}))
	must(t, a.AddUser(t.Context(), User{Name: "ada", Groups: []string{"staff"}}))
	must(t, a.LinkUser(t.Context(), "ada", provider, "1"))
	must(t, a.LinkUser(t.Context(), "ada", provider, "1")) // again
	before, err := a.Principal(t.Context(), "ada")
	must(t, err)
	epoch := before.Epoch
	for _, step := range []struct {
		theirs string
		want   string
		raised int64
	}{
		{"", "staff", 0},
		{"eng", "staff gpu", 1},
		{"eng", "staff gpu", 0},
		{"eng,ops,other", "staff gpu", 0},
		{"ops", "staff gpu", 1},
		{"other", "staff", 1},
	} {
		_, _, err := a.LoginIdentity(t.Context(), Identity{Issuer: provider, Subject: "1", Groups: strings.Split(step.theirs, ",")}, Origin{})
		must(t, err)
		p, err := a.Principal(t.Context(), "ada")
		must(t, err)
		if got := strings.Join(p.Groups, " "); got != step.want || p.Epoch != epoch+step.raised {
			t.Errorf("%q: %s, epoch %d after %d; want %s, %d more", step.theirs, got, p.Epoch, epoch, step.want, step.raised)
		}
		epoch = p.Epoch
	}
}

func TestIdentitiesAreRefused(t *testing.T) {
	h := newHouse(t)
	a := h.server(creating(nil))
	must(t, a.AddUser(t.Context(), User{Name: "ada"}))
	long := strings.Repeat("x", maxSubject+1)
	for name, subject := range map[string]string{"none": "", "too long": long, "a line break": "a\nb", "NUL": "a\x00", "no UTF-8": "a\xff"} {
		if err := a.LinkUser(t.Context(), "ada", provider, subject); KindOf(err) != Invalid {
			t.Errorf("%s is linked: %v", name, err)
		}
		if _, _, err := a.LoginIdentity(t.Context(), Identity{Issuer: provider, Subject: subject, Name: "carol"}, Origin{}); KindOf(err) != Invalid {
			t.Errorf("%s signs in: %v", name, err)
		}
	}
	refused(t, a.LinkUser(t.Context(), "ada", "", "1"), Invalid)
	refused(t, a.LinkUser(t.Context(), "bob", provider, "1"), UnknownUser)
	refused(t, a.UnlinkUser(t.Context(), "ada", provider, "1"), Unlinked)
	_, err := a.IdentitiesOf(t.Context(), "bob")
	refused(t, err, UnknownUser)
}

// TestPendingEnds shows that a login that takes too long is refused, and that its row is deleted.
func TestPendingEnds(t *testing.T) {
	h := newHouse(t)
	a := h.server()
	pending := Pending{State: "s", Nonce: "n", Verifier: "v", Return: "/"}
	text, err := a.KeepPending(t.Context(), pending)
	must(t, err)
	h.clock.advance(PendingLife - time.Second)
	got, err := h.server().TakePending(t.Context(), text, "s")
	must(t, err)
	pending.Expires = got.Expires
	if got != pending {
		t.Errorf("%+v comes back as %+v", pending, got)
	}
	_, err = a.TakePending(t.Context(), text, "s")
	refused(t, err, Stale)
	pending.State = "late"
	text, err = a.KeepPending(t.Context(), pending)
	must(t, err)
	h.clock.advance(PendingLife)
	_, err = a.TakePending(t.Context(), text, "late")
	refused(t, err, Stale)

	h.clock.advance(keptFor)
	must(t, a.Sweep(t.Context()))
	var rows int
	must(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM logins`).Scan(&rows))
	if rows != 0 {
		t.Errorf("%d logins are kept", rows)
	}
}

// Anybody can make a project with the name of a mapped group that is still empty. This must keep nobody from signing in.
func TestAGroupLikeAProjectIsLeftOut(t *testing.T) {
	h := newHouse(t)
	a := h.server(creating(map[string][]string{"team": {"gpu", "maps"}}))
	h.exec(`INSERT INTO projects (id, name, root) VALUES (7, 'maps', 700)`)
	id := Identity{Issuer: provider, Subject: "1", Name: "carol", Groups: []string{"team"}}
	for range 2 {
		secret, session, err := a.LoginIdentity(t.Context(), id, Origin{})
		must(t, err)
		p, err := a.Session(t.Context(), secret)
		must(t, err)
		if !slices.Equal(p.Groups, []string{"gpu"}) || !slices.Equal(session.LeftOut, []string{"maps"}) {
			t.Errorf("carol is in %q without %q", p.Groups, session.LeftOut)
		}
	}
	h.exec(`DELETE FROM projects WHERE id = 7`)
	secret, session, err := a.LoginIdentity(t.Context(), id, Origin{})
	must(t, err)
	p, err := a.Session(t.Context(), secret)
	must(t, err)
	if !slices.Equal(p.Groups, []string{"gpu", "maps"}) || len(session.LeftOut) > 0 {
		t.Errorf("carol is in %q without %q", p.Groups, session.LeftOut)
	}
}

// TestGroupsOfSuperusers shows that no group of a provider can make superusers, and that the refusal names the command that can.
func TestGroupsOfSuperusers(t *testing.T) {
	names, err := newGrammar("")
	must(t, err)
	err = IdentityRules{Groups: map[string][]string{"theirs": {"staff", Supergroup}}}.check(names)
	if KindOf(err) != Invalid || !strings.Contains(err.Error(), "granary user change NAME --admin") {
		t.Errorf("a group of the provider's that stands for %s: %v", Supergroup, err)
	}
	must(t, IdentityRules{Groups: map[string][]string{"theirs": {"staff"}}}.check(names))
}

// An administrator pastes the command of a refusal into a shell, whatever the provider calls the person.
func TestTheCommandThatLinksSomebody(t *testing.T) {
	a, _ := newAuthority(t)
	subject := "$(id) \"x\" `id` it's \\ !x"
	_, _, err := a.LoginIdentity(t.Context(), Identity{Issuer: "https://login.example.org", Subject: subject, Name: "carol"}, Origin{})
	refused(t, err, Unlinked)
	_, command, _ := strings.Cut(err.Error(), "granary user link NAME ")
	// In single quotes a shell takes everything as it is, except another one.
	want := "'$(id) \"x\" `id` it'\\''s \\ !x' --oidc-issuer https://login.example.org"
	if command != want {
		t.Errorf("the command ends with %s; want %s", command, want)
	}
}
