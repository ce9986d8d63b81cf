package namespace

import (
	"context"
	"io"
	"testing"
)

// eaten counts what is read of endless content.
type eaten struct{ n int64 }

func (r *eaten) Read(p []byte) (int, error) {
	if r.n += int64(len(p)); r.n > 1<<30 { // before the memory is full
		return 0, io.ErrClosedPipe
	}
	return zeros{}.Read(p)
}

// Content for which a quota has no room is refused before it fills the stores: at once if its length was announced, else soon.
func TestContentBeyondAQuotaIsNotReceived(t *testing.T) {
	fs := newFS(t)
	s := func() *Session { return fs.as(t, superuser) }
	ctx := t.Context()
	const unit, limit, much = 1 << 20, 8 << 20, 1 << 40
	short := CreateOptions{Mode: 0o644, CreateParent: true, BlockSize: unit, Replication: 1, Size: -1}
	create := func(name string, o CreateOptions, content io.Reader) error {
		_, err := s().Create(ctx, at(name), o, content)
		return err
	}
	for _, name := range []string{"/q/large", "/q/log"} {
		must(t, create(name, short, io.LimitReader(zeros{}, 3*unit)))
	}
	must(t, s().SetQuota(ctx, at("/q"), QuotaChange{Space: pointer(limit)}))
	promised := func(o CreateOptions) (CreateOptions, error) {
		var err error
		o.Lease, err = s().Promise(ctx, at("/q/promised"), o)
		return o, err
	}
	for name, write := range map[string]func(ctx context.Context, size int64, content io.Reader) error{
		"a new file": func(_ context.Context, size int64, content io.Reader) error {
			o := short
			o.Size = size
			return create("/q/new", o, content)
		},
		"a file that is replaced": func(_ context.Context, size int64, content io.Reader) error {
			o := short
			o.Size, o.Overwrite = size, true
			return create("/q/large", o, content)
		},
		"a file that was promised": func(_ context.Context, size int64, content io.Reader) error {
			o, err := promised(short)
			if err != nil {
				return err
			}
			o.Size = size
			return create("/q/promised", o, content)
		},
		"an append": func(ctx context.Context, size int64, content io.Reader) error {
			return s().Append(ctx, at("/q/log"), size, content)
		},
	} {
		for _, size := range []int64{much, -1} {
			content := &eaten{}
			err := write(ctx, size, io.LimitReader(content, much))
			most := int64(0)
			if size < 0 {
				most = maxBlock + 2*PackMax // since the quotas are looked at with each block
			}
			if wantKind(t, name, err, QuotaSpace, "/q is exceeded"); content.n > most {
				t.Errorf("%s, announced with %d bytes: %d bytes were received", name, size, content.n)
			}
		}
	}
	// What fits is written, also in place of what is replaced.
	replacing := short
	replacing.Overwrite = true
	must(t, create("/q/large", replacing, io.LimitReader(zeros{}, 5*unit)))
	must(t, create("/q/large", replacing, io.LimitReader(zeros{}, 4*unit)))
	must(t, s().Append(ctx, at("/q/log"), -1, io.LimitReader(zeros{}, unit)))
	if status, err := s().Stat(ctx, at("/q/log")); err != nil || status.Size != 4*unit {
		t.Errorf("%+v, %v", status, err)
	}
	must(t, fs.Reap(ctx))
	fs.clean(t)
}

// A limit above what is shared counts also for those who reach it through the share.
func TestContentBeyondAQuotaIsNotReceivedThroughAShare(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	must(t, x.as(t, superuser).SetQuota(t.Context(), at("/Projects/maps"), QuotaChange{Space: pointer(8 << 20)}))
	content := &eaten{}
	o := CreateOptions{Mode: 0o644, BlockSize: 1 << 20, Replication: 1, Size: 1 << 40}
	_, err := x.bob.Create(t.Context(), at("/Projects/vision/Shared/maps.tiles/large"), o, io.LimitReader(content, o.Size))
	if wantKind(t, "a file by way of a share", err, QuotaSpace, "is exceeded"); content.n > 0 {
		t.Errorf("%d bytes were received", content.n)
	}
}
