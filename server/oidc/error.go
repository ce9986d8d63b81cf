package oidc

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/oauth2"
)

// Error is what a login fails with. Msg is meant for who signs in, and holds nothing that the provider said.
type Error struct {
	// Down: the provider could not be asked, and the same login may succeed later; else it, or we, refused.
	Down bool
	Msg  string
	// Err is what happened, for the log: without secrets, tokens and bodies of answers.
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

// maxCause bounds what is logged of a cause, in bytes.
const maxCause = 300

// errorCode is what a code of RFC 6749 looks like; anything else is not repeated.
var errorCode = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

// Code returns text if it has the form of an error code of OAuth, such as access_denied, and "" if not.
func Code(text string) string {
	if errorCode.MatchString(text) {
		return text
	}
	return ""
}

// cause is err as it may be logged. The library's words for a refusal of the token endpoint quote the whole answer.
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
