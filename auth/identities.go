package auth

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Identity is who an OpenID provider says somebody is.
type Identity struct {
	Issuer  string   // the provider's URL
	Subject string   // its id of the person, which it gives to nobody else
	Name    string   // what the user is to be called; "": it does not say
	Groups  []string // in the provider's words
}

// IdentityRules say what happens to identities.
type IdentityRules struct {
	// Create makes a user of the identity's name for an identity that is not linked to any. Whoever assigns names at
	// the provider then assigns them here, too. Without it, an administrator has to link the identity first.
	Create bool
	// Groups lists the local groups that each group of the provider stands for; groups that it does not name stand for
	// nothing. [Supergroup] cannot be granted this way.
	Groups map[string][]string
}

// LocalGroups returns all local groups that the provider's stand for, sorted.
func (r IdentityRules) LocalGroups() []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(slices.Collect(maps.Values(r.Groups))...))))
}

// LinkedIdentity is an identity by which a user signs in.
type LinkedIdentity struct {
	Issuer, Subject string
	Linked          time.Time
	Used            time.Time // the last time; zero: never
}

// maxIssuer and maxSubject bound identities, in bytes: they are a key of a table. OpenID Connect Core 1.0 §2 bounds subjects
// like that.
const (
	maxIssuer  = 1000
	maxSubject = 255
)

// check fails for invalid rules.
func (r IdentityRules) check(names grammar) error {
	for theirs, ours := range r.Groups {
		for _, group := range ours {
			if err := names.check("group", group); err != nil {
				return err
			}
			if group == Supergroup {
				return &Error{Kind: Invalid, Msg: fmt.Sprintf("%q of the provider cannot stand for %s: whoever assigns groups there could make anybody a superuser; use granary user change NAME --admin", theirs, group)}
			}
		}
	}
	return nil
}

// groups returns what the provider's groups stand for here, in alphabetical order.
func (r IdentityRules) groups(theirs []string) []string {
	ours := []string{}
	for _, group := range theirs {
		ours = append(ours, r.Groups[group]...)
	}
	slices.Sort(ours)
	return slices.Compact(ours)
}

// check fails for an issuer or subject that is out of bounds.
func (id Identity) check() error {
	switch {
	case id.Issuer == "" || len(id.Issuer) > maxIssuer || strings.ContainsFunc(id.Issuer, unicode.IsControl):
		return &Error{Kind: Invalid, Msg: fmt.Sprintf("an issuer is the URL of a provider, of at most %d bytes", maxIssuer)}
	case id.Subject == "" || len(id.Subject) > maxSubject || strings.ContainsFunc(id.Subject, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }):
		return &Error{Kind: Invalid, Msg: fmt.Sprintf("a subject is what a provider calls a person: 1 to %d bytes that can be printed", maxSubject)}
	}
	return nil
}

// LoginIdentity begins a web session, as Login does, for the user that id is linked to, or for a new user if
// [IdentityRules] allow one. The user's mapped groups become those that id has now, everywhere and at once, except
// those that have the name of a project ([Token.LeftOut]). id is not consulted later: what the user may do is read from
// live rows.
//
// It fails with Unlinked if id is linked to no user and may not become one, InvalidName if id's name cannot be a
// user's, Exists if it is another user's or looks like it, and Disabled.
func (a *Authority) LoginIdentity(ctx context.Context, id Identity, from Origin) (secret string, t Token, err error) {
	if err := id.check(); err != nil {
		return "", Token{}, err
	}
	mapped, err := a.checkGroups(a.cfg.Identities.groups(id.Groups))
	if err != nil {
		return "", Token{}, err
	}
	for err = errLinkedMeanwhile; errors.Is(err, errLinkedMeanwhile); {
		secret, t, err = a.loginIdentity(ctx, id, mapped, from)
	}
	var ours *Error
	switch {
	case errors.As(err, &ours):
		return "", Token{}, ours
	case err != nil:
		return "", Token{}, unavailable("sign somebody in", err)
	}
	a.facts.clear()
	return secret, t, nil
}

// errLinkedMeanwhile tells that a login has to begin anew: another one, of the same person at the same time, has made the user.
var errLinkedMeanwhile = errors.New("another login has made the user")

