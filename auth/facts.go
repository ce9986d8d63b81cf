package auth

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// identity is what a credential says about whom to look up.
type identity struct {
	id    int64     // of the user's row; 0: look the name up
	name  string    // must be the row's
	token uuid.UUID // whose row must be live; zero: none
}

// facts is what the database says about an identity.
type facts struct {
	read     time.Time // when
	id       int64
	name     string
	groups   []string
	mapped   []string // from the groups at the provider that the user last signed in at
	admin    bool
	disabled bool
	epoch    int64
	project  int64 // of a service account
	ended    bool  // the project of a service account is deleted or in the trash
	token    struct {
		found, revoked bool
		created        time.Time
		expires        time.Time
		idles          time.Time // when it can begin nothing more: for an unused session before it expires
		proxy          string    // see Principal.Proxy
		out            bool      // the proxy is disabled
	}
}

// allGroups returns the user's own groups and then the mapped ones, in a slice that is not f's.
func (f facts) allGroups() []string {
	all := slices.Clone(f.groups)
	for _, g := range f.mapped {
		if !slices.Contains(all, g) {
			all = append(all, g)
		}
	}
	return all
}

// selectFacts reads facts in one statement, so that they and the epoch belong together.
const selectFacts = `
	SELECT u.id, u.name, u.groups, u.mapped, u.admin, u.disabled, u.epoch,
	       coalesce(u.project_id, 0), u.kind = 'service' AND NOT EXISTS (SELECT FROM projects p WHERE p.id = u.project_id AND p.state <> 'd'),
	       t.jti IS NOT NULL, t.revoked IS NOT NULL, coalesce(t.created, 'epoch'),
	       coalesce(t.expires, 'epoch'), coalesce(CASE t.kind WHEN 'session' THEN least(t.expires, coalesce(t.used, t.created) + $3::interval) ELSE t.expires END, 'epoch'),
	       coalesce(proxy.name, ''), coalesce(proxy.disabled, false)
	FROM users u LEFT JOIN tokens t ON t.jti = $2 AND t.user_id = u.id
	LEFT JOIN LATERAL (SELECT v.name, v.disabled FROM tokens o JOIN users v ON v.id = o.user_id
		WHERE t.kind = 'delegation' AND o.jti = t.parent AND o.user_id <> t.user_id) proxy ON true
	WHERE `

// look returns the facts about who, from memory if memory allows it; false if there is no row.
func (a *Authority) look(ctx context.Context, who identity, memory bool) (facts, bool, error) {
	now := a.cfg.Now()
	if memory {
		if f, ok := a.facts.get(who, now); ok {
			return f, true, nil
		}
	}
	var token *uuid.UUID
	if who.token != uuid.Nil {
		token = &who.token
	}
	var row pgx.Row
	if who.id != 0 {
		row = a.cfg.DB.QueryRow(ctx, selectFacts+`u.id = $1`, who.id, token, SessionIdle)
	} else {
		row = a.cfg.DB.QueryRow(ctx, selectFacts+`u.name = $1`, who.name, token, SessionIdle)
	}
	f := facts{read: now}
	err := row.Scan(&f.id, &f.name, &f.groups, &f.mapped, &f.admin, &f.disabled, &f.epoch, &f.project, &f.ended,
		&f.token.found, &f.token.revoked, &f.token.created, &f.token.expires, &f.token.idles, &f.token.proxy, &f.token.out)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return facts{}, false, nil
	case err != nil:
		return facts{}, false, unavailable("look up a user", err)
	}
	if a.cfg.Recall > 0 {
		a.facts.put(who, f, now.Add(a.cfg.Recall))
	}
	return f, true, nil
}

// refusedFor is how long a refusal is answered from memory. Another server may have lifted its cause; for an admitted
// principal a comparison of epochs finds such changes later, but after a refusal nothing is compared.
const refusedFor = time.Second

// admit returns the principal for who, for something new, unless the live rows refuse it.
func (a *Authority) admit(ctx context.Context, who identity, memory bool) (Principal, error) {
	f, found, err := a.look(ctx, who, memory)
	if err != nil {
		return Principal{}, err
	}
	p, refusal := a.decide(who, f, found, f.token.idles)
	if refusal != nil && memory && found && a.cfg.Now().Sub(f.read) >= refusedFor {
		return a.admit(ctx, who, false)
	}
	return p, refusal
}

// goOn is admit for what was begun before: it is never answered from memory, and an idle session does not refuse it.
func (a *Authority) goOn(ctx context.Context, who identity) (Principal, error) {
	f, found, err := a.look(ctx, who, false)
	if err != nil {
		return Principal{}, err
	}
	return a.decide(who, f, found, f.token.expires)
}

