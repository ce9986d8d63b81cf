package namespace

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// errStale reports that something a decision relied on has changed since; the operation decides again.
var errStale = errors.New("the names changed while the operation was decided")

// Bounds of one mutation. A commit runs to its end even when its caller has gone, but not for ever.
const (
	commitTimeout = 30 * time.Second
	countTimeout  = 5 * time.Minute // of one that counts a subtree first
	decideLimit   = 100             // most decisions of an operation that turn out stale
	retryLimit    = 20              // most runs of a transaction that the database asks to repeat
)

// mutation is a decided change, for the committer.
type mutation struct {
	relied reliance
	// moves are the projects in which a directory changes its place. Such mutations run one at a time per project: two of them,
	// each to below the other's directory, would end in a deadlock.
	moves []int64
	// rules are the projects in which it changes who may do what; they are locked against everything that relies on that.
	rules []int64
	// effects are the change, or the part of it that apply does not make.
	effects *effects
	// apply makes the change. When it is called, every lock is held and everything relied on was verified. It fails with errStale
	// if an entry turns out to be taken or gone.
	apply func(ctx context.Context, tx pgx.Tx) error
	// touches is what apply changes among the things that may be remembered; nil: that is not known.
	touches *touched
	// charges are paid after apply, which may still set them.
	charges []charge
	// event is recorded last of all; nil: there is none. apply may still set it, and does so each time that it runs.
	event *event
	by    origin

	// counts is set if apply may count a subtree, which has no bound: it has countTimeout for that, and ends if its caller leaves.
	counts bool

	user int64
	// epoch of the principal when it was decided.
	epoch int64
	id    uuid.UUID
	// answer is kept, as JSON, beside id for a retry of the same request; nil if nobody may ask again. What it points to
	// may still be completed by apply.
	answer any
	asker  string
}

// act runs one mutating operation: decide walks, checks and answers, and returns the mutation that makes the answer
// true, nil if nothing has to change. The mutation is committed only if everything decided on still holds; if not, the
// operation is decided again.
func act[T any](ctx context.Context, s *Session, op string, path Path, decide func(w *walker) (T, *mutation, error)) (T, error) {
	answer, changed, err := decideAndCommit(ctx, s, op, path, decide)
	if changed {
		return answer, err
	}
	return firstAnswer(ctx, s, op, path, answer, err)
}

// decideAndCommit is act, except that a refusal may be due to what an earlier request under the same operation id has done. It
// reports whether there was a change.
func decideAndCommit[T any](ctx context.Context, s *Session, op string, path Path, decide func(w *walker) (T, *mutation, error)) (answer T, changed bool, err error) {
	var none T
	named := operation(ctx)
	if answer, done, err := recall[T](ctx, s, op, path); err != nil || done {
		return answer, true, s.dress(op, path, err)
	}
	for attempt := range decideLimit {
		w := &walker{ctx: ctx, s: s, op: op, hasty: attempt == 0 && mayBeHasty[op] && !s.fs.unlocked}
		answer, m, err := decide(w)
		if w.hasty && (err != nil || m == nil) {
			continue
		}
		if err == nil && m == nil {
			return answer, false, nil
		}
		if err == nil {
			err = w.complete(m)
		}
		if err == nil && m.relied.torn {
			err = errStale
		}
		if err == nil && named != uuid.Nil {
			m.id, m.asker, m.answer = named, s.asker(op, path), answer
		}
		if err == nil {
			s.fs.decided(op, path)
			err = s.fs.commit(ctx, m)
		}
		if errors.Is(err, errRepeated) {
			answer, _, err = recall[T](ctx, s, op, path)
		}
		switch {
		case err == nil:
			return answer, true, nil
		case !errors.Is(err, errStale):
			return none, false, s.dress(op, path, err)
		case ctx.Err() != nil:
			return none, false, s.dress(op, path, ctx.Err())
		}
	}
	return none, false, s.dress(op, path, errStale)
}

// mayBeHasty are the operations whose mutations rely on nothing but what the act verifies.
var mayBeHasty = map[string]bool{"create": true, makingDirectories: true, "delete": true, "rename": true}

// mayCount are the operations that may count a subtree, for a limit or for a count that is kept already.
var mayCount = map[string]bool{"set quota": true, "set storage policy": true, "delete project": true, "restore project": true, "replace": true}

// complete adds to m what w's decision relied on, and an id.
func (w *walker) complete(m *mutation) (err error) {
	m.relied, m.user, m.epoch, m.by = w.relied, w.s.p.UserID, w.s.p.Epoch, w.s.origin()
	m.counts = m.counts || m.apply != nil && mayCount[w.op]
	m.id, err = uuid.NewV7()
	return err
}