// loginIdentity is LoginIdentity in one transaction.
func (a *Authority) loginIdentity(ctx context.Context, id Identity, mapped []string, from Origin) (secret string, t Token, err error) {
	err = pgx.BeginFunc(ctx, a.cfg.DB, func(tx pgx.Tx) error {
		u, err := a.linkedUser(ctx, tx, id, from)
		if err != nil {
			return err
		}
		if u.Disabled {
			return &Error{Kind: Disabled, User: u.Name, Msg: "user " + u.Name + " is disabled; an administrator can enable it again"}
		}
		leftOut, err := a.setMapped(signingIn(ctx, u.Name, uuid.Nil, from), tx, u, mapped)
		if err != nil {
			return err
		}
		used, err := tx.Exec(ctx, `UPDATE identities SET used = $3 WHERE issuer = $1 AND subject = $2`, id.Issuer, id.Subject, a.cfg.Now())
		if err != nil {
			return err
		}
		if used.RowsAffected() == 0 { // unlinked while this waited for the user's row
			return a.unlinked(id)
		}
		secret, t, err = a.insertSession(ctx, tx, u.ID, u.Name, from)
		t.LeftOut = leftOut
		return err
	})
	return secret, t, err
}

// linkedUser returns the user of id, whose row it locks FOR UPDATE, or makes one. It fails with errLinkedMeanwhile if another
// login makes one first.
func (a *Authority) linkedUser(ctx context.Context, tx pgx.Tx, id Identity, from Origin) (User, error) {
	u, err := findLinked(ctx, tx, id)
	if !errors.Is(err, pgx.ErrNoRows) {
		return u, err
	}
	if !a.cfg.Identities.Create {
		return User{}, a.unlinked(id)
	}
	if id.Name == "" {
		return User{}, &Error{Kind: InvalidName, Msg: "the provider does not say what the user is to be called; its administrator can add the claim, or an administrator here can link the person to a user: " + id.command("NAME")}
	}
	if err := a.names.checkNew("user", id.Name); err != nil {
		return User{}, err
	}
	taken := &Error{Kind: Exists, Msg: "the name " + id.Name + " belongs to somebody else here, or looks like such a name; if it is yours, an administrator can link you to it: " + id.command(id.Name)}
	if a.takenBySuperuser(id.Name) {
		return User{}, taken
	}
	free := checkFree(ctx, tx, id.Name)
	if free != nil && KindOf(free) != Exists {
		return User{}, free
	}
	// The names are locked now, so the user's row must not be: who has locked it may be waiting for the names.
	var linked bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM identities WHERE issuer = $1 AND subject = $2)`, id.Issuer, id.Subject).Scan(&linked); err != nil {
		return User{}, err
	}
	switch {
	case linked:
		return User{}, errLinkedMeanwhile
	case free != nil:
		return User{}, taken
	}
	u = User{Name: id.Name}
	if err := tx.QueryRow(ctx, `INSERT INTO users (name, kind) VALUES ($1, 'person') RETURNING id`, u.Name).Scan(&u.ID); err != nil {
		return User{}, err
	}
	if _, err = tx.Exec(ctx, `INSERT INTO identities (issuer, subject, user_id, linked) VALUES ($1, $2, $3, $4)`, id.Issuer, id.Subject, u.ID, a.cfg.Now()); err != nil {
		return User{}, err
	}
	d := adding(u)
	d.Identity = id.String()
	return u, a.record(signingIn(ctx, u.Name, uuid.Nil, from), tx, d)
}

// unlinked returns the refusal of an identity that is linked to no user here.
func (a *Authority) unlinked(id Identity) error {
	return &Error{Kind: Unlinked, Msg: "no user here is linked to " + id.String() + "; an administrator can link one: " + id.command("NAME")}
}

// findLinked returns the user of id, whose row it locks FOR UPDATE: no act may rely on the row while its groups change.
func findLinked(ctx context.Context, tx pgx.Tx, id Identity) (u User, err error) {
	err = tx.QueryRow(ctx, `SELECT u.id, u.name, u.mapped, u.disabled FROM identities i JOIN users u ON u.id = i.user_id
		WHERE i.issuer = $1 AND i.subject = $2 FOR UPDATE OF u`, id.Issuer, id.Subject).Scan(&u.ID, &u.Name, &u.Mapped, &u.Disabled)
	return u, err
}

// setMapped replaces the mapped groups of u, whose row is locked FOR UPDATE, and raises its epoch if that changes
// anything. It leaves out, and returns, groups that have the name of a project: anybody may have made the project, and
// must not be able to keep people from signing in.
func (a *Authority) setMapped(ctx context.Context, tx pgx.Tx, u User, mapped []string) (leftOut []string, err error) {
	if slices.Equal(u.Mapped, mapped) {
		return nil, nil
	}
	if leftOut, err = projectsAmong(ctx, tx, mapped); err != nil {
		return nil, err
	}
	mapped = slices.DeleteFunc(slices.Clone(mapped), func(group string) bool { return slices.Contains(leftOut, group) })
	if slices.Equal(u.Mapped, mapped) {
		return leftOut, nil
	}
	if _, err = tx.Exec(ctx, `UPDATE users SET mapped = $2, epoch = epoch + 1 WHERE id = $1`, u.ID, mapped); err != nil {
		return nil, err
	}
	d := about("set mapped groups", u.Name)
	d.Groups = &mapped
	return leftOut, a.record(ctx, tx, d)
}

// String names id for people.
func (id Identity) String() string { return fmt.Sprintf("%q at %s", id.Subject, id.Issuer) }

// command is what an administrator has to type to link id. The subject is quoted for a shell: it may be of the person's
// own choice.
func (id Identity) command(user string) string {
	return fmt.Sprintf("granary user link %s '%s' --oidc-issuer %s", user, strings.ReplaceAll(id.Subject, "'", `'\''`), id.Issuer)
}

// LinkUser lets the person whom the provider issuer calls subject sign in as user. It fails with Exists if that
// identity is linked to another user.
func (a *Authority) LinkUser(ctx context.Context, user, issuer, subject string) error {
	id := Identity{Issuer: issuer, Subject: subject}
	if err := id.check(); err != nil {
		return err
	}
	d := about("link user", user)
	d.Identity = id.String()
	return a.change(ctx, d, func(tx pgx.Tx, userID int64) error {
		if err := tx.QueryRow(ctx, `SELECT 1 FROM users WHERE id = $1 AND kind = 'person'`, userID).Scan(new(int)); errors.Is(err, pgx.ErrNoRows) {
			return &Error{Kind: Invalid, Msg: user + " is a service account, by which nobody signs in"}
		} else if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO identities (issuer, subject, user_id, linked) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			issuer, subject, userID, a.cfg.Now()); err != nil {
			return err
		}
		var owner int64
		if err := tx.QueryRow(ctx, `SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2`, issuer, subject).Scan(&owner); err != nil {
			return err
		}
		if owner != userID {
			return &Error{Kind: Exists, Msg: id.String() + " is another user; unlink that one first"}
		}
		return nil
	})
}

// UnlinkUser removes a link that LinkUser or the first login made. The user's sessions end, and the mapped groups are
// removed. It fails with Unlinked if there is no such link.
func (a *Authority) UnlinkUser(ctx context.Context, user, issuer, subject string) error {
	id := Identity{Issuer: issuer, Subject: subject}
	d := about("unlink user", user)
	d.Identity = id.String()
	return a.change(ctx, d, func(tx pgx.Tx, userID int64) error {
		tag, err := tx.Exec(ctx, `DELETE FROM identities WHERE issuer = $1 AND subject = $2 AND user_id = $3`, issuer, subject, userID)
		switch {
		case err != nil:
			return err
		case tag.RowsAffected() == 0:
			return &Error{Kind: Unlinked, Msg: "user " + user + " does not sign in as " + id.String()}
		}
		if _, err := tx.Exec(ctx, `UPDATE users SET mapped = '{}' WHERE id = $1`, userID); err != nil {
			return err
		}
		return a.endSessions(ctx, tx, userID)
	})
}

// IdentitiesOf lists the identities by which user signs in, the oldest link first.
func (a *Authority) IdentitiesOf(ctx context.Context, user string) ([]LinkedIdentity, error) {
	if _, err := a.User(ctx, user); err != nil {
		return nil, err
	}
	rows, err := a.cfg.DB.Query(ctx, `SELECT i.issuer, i.subject, i.linked, coalesce(i.used, '0001-01-01 00:00:00+00')
		FROM identities i JOIN users u ON u.id = i.user_id WHERE u.name = $1 ORDER BY i.linked, i.issuer, i.subject`, user)
	if err != nil {
		return nil, unavailable("list identities", err)
	}
	links, err := pgx.CollectRows(rows, pgx.RowToStructByPos[LinkedIdentity])
	if err != nil {
		return nil, unavailable("list identities", err)
	}
	for i := range links {
		links[i].Linked, links[i].Used = links[i].Linked.UTC(), links[i].Used.UTC()
	}
	return links, nil
}
