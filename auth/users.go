package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// maxGroups bounds the groups of one user.
const maxGroups = 1024

// User is one row of users.
type User struct {
	ID     int64
	Name   string
	Groups []string // the first is the primary one, as in HDFS
	Mapped []string // groups by the provider that the user last signed in at, besides Groups; AddUser ignores them
	Admin  bool     // a superuser, who may also manage users
	// Password is what AddUser stores the hash of; empty: the user cannot sign in with a password. Never filled by
	// Users.
	Password Password
	SignsIn  bool // has a password; AddUser ignores it
	Disabled bool
	Created  time.Time
	Project  int64 // of a service account, which belongs to it; 0: the user is a person
}

// Password is a password in the clear: 8 characters or more, in at most 1,024 bytes; others are refused with Invalid when they are set. It
// prints as asterisks, whatever the verb.
type Password string

// Format implements fmt.Formatter.
func (Password) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("***")) }

// AddUser adds the user with u's Name, Groups, Admin and Password. It fails with Exists if the name is taken or looks
// like one that is ([Alike]), or a group has the name of a project. Whatever the name owned under simple authentication, the user owns now.
func (a *Authority) AddUser(ctx context.Context, u User) error {
	u.Project = 0
	groups, err := a.checkGroups(u.Groups)
	if err != nil {
		return err
	}
	var hash *string
	if u.Password != "" {
		h, err := a.passwords.hash(ctx, u.Password)
		if err != nil {
			return err
		}
		hash = &h
	}
	u.Groups = groups
	return a.addUser(ctx, u, hash)
}

