package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"granary/auth"
)

type userChangeCommand struct {
	place
	Name     string   `arg:"" help:"The user's name."`
	Groups   []string `help:"Replace the user's groups with these; the first is the primary one. Groups from an OpenID provider stay." placeholder:"G1,G2" xor:"groups"`
	NoGroups bool     `help:"Remove the user from all groups, except those from an OpenID provider." xor:"groups"`
	Admin    *bool    `help:"Make the user a superuser, who passes every permission check, or no longer one." negatable:""`
}

// Run makes the changes that are given; they hold on every server, for each token from its next request on.
func (u *userChangeCommand) Run(ctx context.Context, c *console) error {
	groups := u.NoGroups || len(u.Groups) > 0
	if !groups && u.Admin == nil {
		return errors.New("nothing is to be changed: give --groups or --no-groups, --admin or --no-admin")
	}
	return u.with(ctx, c, func(in *installation) error {
		if groups {
			if err := in.auth.SetGroups(ctx, u.Name, u.Groups); err != nil {
				return err
			}
		}
		if u.Admin == nil {
			return nil
		}
		if err := in.auth.SetAdmin(ctx, u.Name, *u.Admin); err != nil || *u.Admin {
			return err
		}
		return in.checkOrdinary(ctx, u.Name)
	})
}

// checkOrdinary fails if a user is a superuser, though not marked as one.
func (in *installation) checkOrdinary(ctx context.Context, name string) error {
	user, err := in.auth.User(ctx, name)
	switch {
	case err != nil || !in.auth.Superuser(user):
		return err
	case slices.Contains(user.Groups, auth.Supergroup):
		return fmt.Errorf("user %s is still a superuser, as a member of the group %s: leave that out with --groups or --no-groups", name, auth.Supergroup)
	}
	return fmt.Errorf("user %s is still a superuser, as --superuser names that user", name)
}
