package server

import (
	"time"

	"granary/auth"
	"granary/namespace"
)

// ServiceAccount is a user for programs.
type ServiceAccount struct {
	Name     string    `json:"name"`
	Created  time.Time `json:"created"`
	Disabled bool      `json:"disabled"`
}

// ServiceAccountPage is a page of the list of the service accounts of a project.
type ServiceAccountPage struct {
	Items []ServiceAccount `json:"items"`
	Next  string           `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// NewServiceAccount is the request body for a new service account.
type NewServiceAccount struct {
	Name string `json:"name" pattern:"^svc-[A-Za-z0-9._-]{1,250}[$]?$" doc:"A name that nobody else has. Names that differ only in capitals, in 0 and O, or in 1, l and I, count as the same."`
	Role string `json:"role" enum:"scientist,observer" doc:"What it may do in the project."`
}

func listServices(c *call, _ none) (ServiceAccountPage, error) {
	id, err := c.session.Manage(c.ctx, c.inURL("project"))
	if err != nil {
		return ServiceAccountPage{}, err
	}
	limit := int(pageSize.of(c))
	services, err := c.server.auth.Services(c.ctx, id, afterName.of(c), limit+1)
	shown, next := paged(services, limit, func(u auth.User) string { return u.Name })
	return ServiceAccountPage{Items: showAll(shown, showService), Next: next}, err
}

func showService(u auth.User) ServiceAccount {
	return ServiceAccount{Name: u.Name, Created: u.Created.UTC(), Disabled: u.Disabled}
}

func createService(c *call, in NewServiceAccount) (ServiceAccount, error) {
	project := c.inURL("project")
	id, err := c.session.Manage(c.ctx, project)
	if err != nil {
		return ServiceAccount{}, err
	}
	if err := c.server.auth.AddService(c.ctx, in.Name, id); err != nil {
		return ServiceAccount{}, credentialError(err)
	}
	// An account without a role may do nothing, so no harm is done if this fails; the owner can set the role later.
	if err := c.session.SetMember(c.ctx, project, in.Name, namespace.Role(in.Role)); err != nil {
		return ServiceAccount{}, err
	}
	u, err := c.server.auth.User(c.ctx, in.Name)
	return showService(u), credentialError(err)
}

func endService(c *call, _ none) (none, error) {
	id, err := c.session.Manage(c.ctx, c.inURL("project"))
	if err != nil {
		return none{}, err
	}
	return none{}, credentialError(c.server.auth.EndService(c.ctx, c.inURL("user"), id))
}

func listServiceTokens(c *call, _ none) (TokenPage, error) {
	p, err := c.managing()
	if err != nil {
		return TokenPage{}, err
	}
	user := c.inURL("user")
	if err := c.ownsService(c.inURL("project"), user); err != nil {
		return TokenPage{}, err
	}
	return c.tokens(p, user)
}
