package namespace

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
)

// transfer is a planned change of an inode's place, with what it costs the directories with limits at both ends.
type transfer struct {
	node     *node
	from, to *chain
	after    node // with the storage policy that it has at its new place
	before   amount
	// The directories with limits that it leaves, those that it enters, and those that it stays in.
	leave, enter, stay []charge
}

// transfer plans that from's inode becomes the entry that to ends in, whose parent exists.
func (w *walker) transfer(from, to *chain) *transfer {
	n := from.node()
	t := &transfer{node: n, from: from, to: to, after: *n}
	t.leave, t.enter, t.stay = differing(from.quotas(), to.quotas())
	if n.inherits {
		t.after.policy = to.parent().policy
	}
	if t.after.policy == n.policy {
		t.stay = nil
	}
	w.relied.node(n, exclusive)
	if len(t.leave)+len(t.enter)+len(t.stay) > 0 {
		w.relied.content(n)
	}
	return t
}

// weigh determines what the inode costs at its old place.
func (t *transfer) weigh(ctx context.Context, tx pgx.Tx) (err error) {
	t.before, err = weigh(ctx, tx, t.node, t.leave, t.enter, t.stay)
	return err
}

// counts reports whether the move has to count what is below a directory.
func (t *transfer) counts() bool {
	return t.after.policy != t.node.policy || !t.node.limits.any() && len(t.leave)+len(t.enter)+len(t.stay) > 0
}

// place gives the inode its new entry, called name.
func (t *transfer) place(ctx context.Context, tx pgx.Tx, name string) error {
	e := effects{moved: []newPlace{t.newPlace(name)}}
	return e.run(ctx, tx)
}

func (t *transfer) newPlace(name string) newPlace {
	return newPlace{inode: t.node, from: t.from.parent().id, to: t.to.parent().id, name: name}
}

// charges counts the inode again if its storage policy has changed, and returns what is to be charged.
func (t *transfer) charges(ctx context.Context, tx pgx.Tx) ([]charge, error) {
	cost := t.before
	if t.after.policy != t.node.policy {
		if err := recountBelow(ctx, tx, &t.after); err != nil {
			return nil, err
		}
		var err error
		if cost, err = weigh(ctx, tx, &t.after, t.enter, t.stay); err != nil {
			return nil, err
		}
	}
	return t.bill(t.before, cost), nil
}

// bill returns the charges for an inode that cost before at its old place, and costs after at its new one.
func (t *transfer) bill(before, after amount) []charge {
	return slices.Concat(charged(t.enter, after, amount{}), charged(t.stay, after, amount{}),
		charged(t.leave, before.negative(), amount{}), charged(t.stay, before.negative(), amount{}))
}

// differing returns the directories with limits that a move leaves, those that it enters, and those that it stays in.
func differing(from, to []charge) (leave, enter, stay []charge) {
	among := func(a, b []charge, both bool) []charge {
		return slices.DeleteFunc(slices.Clone(a), func(c charge) bool {
			return slices.ContainsFunc(b, func(o charge) bool { return o.dir == c.dir }) != both
		})
	}
	return among(from, to, false), among(to, from, false), among(to, from, true)
}
