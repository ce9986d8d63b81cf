package namespace

import (
	"strings"
	"testing"

	"granary/auth/perm"
)

// Nothing gets into Shared except by accepting a share, whoever tries: copies leave that directory out.
func TestNothingIsMadeInShared(t *testing.T) {
	x := newSharing(t)
	const shared = "/Projects/vision/Shared"
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	x.bob.put(t, "/Projects/vision/mine", []byte("mine"))
	must(t, ignore(x.bob.Mkdirs(t.Context(), at("/Projects/vision/dir"), MkdirOptions{Mode: 0o750})))
	file := CreateOptions{Mode: 0o640, Size: -1, CreateParent: true}
	for name, s := range map[string]*Session{"owner": x.bob, "superuser": x.as(t, superuser)} {
		for what, err := range map[string]error{
			"create":       ignore(s.Create(t.Context(), at(shared+"/x"), file, strings.NewReader("x"))),
			"create below": ignore(s.Create(t.Context(), at(shared+"/a/x"), file, strings.NewReader("x"))),
			"long create":  ignore(s.Create(t.Context(), at(shared+"/x"), file, strings.NewReader(strings.Repeat("x", 3*InlineMax)))),
			"mkdirs":       ignore(s.Mkdirs(t.Context(), at(shared+"/x/y"), MkdirOptions{Mode: 0o750})),
			"rename":       ignore(s.Rename(t.Context(), at("/Projects/vision/mine"), at(shared+"/x"))),
			"move":         ignore(s.Rename(t.Context(), at("/Projects/vision/dir"), at(shared+"/x"))),
			"replace":      s.Replace(t.Context(), at("/Projects/vision/mine"), at(shared+"/x")),
			"upload":       ignore(s.BeginUpload(t.Context(), at(shared+"/x"), file, 3)),
			"copy":         ignore(s.StartJob(t.Context(), NewJob{Kind: JobCopy, Sources: []Path{at("/Projects/vision/mine")}, Target: at(shared + "/x")})),
		} {
			wantKind(t, name+": "+what, err, AccessControl, "by accepting a share")
		}
	}
	if e, err := x.bob.Explain(t.Context(), x.bob.p, at(shared+"/x"), ToCreate); err != nil || e.Allowed {
		t.Errorf("explained: %+v, %v", e, err)
	}
	if got := may(t, x.bob, tilesShown); got != "rwc" {
		t.Errorf("in what is shared: %s", got)
	}
	must(t, x.bob.CheckAccess(t.Context(), at(tilesShown+"/a"), perm.Read))
}