// decide returns the principal for who, unless the facts refuse it or its token's time, until, is over. Every Principal
// that has a row is made here.
func (a *Authority) decide(who identity, f facts, found bool, until time.Time) (Principal, error) {
	switch {
	case !found || f.name != who.name: // another name: the id was given to someone else, as after a restore
		return Principal{}, &Error{Kind: UnknownUser, Msg: "user " + who.name + " does not exist here (any more)"}
	case f.disabled:
		return Principal{}, &Error{Kind: Disabled, Msg: "user " + who.name + " is disabled; an administrator can enable it again"}
	case f.ended:
		return Principal{}, &Error{Kind: Disabled, Msg: "service account " + who.name + " has ended with its project"}
	}
	if who.token != uuid.Nil {
		if !f.token.found || f.token.revoked {
			return Principal{}, &Error{Kind: Revoked, Msg: "the token was revoked; ask for a new one"}
		}
		if f.token.out {
			return Principal{}, &Error{Kind: Disabled, Msg: "user " + f.token.proxy + ", who got the token for " + who.name + ", is disabled; an administrator can enable it again"}
		}
		// It was made while a clock was ahead, and would be good for as much longer.
		if f.token.created.After(a.cfg.Now().Add(mostAhead)) {
			return Principal{}, &Error{Kind: NotYet, Msg: "the token is from " + f.token.created.UTC().Format(time.RFC3339) + ", a time to come; compare the clocks of the servers, and get a new one"}
		}
		if err := a.stillValid("token", until); err != nil {
			return Principal{}, err
		}
	}
	credential := ""
	if who.token != uuid.Nil {
		credential = who.token.String()
	}
	return Principal{
		UserID:    f.id,
		User:      f.name,
		Groups:    f.allGroups(),
		Superuser: f.project == 0 && (f.admin || a.isSuperuser(f.name) || slices.Contains(f.groups, Supergroup)), // which no provider can make anybody, nor a project
		Service:   f.project != 0,
		Epoch:     f.epoch,
		Scope:     Scope{Project: f.project},
		Token:     who.token, Credential: credential, Proxy: f.token.proxy,
	}, nil
}

func (a *Authority) isSuperuser(name string) bool {
	return name == a.cfg.Superuser
}

// takenBySuperuser reports whether name is the superuser's or looks like it: the superuser needs no row.
func (a *Authority) takenBySuperuser(name string) bool {
	return a.isSuperuser(name) || Alike(name, a.cfg.Superuser)
}

// stillValid fails if a what ("token" or "ticket") that ends at expires is over, give or take the leeway.
func (a *Authority) stillValid(what string, expires time.Time) error {
	if a.cfg.Now().Before(expires.Add(leeway)) {
		return nil
	}
	return &Error{Kind: Expired, Msg: "the " + what + " expired at " + expires.UTC().Format(time.RFC3339) + "; get a new one"}
}

// Principal returns the user of that name as a principal limited by nothing, for what the installation itself does in
// a user's name: command line, sharing, "why may she read this?". It is not a way to authenticate anyone.
func (a *Authority) Principal(ctx context.Context, user string) (Principal, error) {
	if err := a.names.check("user", user); err != nil {
		return Principal{}, err
	}
	return a.admit(ctx, identity{name: user}, true)
}

// Simple believes that the caller is name, as HDFS does under simple authentication. Groups are those of the user's
// row; a name without a row has none, and UserID and Epoch 0. It fails with NotBelieved unless Config.Simple is set.
func (a *Authority) Simple(ctx context.Context, name string) (Principal, error) {
	if !a.cfg.Simple {
		return Principal{}, &Error{Kind: NotBelieved, Msg: "a user name alone is not believed here: send a token"}
	}
	if err := a.names.check("user", name); err != nil {
		return Principal{}, err
	}
	return a.believe(ctx, name, true)
}

// believe is Simple for a name that passed the grammar.
func (a *Authority) believe(ctx context.Context, name string, memory bool) (Principal, error) {
	p, err := a.admit(ctx, identity{name: name}, memory)
	if KindOf(err) == UnknownUser {
		return Principal{User: name, Superuser: a.isSuperuser(name)}, nil
	}
	return p, err
}

// For returns p as the user for whom by, a proxy, acts, within the limits of by's token. It lasts an hour at most, as a
// session token would, because tickets made for it are not revoked with by's token. A delegation is, so it may last as
// long as that token.
func (a *Authority) For(p, by Principal) Principal {
	p.Scope, p.Credential = by.Scope, by.Credential
	if !by.Expires.IsZero() {
		p.Expires = earliest(a.cfg.Now().Truncate(time.Second).Add(SessionTTL), by.Expires)
		p.by, p.Acted = &by, true
	}
	return p
}

// Refresh returns p as the live rows have it now, always reading them: what Verify, VerifyTicket or Simple would
// return for the credential p came from. Callers use it when p.Epoch turned out to be stale, and act on the result or
// not at all. It fails with Disabled where a proxy acts for a user who has become a superuser meanwhile. Continuing
// work is no use of the credential and may go on after a session has idled out: a job that refreshes now and then keeps
// nobody signed in, and need not end because nobody is at the browser.
func (a *Authority) Refresh(ctx context.Context, p Principal) (Principal, error) {
	if !p.Expires.IsZero() {
		if err := a.stillValid("token", p.Expires); err != nil {
			return Principal{}, err
		}
	}
	var fresh Principal
	var err error
	if a.cfg.Simple && p.Expires.IsZero() {
		fresh, err = a.believe(ctx, p.User, false)
	} else {
		fresh, err = a.goOn(ctx, identity{id: p.UserID, name: p.User, token: p.Token})
	}
	if err != nil {
		return Principal{}, err
	}
	if fresh.Superuser && !p.Superuser && (p.Acted || fresh.Proxy != "") {
		return Principal{}, nobodysToActFor(p.User)
	}
	fresh.Scope, fresh.Credential, fresh.Expires, fresh.signedIn = p.Scope, p.Credential, p.Expires, p.signedIn
	fresh.by, fresh.Acted = p.by, p.Acted
	return fresh, nil
}

// nobodysToActFor refuses a proxy that began to act for a user who is a superuser now.
func nobodysToActFor(user string) error {
	return &Error{Kind: Disabled, Msg: "user " + user + " has become a superuser, and nobody may act for a superuser"}
}
