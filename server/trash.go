package server

import (
	"net/http"
	"strconv"

	"granary/namespace"
	"granary/openapi"
)

// trashOps tell clients where to move what their users delete. They move it by RENAME with TO_TRASH.
var trashOps = []op{
	{
		Operation: openapi.Operation{
			Name: "GETTRASHROOT", ID: "getTrashRoot", Method: http.MethodGet, Summary: "Show the caller's trash for a path.",
			Doc: "Deleted entries go to Current below it, under their former path, by RENAME with renameoptions=TO_TRASH. " +
				"Each project has a trash of its own. Neither the path nor the trash need exist.",
			Reply:   openapi.Reply{Status: http.StatusOK, Doc: "The directory.", Schema: object("Path", stringSchema("Absolute path."))},
			Example: openapi.Example{Path: "/example/hello.txt", Reply: `{"Path":"/user/ada/.Trash"}`},
		},
		handle: (*call).getTrashRoot,
	},
	{
		Operation: openapi.Operation{
			Name: "GETTRASHROOTS", ID: "getTrashRoots", Method: http.MethodGet, Pathless: true,
			Summary: "List the trash directories that exist.",
			Reply: openapi.Reply{
				Status: http.StatusOK, Doc: "The directories; null if there are none.",
				Schema: object("Paths", &openapi.Schema{Type: []string{"array", "null"}, Items: ref("TrashRoot")}),
			},
			Example: openapi.Example{Path: "/", Query: "allusers=true", Reply: `{"Paths":null}`},
		},
		params: []parameter{allUsers}, handle: (*call).getTrashRoots,
	},
}

var allUsers = boolean("allusers", false, "All that the caller may see, instead of the caller's own.")

func (c *call) getTrashRoot() error {
	root, err := c.session.TrashRoot(c.ctx, c.path)
	if err != nil {
		return err
	}
	return c.pathReply(root)
}

func (c *call) getTrashRoots() error {
	roots, err := c.session.TrashRoots(c.ctx, allUsers.of(c))
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, func(b []byte) []byte {
		if len(roots) == 0 {
			return append(b, `{"Paths":null}`...)
		}
		b = append(b, `{"Paths":[`...)
		for i, root := range roots {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendTrashRoot(b, root)
		}
		return append(b, "]}"...)
	})
}

// appendTrashRoot appends a status in HDFS's second format for it, that of JsonUtil.toJsonString of a Java FileStatus.
func appendTrashRoot(b []byte, root namespace.TrashRoot) []byte {
	s := root.Status
	b = appendNumber(b, `{"access_time":`, s.ATime)
	b = appendNumber(b, `,"block_replication":`, int64(s.Replication))
	b = appendNumber(b, `,"blocksize":`, s.BlockSize)
	b = appendText(b, `,"group":`, s.Group)
	b = append(b, `,"isdir":`...)
	b = strconv.AppendBool(b, s.Dir)
	b = appendNumber(b, `,"length":`, s.Size)
	b = appendNumber(b, `,"modification_time":`, s.MTime)
	b = appendText(b, `,"owner":`, s.Owner)
	b = appendText(b, `,"path":`, root.Path.String())
	b = appendText(b, `,"permission":`, s.Perms.Mode.String())
	return append(b, '}')
}
