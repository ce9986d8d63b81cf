package namespace

import (
	"bytes"
	"testing"
)

// Files below a directory are counted by the storage types of their policy, wherever that is set and whenever it
// changes.
func TestQuotasFollowThePolicy(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	ctx := t.Context()
	if err := fs.makeProject(ctx, "vision", fs.as(t, "boss", "staff").p.User); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"/q/disk/inner", "/q/ssd", "/q/archive"} {
		if _, err := s.Mkdirs(ctx, at(dir), MkdirOptions{Mode: 0o755}); err != nil {
			t.Fatal(err)
		}
	}
	policy := func(path, name string) {
		t.Helper()
		if err := s.SetStoragePolicy(ctx, at(path), name); err != nil {
			t.Fatal(err)
		}
		fs.clean(t)
	}
	move := func(from, to string) {
		t.Helper()
		if ok, err := s.Rename(ctx, at(from), at(to)); !ok || err != nil {
			t.Fatal(ok, err)
		}
		fs.clean(t)
	}
	policy("/q/ssd", "ALL_SSD")
	for dir, change := range map[string]QuotaChange{
		"/q":               {Names: pointer(100)}, // without a limit by type now, perhaps with one later
		"/q/disk":          {Types: map[string]int64{"DISK": 10_000, "SSD": 10_000}},
		"/q/disk/inner":    {Space: pointer(10_000)},
		"/q/ssd":           {Types: map[string]int64{"SSD": 7000}},
		"/Projects/vision": {Types: map[string]int64{"ARCHIVE": 10_000}},
	} {
		if err := s.SetQuota(ctx, at(dir), change); err != nil {
			t.Fatal(err)
		}
	}
	o := CreateOptions{Mode: 0o644, Replication: 2, BlockSize: 512, Size: -1}
	for _, file := range []string{"/q/disk/f", "/q/disk/inner/g", "/q/disk/own", "/Projects/vision/h"} {
		if _, err := s.Create(ctx, at(file), o, bytes.NewReader(pattern(1000))); err != nil {
			t.Fatal(err)
		}
	}
	policy("/q/disk/own", "COLD")
	move("/q/disk/f", "/q/ssd/f")
	move("/q/disk/own", "/q/ssd/own")
	move("/q/disk/inner", "/q/ssd/inner")
	policy("/q/ssd", "COLD")
	policy("/q/ssd", "")
	policy("/q", "ONE_SSD")
	policy("/q/ssd/inner", "ALL_SSD")
	move("/q/ssd/inner", "/q/inner")
	policy("/Projects", "COLD")
	policy("", "WARM") // of the root

	usage, err := s.QuotaUsage(ctx, at("/Projects/vision"))
	if err != nil || len(usage.Types) != 1 || usage.Types[0] != (TypeUsage{"ARCHIVE", 10_000, 2000}) {
		t.Errorf("%+v, %v", usage, err)
	}

	// A move that would put more on a storage type than a directory allows is refused, even inside that directory.
	policy("/q/ssd", "ALL_SSD")
	if err := s.SetQuota(ctx, at("/q"), QuotaChange{Types: map[string]int64{"SSD": 4000}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Create(ctx, at("/q/archive/large"), o, bytes.NewReader(pattern(1500))); kindOf(err) != QuotaType {
		t.Errorf("3000 bytes, half of them on SSD: %v", err)
	}
	policy("/q/archive", "COLD")
	if _, err := s.Create(ctx, at("/q/archive/large"), o, bytes.NewReader(pattern(1500))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Rename(ctx, at("/q/archive/large"), at("/q/ssd/large")); kindOf(err) != QuotaType {
		t.Errorf("3000 bytes more on SSD: %v", err)
	}
	fs.clean(t)
}

// A project in the trash has no policy above it. When it comes back, it is counted by the one that is there then.
func TestAProjectComesBackUnderAnotherPolicy(t *testing.T) {
	fs := newFS(t)
	fs.still()
	s, ctx := fs.as(t, superuser), t.Context()
	must(t, fs.makeProject(ctx, "vision", fs.as(t, "boss", "staff").p.User))
	must(t, s.SetStoragePolicy(ctx, at("/Projects"), "ALL_SSD"))
	must(t, ignore(s.Mkdirs(ctx, at("/Projects/vision/d"), MkdirOptions{Mode: 0o755})))
	must(t, s.SetQuota(ctx, at("/Projects/vision/d"), QuotaChange{Types: map[string]int64{"ARCHIVE": 10_000, "SSD": 10_000}}))
	must(t, ignore(s.Create(ctx, at("/Projects/vision/d/f"), CreateOptions{Mode: 0o644, Replication: 2, BlockSize: 512, Size: -1}, bytes.NewReader(pattern(1000)))))
	fs.clean(t)
	must(t, s.DeleteProject(ctx, "vision"))
	fs.clean(t)
	must(t, s.SetStoragePolicy(ctx, at("/Projects"), "COLD"))
	fs.clean(t)
	must(t, s.RestoreProject(ctx, "vision"))
	fs.clean(t)
	u, err := s.QuotaUsage(ctx, at("/Projects/vision/d"))
	must(t, err)
	if len(u.Types) != 2 || u.Types[0].Consumed+u.Types[1].Consumed == 0 {
		t.Errorf("%+v", u)
	}
	must(t, ignore(s.Delete(ctx, at("/Projects/vision/d/f"), false)))
	fs.clean(t)
}