// addUser inserts the row of a user, or of a service account of u.Project.
func (a *Authority) addUser(ctx context.Context, u User, hash *string) error {
	if err := a.names.checkNew("user", u.Name); err != nil {
		return err
	}
	if u.Project != 0 && a.takenBySuperuser(u.Name) {
		return &Error{Kind: Exists, Msg: "the name " + u.Name + " is that of the superuser here, or looks like it"}
	}
	if u.Groups == nil {
		u.Groups = []string{}
	}
	leave, err := a.turns.take(ctx, "names")
	if err != nil {
		return err
	}
	defer leave()
	err = pgx.BeginFunc(ctx, a.cfg.DB, func(tx pgx.Tx) error {
		if err := checkFree(ctx, tx, u.Name); err != nil {
			return err
		}
		if err := noProjects(ctx, tx, u.Groups); err != nil {
			return err
		}
		kind := "person"
		if u.Project != 0 {
			kind = "service"
			if err := tx.QueryRow(ctx, `SELECT 1 FROM projects WHERE id = $1 FOR KEY SHARE`, u.Project).Scan(new(int)); err != nil {
				return err
			}
			var others int
			if err := tx.QueryRow(ctx, `SELECT count(*) FROM users WHERE project_id = $1`, u.Project).Scan(&others); err != nil {
				return err
			}
			if others >= MaxServices {
				return &Error{Kind: Invalid, Msg: fmt.Sprintf("the project has %d service accounts, ended ones among them, and can have no more: use one that it has", others)}
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO users (name, kind, project_id, groups, admin, password) VALUES ($1, $2, nullif($3::bigint, 0), $4, $5, $6)`,
			u.Name, kind, u.Project, u.Groups, u.Admin, hash); err != nil {
			return err
		}
		return a.record(ctx, tx, adding(u))
	})
	var ours *Error
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.Is(err, pgx.ErrNoRows):
		return &Error{Kind: Invalid, Msg: fmt.Sprintf("there is no project %d to add service account %s to", u.Project, u.Name)}
	case err != nil:
		return unavailable("add a user", err)
	}
	a.facts.clear()
	return nil
}

// adding is the deed of adding u.
func adding(u User) deed {
	if u.Project != 0 {
		d := about("add service account", u.Name)
		d.project = u.Project
		return d
	}
	d := about("add user", u.Name)
	if len(u.Groups) > 0 {
		d.Groups = &u.Groups
	}
	if u.Admin {
		d.Admin = &u.Admin
	}
	return d
}

// Users lists all users by name, service accounts among them.
func (a *Authority) Users(ctx context.Context) ([]User, error) { return a.users(ctx, `ORDER BY name`) }

// FindUsers lists by name up to limit users, service accounts among them, whose names come after after and contain
// holds in upper or lower case; a limit of 0 means all.
func (a *Authority) FindUsers(ctx context.Context, holds, after string, limit int) ([]User, error) {
	return a.users(ctx, `WHERE name > $1 AND strpos(lower(name), lower($2)) > 0 ORDER BY name LIMIT nullif($3, 0)`, after, holds, limit)
}

// Superuser reports whether u passes every check: as an administrator, by its groups, or as the superuser that the
// installation names.
func (a *Authority) Superuser(u User) bool {
	return u.Project == 0 && (u.Admin || a.isSuperuser(u.Name) || slices.Contains(u.Groups, Supergroup))
}

// users lists those that the rest of the statement chooses, in its order.
func (a *Authority) users(ctx context.Context, rest string, args ...any) ([]User, error) {
	rows, err := a.cfg.DB.Query(ctx, `SELECT id, name, groups, mapped, admin, disabled, created, coalesce(project_id, 0), password IS NOT NULL FROM users `+rest, args...)
	if err != nil {
		return nil, unavailable("list users", err)
	}
	users, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u User, err error) {
		err = row.Scan(&u.ID, &u.Name, &u.Groups, &u.Mapped, &u.Admin, &u.Disabled, &u.Created, &u.Project, &u.SignsIn)
		return u, err
	})
	if err != nil {
		return nil, unavailable("list users", err)
	}
	return users, nil
}

// User returns the user of that name. It fails with UnknownUser if there is none.
func (a *Authority) User(ctx context.Context, name string) (User, error) {
	if err := a.names.check("user", name); err != nil {
		return User{}, err
	}
	users, err := a.users(ctx, `WHERE name = $1`, name)
	if err == nil && len(users) == 0 {
		err = &Error{Kind: UnknownUser, Msg: "user " + name + " does not exist"}
	}
	if err != nil {
		return User{}, err
	}
	return users[0], nil
}

// SetGroups replaces the groups of user; mapped ones stay. It fails with Exists if one has the name of a project.
func (a *Authority) SetGroups(ctx context.Context, user string, groups []string) error {
	groups, err := a.checkGroups(groups)
	if err != nil {
		return err
	}
	d := about("set groups", user)
	d.Groups = &groups
	return a.change(ctx, d, func(tx pgx.Tx, id int64) error {
		if err := noProjects(ctx, tx, groups); err != nil {
			return err
		}
		return set(ctx, tx, id, `UPDATE users SET groups = $2 WHERE id = $1 AND kind = 'person'`, groups)
	})
}

// projectsAmong returns those of groups that are also names of projects. A project's members are in the group of its
// name, so whoever is put into such a group gets the project's files.
func projectsAmong(ctx context.Context, tx pgx.Tx, groups []string) ([]string, error) {
	if len(groups) == 0 {
		return nil, nil
	}
	if err := LockNames(ctx, tx); err != nil { // so that none is made meanwhile
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT name FROM projects WHERE id <> 0 AND name = ANY($1) ORDER BY name`, groups)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// noProjects fails if one of groups has the name of a project.
func noProjects(ctx context.Context, tx pgx.Tx, groups []string) error {
	projects, err := projectsAmong(ctx, tx, groups)
	if err == nil && len(projects) > 0 {
		err = &Error{Kind: Exists, Msg: "the group " + projects[0] + " is also the name of a project, whose files it would give: make the user a member of the project instead, or choose another name"}
	}
	return err
}

// SetAdmin makes user an administrator, or an ordinary user again.
func (a *Authority) SetAdmin(ctx context.Context, user string, admin bool) error {
	d := about("set admin", user)
	d.Admin = &admin
	return a.change(ctx, d, func(tx pgx.Tx, id int64) error {
		return set(ctx, tx, id, `UPDATE users SET admin = $2 WHERE id = $1 AND kind = 'person'`, admin)
	})
}

// Disable refuses everything to user, whatever tokens and tickets there are, until Enable. Web sessions end for good.
func (a *Authority) Disable(ctx context.Context, user string) error {
	return a.change(ctx, about("disable user", user), func(tx pgx.Tx, id int64) error {
		if _, err := tx.Exec(ctx, `UPDATE users SET disabled = true WHERE id = $1`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, overDelegatedSQL, id); err != nil {
			return err
		}
		return a.endSessions(ctx, tx, id)
	})
}

// overDelegatedSQL raises the epochs of those for whom the user $1, a proxy, got delegations, so that these are read
// anew: each is refused as long as the proxy is disabled.
const overDelegatedSQL = `UPDATE users SET epoch = epoch + 1 WHERE id IN (SELECT u.id FROM users u WHERE u.id <> $1 AND u.id IN (
	SELECT d.user_id FROM tokens d JOIN tokens o ON o.jti = d.parent WHERE o.user_id = $1 AND d.kind = 'delegation' AND d.revoked IS NULL) ORDER BY u.id FOR UPDATE)`

// Enable undoes Disable; unexpired tokens work again.
func (a *Authority) Enable(ctx context.Context, user string) error {
	return a.change(ctx, about("enable user", user), func(tx pgx.Tx, id int64) error {
		_, err := tx.Exec(ctx, `UPDATE users SET disabled = false WHERE id = $1`, id)
		return err
	})
}

// SetPassword replaces the password of user; an empty one ends signing in with a password. Web sessions end, tokens live
// on.
func (a *Authority) SetPassword(ctx context.Context, user string, password Password) error {
	var hash *string
	if password != "" {
		h, err := a.passwords.hash(ctx, password)
		if err != nil {
			return err
		}
		hash = &h
	}
	return a.change(ctx, about("set password", user), func(tx pgx.Tx, id int64) error {
		if err := set(ctx, tx, id, `UPDATE users SET password = $2 WHERE id = $1 AND kind = 'person'`, hash); err != nil {
			return err
		}
		return a.endSessions(ctx, tx, id)
	})
}

// set changes one column of the row of a user who is a person.
func set(ctx context.Context, tx pgx.Tx, id int64, update string, value any) error {
	tag, err := tx.Exec(ctx, update, id, value)
	if err == nil && tag.RowsAffected() == 0 {
		err = &Error{Kind: Invalid, Msg: "a service account has no password, no groups and no privileges: it has what its project gives it"}
	}
	return err
}

// change runs f in a transaction that holds the row of d's user, raises its epoch and records d. The lock is FOR UPDATE, taken by itself
// and first: the update alone would take a lock that the FOR KEY SHARE of an act in flight does not wait for.
func (a *Authority) change(ctx context.Context, d deed, f func(tx pgx.Tx, id int64) error) error {
	user := d.User
	leave, err := a.turns.take(ctx, "user "+user)
	if err != nil {
		return err
	}
	defer leave()
	err = pgx.BeginFunc(ctx, a.cfg.DB, func(tx pgx.Tx) error {
		var id int64
		if err := tx.QueryRow(ctx, `SELECT id FROM users WHERE name = $1 FOR UPDATE`, user).Scan(&id); err != nil {
			return err
		}
		if err := f(tx, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE users SET epoch = epoch + 1 WHERE id = $1`, id); err != nil {
			return err
		}
		return a.record(ctx, tx, d)
	})
	var ours *Error
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		if bad := a.names.check("user", user); bad != nil {
			return bad
		}
		return &Error{Kind: UnknownUser, Msg: "user " + user + " does not exist"}
	case errors.As(err, &ours):
		return ours
	case err != nil:
		return unavailable("change a user", err)
	}
	a.facts.clear()
	return nil
}

// checkGroups returns groups without repetitions, in their order.
func (a *Authority) checkGroups(groups []string) ([]string, error) {
	if len(groups) > maxGroups {
		return nil, &Error{Kind: Invalid, Msg: fmt.Sprintf("%d groups are too many for one user: at most %d", len(groups), maxGroups)}
	}
	unique := make([]string, 0, len(groups)) // never nil: the column is NOT NULL
	for _, g := range groups {
		if err := a.names.check("group", g); err != nil {
			return nil, err
		}
		if !slices.Contains(unique, g) {
			unique = append(unique, g)
		}
	}
	return unique, nil
}
