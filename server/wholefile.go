package server

import (
	"net/http"
	"strings"

	"granary/namespace"
	"granary/openapi"
)

// wholeFileOps are the operations that change the content of files without sending any.
var wholeFileOps = []op{
	{
		Operation: openapi.Operation{
			Name: "CONCAT", ID: "concat", Method: http.MethodPost, Conditional: true, Summary: "Append files of the same directory to a file.",
			Doc:     "The sources disappear. No content is copied.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "Empty."},
			Example: openapi.Example{Path: "/user/ada/parts/1.csv", Query: "sources=/user/ada/parts/2.csv"},
		},
		params: []parameter{sources.required()}, handle: (*call).concat,
	},
	{
		Operation: openapi.Operation{
			Name: "TRUNCATE", ID: "truncate", Method: http.MethodPost, Conditional: true, Summary: "Shorten a file.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "True: it is done.", Schema: ref("Boolean")},
			Example: openapi.Example{Path: "/example/hello.txt", Query: "newlength=5", Reply: `{"boolean":true}`},
		},
		params: []parameter{newLength.required()}, handle: (*call).truncate,
	},
}

var (
	sources = param[string]{
		Param: openapi.Param{
			Name: "sources", Doc: "Absolute paths, separated by commas, in the order in which they are appended. A comma in a name cannot be escaped.",
			Schema: openapi.Schema{Type: "string", Pattern: "^/[^,\\x00]*(,/[^,\\x00]*)*$"},
		},
		parse: verbatim,
	}
	newLength = number("newlength", javaLong, 0, 0, "The new length in bytes, at most the present one.")
)

func (c *call) concat() error {
	list := strings.TrimRight(sources.of(c), ",") // Java's split drops empty strings at the end
	if list == "" {
		return &namespace.Error{Op: "read sources", Path: c.path.String(), Kind: namespace.InvalidArgument, Msg: "No sources given"}
	}
	var paths []namespace.Path
	for text := range strings.SplitSeq(list, ",") {
		if !strings.HasPrefix(text, "/") {
			return &namespace.Error{
				Op: "read sources", Path: c.path.String(), Kind: namespace.IO,
				Msg: "java.lang.AssertionError: Absolute path required, but got '" + printable(text) + "'",
			}
		}
		path, err := namespace.ParsePath(text)
		if err != nil {
			return err
		}
		paths = append(paths, path)
	}
	return c.done(c.session.Concat(c.ctx, c.path, paths))
}

func (c *call) truncate() error {
	done, err := c.session.Truncate(c.ctx, c.path, newLength.of(c))
	if err != nil {
		return err
	}
	return c.boolean(done)
}
