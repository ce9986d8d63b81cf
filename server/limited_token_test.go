package server

import (
	"testing"

	"granary/auth"
)

// A superuser's token that is limited, though to everything that verbs name, administers nothing, and has nothing to do with sessions.
func TestLimitedTokensAdministerNothing(t *testing.T) {
	h := newHouse(t)
	must(t, h.auth.AddUser(t.Context(), auth.User{Name: "sam"}))
	limited, err := h.auth.Issue(t.Context(), auth.TokenRequest{User: "root", Verbs: auth.Read | auth.Add | auth.Write | auth.Manage})
	must(t, err)
	for _, ask := range [][3]string{
		{"GET", "/admin/users"},
		{"POST", "/admin/users", `{"name":"eve"}`},
		{"PATCH", "/admin/users/sam", `{"admin":true}`},
		{"PUT", "/admin/users/sam/password", `{"password":"correct horse"}`},
		{"DELETE", "/admin/users/sam/sessions"},
		{"GET", "/admin/projects"},
		{"GET", "/admin/system"},
		{"GET", "/sessions"},
		{"DELETE", "/sessions"},
	} {
		h.do(ask[0], restPrefix+ask[1], ask[2], bearer(limited)).problem(t, 403, "the token is limited")
	}
	if sam, err := h.auth.User(t.Context(), "sam"); err != nil || sam.Admin || sam.SignsIn {
		t.Errorf("%+v, %v", sam, err)
	}
}
