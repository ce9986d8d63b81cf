package server

import (
	"math"
	"strconv"

	"granary/openapi"
)

// Sizes of pages, in items.
const (
	defaultPage = 100
	maxPage     = 1000
)

// Parameters of lists.
var (
	afterName = text("after", "The name after which to go on; it need not exist.")
	afterID   = param[int64]{
		Param: openapi.Param{
			Name: "after", Doc: "Where to continue: the value of next from the previous page.",
			Schema: openapi.Schema{Type: "string", Pattern: `^[1-9][0-9]{0,17}$`}, // no integer: next is text, whatever the list
		},
		parse: func(text string) (int64, error) { return parseInteger("after", text, 10, javaLong, 1, math.MaxInt64) },
	}
	pageSize = param[int64]{
		Param: openapi.Param{
			Name: "limit", Doc: "How many items to return at most.",
			Schema: openapi.Schema{Type: "integer", Format: "int64", Minimum: pointer[int64](1), Maximum: pointer[int64](maxPage), Default: defaultPage},
		},
		parse: func(text string) (int64, error) { return parseInteger("limit", text, 10, javaInt, 1, maxPage) },
		unset: defaultPage,
	}
)

// paged cuts a list, which has one item more than a page if more follow, to a page, and returns the place after which the next
// page begins: that of the page's last item, "" on the last page. So a cursor names nothing that the client was not shown.
func paged[T any](all []T, limit int, place func(T) string) (page []T, next string) {
	if len(all) <= limit {
		return all, ""
	}
	page = all[:limit]
	return page, place(page[limit-1])
}

// showAll renders the items of a page.
func showAll[In, Out any](page []In, show func(In) Out) []Out {
	out := make([]Out, len(page))
	for i := range page {
		out[i] = show(page[i])
	}
	return out
}

// placeOfID returns the place of an item in a list that is ordered by id.
func placeOfID(id int64) string { return strconv.FormatInt(id, 10) }
