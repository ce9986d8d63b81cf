package auth

import (
	"strings"
	"testing"
	"time"
)

// newService returns a server with project 7 and its service account robot.
func newService(t *testing.T, options ...func(*Config)) (*Authority, *house) {
	t.Helper()
	a, h := newAuthority(t, options...)
	h.exec(`INSERT INTO projects (id, name, root) VALUES (7, 'seven', 700), (8, 'eight', 800)`)
	must(t, a.AddService(t.Context(), "svc-robot", 7))
	return a, h
}

func TestService(t *testing.T) {
	a, _ := newService(t)
	services, err := a.Services(t.Context(), 7, "", 0)
	must(t, err)
	if len(services) != 1 || services[0].Name != "svc-robot" || services[0].Project != 7 {
		t.Errorf("listed: %+v", services)
	}
	if others, err := a.Services(t.Context(), 8, "", 0); err != nil || len(others) != 0 {
		t.Errorf("listed for another project: %+v, %v", others, err)
	}
	for _, r := range []TokenRequest{{}, {Project: 7}, {Personal: true}, {TTL: 48 * time.Hour, Project: 7, Root: 70}} {
		r.User = "svc-robot"
		text := issue(t, a, r)
		p, _ := verify(t, a, text)
		if p.User != "svc-robot" || p.Scope.Project != 7 || p.Scope.Root != r.Root || p.Superuser {
			t.Errorf("%+v: %+v", r, p)
		}
	}
	_, err = a.Issue(t.Context(), TokenRequest{User: "svc-robot", Project: 8})
	refused(t, err, InvalidScope)
	p, err := a.Principal(t.Context(), "svc-robot")
	must(t, err)
	if p.Scope.Project != 7 {
		t.Errorf("without a token it is limited to %+v", p.Scope)
	}
	for name, err := range map[string]error{
		"password": a.SetPassword(t.Context(), "svc-robot", password),
		"groups":   a.SetGroups(t.Context(), "svc-robot", []string{Supergroup}),
		"admin":    a.SetAdmin(t.Context(), "svc-robot", true),
	} {
		if refused(t, err, Invalid); !strings.Contains(err.Error(), "service account") {
			t.Errorf("%s: %v", name, err)
		}
	}
	err = a.AddService(t.Context(), "svc-droid", 9)
	refused(t, err, Invalid)
}

// A token that a token gives out to a service account works, however short its life is, and ends with its giver.
func TestATokenGivenOutToAServiceEndsWithItsGiver(t *testing.T) {
	a, h := newService(t)
	for _, giver := range []TokenRequest{{Personal: true}, {TTL: 48 * time.Hour}} {
		by, _ := verify(t, a, issue(t, a, giver))
		for _, r := range []TokenRequest{{}, {TTL: 24 * time.Hour}, {Personal: true}} {
			r.User, r.By = "svc-robot", by
			text, row, err := a.IssueToken(t.Context(), r)
			must(t, err)
			if p, _ := verify(t, a, text); p.User != "svc-robot" || p.Scope.Project != 7 {
				t.Errorf("%+v: %+v", r, p)
			}
			if row.Kind == "" {
				t.Errorf("%+v: it has no row, by which it could end", r)
			}
			defer func() {
				_, _, err := h.server().Verify(t.Context(), text)
				refused(t, err, Revoked, text)
			}()
		}
		must(t, a.RevokeToken(t.Context(), by.Token))
	}
}

func TestServicesAreBounded(t *testing.T) {
	a, h := newService(t)
	h.exec(`INSERT INTO users (name, kind, project_id, disabled) SELECT 'svc-' || n, 'service', 7, true FROM generate_series(3, $1) n`, MaxServices)
	must(t, a.AddService(t.Context(), "svc-last", 7))
	err := a.AddService(t.Context(), "svc-more", 7)
	if refused(t, err, Invalid); !strings.Contains(err.Error(), "service accounts") {
		t.Error(err)
	}
	must(t, a.AddService(t.Context(), "svc-more", 8))
	must(t, a.AddUser(t.Context(), User{Name: "eve"}))
}

