package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"granary/auth"
	"granary/namespace"
)

type userDisableCommand struct {
	place
	Name string `arg:"" help:"The user's name."`
}

func (u *userDisableCommand) Run(ctx context.Context, c *console) error {
	return u.with(ctx, c, func(in *installation) error { return in.auth.Disable(ctx, u.Name) })
}

type userEnableCommand struct {
	place
	Name string `arg:"" help:"The user's name."`
}

func (u *userEnableCommand) Run(ctx context.Context, c *console) error {
	return u.with(ctx, c, func(in *installation) error { return in.auth.Enable(ctx, u.Name) })
}

type userPasswdCommand struct {
	place
	Name          string `arg:"" help:"The user's name."`
	PasswordStdin bool   `help:"Read the password from the first line of standard input." xor:"password" required:""`
	NoPassword    bool   `help:"Remove the password: the user can no longer sign in with one." xor:"password" required:""`
}

func (u *userPasswdCommand) Run(ctx context.Context, c *console) error {
	var password auth.Password
	if u.PasswordStdin {
		var err error
		if password, err = readPassword(ctx, c.in); err != nil {
			return err
		}
	}
	return u.with(ctx, c, func(in *installation) error { return in.auth.SetPassword(ctx, u.Name, password) })
}

// readPassword reads the first line of standard input, for --password-stdin.
func readPassword(ctx context.Context, in io.Reader) (auth.Password, error) {
	line, err := readLine(ctx, bufio.NewReader(in))
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("read the password: %w", err)
	}
	password := auth.Password(strings.TrimRight(line, "\r\n"))
	if password == "" {
		return "", errors.New("--password-stdin was given and the first line of standard input is empty")
	}
	return password, nil
}

type serviceCommand struct {
	Add  serviceAddCommand  `cmd:"" help:"Add a service account to a project, for programs. It ends with the project."`
	List serviceListCommand `cmd:"" help:"List the service accounts of a project."`
	End  serviceEndCommand  `cmd:"" help:"End a service account and its tokens. Its name is never given out again."`
}

type serviceAddCommand struct {
	place
	Project string `arg:"" help:"The project's name."`
	Name    string `arg:"" help:"The account's name, such as svc-trainer."`
	Role    string `help:"What the account may do in the project." enum:"scientist,observer" default:"scientist"`
}

func (s *serviceAddCommand) Run(ctx context.Context, c *console) error {
	return s.with(ctx, c, func(in *installation) error {
		project, err := in.fs.ProjectID(ctx, s.Project)
		if err != nil {
			return err
		}
		if err := in.auth.AddService(ctx, s.Name, project); err != nil {
			return err
		}
		return in.steward().SetMember(ctx, s.Project, s.Name, namespace.Role(s.Role))
	})
}

type serviceListCommand struct {
	place
	Project string `arg:"" help:"The project's name."`
}

func (s *serviceListCommand) Run(ctx context.Context, c *console) error {
	return s.with(ctx, c, func(in *installation) error {
		project, err := in.fs.ProjectID(ctx, s.Project)
		if err != nil {
			return err
		}
		services, err := in.auth.Services(ctx, project, "", 0)
		if err != nil {
			return err
		}
		return listUsers(c.out, services)
	})
}

type serviceEndCommand struct {
	place
	Project string `arg:"" help:"The project's name."`
	Name    string `arg:"" help:"The account's name."`
}

func (s *serviceEndCommand) Run(ctx context.Context, c *console) error {
	return s.with(ctx, c, func(in *installation) error {
		project, err := in.fs.ProjectID(ctx, s.Project)
		if err != nil {
			return err
		}
		return in.auth.EndService(ctx, s.Name, project)
	})
}

type tokenListCommand struct {
	place
	User string `help:"Only this user's." placeholder:"NAME"`
}

