package namespace

import (
	"context"
	"slices"

	"granary/auth"
)

// AccessPreview says what a change of access would do, without making it.
type AccessPreview struct {
	Before, After AccessState
	// Users are those who can do anything before or after; if All is false, the principal alone.
	Users    []AccessBeside
	Everyone AccessBeside
	// All reports whether the principal may know who else can do what: as an owner of the project, or a superuser.
	All bool
	// Partial reports that more users were found than could be looked at.
	Partial bool
}

// AccessBeside is what somebody may do before a change, and after it.
type AccessBeside struct{ Before, After Access }

// supposed is a hypothetical state of an inode.
type supposed struct {
	inode key
	state *node
}

// in puts the supposed state into c. It copies c's nodes, which other chains may share.
func (x *supposed) in(c *chain) {
	for i := range c.nodes {
		if c.nodes[i].key() != x.inode {
			continue
		}
		c.nodes = slices.Clone(c.nodes)
		n := &c.nodes[i]
		n.owner, n.group, n.perms = x.state.owner, x.state.group, x.state.perms
	}
}

// PreviewAccess says who could do what with path if it were changed. It decides as after the change, with all directories on
// the way. It needs what the change needs. as returns a user's principal.
func (s *Session) PreviewAccess(ctx context.Context, path Path, change AccessChange, as func(context.Context, string) (auth.Principal, error)) (AccessPreview, error) {
	var out AccessPreview
	all := s.mayAskAbout(ctx, "", path) == nil
	err := steadily(ctx, func() error {
		w := &walker{ctx: ctx, s: s}
		c, err := w.walk(path, Need{Owner: true, Change: true})
		if err != nil {
			return err
		}
		n := c.node()
		changed, err := w.amended(c, n, change)
		if err != nil {
			return err
		}
		out = AccessPreview{Before: accessState(path, n), After: accessState(path, changed), All: all}
		x := &supposed{n.key(), changed}
		names := []string{s.p.User}
		if all {
			if names, out.Partial, err = s.fs.besides(ctx, c, x); err != nil {
				return err
			}
		}
		for _, name := range names {
			p := s.p // within the limits of the token
			if name != s.p.User {
				if p, err = as(ctx, name); mayNothing(err) {
					continue
				}
				if err != nil {
					return err
				}
			}
			b, err := s.fs.accessBeside(ctx, p, path, x)
			if err != nil {
				return err
			}
			if !all || !p.Superuser && (b.Before.can() || b.After.can()) {
				out.Users = append(out.Users, b)
			}
		}
		own, err := s.fs.accessBeside(ctx, s.p, path, x) // the principal need not be among names
		if err != nil {
			return err
		}
		out.Before.Manages, out.After.Manages = own.Before.Manages, own.After.Manages
		out.Everyone, err = s.fs.accessBeside(ctx, auth.Principal{User: ""}, path, x)
		return err
	})
	return out, s.dress("preview access", path, err)
}

// besides returns the users who may have rights on what c leads to, as it is or in the supposed state.
func (fs *FS) besides(ctx context.Context, c *chain, x *supposed) (names []string, partial bool, err error) {
	after := *c
	x.in(&after)
	for _, c := range []*chain{c, &after} {
		some, err := fs.candidates(ctx, c)
		if err != nil {
			return nil, false, err
		}
		names = append(names, some...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return names[:min(len(names), accessLimit)], len(names) > accessLimit, nil
}

// accessBeside says what p can do with path as it is, and in the supposed state.
func (fs *FS) accessBeside(ctx context.Context, p auth.Principal, path Path, x *supposed) (b AccessBeside, err error) {
	if b.Before, err = fs.accessOf(ctx, p, path, nil); err != nil {
		return b, err
	}
	b.After, err = fs.accessOf(ctx, p, path, x)
	return b, err
}
