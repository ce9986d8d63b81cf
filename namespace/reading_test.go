package namespace

import (
	"context"
	"testing"
)

// TestWhoLostTheRightReadsNothingNewer ends a right between the walk and the statement that reads what it gives.
func TestWhoLostTheRightReadsNothingNewer(t *testing.T) {
	const file = "/Projects/vision/f"
	x := newSharing(t)
	x.bob.put(t, file, []byte("x"))
	must(t, x.bob.SetPermission(t.Context(), at(file), 0o600))
	for op, tt := range map[string]struct {
		read func(ctx context.Context, x *sharing) error // by sam
		end  func(ctx context.Context, x *sharing) error
		want Kind
	}{
		"list members": {
			func(ctx context.Context, x *sharing) error { return ignore(x.sam.Members(ctx, "vision", "", 10)) },
			func(ctx context.Context, x *sharing) error { return x.bob.RemoveMember(ctx, "vision", "sam") }, NotExist,
		},
		"list shares": {
			func(ctx context.Context, x *sharing) error {
				_, _, err := x.sam.Shares(ctx, "vision", SharePlace{}, 10)
				return err
			},
			func(ctx context.Context, x *sharing) error { return x.bob.RemoveMember(ctx, "vision", "sam") }, NotExist,
		},
		"list requests": {
			func(ctx context.Context, x *sharing) error { return ignore(x.sam.Requests(ctx, "vision", 0, 10)) },
			func(ctx context.Context, x *sharing) error { return x.bob.SetMember(ctx, "vision", "sam", Scientist) }, AccessControl,
		},
		"describe project": {
			func(ctx context.Context, x *sharing) error { return ignore(x.sam.Project(ctx, "vision")) },
			func(ctx context.Context, x *sharing) error { return x.bob.RemoveMember(ctx, "vision", "sam") }, NotExist,
		},
		"describe dataset": {
			func(ctx context.Context, x *sharing) error { return ignore(x.sam.Dataset(ctx, x.tiles.ID)) },
			func(ctx context.Context, x *sharing) error { return x.ada.RemoveMember(ctx, "maps", "sam") }, NotExist,
		},
		"get xattrs": {
			func(ctx context.Context, x *sharing) error { return ignore(x.sam.Xattrs(ctx, at(file), nil)) },
			func(ctx context.Context, x *sharing) error { return x.bob.SetMember(ctx, "vision", "sam", Scientist) }, AccessControl,
		},
		"get labels": {
			func(ctx context.Context, x *sharing) error { return ignore(x.sam.Labels(ctx, at(file))) },
			func(ctx context.Context, x *sharing) error { return x.bob.RemoveMember(ctx, "vision", "sam") }, NotExist,
		},
	} {
		must(t, x.bob.SetMember(t.Context(), "vision", "sam", Owner))
		must(t, x.ada.SetMember(t.Context(), "maps", "sam", Scientist))
		must(t, tt.read(t.Context(), x))
		x.between(op, func() { must(t, tt.end(context.Background(), x)) })
		if err := tt.read(t.Context(), x); err == nil || KindOf(err) != tt.want {
			t.Errorf("%s: %v; want %s", op, err, tt.want)
		}
	}
}