func (t *tokenListCommand) Run(ctx context.Context, c *console) error {
	return t.with(ctx, c, func(in *installation) error {
		names := []string{t.User}
		if t.User == "" {
			users, err := in.auth.Users(ctx)
			if err != nil {
				return err
			}
			names = nil
			for _, u := range users {
				names = append(names, u.Name)
			}
		} else if _, err := in.auth.User(ctx, t.User); err != nil {
			return err
		}
		places := map[auth.Scope]string{} // a user who makes a token for each training has many for one directory
		w := tabwriter.NewWriter(c.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tKIND\tUSER\tSCOPE\tCREATED\tEXPIRES\tLAST USE\tSTATE\tLABEL")
		for _, name := range names {
			for _, list := range []func(context.Context, string, auth.TokenQuery) ([]auth.Token, error){in.auth.Tokens, in.auth.Sessions, in.auth.Links} {
				tokens, err := list(ctx, name, auth.TokenQuery{})
				if err != nil {
					return err
				}
				for _, token := range tokens {
					if _, known := places[token.Scope]; !known {
						if places[token.Scope], err = in.placeOf(ctx, token.Scope); err != nil {
							return err
						}
					}
					listToken(w, token, places[token.Scope])
				}
			}
		}
		return w.Flush()
	})
}

// placeOf returns where a token of this scope is valid, by its current names; "" if everywhere.
func (in *installation) placeOf(ctx context.Context, s auth.Scope) (string, error) {
	place, gone := "", " of a file that is gone" // only links lead outside of projects
	if s.Project != 0 {
		project, err := in.fs.ProjectName(ctx, s.Project)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return " in a project that is gone", nil
		case err != nil:
			return "", err
		}
		place, gone = " in project "+project, " in a directory of project "+project+" that is gone"
	}
	if s.Root == 0 {
		return place, nil
	}
	root, err := in.steward().Find(ctx, s.Root)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return gone, nil
	case err != nil:
		return "", err
	}
	return " in " + strconv.Quote(root.String()), nil // somebody else chose these words, too
}

// listToken writes one line about a token; where says where it is valid. Its label is quoted, since somebody else wrote
// it.
func listToken(w io.Writer, t auth.Token, where string) {
	state, used := "valid", "never"
	if !t.Revoked.IsZero() {
		state = "revoked"
	}
	if !t.Used.IsZero() {
		used = t.Used.UTC().Format(time.RFC3339)
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%q\n", t.ID, t.Kind, t.User, t.Scope.Verbs.String()+where,
		t.Created.UTC().Format(time.RFC3339), t.Expires.UTC().Format(time.RFC3339), used, state, t.Label)
}

type tokenRevokeCommand struct {
	place
	ID string `arg:"" help:"The id of the token, session or link, as granary token list shows it."`
}

func (t *tokenRevokeCommand) Run(ctx context.Context, c *console) error {
	id, err := uuid.Parse(t.ID)
	if err != nil {
		return errors.New("the id is not a UUID: `granary token list` gives the ids; never type a token itself here")
	}
	return t.with(ctx, c, func(in *installation) error { return in.auth.RevokeToken(ctx, id) })
}

type keyCommand struct {
	Rotate keyRotateCommand `cmd:"" help:"Make new signing keys. What the old ones signed stays valid for the overlap."`
	List   keyListCommand   `cmd:"" help:"List the signing keys."`
}

type keyRotateCommand struct {
	place
	Overlap time.Duration `help:"How long tokens that the old keys signed stay valid, at most; 0, for a key that has leaked, ends them within two minutes. Personal tokens and sessions are not signed and stay valid." default:"24h" placeholder:"TIME"`
}

func (k *keyRotateCommand) Run(ctx context.Context, c *console) error {
	return k.with(ctx, c, func(in *installation) error { return in.auth.Rotate(ctx, k.Overlap) })
}

type keyListCommand struct{ place }

func (k *keyListCommand) Run(ctx context.Context, c *console) error {
	return k.with(ctx, c, func(in *installation) error {
		keys, err := in.auth.Keys(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tFOR\tCREATED\tVERIFIES UNTIL")
		for _, key := range keys {
			until := "it is replaced"
			if !key.Retires.IsZero() {
				until = key.Retires.UTC().Format(time.RFC3339)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", key.ID, key.Purpose+"s", key.Created.UTC().Format(time.RFC3339), until)
		}
		return w.Flush()
	})
}
