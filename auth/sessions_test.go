package auth

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const password = Password("correct horse")

// newSessions returns a server where ada has a password.
func newSessions(t *testing.T, options ...func(*Config)) (*Authority, *house) {
	t.Helper()
	a, h := newAuthority(t, options...)
	must(t, a.SetPassword(t.Context(), "ada", password))
	return a, h
}

func login(t *testing.T, a *Authority) (secret string, session Token) {
	t.Helper()
	secret, session, err := a.Login(t.Context(), "ada", password, Origin{Address: "192.0.2.1", Agent: "Mozilla/5.0"})
	must(t, err)
	return secret, session
}

func TestLogin(t *testing.T) {
	a, h := newSessions(t)
	secret, session := login(t, a)
	p, err := h.server().Session(t.Context(), secret)
	must(t, err)
	if p.User != "ada" || !p.Scope.IsZero() || p.Token != session.ID || !p.Expires.Equal(h.clock.now().Add(SessionLife)) {
		t.Errorf("the session is %+v", p)
	}
	listed, err := a.Sessions(t.Context(), "ada", TokenQuery{})
	must(t, err)
	if len(listed) != 1 || listed[0].ID != session.ID || listed[0].Kind != WebSession || listed[0].Label != "Mozilla/5.0" || listed[0].Address != "192.0.2.1" {
		t.Errorf("listed: %+v", listed)
	}
	if tokens, err := a.Tokens(t.Context(), "ada", TokenQuery{}); err != nil || len(tokens) != 0 {
		t.Errorf("among the tokens: %+v, %v", tokens, err)
	}
	// A session may make tokens that live longer than itself, and stay when it ends.
	text := issue(t, a, TokenRequest{Personal: true, By: p})
	must(t, a.Logout(t.Context(), secret))
	if q, _ := verify(t, a, text); !q.Expires.Equal(h.clock.now().Add(PersonalTTL)) {
		t.Errorf("the token ends at %v", q.Expires)
	}
}

func TestLoginIsRefused(t *testing.T) {
	a, h := newSessions(t)
	h.exec(`INSERT INTO projects (id, name, root) VALUES (7, 'seven', 700)`)
	must(t, a.AddService(t.Context(), "svc-robot", 7))
	must(t, a.AddUser(t.Context(), User{Name: "bob"}))
	for name, tt := range map[string]struct {
		user     string
		password Password
	}{
		"wrong password":     {"ada", "wrong horse"},
		"other case":         {"Ada", password},
		"empty password":     {"ada", ""},
		"unknown user":       {"eve", password},
		"no password":        {"bob", ""},
		"service account":    {"svc-robot", ""},
		"not a name":         {"ada\x00", password},
		"too long to be one": {"ada", password + Password(make([]byte, 4096))},
	} {
		_, _, err := a.Login(t.Context(), tt.user, tt.password, Origin{Address: "192.0.2.9"})
		refused(t, err, WrongPassword, string(tt.password))
		if err.Error() != errWrongPassword.Msg {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, a.Disable(t.Context(), "ada"))
	_, _, err := a.Login(t.Context(), "ada", password, Origin{})
	refused(t, err, Disabled)
}

func TestSessionsEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		end  func(a *Authority, h *house, secret string) error
		want Kind
	}{
		"logged out": {func(a *Authority, _ *house, secret string) error { return a.Logout(t.Context(), secret) }, Revoked},
		"ended by id": {func(a *Authority, _ *house, _ string) error {
			sessions, err := a.Sessions(t.Context(), "ada", TokenQuery{})
			must(t, err)
			return a.RevokeToken(t.Context(), sessions[0].ID)
		}, Revoked},
		"all ended": {func(a *Authority, _ *house, _ string) error { return a.EndSessions(t.Context(), "ada") }, Revoked},
		"other password": {func(a *Authority, _ *house, _ string) error {
			return a.SetPassword(t.Context(), "ada", "battery staple")
		}, Revoked},
		"no password": {func(a *Authority, _ *house, _ string) error { return a.SetPassword(t.Context(), "ada", "") }, Revoked},
		"disabled, enabled": {func(a *Authority, _ *house, _ string) error {
			must(t, a.Disable(t.Context(), "ada"))
			return a.Enable(t.Context(), "ada")
		}, Revoked},
		"idle": {func(a *Authority, h *house, _ string) error {
			h.clock.advance(SessionIdle + leeway)
			return nil
		}, Expired},
		"too old": {func(a *Authority, h *house, secret string) error {
			for range 12 {
				h.clock.advance(time.Hour)
				if _, err := a.Session(t.Context(), secret); err != nil {
					return err
				}
				must(t, a.Sweep(t.Context()))
			}
			h.clock.advance(leeway)
			return nil
		}, Expired},
	} {
		t.Run(name, func(t *testing.T) {
			a, h := newSessions(t)
			other := h.server()
			secret, _ := login(t, a)
			p, err := other.Session(t.Context(), secret)
			must(t, err)
			delegation, err := a.Delegate(t.Context(), p, "")
			must(t, err)
			worker, _ := verify(t, a, delegation)
			token := issue(t, a, TokenRequest{User: "ada", By: worker, TTL: 6 * time.Hour, Label: "of a worker"})
			must(t, tt.end(a, h, secret))
			for _, server := range []*Authority{a, other} {
				_, err := server.Session(t.Context(), secret)
				refused(t, err, tt.want, secret)
				if name != "idle" { // work that was begun goes on
					_, err = server.Refresh(t.Context(), p)
					refused(t, err, tt.want)
				}
			}
			if name != "idle" { // the program that works for the session is not idle
				for _, given := range []string{delegation, token} {
					if _, _, err := other.Verify(t.Context(), given); err == nil {
						t.Error("what was given out for the session outlives it")
					}
				}
			}
			must(t, a.Logout(t.Context(), secret)) // already logged out, or expired
		})
	}
}

