package namespace

import (
	"context"

	"granary/auth/perm"
)

// MkdirOptions are the modes of the directories to make; see [CreateOptions].
type MkdirOptions struct {
	Mode     perm.Mode
	Unmasked *perm.Mode
}

// makingDirectories names the operation that makes directories, also for those that are made along with something else.
const makingDirectories = "mkdirs"

// Mkdirs makes path and whatever directories are missing above it, and reports true. A directory that exists is left
// as it is, its mode too. It needs write on the nearest existing ancestor, and nothing if path exists.
// Source: FSDirMkdirOp of Hadoop 3.4.
func (s *Session) Mkdirs(ctx context.Context, path Path, o MkdirOptions) (bool, error) {
	return act(ctx, s, makingDirectories, path, func(w *walker) (bool, *mutation, error) {
		w.vacant = path
		c, err := w.walk(path, Need{Create: true, Change: true, Add: true})
		if err != nil {
			return false, nil, err
		}
		if n := c.node(); n != nil {
			if !n.dir() {
				return false, nil, fail(Exist, "Path is not a directory: %s", path)
			}
			return true, nil, nil
		}
		if err := w.check(c, Need{Ancestor: perm.Write, Create: true, Change: true, Add: true}); err != nil {
			return false, nil, err
		}
		m := modes{o.Mode, o.Unmasked}
		born, err := w.bear(c, kindDir, m.traversable(), m)
		if err != nil {
			return false, nil, err
		}
		e := w.event(c, &born[len(born)-1].node)
		e.detail.Made = madeAbove(c, born)
		return true, &mutation{
			event:   e,
			charges: chargedOneByOne(c.quotas(), amount{names: int64(len(born))}),
			effects: births(born),
		}, nil
	})
}
