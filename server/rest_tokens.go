package server

import (
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"granary/auth"
	"granary/namespace"
	"granary/openapi"
)

// Token is a token as the API shows it. The token itself is shown only once, when it is made.
type Token struct {
	ID          uuid.UUID `json:"id"`
	Kind        string    `json:"kind" enum:"token,delegation,personal" doc:"token: a JWT; delegation: a JWT that Hadoop's clients got for their jobs; personal: a secret that begins with gr_."`
	User        string    `json:"user"`
	Label       string    `json:"label"`
	Verbs       []string  `json:"verbs,omitempty" enum:"read,add,write,manage" doc:"What it may be used for; absent: everything. write includes add."`
	Project     int64     `json:"projectId,omitempty" doc:"The only project that it is valid for; absent: all."`
	ProjectName string    `json:"project,omitempty" doc:"The project's current name; absent if it is gone, or the caller may not know of it."`
	FileID      int64     `json:"fileId,omitempty" doc:"The directory that it is limited to, wherever that is moved; absent: none."`
	Path        string    `json:"path,omitempty" doc:"Where that directory is now; absent if it is gone, or the caller may not reach it."`
	Created     time.Time `json:"created"`
	Expires     time.Time `json:"expires"`
	Revoked     bool      `json:"revoked"`
	Used        time.Time `json:"used,omitzero" doc:"The last use, up to a minute late; a server that is killed loses the uses of its last minute. Absent: not used yet."`
}