// statements counts the statements that a pool sends.
type statements struct{ n atomic.Int64 }

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	s.n.Add(1)
	return ctx
}

func (*statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TestManySessionsEndAtOnce: an administrator must be able to end any number of sessions in a few statements.
func TestManySessionsEndAtOnce(t *testing.T) {
	h := newHouse(t)
	counted := &statements{}
	cfg := h.db.Config()
	cfg.ConnConfig.Tracer = counted
	db, err := pgxpool.NewWithConfig(t.Context(), cfg)
	must(t, err)
	t.Cleanup(db.Close)
	a := h.server(func(c *Config) { c.DB = db })
	must(t, a.AddUser(t.Context(), User{Name: "ada"}))
	const many = 300
	h.exec(`INSERT INTO tokens (jti, kind, secret, user_id, created, expires) SELECT gen_random_uuid(), 'session', sha256(n::text::bytea), u.id, $1, $2
		FROM users u, generate_series(1, $3) n WHERE u.name = 'ada'`, h.clock.now(), h.clock.now().Add(SessionLife), many)
	for what, end := range map[string]func(context.Context, string) error{"disable": a.Disable, "end": a.EndSessions} {
		h.exec(`UPDATE tokens SET revoked = NULL`)
		before := counted.n.Load()
		must(t, end(t.Context(), "ada"))
		if n := counted.n.Load() - before; n > 20 {
			t.Errorf("%s: %d statements for %d sessions", what, n, many)
		}
		var left int
		must(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM tokens WHERE revoked IS NULL`).Scan(&left))
		if left > 0 {
			t.Errorf("%s: %d sessions are left", what, left)
		}
	}
}

// TestSessionsAreBounded: beyond the bound, the oldest session ends, with what it gave out.
func TestSessionsAreBounded(t *testing.T) {
	id := Identity{Issuer: "https://idp.example.org", Subject: "1"}
	for name, begin := range map[string]func(a *Authority) (string, Token, error){
		"password": func(a *Authority) (string, Token, error) {
			return a.Login(t.Context(), "ada", password, Origin{Address: "192.0.2.1"})
		},
		"provider": func(a *Authority) (string, Token, error) {
			return a.LoginIdentity(t.Context(), id, Origin{Address: "192.0.2.1"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, h := newSessions(t, recall(time.Minute))
			must(t, a.LinkUser(t.Context(), "ada", id.Issuer, id.Subject))
			var secrets []string
			delegations := map[string]string{}
			h.exec(`INSERT INTO tokens (jti, kind, secret, user_id, created, expires) SELECT gen_random_uuid(), 'session', sha256(n::text::bytea), u.id, $1, $2
				FROM users u, generate_series(1, $3) n WHERE u.name = 'ada'`, h.clock.now(), h.clock.now().Add(SessionLife), MaxSessions-2)
			h.clock.advance(-time.Hour) // the next sessions are older
			for range 2 {
				secret, _, err := begin(a)
				must(t, err)
				p, err := a.Session(t.Context(), secret)
				must(t, err)
				delegations[secret], err = a.Delegate(t.Context(), p, "")
				must(t, err)
				secrets = append(secrets, secret)
				h.clock.advance(time.Minute)
			}
			p, err := a.Session(t.Context(), secrets[0])
			must(t, err)
			newest, _, err := begin(a)
			must(t, err)
			_, err = a.Session(t.Context(), secrets[0])
			refused(t, err, Revoked)
			_, _, err = a.Verify(t.Context(), delegations[secrets[0]])
			refused(t, err, Revoked)
			for _, secret := range []string{secrets[1], newest} {
				q, err := a.Session(t.Context(), secret)
				must(t, err)
				if q.Epoch == p.Epoch {
					t.Error("nobody is asked anew")
				}
			}
			verify(t, a, delegations[secrets[1]])
			listed, err := a.Sessions(t.Context(), "ada", TokenQuery{})
			must(t, err)
			live := 0
			for _, s := range listed {
				if s.Revoked.IsZero() {
					live++
				}
			}
			if live != MaxSessions {
				t.Errorf("%d sessions", live)
			}
		})
	}
}

func TestSessionsStayWhileUsed(t *testing.T) {
	a, h := newSessions(t)
	secret, _ := login(t, a)
	p, err := a.Session(t.Context(), secret)
	must(t, err)
	delegation, err := a.Delegate(t.Context(), p, "")
	must(t, err)
	for range 5 {
		h.clock.advance(SessionIdle - time.Minute)
		verify(t, a, delegation)
		if _, err := a.Session(t.Context(), secret); err != nil {
			t.Fatalf("after %v: %v", SessionIdle-time.Minute, err)
		}
		must(t, a.Sweep(t.Context()))
	}
}

// TestSessionsIdleThoughSomethingGoesOn: jobs that check whether they may go on, and programs that use what the session gave out, do
// not keep the session from becoming idle, nor do they end when it is idle.
func TestSessionsIdleThoughSomethingGoesOn(t *testing.T) {
	a, h := newSessions(t)
	secret, _ := login(t, a)
	p, err := a.Session(t.Context(), secret)
	must(t, err)
	delegation, err := a.Delegate(t.Context(), p, "")
	must(t, err)
	must(t, a.Sweep(t.Context()))
	for range 4 {
		h.clock.advance(SessionIdle / 4)
		must(t, second(a.Refresh(t.Context(), p)))
		verify(t, a, delegation)
		must(t, a.Sweep(t.Context()))
	}
	h.clock.advance(leeway)
	_, err = a.Session(t.Context(), secret)
	refused(t, err, Expired)
	must(t, second(a.Refresh(t.Context(), p)))
	verify(t, a, delegation)
	must(t, a.Logout(t.Context(), secret))
	_, err = a.Refresh(t.Context(), p)
	refused(t, err, Revoked)
}

// TestAPasswordChangedMeanwhile changes the password after it was compared and before the session begins.
func TestAPasswordChangedMeanwhile(t *testing.T) {
	a, _ := newSessions(t)
	id, hash, err := a.checkPassword(t.Context(), "ada", password)
	must(t, err)
	must(t, a.SetPassword(t.Context(), "ada", "battery staple"))
	_, _, err = a.beginSession(t.Context(), id, "ada", hash, Origin{})
	refused(t, err, WrongPassword)
}

func TestSessionsOfLongAgents(t *testing.T) {
	a, _ := newSessions(t)
	for _, agent := range []string{string(make([]byte, 4000)), "\xff\xfe", string([]rune{200: 'ä'}), "Mozilla"} {
		_, session, err := a.Login(t.Context(), "ada", password, Origin{Agent: agent, Address: "192.0.2.1"})
		if err != nil || len(session.Label) > maxLabel {
			t.Errorf("an agent of %d bytes: %d, %v", len(agent), len(session.Label), err)
		}
	}
}
