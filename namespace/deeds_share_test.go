package namespace

import (
	"context"
	"fmt"
	"strings"

	"granary/auth"
	"granary/auth/perm"
)

// lent is what a scene has in addition if a deed is about shares: d/s is a dataset, accepted by quinn's project to edit, and
// offered to pat.
type lent struct {
	dataset         int64
	accepted, offer int64 // shares
	shown           Path  // where quinn's project shows it

	quinn, pat auth.Principal
	other      string // quinn's project
}

// lend makes a dataset of d/s and shares it.
func (st *stage) lend(ctx context.Context, sc *scene) error {
	root := st.servers[0].As(sc.root)
	if err := root.SetPermission(ctx, sc.path("d/s"), 0o775); err != nil {
		return err
	}
	d, err := root.MakeDataset(ctx, sc.path("d/s"), MakeDatasetOptions{})
	if err != nil {
		return err
	}
	accepted, err := root.OfferShare(ctx, Offer{Dataset: d.ID, ToProject: st.other, Level: Edit})
	if err != nil {
		return err
	}
	if accepted, err = st.servers[0].As(st.quinn).AcceptShare(ctx, accepted.ID, ""); err != nil {
		return err
	}
	offer, err := root.OfferShare(ctx, Offer{Dataset: d.ID, ToUser: st.pat.User, Level: Edit})
	sc.lent = &lent{
		dataset: d.ID, accepted: accepted.ID, offer: offer.ID, shown: accepted.Mount, quinn: st.quinn, pat: st.pat, other: st.other,
	}
	return err
}

// describeShares describes the dataset, its shares, and what the recipients see.
func (st *stage) describeShares(ctx context.Context, b *strings.Builder, sc *scene) error {
	root := st.servers[0].As(sc.root)
	d, err := root.Dataset(ctx, sc.dataset)
	if err != nil && KindOf(err) != NotExist {
		return err
	}
	fmt.Fprintf(b, "dataset %q, public %v\n", strings.TrimPrefix(d.Path.String(), sc.path("").String()), d.Public)
	given, _, err := root.Shares(ctx, sc.project, SharePlace{}, 100)
	if err != nil {
		return err
	}
	for _, s := range given {
		fmt.Fprintf(b, "share with %s%s, %s, accepted %v\n", strings.TrimRight(s.ToProject, "0123456789"), s.ToUser, s.Level, s.Accepted)
	}
	for _, p := range []auth.Principal{sc.quinn, sc.pat} {
		for _, path := range []Path{sc.path("d/s/x"), sc.path("d/e/s/x"), sc.path("d/s/z"), sc.shown.Join("x"), sc.shown.Join("z")} {
			content, err := read(ctx, st.servers[0].As(p), path)
			fmt.Fprintf(b, "%s reads %s: %q, %v\n", strings.TrimRight(p.User, "0123456789"), path.Name(), content, err == nil)
		}
	}
	return nil
}

// who does a deed about shares.
type who func(sc *scene) auth.Principal

func asRoot(sc *scene) auth.Principal  { return sc.root }
func asQuinn(sc *scene) auth.Principal { return sc.quinn }
func asPat(sc *scene) auth.Principal   { return sc.pat }

// lending makes a deed of a call that is about shares. The reply says only whether it succeeded.
func lending(name string, by who, do func(ctx context.Context, s *Session, sc *scene) error) deed {
	return deed{name: name, lends: true, do: func(ctx context.Context, sc *scene, fs *FS) string {
		return inWords(quiet{}, do(ctx, fs.As(by(sc)), sc))
	}}
}

// offering makes an offer to quinn's project, or changes the one that it has.
func offering(name string, level Level) deed {
	return lending(name, asRoot, func(ctx context.Context, s *Session, sc *scene) error {
		return ignore(s.OfferShare(ctx, Offer{Dataset: sc.dataset, ToProject: sc.other, Level: level}))
	})
}

func ending(name string, by who, which func(sc *scene) int64) deed {
	return lending(name, by, func(ctx context.Context, s *Session, sc *scene) error { return s.EndShare(ctx, which(sc)) })
}

// adding makes a file by way of a share.
func adding(name string, by who, at func(sc *scene) Path) deed {
	return lending(name, by, func(ctx context.Context, s *Session, sc *scene) error {
		return ignore(s.Create(ctx, at(sc), CreateOptions{Mode: 0o664, Size: -1}, strings.NewReader("made")))
	})
}

// shareDeeds are about the dataset d/s.
func shareDeeds() []deed {
	theShare := func(sc *scene) int64 { return sc.accepted }
	theOffer := func(sc *scene) int64 { return sc.offer }
	return []deed{
		offering("lower the share to read", Read),
		offering("offer the same again", Edit),
		ending("end the share", asRoot, theShare),
		ending("end the share, by who received it", asQuinn, theShare),
		ending("reject the offer", asPat, theOffer),
		lending("accept the offer", asPat, func(ctx context.Context, s *Session, sc *scene) error {
			return ignore(s.AcceptShare(ctx, sc.offer, ""))
		}),
		lending("publish the dataset", asRoot, func(ctx context.Context, s *Session, sc *scene) error {
			public := true
			return ignore(s.ChangeDataset(ctx, sc.dataset, DatasetChange{Public: &public}))
		}),
		lending("end the dataset", asRoot, func(ctx context.Context, s *Session, sc *scene) error { return s.EndDataset(ctx, sc.dataset) }),
		adding("create where the share is shown", asQuinn, func(sc *scene) Path { return sc.shown.Join("new") }),
		adding("create by the share, at its own path", asQuinn, func(sc *scene) Path { return sc.path("d/s/new") }),
		adding("create by the offer", asPat, func(sc *scene) Path { return sc.path("d/s/pats") }),
		lending("append by the share", asQuinn, func(ctx context.Context, s *Session, sc *scene) error {
			return s.Append(ctx, sc.shown.Join("x"), -1, strings.NewReader(" and more"))
		}),
		lending("delete by the share", asQuinn, func(ctx context.Context, s *Session, sc *scene) error {
			return ignore(s.Delete(ctx, sc.shown.Join("y"), false))
		}),
		lending("rename by the share", asQuinn, func(ctx context.Context, s *Session, sc *scene) error {
			return ignore(s.Rename(ctx, sc.shown.Join("x"), sc.shown.Join("z")))
		}),
		lending("chmod the dataset", asRoot, func(ctx context.Context, s *Session, sc *scene) error {
			return s.SetPermission(ctx, sc.path("d/s"), perm.Mode(0o755))
		}),
		lending("move the dataset", asRoot, func(ctx context.Context, s *Session, sc *scene) error {
			return ignore(s.Rename(ctx, sc.path("d/s"), sc.path("d/e/s")))
		}),
		lending("delete the dataset", asRoot, func(ctx context.Context, s *Session, sc *scene) error {
			return ignore(s.Delete(ctx, sc.path("d/s"), true))
		}),
	}
}
