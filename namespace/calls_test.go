package namespace

import (
	"context"
	"errors"
	"io"
	"strings"

	"granary/auth/perm"
)

// calls returns all operations on one path, those that change something and the others.
func calls(s *Session, p Path) (changing, reading map[string]func(context.Context) error) {
	second := func(_ any, err error) error { return err }
	changing = map[string]func(context.Context) error{
		"create": func(ctx context.Context) error {
			return second(s.Create(ctx, p, CreateOptions{Overwrite: true, Mode: 0o644, Size: -1}, strings.NewReader("x")))
		},
		"append": func(ctx context.Context) error { return s.Append(ctx, p, -1, strings.NewReader("x")) },
		"mkdirs": func(ctx context.Context) error {
			return second(s.Mkdirs(ctx, p.Parent().Join("made"), MkdirOptions{Mode: 0o755}))
		},
		"rename": func(ctx context.Context) error { return second(s.Rename(ctx, p, p.Parent().Join("renamed"))) },
		"move": func(ctx context.Context) error {
			return s.Move(ctx, p, p.Parent().Join("renamed"), MoveOptions{Overwrite: true})
		},
		"delete":         func(ctx context.Context) error { return second(s.Delete(ctx, p, true)) },
		"set permission": func(ctx context.Context) error { return s.SetPermission(ctx, p, 0o777) },
		"set owner":      func(ctx context.Context) error { return s.SetOwner(ctx, p, s.p.User, "") },
		"change access": func(ctx context.Context) error {
			return second(s.ChangeAccess(ctx, p, AccessChange{Amendment: perm.Amendment{Set: 0o777}}, ""))
		},
		"set times":       func(ctx context.Context) error { return s.SetTimes(ctx, p, 1, 1) },
		"set replication": func(ctx context.Context) error { return second(s.SetReplication(ctx, p, 1)) },
		"modify ACL": func(ctx context.Context) error {
			return s.ModifyACL(ctx, p, []perm.Entry{{Type: perm.User, Name: "eve", Perm: perm.All}})
		},
		"set labels": func(ctx context.Context) error {
			return second(s.SetLabels(ctx, p, LabelChange{Set: map[string]string{"k": "v"}}))
		},
		"set ACL":            func(ctx context.Context) error { return s.SetACL(ctx, p, nil) },
		"remove ACL entries": func(ctx context.Context) error { return s.RemoveACLEntries(ctx, p, nil) },
		"remove default ACL": func(ctx context.Context) error { return s.RemoveDefaultACL(ctx, p) },
		"remove ACL":         func(ctx context.Context) error { return s.RemoveACL(ctx, p) },
	}
	reading = map[string]func(context.Context) error{
		"stat":         func(ctx context.Context) error { return second(s.Stat(ctx, p)) },
		"list":         func(ctx context.Context) error { return s.List(ctx, p, func(Status) error { return nil }) },
		"list batch":   func(ctx context.Context) error { _, _, err := s.ListBatch(ctx, p, "", 0); return err },
		"summary":      func(ctx context.Context) error { return second(s.Summary(ctx, p)) },
		"below":        func(ctx context.Context) error { return s.Below(ctx, p, func(*BelowEntry) error { return nil }) },
		"labels":       func(ctx context.Context) error { return second(s.Labels(ctx, p)) },
		"check access": func(ctx context.Context) error { return s.CheckAccess(ctx, p, perm.Read) },
		"ACL":          func(ctx context.Context) error { return second(s.ACL(ctx, p)) },
		"access":       func(ctx context.Context) error { return second(s.Access(ctx, p)) },
		"locate":       func(ctx context.Context) error { _, err := s.Locate(ctx, p, 0); return err },
		"checksum":     func(ctx context.Context) error { return second(s.Checksum(ctx, p)) },
		"open": func(ctx context.Context) error {
			r, err := s.Open(ctx, p, 0, -1)
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, r)
			return errors.Join(err, r.Close())
		},
		"open in a batch": func(ctx context.Context) error {
			return s.ReadBatch(ctx, []string{p.String()}, func(f *BatchFile) error { return f.Err })
		},
	}
	return changing, reading
}
