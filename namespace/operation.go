package namespace

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

type (
	operationKey struct{}
	unnamedKey   struct{}
)

// WithOperation names the request that ctx belongs to. A mutation under the same id by the same user happens once: a
// retry gets the first answer. The caller chooses ids at random; they are remembered for a day.
func WithOperation(ctx context.Context, id uuid.UUID) context.Context {
	return context.WithValue(ctx, operationKey{}, id)
}

// requested is the operation id that the request of ctx has, if any.
func requested(ctx context.Context) uuid.UUID {
	id, _ := ctx.Value(operationKey{}).(uuid.UUID)
	return id
}

// unnamed returns ctx for mutations that prepare the one that its operation id is for.
func unnamed(ctx context.Context) context.Context { return context.WithValue(ctx, unnamedKey{}, true) }

// operation is the id of the mutation that ctx is for, nil without one.
func operation(ctx context.Context) uuid.UUID {
	if ctx.Value(unnamedKey{}) != nil {
		return uuid.Nil
	}
	return requested(ctx)
}

// repeatable reports whether ctx's request has an operation id. If it does, success may be that of an earlier request, whose
// content was published instead of this one's.
func repeatable(ctx context.Context) bool { return requested(ctx) != uuid.Nil }

// firstAnswer is for a request that was refused, or had nothing to change. That may be because an earlier one under the same operation
// id was committed after this one had looked for it; then this one gets the answer of the earlier one.
func firstAnswer[T any](ctx context.Context, s *Session, op string, path Path, answer T, refusal error) (T, error) {
	if first, done, err := recall[T](ctx, s, op, path); err == nil && done {
		return first, nil
	}
	return answer, refusal
}

// otherRequest refuses an operation id that was used for something else.
func otherRequest(id uuid.UUID) error {
	return fail(IO, "operation id %s was used for another request; choose a new one", id)
}

// recall returns the answer that an earlier request under ctx's operation id got, if there was one.
func recall[T any](ctx context.Context, s *Session, op string, path Path) (answer T, done bool, err error) {
	id := operation(ctx)
	if id == uuid.Nil {
		return answer, false, nil
	}
	var (
		kept  []byte
		asker *string
	)
	err = s.fs.db.QueryRow(ctx, `SELECT answer, asker FROM operations WHERE id = $1`, id).Scan(&kept, &asker)
	if errors.Is(err, pgx.ErrNoRows) {
		return answer, false, nil
	}
	if err != nil {
		return answer, false, err
	}
	if asker == nil || *asker != s.asker(op, path) {
		return answer, false, otherRequest(id)
	}
	return answer, true, json.Unmarshal(kept, &answer)
}
