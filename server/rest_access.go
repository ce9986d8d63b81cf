package server

import (
	"net/http"

	"granary/namespace"
	"granary/openapi"
)

// Step is one inode that a decision checked.
type Step struct {
	Path    string `json:"path"`
	FileID  int64  `json:"fileId"`
	Wanted  string `json:"wanted" doc:"The rights that were needed there, as in r-x."`
	Allowed bool   `json:"allowed"`
	By      string `json:"by" doc:"What decided: superuser; role:owner or role:observer; owner, that of the inode; group, its owning group; user:NAME or group:NAME, an entry of its ACL; share:ID; public; other; or way to a share. Refusals can also come from the sticky bit; token, its limits; archived, the state of the project; or shown, for what shows a share."`
	Masked  bool   `json:"masked,omitempty" doc:"An ACL entry would allow it if the mask did not prevent it."`
}

// Explanation says whether somebody may do something, and why.
type Explanation struct {
	User    string `json:"user"`
	Action  string `json:"action" enum:"read,write,create,delete,manage"`
	Path    string `json:"path"`
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason,omitempty" doc:"Of a refusal, as the operation itself would word it."`
	Steps   []Step `json:"steps" doc:"In the order that they were looked at; the last one decided."`
}

// Access is what somebody may do with a path, and what allows it.
type Access struct {
	User    string `json:"user" doc:"Empty for everyone else."`
	May     string `json:"may" doc:"As in r-x."`
	Through string `json:"through,omitempty" doc:"What gives it, as in the steps of an explanation."`
	Manages bool   `json:"manages" doc:"May change its mode, its ACL and its group."`
}

// EffectiveAccess says who may do what with a path.
type EffectiveAccess struct {
	Path     string   `json:"path"`
	Users    []Access `json:"users" doc:"Users who have access by more than what everybody has; without superusers, who may do everything."`
	Everyone Access   `json:"everyone" doc:"What all others may do."`
	Partial  bool     `json:"partial" doc:"There are more than the thousand users that were looked at."`
}

// accessRoutes are the queries about who may do what.
var accessRoutes = []route{
	{
		Route: openapi.Route{
			ID: "explainAccess", Method: http.MethodGet, Path: "/access/explain", Tag: "access", Summary: "Show whether a user may do something, and what decides that.",
			Doc: "Everybody may ask about themselves; owners of the path's project may ask about others.",
		},
		params: []parameter{ofPath, deed, ofUser}, action: does(explainAccess),
	},
	{
		Route: openapi.Route{
			ID: "effectiveAccess", Method: http.MethodGet, Path: "/access/effective", Tag: "access", Summary: "Show who can do what with a path, and why.",
			Doc: "For the owners of the path's project.",
		},
		params: []parameter{ofPath}, action: does(effectiveAccess), costly: true,
	},
}

var (
	deed = param[namespace.Deed]{
		Param: openapi.Param{
			Name: "action", Doc: "What to do with the path.",
			Schema: openapi.Schema{Type: "string", Enum: []string{"read", "write", "create", "delete", "manage"}, Default: "read"},
		},
		parse: func(text string) (namespace.Deed, error) { return namespace.Deed(text), nil },
		unset: namespace.ToRead,
	}
	ofUser = text("user", "About whom; without it, about the caller.")
)

func explainAccess(c *call, _ none) (Explanation, error) {
	p := c.principal
	if user := ofUser.of(c); user != "" && user != p.User {
		// A caller that may not ask must not learn whether the user exists, so the namespace's refusal comes first.
		other, err := c.server.auth.Principal(c.ctx, user)
		if err != nil {
			if err := c.session.MayAskAbout(c.ctx, user, ofPath.of(c)); err != nil {
				return Explanation{}, err
			}
			return Explanation{}, dressed(err, faces[namespace.NotExist], "")
		}
		p = other
	}
	e, err := c.session.Explain(c.ctx, p, ofPath.of(c), deed.of(c))
	out := Explanation{
		User: e.User, Action: string(e.Deed), Path: e.Path.String(), Allowed: e.Allowed, Reason: e.Reason, Steps: make([]Step, len(e.Steps)),
	}
	for i, s := range e.Steps {
		out.Steps[i] = Step{Path: s.Path.String(), FileID: s.Inode, Wanted: s.Wanted, Allowed: s.Allowed, By: s.By, Masked: s.Masked}
	}
	return out, err
}

func effectiveAccess(c *call, _ none) (EffectiveAccess, error) {
	e, err := c.session.EffectiveAccess(c.ctx, ofPath.of(c), c.server.auth.Principal)
	out := EffectiveAccess{Path: e.Path.String(), Users: make([]Access, len(e.Users)), Everyone: Access(e.Everyone), Partial: e.Partial}
	for i, a := range e.Users {
		out.Users[i] = Access(a)
	}
	return out, err
}