// asker returns what an operation id is bound to, user, operation and path, so that it answers nothing else.
func (s *Session) asker(op string, path Path) string {
	return s.p.User + " " + op + " " + path.String()
}

// commit commits m or reports why not. It does not stop when the caller leaves, except while counting, which may take minutes.
func (fs *FS) commit(ctx context.Context, m *mutation) error {
	if !m.counts {
		return fs.commitWhole(ctx, m)
	}
	counting, cancel := context.WithTimeout(ctx, fs.countTime)
	defer cancel()
	err := fs.commitAlone(counting, m)
	if counting.Err() != nil && ctx.Err() == nil && outOfTime(err) {
		return fail(IO, "Nothing was changed: counting what is in the directory took longer than %s, while nobody could write there", fs.countTime)
	}
	return err
}

// commitWhole is commit for mutations that do not stop when the caller leaves.
func (fs *FS) commitWhole(ctx context.Context, m *mutation) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	if fs.mergeable(m) {
		if err := fs.committer.commit(ctx, m); !errors.Is(err, errAlone) {
			return err
		}
	}
	return fs.commitAlone(ctx, m)
}

// errRepeated reports that the operation id was used before.
var errRepeated = errors.New("the operation happened before")

// outOfTime reports whether err means that a deadline has passed, and not that m was refused.
func outOfTime(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || sqlState(err) == queryCanceled
}

// tryCommit commits m, and waits for no lock longer than lock. If m counts, it calls locked once it holds all locks relied on.
func (fs *FS) tryCommit(ctx context.Context, m *mutation, lock time.Duration, locked func()) error {
	tx, err := fs.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx) // after a commit it does nothing
	xid, err := fs.verify(ctx, tx, m, lock)
	if err != nil {
		return err
	}
	if m.counts { // not to be repeated because of a lock that is held for a moment
		select {
		case fs.singles.counts <- struct{}{}:
			defer func() { <-fs.singles.counts }()
			locked()
		default:
			return errCrowded
		}
		if _, err := tx.Exec(ctx, waitSQL, strconv.FormatInt(commitTimeout.Milliseconds(), 10)); err != nil {
			return err
		}
	}
	if m.apply != nil {
		if err := m.apply(ctx, tx); err != nil {
			return err
		}
	}
	if m.effects != nil {
		if err := fs.make(ctx, tx, m.effects); err != nil {
			return err
		}
	}
	if err := pay(ctx, tx, m.charges); err != nil {
		return err
	}
	places, err := fs.seal(ctx, tx, m)
	if err != nil {
		return err
	}
	if xid != 0 {
		fs.hints.willTouch(xid, m)
	}
	if m.counts { // from here on it does not stop when the caller leaves either
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
		defer cancel()
	}
	err = tx.Commit(ctx)
	if err == nil {
		fs.feeds.advance(places)
	}
	if err == nil || answered(err) {
		return err
	}
	return fs.settle(ctx, err, func(ctx context.Context) (bool, error) { return fs.happened(ctx, m.id) })
}

// settle finds out whether a transaction whose COMMIT got no answer was committed. happened fails as long as that is open.
func (fs *FS) settle(ctx context.Context, lost error, happened func(context.Context) (bool, error)) error {
	for {
		happened, err := happened(ctx)
		switch {
		case err == nil && happened:
			return nil
		case err == nil:
			return errStale
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return fail(Unavailable, "The outcome is unknown: the database went away during the commit (%v); look before trying again", lost)
		}
	}
}

// happened reports whether the transaction that claimed an operation id, before its COMMIT was sent, was committed. Claiming the id
// waits for that transaction if it still runs; if the claim succeeds, it was not committed and never will be.
func (fs *FS) happened(ctx context.Context, id uuid.UUID) (bool, error) {
	tx, err := fs.db.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer tx.Rollback(ctx) // the claim was only to find out
	tag, err := tx.Exec(ctx, `INSERT INTO operations (id) VALUES ($1) ON CONFLICT DO NOTHING`, id)
	return err == nil && tag.RowsAffected() == 0, err
}

// answered reports whether the database itself refused the commit, so that its outcome is known.
func answered(err error) bool {
	return conflicting(err) || taken(err) || errors.Is(err, pgx.ErrTxCommitRollback)
}

// Classes of advisory locks.
const (
	lockMoves   = 0x6772_0001 // directory moves, per project
	lockSetup   = 0x6772_0002 // first start
	lockOld     = 0x6772_0003 // removal of what was kept for long enough
	lockIndex   = 0x6772_0004 // updates of the index of names
	lockJobs    = 0x6772_0005 // who runs which job, and how many one user starts
	lockPacks   = 0x6772_0006 // compaction
	lockUploads = 0x6772_0007 // how many one user begins
)
