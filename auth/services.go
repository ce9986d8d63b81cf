package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ServicePrefix begins the names of service accounts. Every owner of a project can make them without asking, so they
// must not be able to take the names of future people, which access control lists may already contain.
const ServicePrefix = "svc-"

// MaxServices is how many service accounts a project may have, including ended ones, whose rows stay.
const MaxServices = 1000

// AddService adds a service account: a user that belongs to the project. It has no password, no groups and no rights
// beyond those that the project gives it; all its tokens are limited to the project; and it ends with the project. It
// fails with InvalidName unless name begins with [ServicePrefix], and with Invalid where there are [MaxServices]
// already. The caller checks that whoever asks may do this.
func (a *Authority) AddService(ctx context.Context, name string, project int64) error {
	if !strings.HasPrefix(name, ServicePrefix) || name == ServicePrefix {
		return &Error{Kind: InvalidName, Msg: fmt.Sprintf("the name of a service account begins with %[1]s, such as %[1]srobot; other names are those of people", ServicePrefix)}
	}
	return a.addUser(ctx, User{Name: name, Project: project}, nil)
}

// EndService disables a service account of project and revokes its tokens. Its name is never given out again.
func (a *Authority) EndService(ctx context.Context, name string, project int64) error {
	d := about("end service account", name)
	d.project = project
	return a.change(ctx, d, func(tx pgx.Tx, id int64) error {
		tag, err := tx.Exec(ctx, `UPDATE users SET disabled = true WHERE id = $1 AND kind = 'service' AND project_id = $2`, id, project)
		switch {
		case err != nil:
			return err
		case tag.RowsAffected() == 0:
			return &Error{Kind: UnknownUser, Msg: "service account " + name + " does not exist in this project"}
		}
		_, err = tx.Exec(ctx, `UPDATE tokens SET revoked = $2 WHERE user_id = $1 AND revoked IS NULL`, id, a.cfg.Now())
		return err
	})
}

// Services lists by name up to limit service accounts of project whose names come after after; a limit of 0 means all.
func (a *Authority) Services(ctx context.Context, project int64, after string, limit int) ([]User, error) {
	return a.users(ctx, `WHERE kind = 'service' AND project_id = $1 AND name > $2 ORDER BY name LIMIT nullif($3, 0)`, project, after, limit)
}

// endServices disables the service accounts whose project has been deleted. They could do nothing before that either:
// see facts.ended.
func (a *Authority) endServices(ctx context.Context) error {
	rows, err := a.cfg.DB.Query(ctx, `SELECT name, project_id FROM users u WHERE kind = 'service' AND NOT disabled
		AND NOT EXISTS (SELECT FROM projects p WHERE p.id = u.project_id)`)
	if err != nil {
		return unavailable("find service accounts without a project", err)
	}
	var name string
	var project int64
	ended := map[string]int64{}
	if _, err := pgx.ForEachRow(rows, []any{&name, &project}, func() error {
		ended[name] = project
		return nil
	}); err != nil {
		return unavailable("find service accounts without a project", err)
	}
	var failed []error
	for name, project := range ended {
		failed = append(failed, a.EndService(ctx, name, project))
	}
	return errors.Join(failed...)
}
