package server

import (
	"net/http"

	"granary/namespace"
	"granary/openapi"
)

// Directory is a directory inside another one.
type Directory struct {
	Name             string `json:"name"`
	FileID           int64  `json:"fileId"`
	ChildrenNum      int64  `json:"childrenNum" doc:"Entries, directories or not."`
	Owner            string `json:"owner"`
	ModificationTime int64  `json:"modificationTime" doc:"Milliseconds since 1970."`
}

// DirectoryPage is a page of the list of the directories in a directory.
type DirectoryPage struct {
	Items []Directory `json:"items" doc:"In the byte order of their names."`
	Next  string      `json:"next,omitempty" doc:"What to give as after for the next page; absent at the end."`
}

// Size is how much an entry of a directory holds, including all that is below it.
type Size struct {
	Name        string `json:"name"`
	Directory   bool   `json:"directory"`
	Files       int64  `json:"files"`
	Directories int64  `json:"directories" doc:"Below it."`
	Length      int64  `json:"length" doc:"Bytes."`
	Space       int64  `json:"spaceConsumed" doc:"Bytes, replicas counted, as quotas count them."`
	Partial     bool   `json:"partial" doc:"Not everything was counted: there is too much, or the caller may not list it."`
}

// Sizes says what takes up the space in a directory.
type Sizes struct {
	Path    string `json:"path"`
	Largest []Size `json:"largest" doc:"Entries, the longest first."`
	Others  Size   `json:"others" doc:"All other entries together, without a name."`
	Total   Size   `json:"total" doc:"All entries together, without a name."`
}

// treeRoutes are the operations that look at directories and what is below them.
var treeRoutes = []route{
	{
		Route: openapi.Route{
			ID: "listDirectories", Method: http.MethodGet, Path: "/directories", Tag: "files", Summary: "List the directories in a directory.",
			Doc:     "For directory trees: the number of files beside them does not matter. For callers who may list the directory.",
			Example: openapi.Example{Reply: `{"items":[{"name":"train","fileId":16402,"childrenNum":100000,"owner":"ada","modificationTime":1700000000000}]}`},
		},
		params: []parameter{ofPath, afterName, pageSize}, action: does(listDirectories),
	},
	{
		Route: openapi.Route{
			ID: "getSizes", Method: http.MethodGet, Path: "/sizes", Tag: "files", Summary: "Show what takes up space in a directory.",
			Doc: "Each entry with everything below it, from one snapshot, the largest first. For callers who may list the directory; " +
				"what is in directories that the caller may not list is not counted, and `partial` says so. The trash counts, and what " +
				"was shared counts where it is stored. At most a million entries are looked at, level by level, within ten seconds; " +
				"what is deeper is not counted then, and `partial` says that as well.",
			Example: openapi.Example{Reply: `{"path":"/Projects/vision","largest":[{"name":"train","directory":true,"files":100000,"directories":12,"length":5368709120,"spaceConsumed":5368709120,"partial":false}],` +
				`"others":{"name":"","directory":false,"files":0,"directories":0,"length":0,"spaceConsumed":0,"partial":false},` +
				`"total":{"name":"","directory":false,"files":100000,"directories":13,"length":5368709120,"spaceConsumed":5368709120,"partial":false}}`},
		},
		params: []parameter{ofPath, pageSize}, action: does(getSizes), costly: true,
	},
	{
		Route: openapi.Route{
			ID: "archive", Method: http.MethodGet, Path: "/archive", Tag: "files", Status: http.StatusOK, Summary: "Read directories and files as one zip or tar stream.",
			Doc: "For a link that a browser downloads: the archive is made while it is sent, and is never stored. With `name`, it contains these entries of the directory `path`; without, `path` itself. " +
				"The names of members begin with the requested entry, as in `train/7/a.jpg`, and are in UTF-8. Modes and times are kept, in a tar also owners. The trash and what is shared with a project are left out, as in jobs.\n\n" +
				"Everything is checked before the first byte is sent: entries that the caller may not read, too many members (more than 100,000 in a zip, or a million in a tar), or a name with a backslash, " +
				"which is not safe in a zip, are answered with an error. With `unreadable=list`, entries that may not be read are left out, and the member `__granary__/left-out.txt` lists them. " +
				"HEAD only checks. Files that are deleted or moved while the archive is sent are left out. An archive never looks complete if it is not: if something fails on the way, or a right ends, the stream breaks off, and no program takes the result for an archive.\n\n" +
				"Ten files count as one read. One user has at most 16 archives, exports and batches in progress, or gets 429, and the server 64, or answers 503. " +
				"The central directory of a zip is kept in memory until its end. Of those that are longer than 1 MiB, one user has at most 128 MiB in total, or gets 429, and the server 256 MiB, or answers 503. A tar has no such directory.",
			Media: "application/octet-stream",
		},
		params: []parameter{ofPath, archiveNames, archiveFormat, archiveUnreadable}, action: streams((*call).archive),
	},
}

func listDirectories(c *call, _ none) (DirectoryPage, error) {
	limit := int(pageSize.of(c))
	dirs, more, err := c.session.Directories(c.ctx, ofPath.of(c), afterName.of(c), limit)
	page := DirectoryPage{Items: showAll(dirs, func(s namespace.Status) Directory {
		return Directory{Name: s.Name, FileID: s.ID, ChildrenNum: s.Children, Owner: s.Owner, ModificationTime: s.MTime}
	})}
	if more {
		page.Next = dirs[len(dirs)-1].Name
	}
	return page, err
}

func getSizes(c *call, _ none) (Sizes, error) {
	path := ofPath.of(c)
	sizes, err := c.session.Sizes(c.ctx, path, int(pageSize.of(c)))
	show := func(s namespace.Size) Size {
		return Size{Name: s.Name, Directory: s.Dir, Files: s.Files, Directories: s.Directories, Length: s.Length, Space: s.Space, Partial: s.Partial}
	}
	return Sizes{Path: path.String(), Largest: showAll(sizes.Largest, show), Others: show(sizes.Others), Total: show(sizes.Total)}, err
}
