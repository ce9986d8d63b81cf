package server

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"granary/auth"
	"granary/openapi"
)

// afterToken is the place after which a list of tokens, sessions or links continues.
var afterToken = param[auth.TokenPlace]{
	Param: openapi.Param{
		Name: "after", Doc: "Where to continue: the value of next from the previous page.",
		Schema: openapi.Schema{Type: "string", Pattern: `^[1-9][0-9]{0,15}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`},
	},
	parse: parseTokenPlace,
}

// placeOfToken returns the place of a token in a list: <microseconds since 1970>.<id>.
func placeOfToken(t auth.Token) string {
	return strconv.FormatInt(t.Created.UnixMicro(), 10) + "." + t.ID.String()
}

// parseTokenPlace parses what placeOfToken returns, and accepts nothing else.
func parseTokenPlace(text string) (auth.TokenPlace, error) {
	created, token, _ := strings.Cut(text, ".")
	micros, err := strconv.ParseInt(created, 10, 64)
	id, unknown := uuid.Parse(token)
	place := auth.TokenPlace{Created: time.UnixMicro(micros), ID: id}
	const most = 1e16 // as in the pattern: until the year 2286
	if err != nil || unknown != nil || micros <= 0 || micros >= most || placeOfToken(auth.Token{Created: place.Created, ID: id}) != text {
		return auth.TokenPlace{}, cause("it must be the next of a page")
	}
	return place, nil
}

// tokenQuery returns the query for what p may see of a list, with one item more than the page.
func (c *call) tokenQuery(p auth.Principal) auth.TokenQuery {
	return auth.TokenQuery{Within: p.Scope, After: afterToken.of(c), Limit: int(pageSize.of(c)) + 1}
}
