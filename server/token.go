package server

import (
	"errors"
	"net/http"
	"strings"

	"granary/auth"
	"granary/namespace"
	"granary/openapi"
)

// tokenOps are the operations by which Hadoop's clients get tokens for the jobs that they start. Other clients have no use for
// tokens in Hadoop's format.
var tokenOps = []op{
	{
		Operation: openapi.Operation{Name: "GETDELEGATIONTOKEN", Method: http.MethodGet, Pathless: true},
		params:    []parameter{renewer, tokenKind, tokenService}, compat: true, makes: true, handle: (*call).getDelegationToken,
	},
	{
		Operation: openapi.Operation{Name: "RENEWDELEGATIONTOKEN", Method: http.MethodPut, Pathless: true},
		params:    []parameter{delegationToken.required()}, compat: true, handle: (*call).renewDelegationToken,
	},
	{
		Operation: openapi.Operation{Name: "CANCELDELEGATIONTOKEN", Method: http.MethodPut, Pathless: true},
		params:    []parameter{delegationToken.required()}, compat: true, handle: (*call).cancelDelegationToken,
	},
}

var (
	renewer         = text("renewer", "Who may renew the token; without it, the caller.")
	tokenKind       = text("kind", "The kind that the client will look the token up by.")
	tokenService    = text("service", "The service, host:port, that the client will look the token up by.")
	delegationToken = text("token", "The token as GETDELEGATIONTOKEN gave it.")
)

// getDelegationToken answers null where names are believed, as HDFS does with its security off, since a token could prove
// nothing.
func (c *call) getDelegationToken() error {
	if c.query.get("delegation") != "" {
		return &namespace.Error{Op: "get delegation token", Kind: namespace.InvalidArgument, Msg: "delegation parameter is not null."}
	}
	if c.server.simple {
		return c.json(http.StatusOK, func(b []byte) []byte { return append(b, `{"Token":null}`...) })
	}
	token, err := c.server.auth.Delegate(c.ctx, c.principal, renewer.of(c))
	if err != nil {
		return refusedDelegation(err)
	}
	kind, service := tokenKind.of(c), tokenService.of(c)
	if kind == "" {
		kind = auth.KindWebHDFS
		if strings.HasPrefix(c.server.base(c.r), "https:") {
			kind = auth.KindSWebHDFS
		}
	}
	if service == "" {
		service = c.server.authority(c.r)
	}
	return c.json(http.StatusOK, func(b []byte) []byte {
		b = appendText(b, `{"Token":{"urlString":`, auth.HadoopDelegation(token, kind, service))
		return append(b, "}}"...)
	})
}

func (c *call) renewDelegationToken() error {
	until, err := c.server.auth.RenewDelegation(c.ctx, c.principal, auth.TokenOf(delegationToken.of(c)))
	if err != nil {
		return refusedDelegation(err)
	}
	return c.json(http.StatusOK, func(b []byte) []byte {
		return append(appendNumber(b, `{"long":`, until.UnixMilli()), '}')
	})
}

func (c *call) cancelDelegationToken() error {
	if err := c.server.auth.CancelDelegation(c.ctx, c.principal, auth.TokenOf(delegationToken.of(c))); err != nil {
		return refusedDelegation(err)
	}
	return c.empty(http.StatusOK)
}

// invalidDelegation is the face of an invalid token that was sent to be renewed or cancelled.
var invalidDelegation = face{
	http.StatusForbidden, "org.apache.hadoop.security.token.SecretManager$InvalidToken", http.StatusBadRequest, "Invalid token",
}

// refusedDelegation gives a refusal of package auth its face, if it is about a token that is not the caller's credential.
func refusedDelegation(err error) error {
	var e *auth.Error
	if !errors.As(err, &e) {
		return err
	}
	f := invalidDelegation
	switch e.Kind { //nolint:exhaustive // all others are about the token
	case auth.Unavailable, auth.Internal:
		return err
	case auth.NotYours:
		f = faces[namespace.AccessControl]
	case auth.Invalid, auth.InvalidName:
		f = faces[namespace.InvalidArgument]
	case auth.NotBelieved:
		f = faces[namespace.IO]
	}
	return &denial{face: f, msg: e.Msg}
}
