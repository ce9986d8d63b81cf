package oidc

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/oauth2"
)

// Error is the error of a failed login. Msg is meant for the person who signs in, and holds nothing that the provider said.
type Error struct {
	// Down is set if the provider could not be reached, and the same login may succeed later. Otherwise the provider or this
	// package refused it.
	Down bool
	Msg  string
	// Err is the cause, for the log, without secrets, tokens and bodies of answers.
	Err error
}

// Error returns the message with the cause.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Msg + ": " + e.Err.Error()
	}
	return e.Msg
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// maxCause bounds the logged text of a cause, in bytes.
const maxCause = 300

// errorCode matches the error codes of RFC 6749. Anything else is not quoted.
var errorCode = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

// Code returns text if it has the form of an error code of OAuth, such as access_denied, and "" if not.
func Code(text string) string {
	if errorCode.MatchString(text) {
		return text
	}
	return ""
}

// cause returns err in a form that may be logged. The library's error for a refusal of the token endpoint quotes the whole answer.
func cause(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		status := 0
		if refused.Response != nil {
			status = refused.Response.StatusCode
		}
		return fmt.Errorf("the token endpoint answered %d %s", status, Code(refused.ErrorCode))
	}
	text := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, err.Error())
	if len(text) > maxCause {
		text = strings.ToValidUTF8(text[:maxCause], "") + "…"
	}
	return errors.New(text)
}