// TokenPage is a page of the list of the tokens of a user that have not expired.
type TokenPage struct {
	Items []Token `json:"items"`
	Next  string  `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// NewToken is the request body for a new token.
type NewToken struct {
	Kind           string   `json:"kind,omitempty" enum:"personal,token" doc:"personal, a secret that can always be revoked; or token, a JWT, which cannot be if it lives an hour or less. Without it, personal."`
	Label          string   `json:"label,omitempty" max:"200" doc:"What it is for: at most 200 bytes."`
	Verbs          []string `json:"verbs,omitempty" enum:"read,add,write,manage" max:"4" doc:"What it may be used for; without them, everything that the caller's own credential may be used for."`
	Project        string   `json:"project,omitempty" doc:"Limit it to this project."`
	Path           string   `json:"path,omitempty" doc:"Limit it to this directory of the project."`
	Expires        int64    `json:"expiresIn,omitempty" min:"1" max:"31622400" doc:"Lifetime in seconds. Without it, 90 days, or an hour for a JWT. It ends with the credential that requests it, unless that is a session."`
	ServiceAccount string   `json:"serviceAccount,omitempty" doc:"For this service account of the project; the caller must be an owner of the project."`
}

// MadeToken is a new token.
type MadeToken struct {
	Secret string `json:"token" format:"password" doc:"Send it as Authorization: Bearer. It is not shown again."`
	Token
}

// tokenRoutes are the operations on tokens.
var tokenRoutes = []route{
	{
		Route: openapi.Route{
			ID: "listTokens", Method: http.MethodGet, Path: "/tokens", Tag: "credentials", Summary: "List the caller's tokens, the newest first.",
			Doc: "Tokens with a life of an hour or less are not listed. A limited token sees tokens that may do no more than itself.",
			Example: openapi.Example{Reply: `{"items":[{"id":"3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11","kind":"personal","user":"ada","label":"laptop","verbs":["read"],` +
				`"projectId":3,"project":"vision","fileId":16402,"path":"/Projects/vision/Logs","created":"2026-01-02T03:04:05Z","expires":"2026-04-02T03:04:05Z","revoked":false}]}`},
		},
		params: []parameter{afterToken, pageSize}, action: does(listTokens),
	},
	{
		Route: openapi.Route{
			ID: "createToken", Method: http.MethodPost, Path: "/tokens", Tag: "credentials", Summary: "Create a token.", Status: http.StatusCreated, Repeats: true,
			Doc:     "It may do no more than the credential that asks for it.",
			Example: openapi.Example{Body: `{"label":"laptop","verbs":["read"],"expiresIn":7776000}`},
		},
		action: does(createToken),
	},
	{
		Route: openapi.Route{
			ID: "revokeToken", Method: http.MethodDelete, Path: "/tokens/{token}", Tag: "credentials", Summary: "End a token, and those issued for it.",
			Doc: "The caller's own, including sessions and links; or, for an owner of the project, a service account's. A token that may not " +
				"manage tokens may still end itself.",
		},
		action: does(revokeToken),
	},
	{
		Route: openapi.Route{
			ID: "listServiceAccounts", Method: http.MethodGet, Path: "/projects/{project}/service-accounts", Tag: "credentials",
			Summary: "List the service accounts of a project, by name.",
		},
		params: []parameter{afterName, pageSize}, action: does(listServices),
	},
	{
		Route: openapi.Route{
			ID: "createServiceAccount", Method: http.MethodPost, Path: "/projects/{project}/service-accounts", Tag: "credentials",
			Summary: "Add a service account to a project.", Status: http.StatusCreated, Repeats: true,
			Doc: "A user for programs, the project's own: it has no password, all its tokens are limited to the project, and it ends with " +
				"the project. What it may do there is decided like for any member.",
			Example: openapi.Example{Body: `{"name":"svc-trainer","role":"scientist"}`},
		},
		action: does(createService),
	},
	{
		Route: openapi.Route{
			ID: "endServiceAccount", Method: http.MethodDelete, Path: "/projects/{project}/service-accounts/{user}", Tag: "credentials",
			Summary: "End a service account and its tokens.", Doc: "Its name is not given out again.",
		},
		action: does(endService),
	},
	{
		Route: openapi.Route{
			ID: "listServiceAccountTokens", Method: http.MethodGet, Path: "/projects/{project}/service-accounts/{user}/tokens", Tag: "credentials",
			Summary: "List the tokens of a service account, the newest first.",
		},
		params: []parameter{afterToken, pageSize}, action: does(listServiceTokens),
	},
}

// managing returns the caller, if its credential may be used to manage credentials.
func (c *call) managing() (auth.Principal, error) {
	p := c.principal
	if !p.Scope.Verbs.Allow(auth.Manage) {
		return auth.Principal{}, &denial{
			face: faces[namespace.AccessControl],
			msg:  "Permission denied: the token is limited to " + p.Scope.Verbs.String() + " and may not manage tokens, sessions and links",
		}
	}
	return p, nil
}

// credentialError gives a refusal of package auth its face, if it is not about the caller's own credential.
func credentialError(err error) error {
	var e *auth.Error
	if !errors.As(err, &e) {
		return err
	}
	var f face
	switch e.Kind {
	case auth.Unavailable, auth.Internal:
		return err
	case auth.Throttled:
		return dressed(err, tooMany, "")
	case auth.UnknownUser, auth.UnknownToken:
		f = faces[namespace.NotExist]
	case auth.Exists:
		f = faces[namespace.Exist]
	case auth.Missing, auth.Malformed, auth.Expired, auth.NotYet, auth.Signature, auth.Issuer, auth.Audience, auth.Revoked, auth.WrongPassword:
		f = unauthenticated
	case auth.Disabled, auth.NotBelieved, auth.NotYours, auth.Unlinked, auth.Stale:
		f = faces[namespace.AccessControl]
	case auth.InvalidScope, auth.InvalidName, auth.Invalid:
		f = faces[namespace.InvalidArgument]
	}
	return &denial{face: f, msg: e.Msg}
}

// showToken renders a token.
func showToken(t auth.Token) Token {
	return Token{
		ID: t.ID, Kind: string(t.Kind), User: t.User, Label: t.Label, Verbs: t.Scope.Verbs.Names(), Project: t.Scope.Project,
		FileID: t.Scope.Root, Created: t.Created.UTC(), Expires: t.Expires.UTC(), Revoked: !t.Revoked.IsZero(), Used: utc(t.Used),
	}
}

// utc returns t in UTC, and the zero time as it is.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC()
}

// tokens lists the tokens of user whose scope lies within that of p.
func (c *call) tokens(p auth.Principal, user string) (TokenPage, error) {
	all, err := c.server.auth.Tokens(c.ctx, user, c.tokenQuery(p))
	shown, next := paged(all, int(pageSize.of(c)), placeOfToken)
	page := TokenPage{Items: showAll(shown, showToken), Next: next}
	if err == nil {
		err = c.placeTokens(page.Items)
	}
	return page, err
}

func listTokens(c *call, _ none) (TokenPage, error) {
	p, err := c.managing()
	if err != nil {
		return TokenPage{}, err
	}
	return c.tokens(p, p.User)
}

func createToken(c *call, in NewToken) (MadeToken, error) {
	p, err := c.managing()
	if err != nil {
		return MadeToken{}, err
	}
	r := auth.TokenRequest{
		User: p.User, Label: in.Label, TTL: time.Duration(in.Expires) * time.Second, Personal: in.Kind != string(auth.Signed), By: p,
		Project: p.Scope.Project, Root: p.Scope.Root, Verbs: p.Scope.Verbs,
	}
	if in.Verbs != nil {
		if r.Verbs, err = verbsOf(in.Verbs); err != nil {
			return MadeToken{}, err
		}
	}
	if err := c.limit(&r, in, p); err != nil {
		return MadeToken{}, err
	}
	secret, t, err := c.server.auth.IssueToken(c.ctx, r)
	if err != nil {
		return MadeToken{}, credentialError(err)
	}
	if t.Kind == "" {
		t.Kind = auth.Signed
	}
	made := []Token{showToken(t)}
	_ = c.placeTokens(made) // the token is answered in any case, as it is not shown again
	return MadeToken{Secret: secret, Token: made[0]}, nil
}

// verbsOf parses a list of verbs. It refuses an empty list, which would stand for all verbs.
func verbsOf(names []string) (auth.Verbs, error) {
	if len(names) == 0 {
		return 0, &namespace.Error{Op: "read the body", Kind: namespace.InvalidArgument, Msg: "verbs is empty: leave it out for everything"}
	}
	verbs, err := auth.ParseVerbs(names)
	if err != nil {
		return 0, credentialError(err)
	}
	return verbs, nil
}

// limit sets the project and the directory that r is limited to, and the service account that it is for. It fails if the caller
// may not know of them.
func (c *call) limit(r *auth.TokenRequest, in NewToken, p auth.Principal) error {
	bad := func(msg string) error {
		return &namespace.Error{Op: "read the body", Kind: namespace.InvalidArgument, Msg: msg}
	}
	switch {
	case in.Path != "" && in.Project == "":
		return bad("path needs project, the project that the directory is in")
	case in.ServiceAccount != "" && in.Project == "":
		return bad("serviceAccount needs project, the project that it belongs to")
	case in.Project == "":
		return nil
	}
	if err := c.session.Knows(c.ctx, in.Project); err != nil {
		return err
	}
	id, err := c.server.fs.ProjectID(c.ctx, in.Project)
	if err != nil {
		return err
	}
	r.Project = id
	if in.Path != "" {
		path, err := namespace.ParsePath(in.Path)
		if err != nil {
			return err
		}
		p.Scope.Project = id
		status, err := c.server.fs.As(p).From(c.client).Stat(c.ctx, path)
		switch {
		case err != nil:
			return err
		case !status.Dir:
			return bad(path.String() + " is a file: a token is limited to a directory")
		}
		r.Root = status.ID
	}
	if in.ServiceAccount != "" {
		if err := c.ownsService(in.Project, in.ServiceAccount); err != nil {
			return err
		}
		r.User = in.ServiceAccount
	}
	return nil
}

// ownsService fails unless the caller manages the project, and name is one of its service accounts.
func (c *call) ownsService(project, name string) error {
	id, err := c.session.Manage(c.ctx, project)
	if err != nil {
		return err
	}
	u, err := c.server.auth.User(c.ctx, name)
	if err == nil && u.Project != id {
		err = &auth.Error{Kind: auth.UnknownUser, Msg: "project " + project + " has no service account " + name}
	}
	return credentialError(err)
}

func revokeToken(c *call, _ none) (none, error) {
	if id, err := uuid.Parse(c.inURL("token")); err == nil && id.String() == c.principal.Credential {
		return none{}, credentialError(c.server.auth.RevokeToken(c.ctx, id))
	}
	p, err := c.managing()
	if err != nil {
		return none{}, err
	}
	unknown := &denial{face: faces[namespace.NotExist], msg: "The caller has no such token, session or link; their lists say which there are."}
	id, err := uuid.Parse(c.inURL("token"))
	if err != nil {
		return none{}, unknown
	}
	t, err := c.server.auth.Token(c.ctx, id)
	switch {
	case auth.KindOf(err) == auth.UnknownToken:
		return none{}, unknown
	case err != nil:
		return none{}, err
	case t.User != p.User:
		switch manages, err := c.managesUser(t.User); {
		case err != nil:
			return none{}, err
		case !manages:
			return none{}, unknown
		}
	case !t.Scope.Within(p.Scope):
		return none{}, unknown
	}
	return none{}, credentialError(c.server.auth.RevokeToken(c.ctx, id))
}

// managesUser reports whether user is a service account of a project that the caller manages.
func (c *call) managesUser(user string) (bool, error) {
	u, err := c.server.auth.User(c.ctx, user)
	switch {
	case auth.KindOf(err) == auth.UnknownUser:
		return false, nil
	case err != nil || u.Project == 0:
		return false, err
	}
	err = c.session.Manages(c.ctx, u.Project)
	if kind := namespace.KindOf(err); kind == namespace.NotExist || kind == namespace.AccessControl {
		return false, nil
	}
	return err == nil, err
}
