package namespace

import (
	"testing"
)

func TestReplaceDoesNotUseATrashOfOthers(t *testing.T) {
	fs := published(t)
	ada, bob, third := fs.as(t, "ada"), fs.as(t, "bob"), fs.as(t, "max")
	const top = "/Projects/vision"
	bob.put(t, top+"/secret/f", []byte("old"))
	bob.put(t, top+"/secret/new", []byte("new"))
	must(t, bob.SetPermission(t.Context(), at(top+"/secret"), 0o700))
	must(t, ignore(third.Mkdirs(t.Context(), at(top+"/.Trash/max"), MkdirOptions{Mode: 0o700}))) // the first one makes the directory above
	must(t, ignore(third.Mkdirs(t.Context(), at(top+"/.Trash/bob/Current"+top+"/secret"), MkdirOptions{Mode: 0o777})))
	err := bob.Replace(t.Context(), at(top+"/secret/new"), at(top+"/secret/f"))
	wantKind(t, "a trash root of max's", err, IO, "belongs to max")
	inTrash := at(top + "/.Trash/bob/Current" + top + "/secret/f")
	err = bob.Move(t.Context(), at(top+"/secret/f"), inTrash, MoveOptions{ToTrash: true})
	wantKind(t, "a trash root of max's", err, IO, "belongs to max")
	if got := bob.tree(t, top+"/secret"); got != top+"/secret/f=old "+top+"/secret/new=new" {
		t.Errorf("afterwards there is %s", got)
	}
	must(t, ignore(ada.Delete(t.Context(), at(top+"/.Trash/bob"), true)))
	must(t, bob.Replace(t.Context(), at(top+"/secret/new"), at(top+"/secret/f")))
	if _, err := third.Open(t.Context(), inTrash, 0, -1); kindOf(err) != AccessControl {
		t.Errorf("max opens what bob has replaced: %v", err)
	}
	must(t, bob.Move(t.Context(), at(top+"/secret/f"), inTrash.Parent().Join("g"), MoveOptions{ToTrash: true}))
	fs.clean(t)
}

func TestReplaceWhileTheTrashGoes(t *testing.T) {
	fs := published(t)
	bob, root := fs.as(t, "bob"), fs.as(t, superuser)
	bob.put(t, "/Projects/vision/a/f", []byte("a"))
	bob.put(t, "/Projects/vision/b/f", []byte("b"))
	emptied := 0
	fs.decided = func(op string, _ Path) {
		if op != "replace" || emptied > 0 {
			return
		}
		emptied++
		if ok, err := root.Delete(t.Context(), at("/Projects/vision/.Trash/bob"), true); !ok || err != nil {
			t.Error(ok, err)
		}
		must(t, fs.Reap(t.Context()))
	}
	must(t, bob.Replace(t.Context(), at("/Projects/vision/b"), at("/Projects/vision/a")))
	if got := bob.tree(t, "/Projects/vision/.Trash"); got != "/Projects/vision/.Trash/bob/Current/Projects/vision/a/f=a" || emptied != 1 {
		t.Errorf("in the trash, emptied %d times: %q", emptied, got)
	}
	fs.clean(t)
}

func TestReplaceWithoutTrash(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/tmp/a/f", pattern(InlineMax+1))
	s.put(t, "/tmp/b/f", []byte("b"))
	s.put(t, "/tmp/c", pattern(InlineMax+1))
	must(t, s.Replace(t.Context(), at("/tmp/b"), at("/tmp/a")))
	must(t, s.Replace(t.Context(), at("/tmp/c"), at("/tmp/a/f")))
	must(t, fs.Reap(t.Context()))
	sum, err := s.Summary(t.Context(), path(t, "/"))
	if err != nil || sum.Files != 1 || sum.Directories != 4 {
		t.Errorf("%+v, %v: what was replaced is still there", sum, err)
	}
	fs.clean(t)
}
