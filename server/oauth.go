package server

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"time"

	"granary/auth"
)

// maxForm bounds the body of a form in bytes.
const maxForm = 16 << 10

// form reads the form in the body of a POST. Its errors quote nothing of the body, which holds secrets.
func (x *exchange) form() (query, error) {
	kind, _, err := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, errors.New("the body must be a form: send it with Content-Type: application/x-www-form-urlencoded")
	}
	text, err := x.whole(maxForm, publicBodyTime)
	var busy *denial
	switch {
	case errors.As(err, &busy):
		return nil, busy
	case err != nil:
		return nil, errors.New("the body ended early, or did not come in time")
	case len(text) > maxForm:
		return nil, fmt.Errorf("the body is longer than %d bytes", maxForm)
	}
	q, err := parseQuery(string(text))
	if err != nil {
		return nil, errors.New("the body is not the encoding of a form in UTF-8")
	}
	if q.twice() != "" {
		return nil, errors.New("the form has a field twice")
	}
	return q, nil
}

// The errors of OAuth's token endpoint (RFC 6749 §5.2).
const (
	invalidRequest       = "invalid_request"
	invalidClient        = "invalid_client"
	invalidGrant         = "invalid_grant"
	unsupportedGrantType = "unsupported_grant_type"
	notNow               = "temporarily_unavailable" // of §4.1.2.1: §5.2 has none for a client that has to wait
)

// oauthToken exchanges a personal token for a session token. Hadoop's clients need it in their OAuth2 mode
// (ConfCredentialBasedAccessTokenProvider and ConfRefreshTokenBasedAccessTokenProvider of org.apache.hadoop.hdfs.web.oauth2),
// which cannot be configured with a token. The client's id is the name of a user or a service account, and the secret, or the
// refresh token, is a personal token of that user. It issues no new refresh token, as these clients would ignore it.
func (x *exchange) oauthToken() error {
	f, err := x.form()
	var busy *denial
	switch {
	case errors.As(err, &busy):
		return busy
	case err != nil:
		return x.oauthError(http.StatusBadRequest, invalidRequest, err.Error())
	}
	field, refusal, status := "client_secret", invalidClient, http.StatusUnauthorized
	switch f.get("grant_type") {
	case "client_credentials":
	case "refresh_token":
		field, refusal, status = "refresh_token", invalidGrant, http.StatusBadRequest
	case "":
		return x.oauthError(http.StatusBadRequest, invalidRequest, "grant_type is missing: client_credentials or refresh_token")
	default:
		return x.oauthError(http.StatusBadRequest, unsupportedGrantType, "grant_type must be client_credentials or refresh_token")
	}
	client, secret, err := x.oauthClient(f, field)
	if err != nil {
		return x.oauthError(http.StatusBadRequest, invalidRequest, err.Error())
	}
	if client == "" || secret == "" {
		return x.oauthError(http.StatusBadRequest, invalidRequest, "client_id and "+field+" are needed, in the form or as HTTP Basic")
	}
	token, expires, err := x.server.auth.Exchange(x.r.Context(), client, secret, x.origin())
	x.refusedSignIn(client, err)
	var e *auth.Error
	switch {
	case errors.As(err, &e) && e.Kind == auth.Throttled:
		x.w.Header().Set("Retry-After", seconds(e.Retry))
		return x.oauthError(http.StatusTooManyRequests, notNow, e.Msg)
	case errors.As(err, &e) && e.Kind == auth.WrongPassword:
		return x.oauthError(status, refusal, e.Msg)
	case err != nil:
		return err
	}
	x.user = client
	return x.oauthReply(http.StatusOK, struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Expires int64  `json:"expires_in"`
	}{token, "Bearer", int64(time.Until(expires).Seconds())})
}

// oauthClient returns the client's id and its secret, which is the given field of the form f. A client may send both as HTTP
// Basic instead, each encoded as in a form (RFC 6749 §2.3.1), but must not do both. With a refresh token the id is enough; if a
// secret is sent as well, it must be the refresh token.
func (x *exchange) oauthClient(f query, field string) (client, secret string, err error) {
	client, secret = f.get("client_id"), f.get(field)
	shown, password, ok := x.r.BasicAuth()
	if !ok {
		return client, secret, nil
	}
	shown, named := unescape(shown, true)
	password, known := unescape(password, true)
	switch {
	case !named || !known:
		return "", "", errors.New("what stands in Authorization: Basic must be encoded as in a form")
	case client != "" && client != shown, f.get("client_secret") != "":
		return "", "", errors.New("the client shows itself in two ways: leave out client_id and client_secret, or Authorization")
	case field == "client_secret":
		secret = password
	case password != "" && password != secret:
		return "", "", errors.New("the client's secret must be empty, or the refresh token: there is no other")
	}
	return shown, secret, nil
}

// oauthError answers with an error in OAuth's format.
func (x *exchange) oauthError(status int, code, description string) error {
	if status == http.StatusUnauthorized {
		challenge := bearerChallenge
		if _, _, ok := x.r.BasicAuth(); ok { // then the challenge must be for Basic
			challenge = `Basic realm="granary"`
		}
		x.w.Header().Set("WWW-Authenticate", challenge)
	}
	x.err = errors.New(code + ": " + description)
	return x.oauthReply(status, struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{code, description})
}

func (x *exchange) oauthReply(status int, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	h := x.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	x.answerEarly(status, text)
	return nil
}

// publicKeys answers with the keys that verify tokens now, as a JWK set (RFC 7517, RFC 8037). A server uses the keys that it has
// read for a minute, and so may others.
func (x *exchange) publicKeys() error {
	keys, err := x.server.auth.PublicKeys(x.r.Context())
	if err != nil {
		return err
	}
	type jwk struct {
		Type      string `json:"kty"`
		Curve     string `json:"crv"`
		Use       string `json:"use"`
		Algorithm string `json:"alg"`
		ID        string `json:"kid"`
		X         string `json:"x"`
	}
	set := struct {
		Keys []jwk `json:"keys"`
	}{}
	for _, k := range keys {
		set.Keys = append(set.Keys, jwk{"OKP", "Ed25519", "sig", "EdDSA", k.ID, base64.RawURLEncoding.EncodeToString(k.Key)})
	}
	text, err := json.Marshal(set)
	if err != nil {
		return err
	}
	h := x.w.Header()
	h.Set("Content-Type", "application/jwk-set+json")
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = x.w.Write(text) // fails only if the client is gone
	return nil
}