func TestServicesEnd(t *testing.T) {
	for name, end := range map[string]func(a *Authority, h *house){
		"by hand": func(a *Authority, _ *house) { must(t, a.EndService(t.Context(), "svc-robot", 7)) },
		"with the project": func(_ *Authority, h *house) {
			h.exec(`UPDATE projects SET state = 'd' WHERE id = 7`)
			_, err := h.server().Principal(t.Context(), "svc-robot") // while the project is in the trash
			refused(t, err, Disabled)
			h.exec(`DELETE FROM projects WHERE id = 7`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, h := newService(t)
			other := h.server()
			text := issue(t, a, TokenRequest{User: "svc-robot", Personal: true})
			verify(t, other, text)
			end(a, h)
			_, _, err := other.Verify(t.Context(), text)
			refused(t, err, Disabled, text)
			must(t, a.Sweep(t.Context()))
			user, err := a.User(t.Context(), "svc-robot")
			must(t, err)
			if !user.Disabled {
				t.Error("the account is still enabled")
			}
			must(t, a.Enable(t.Context(), "svc-robot")) // which does not restore its tokens
			_, _, err = other.Verify(t.Context(), text)
			if KindOf(err) != Revoked && KindOf(err) != Disabled {
				t.Errorf("its token works again: %v", err)
			}
			err = a.AddUser(t.Context(), User{Name: "svc-robot"})
			refused(t, err, Exists)
		})
	}
	a, _ := newService(t)
	for _, tt := range []struct {
		name    string
		project int64
	}{{"svc-robot", 8}, {"ada", 7}, {"nobody", 7}} {
		refused(t, a.EndService(t.Context(), tt.name, tt.project), UnknownUser)
	}
}

// TestServiceTokensEndWithTheOwnersToken revokes the owner's token with which the service account's was made.
func TestServiceTokensEndWithTheOwnersToken(t *testing.T) {
	a, _ := newService(t)
	owner, made, err := a.IssueToken(t.Context(), TokenRequest{User: "ada", Personal: true, Project: 7})
	must(t, err)
	by, _ := verify(t, a, owner)
	text := issue(t, a, TokenRequest{User: "svc-robot", Project: 7, Personal: true, By: by})
	p, _ := verify(t, a, text)
	must(t, a.RevokeToken(t.Context(), made.ID))
	_, _, err = a.Verify(t.Context(), text)
	refused(t, err, Revoked)
	user, err := a.Principal(t.Context(), "svc-robot")
	must(t, err)
	if user.Epoch <= p.Epoch {
		t.Error("the epoch of the account did not move on: acts decided before would not notice")
	}
}

func TestLookAlikesAreRefused(t *testing.T) {
	a, _ := newAuthority(t, func(c *Config) { c.NamePattern = `\S+` })
	for _, name := range []string{"bill", "o0", "rene", "лиза", "山田タロウ"} {
		must(t, a.AddUser(t.Context(), User{Name: name}))
	}
	for name, want := range map[string]Kind{
		"ada":        Exists,
		"Ada":        Exists,
		"ADA":        Exists,
		"bi11":       Exists,
		"BILL":       Exists,
		"biIl":       Exists,
		"OO":         Exists,
		"аda":        InvalidName, // begins with a Cyrillic letter
		"ｂｏｂ":        InvalidName, // full width
		"rene\u0301": InvalidName, // e and an accent, which is é
		"René":       0,
		"ЛИЗА":       Exists,
		"bell":       0,
		"ad":         0,
	} {
		err := a.AddUser(t.Context(), User{Name: name})
		if (err != nil) != (want != 0) || err != nil && KindOf(err) != want {
			t.Errorf("%s: %v, want kind %d", name, err, want)
		}
	}
}
