package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// maxGroups bounds the groups of one user.
const maxGroups = 1024

// User is one row of users.
type User struct {
	ID     int64
	Name   string
	Groups []string // the first is the primary one, as in HDFS
	Admin  bool     // a superuser, who may also manage users
	// Password is what AddUser stores the hash of; empty: the user cannot sign in with a password. Never filled by
	// Users.
	Password Password
	Disabled bool
	Created  time.Time
}

// Password is a password in the clear. It prints as asterisks, whatever the verb.
type Password string

// Format implements fmt.Formatter.
func (Password) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("***")) }

// AddUser adds the user with u's Name, Groups, Admin and Password; it fails with Exists if the name is taken. The name
// ceases to be a mere name: what it owned under simple authentication it owns now.
func (a *Authority) AddUser(ctx context.Context, u User) error {
	if err := a.names.check("user", u.Name); err != nil {
		return err
	}
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
	_, err = a.cfg.DB.Exec(ctx, `INSERT INTO users (name, groups, admin, password) VALUES ($1, $2, $3, $4)`, u.Name, groups, u.Admin, hash)
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg) && pg.Code == "23505": // unique_violation
		return &Error{Kind: Exists, Msg: "user " + u.Name + " exists already"}
	case err != nil:
		return unavailable("add a user", err)
	}
	a.facts.clear()
	return nil
}

// Users lists all users by name.
func (a *Authority) Users(ctx context.Context) ([]User, error) {
	rows, err := a.cfg.DB.Query(ctx, `SELECT id, name, groups, admin, disabled, created FROM users ORDER BY name`)
	if err != nil {
		return nil, unavailable("list users", err)
	}
	users, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u User, err error) {
		err = row.Scan(&u.ID, &u.Name, &u.Groups, &u.Admin, &u.Disabled, &u.Created)
		return u, err
	})
	if err != nil {
		return nil, unavailable("list users", err)
	}
	return users, nil
}

// SetGroups replaces the groups of user.
func (a *Authority) SetGroups(ctx context.Context, user string, groups []string) error {
	groups, err := a.checkGroups(groups)
	if err != nil {
		return err
	}
	return a.set(ctx, user, `UPDATE users SET groups = $2 WHERE id = $1`, groups)
}

// SetAdmin makes user an administrator, or an ordinary user again.
func (a *Authority) SetAdmin(ctx context.Context, user string, admin bool) error {
	return a.set(ctx, user, `UPDATE users SET admin = $2 WHERE id = $1`, admin)
}

// Disable refuses everything to user, whatever tokens and tickets there are, until Enable.
func (a *Authority) Disable(ctx context.Context, user string) error {
	return a.set(ctx, user, `UPDATE users SET disabled = $2 WHERE id = $1`, true)
}

// Enable takes Disable back; unexpired tokens work again.
func (a *Authority) Enable(ctx context.Context, user string) error {
	return a.set(ctx, user, `UPDATE users SET disabled = $2 WHERE id = $1`, false)
}

// SetPassword replaces the password of user; an empty one ends signing in with a password. Tokens live on.
func (a *Authority) SetPassword(ctx context.Context, user string, password Password) error {
	var hash *string
	if password != "" {
		h, err := a.passwords.hash(ctx, password)
		if err != nil {
			return err
		}
		hash = &h
	}
	return a.set(ctx, user, `UPDATE users SET password = $2 WHERE id = $1`, hash)
}

// set changes one column of user's row.
func (a *Authority) set(ctx context.Context, user, update string, value any) error {
	return a.change(ctx, user, func(tx pgx.Tx, id int64) error {
		_, err := tx.Exec(ctx, update, id, value)
		return err
	})
}

// change runs f in a transaction that holds user's row and raises its epoch. The lock is FOR UPDATE, taken by itself
// and first: the update alone would take a lock that the FOR KEY SHARE of an act in flight does not wait for.
func (a *Authority) change(ctx context.Context, user string, f func(tx pgx.Tx, id int64) error) error {
	err := pgx.BeginFunc(ctx, a.cfg.DB, func(tx pgx.Tx) error {
		var id int64
		if err := tx.QueryRow(ctx, `SELECT id FROM users WHERE name = $1 FOR UPDATE`, user).Scan(&id); err != nil {
			return err
		}
		if err := f(tx, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE users SET epoch = epoch + 1 WHERE id = $1`, id)
		return err
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		if bad := a.names.check("user", user); bad != nil {
			return bad
		}
		return &Error{Kind: UnknownUser, Msg: "user " + user + " does not exist"}
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
