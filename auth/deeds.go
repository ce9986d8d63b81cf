package auth

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// By is who does something to users and credentials, for the audit.
type By struct {
	User       string
	Credential string // the id of the token; "": a believed name, or the command line
	Client     string // the host; "": the machine itself
}

type byKey struct{}

// Acting returns a context in which changes to users and credentials are recorded as by's. In any other context they
// are the installation's own: the superuser's, without a credential.
func Acting(ctx context.Context, by By) context.Context { return context.WithValue(ctx, byKey{}, by) }

// deed is something done to a user or a credential. It is written in the transaction that does it, so that there is an
// entry for each change and none for a change that failed. It names credentials by their ids.
type deed struct {
	op      string
	project int64 // of a service account, or the one that a credential is limited to; 0: none
	deedDetail
}

// deedDetail is what an entry says besides who did what and when. Its JSON names are those of Detail in package
// namespace, which reads it.
type deedDetail struct {
	User       string     `json:"user,omitempty"`  // to whom
	Token      string     `json:"token,omitempty"` // the id of the token, session or link
	Kind       TokenKind  `json:"kind,omitempty"`  // of the token
	Groups     *[]string  `json:"groups,omitempty"`
	Admin      *bool      `json:"admin,omitempty"`
	Identity   string     `json:"identity,omitempty"` // at a provider
	Expires    *time.Time `json:"expires,omitempty"`  // of the token
	OnlyInside int64      `json:"root,omitempty"`     // the directory that the token is limited to
}

// record writes d.
func (a *Authority) record(ctx context.Context, tx pgx.Tx, d deed) error {
	by, ok := ctx.Value(byKey{}).(By)
	if !ok {
		by = By{User: a.cfg.Superuser}
	}
	detail, err := json.Marshal(d.deedDetail)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO deeds (at, op, usr, credential, client, project_id, detail) VALUES (clock_timestamp(), $1, $2, $3, $4, $5, $6)`,
		d.op, by.User, by.Credential, cut(by.Client), d.project, string(detail))
	return err
}

// about makes a deed to a user.
func about(op, user string) deed { return deed{op: op, deedDetail: deedDetail{User: user}} }

// givingOut makes the deed op of giving out t.
func givingOut(op string, t Token) deed {
	expires := t.Expires.UTC()
	return deed{op: op, project: t.Scope.Project, deedDetail: deedDetail{
		User: t.User, Token: t.ID.String(), Kind: t.Kind, Expires: &expires, OnlyInside: t.Scope.Root,
	}}
}

// signingIn returns a context in which user, who signs in from an address, acts with the credential of that id;
// uuid.Nil if there is none.
func signingIn(ctx context.Context, user string, credential uuid.UUID, from Origin) context.Context {
	by := By{User: user, Client: from.Address}
	if credential != uuid.Nil {
		by.Credential = credential.String()
	}
	return Acting(ctx, by)
}
