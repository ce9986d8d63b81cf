package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Somebody who leaves while signing in does not make the provider look as if it were down, neither to others who are refused
// meanwhile, who would be told to try again later, nor to the count of those who are.
func TestLeavingIsNoFailureOfTheProvider(t *testing.T) {
	begun := map[string]chan struct{}{"wrong": make(chan struct{}), "slow": make(chan struct{})}
	answer := make(chan struct{})
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	defer site.Close()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{
			"issuer": site.URL, "authorization_endpoint": site.URL + "/authorize", "token_endpoint": site.URL + "/token", "jwks_uri": site.URL + "/jwks",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		code := r.FormValue("code")
		close(begun[code])
		if code == "slow" {
			<-r.Context().Done()
			return
		}
		<-answer
		http.Error(w, `{"error": "invalid_grant"}`, http.StatusBadRequest)
	})
	p, err := New(Config{Issuer: site.URL, ClientID: "granary", Redirect: "http://localhost/login/oidc/callback", NameClaim: "name", GroupsClaim: "groups"})
	if err != nil {
		t.Fatal(err)
	}
	finish := func(ctx context.Context, code string) chan error {
		done := make(chan error, 1)
		go func() {
			_, err := p.Finish(ctx, Login{}, code, "")
			done <- err
		}()
		<-begun[code]
		return done
	}
	refused := finish(t.Context(), "wrong")
	ctx, leave := context.WithCancel(t.Context())
	left := finish(ctx, "slow")
	leave()
	var e *Error
	if err := <-left; !errors.As(err, &e) || !e.Down {
		t.Errorf("who left: %v", err)
	}
	close(answer)
	if err := <-refused; !errors.As(err, &e) || e.Down {
		t.Errorf("who is refused: %v", err)
	}
}
