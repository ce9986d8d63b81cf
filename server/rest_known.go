package server

import (
	"net/http"

	"granary/openapi"
)

// KnownUsers are names of users that the caller may see.
type KnownUsers struct {
	Names []string `json:"names" doc:"In order. The list may be incomplete even if it is short."`
}

// knownRoutes complete names while they are typed.
var knownRoutes = []route{
	{
		Route: openapi.Route{
			ID: "knownUsers", Method: http.MethodGet, Path: "/users/known", Tag: "access", Summary: "List known users by the beginning of their names.",
			Doc: "Members of the caller's projects, and people with whom datasets of these are shared; for superusers, all users. Owners " +
				"see no more than other members, since everybody may make a project. Names that are not listed can still be used by " +
				"those who know them.",
			Example: openapi.Example{Query: "prefix=a", Reply: `{"names":["ada","ann"]}`},
		},
		params: []parameter{namePrefix, pageSize}, action: does(knownUsers), costly: true,
	},
}

var namePrefix = text("prefix", "The beginning of the names, in upper or lower case; without it, all.")

func knownUsers(c *call, _ none) (KnownUsers, error) {
	names, err := c.session.KnownUsers(c.ctx, namePrefix.of(c), int(pageSize.of(c)))
	if names == nil {
		names = []string{}
	}
	return KnownUsers{Names: names}, err
}
