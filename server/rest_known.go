package server

import (
	"net/http"

	"granary/openapi"
)

// KnownUsers are names of users that the caller may see.
type KnownUsers struct {
	Names []string `json:"names" doc:"In their order; a short list is no whole one."`
}

// knownRoutes complete names while they are typed.
var knownRoutes = []route{
	{
		Route: openapi.Route{
			ID: "knownUsers", Method: http.MethodGet, Path: "/users/known", Tag: "access", Summary: "List users whose names begin so, of those whom the caller can know of.",
			Doc: "Members of the caller's projects, and people with whom datasets of these are shared; for superusers, all users. Owners " +
				"see no more than other members, since everybody may make a project. Names that are not listed can still be used by " +
				"those who know them.",
			Example: openapi.Example{Query: "prefix=a", Reply: `{"names":["ada","ann"]}`},
		},
		params: []parameter{namePrefix, pageSize}, action: does(knownUsers), costly: true,
	},
}

var namePrefix = text("prefix", "How the names begin, in capitals or not; without it, all.")

func knownUsers(c *call, _ none) (KnownUsers, error) {
	names, err := c.session.KnownUsers(c.ctx, namePrefix.of(c), int(pageSize.of(c)))
	if names == nil {
		names = []string{}
	}
	return KnownUsers{Names: names}, err
}
