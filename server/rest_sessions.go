package server

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"granary/auth"
	"granary/namespace"
	"granary/openapi"
)

// WebSession is the session of a user who signed in.
type WebSession struct {
	ID      uuid.UUID `json:"id"`
	User    string    `json:"user"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero" doc:"The last use, as of a minute ago. Absent: none yet."`
	Expires time.Time `json:"expires" doc:"It also ends when it was not used for two hours."`
	Address string    `json:"address" doc:"Where it began."`
	Agent   string    `json:"agent" doc:"The browser's User-Agent."`
	Revoked bool      `json:"revoked"`
	Current bool      `json:"current" doc:"It is the session of this request."`
}

// WebSessionPage is a page of the list of the sessions of a user that have not expired.
type WebSessionPage struct {
	Items []WebSession `json:"items"`
	Next  string       `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// SignIn holds the credentials with which a user signs in.
type SignIn struct {
	User     string `json:"user"`
	Password string `json:"password" format:"password"`
}

// SignInWays are the ways in which people can sign in here.
type SignInWays struct {
	Provider bool `json:"provider" doc:"At an OpenID provider: open /login/oidc in a browser, with return=<path> for where to go afterwards."`
}

// Me is the caller.
type Me struct {
	Name      string    `json:"name"`
	Groups    []string  `json:"groups"`
	Superuser bool      `json:"superuser"`
	Home      string    `json:"home"`
	Verbs     []string  `json:"verbs,omitempty" doc:"What the credential may be used for; absent: everything."`
	Project   int64     `json:"projectId,omitempty" doc:"The only project that the credential is valid for; absent: all."`
	FileID    int64     `json:"fileId,omitempty" doc:"The directory that the credential is limited to; absent: none."`
	Expires   time.Time `json:"expires,omitzero" doc:"When the credential ends; absent where names are believed."`
}

// sessionRoutes are the operations on sessions, and the one that describes the caller.
var sessionRoutes = []route{
	{
		Route: openapi.Route{
			ID: "signIn", Method: http.MethodPost, Path: "/sessions", Tag: "credentials", Summary: "Sign in with a password.", Status: http.StatusCreated, Public: true,
			Doc: "The answer sets a cookie. Changes made with it need the header X-XSRF-HEADER, with any value. After several failures one has to wait: " +
				"Retry-After of a 429 says for how long.",
			Example: openapi.Example{Body: `{"user":"ada","password":"correct horse battery staple"}`},
		},
		action: does(signIn),
	},
	{
		Route: openapi.Route{
			ID: "signInWays", Method: http.MethodGet, Path: "/sign-in", Tag: "credentials", Summary: "Show how users can sign in other than with a password.", Public: true,
			Example: openapi.Example{Reply: `{"provider":false}`},
		},
		action: does(signInWays),
	},
	{
		Route: openapi.Route{
			ID: "listSessions", Method: http.MethodGet, Path: "/sessions", Tag: "credentials", Summary: "List the caller's web sessions, the newest first.",
		},
		params: []parameter{afterToken, pageSize}, action: does(listSessions),
	},
	{
		Route: openapi.Route{
			ID: "signOut", Method: http.MethodDelete, Path: "/sessions/current", Tag: "credentials", Summary: "End the session of the cookie.",
		},
		action: does(signOut),
	},
	{
		Route: openapi.Route{
			ID: "endSessions", Method: http.MethodDelete, Path: "/sessions", Tag: "credentials", Summary: "End all web sessions of the caller.",
			Doc: "A single one ends like a token, by its id.",
		},
		action: does(endSessions),
	},
	{
		Route: openapi.Route{
			ID: "whoAmI", Method: http.MethodGet, Path: "/users/me", Tag: "credentials", Summary: "Describe the caller.",
			Example: openapi.Example{Reply: `{"name":"ada","groups":["staff"],"superuser":false,"home":"/user/ada","expires":"2026-01-02T03:04:05Z"}`},
		},
		action: does(whoAmI),
	},
}

func signInWays(c *call, _ none) (SignInWays, error) {
	return SignInWays{Provider: c.server.oidc != nil}, nil
}

func showSession(t auth.Token, current uuid.UUID) WebSession {
	return WebSession{
		ID: t.ID, User: t.User, Created: t.Created.UTC(), Used: utc(t.Used), Expires: t.Expires.UTC(), Address: t.Address, Agent: t.Label,
		Revoked: !t.Revoked.IsZero(), Current: t.ID == current,
	}
}

func signIn(c *call, in SignIn) (WebSession, error) {
	session, err := c.exchange.signIn(in.User, auth.Password(in.Password))
	if err != nil {
		return WebSession{}, err
	}
	c.user = session.User
	return showSession(session, session.ID), nil
}

func listSessions(c *call, _ none) (WebSessionPage, error) {
	p, err := c.wholly()
	if err != nil {
		return WebSessionPage{}, err
	}
	all, err := c.server.auth.Sessions(c.ctx, p.User, c.tokenQuery(p))
	shown, next := paged(all, int(pageSize.of(c)), placeOfToken)
	show := func(t auth.Token) WebSession { return showSession(t, p.Token) }
	return WebSessionPage{Items: showAll(shown, show), Next: next}, err
}

func endSessions(c *call, _ none) (none, error) {
	p, err := c.wholly()
	if err != nil {
		return none{}, err
	}
	return none{}, credentialError(c.server.auth.EndSessions(c.ctx, p.User))
}

// wholly returns the caller like managing, but fails if its token is limited. Sessions are not.
func (c *call) wholly() (auth.Principal, error) {
	p, err := c.managing()
	if err == nil && !p.Scope.IsZero() {
		err = &denial{face: faces[namespace.AccessControl], msg: "Permission denied: the token is limited and may not see or end sessions"}
	}
	return p, err
}

func signOut(c *call, _ none) (none, error) { return none{}, c.signOut() }

func whoAmI(c *call, _ none) (Me, error) {
	p := c.principal
	groups := p.Groups
	if groups == nil {
		groups = []string{}
	}
	return Me{
		Name: p.User, Groups: groups, Superuser: p.Superuser, Home: c.session.Home().String(), Verbs: p.Scope.Verbs.Names(),
		Project: p.Scope.Project, FileID: p.Scope.Root, Expires: utc(p.Expires),
	}, nil
}
