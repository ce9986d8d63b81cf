package namespace

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// after is content before whose first byte something happens.
type after struct {
	io.Reader
	happens func()
}

func (a *after) Read(p []byte) (int, error) {
	if a.happens != nil {
		a.happens()
		a.happens = nil
	}
	return a.Reader.Read(p)
}

// Content is sealed with the key of a project while it comes. If its path lies in another project by then, it is not published there,
// where nobody could read it.
func TestContentOfAPathThatComesToLieInAnotherProject(t *testing.T) {
	fs := newFS(t)
	root, ada := fs.as(t, superuser), fs.as(t, "ada", "people")
	for i, size := range []int64{10, RowMax + 1, PackMax + 1} {
		for op, write := range map[string]func(at Path, content io.Reader) error{
			"create": func(at Path, content io.Reader) error {
				return ignore(ada.Create(t.Context(), at, CreateOptions{Size: size}, content))
			},
			"append": func(at Path, content io.Reader) error { return ada.Append(t.Context(), at, size, content) },
		} {
			name := fmt.Sprint(op, i)
			top := "/Projects/" + name
			if op == "append" && size > InlineMax {
				continue // which finds the other file before it has arrived
			}
			must(t, ignore(root.Mkdirs(t.Context(), path(t, top), MkdirOptions{Mode: 0o777})))
			if op == "append" {
				ada.put(t, top+"/f", []byte("one"))
			}
			err := write(path(t, top+"/f"), &after{bytes.NewReader(pattern(int(size))), func() {
				must(t, ignore(root.Delete(t.Context(), path(t, top), true)))
				must(t, ada.CreateProject(t.Context(), NewProject{Name: name}))
				if op == "append" {
					must(t, ignore(ada.Stat(t.Context(), path(t, top)))) // or the new file would be meant for where the path led before
					ada.put(t, top+"/f", []byte("another"))
				}
			}})
			wantKind(t, fmt.Sprintf("%s of %d bytes", op, size), err, Conflict, "another project")
			if op == "append" {
				if got := ada.get(t, top+"/f"); string(got) != "another" {
					t.Errorf("the file of the other project has become %.100q", got)
				}
			} else if _, err := ada.Stat(t.Context(), path(t, top+"/f")); kindOf(err) != NotExist {
				t.Errorf("there is a file of %d bytes in the other project: %v", size, err)
			}
		}
	}
	fs.clean(t)
}

// A project gives way to nothing that is moved to its place, not even if it is empty.
func TestAProjectIsNotReplacedByARename(t *testing.T) {
	fs := newFS(t)
	root, ada := fs.as(t, superuser), fs.as(t, "ada", "people")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "maps"}))
	must(t, ignore(root.Mkdirs(t.Context(), path(t, "/tmp/d"), MkdirOptions{Mode: 0o777})))
	err := root.Move(t.Context(), path(t, "/tmp/d"), path(t, "/Projects/maps"), MoveOptions{Overwrite: true})
	wantKind(t, "a rename over a project", err, IO, "is a project and cannot be replaced")
	must(t, root.Knows(t.Context(), "maps"))
	fs.clean(t)
}
