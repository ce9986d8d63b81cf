package server

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"granary/auth"
	"granary/namespace"
	"granary/openapi"
)

// DownloadLink is a link as the API shows it. Its address is shown only once, when it is made.
type DownloadLink struct {
	ID      uuid.UUID `json:"id"`
	FileID  int64     `json:"fileId" doc:"The file that it leads to, wherever it is moved. While that is in the trash, the link leads nowhere."`
	Path    string    `json:"path,omitempty" doc:"Where that file is now; absent if it is gone, or the caller may not reach it."`
	Label   string    `json:"label"`
	Locked  bool      `json:"locked" doc:"It asks for a password."`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Revoked bool      `json:"revoked"`
	Uses    int64     `json:"uses" doc:"How often it was followed."`
	Used    time.Time `json:"used,omitzero" doc:"When it was last followed. Absent: never."`
}

// DownloadLinkPage is a page of the list of the links of a user that have not expired.
type DownloadLinkPage struct {
	Items []DownloadLink `json:"items"`
	Next  string         `json:"next,omitempty" doc:"What to give as after for the next page; absent on the last."`
}

// NewLink is the request body for a new link.
type NewLink struct {
	Path     string `json:"path" pattern:"^(/([^/:.\\x00][^/:\\x00]*|\\.[^/:.\\x00][^/:\\x00]*|\\.\\.[^/:\\x00]+)?)+$" doc:"The file."`
	Expires  int64  `json:"expiresIn,omitempty" min:"1" max:"604800" doc:"Lifetime in seconds. Without it, a day. It ends with the credential that requests it, unless that is a session."`
	Password string `json:"password,omitempty" format:"password" min:"8" max:"1024" doc:"Required from anybody who follows the link: at least 8 characters."`
	Label    string `json:"label,omitempty" max:"200" doc:"What it is for: at most 200 bytes."`
}

// MadeLink is a new link.
type MadeLink struct {
	URL string `json:"url" format:"password" doc:"Anybody who has it can read the file. It is not shown again."`
	DownloadLink
}

// linkRoutes are the operations on download links.
var linkRoutes = []route{
	{
		Route: openapi.Route{
			ID: "listLinks", Method: http.MethodGet, Path: "/links", Tag: "credentials", Summary: "List the caller's download links, the newest first.",
		},
		params: []parameter{afterToken, pageSize}, action: does(listLinks),
	},
	{
		Route: openapi.Route{
			ID: "createLink", Method: http.MethodPost, Path: "/links", Tag: "credentials", Summary: "Create a link with which anybody can download a file.",
			Status: http.StatusCreated, Repeats: true,
			Doc:     "The link reads that one file and nothing else, as long as the caller may read it. It leads nowhere while the file is in the trash. Range works, and its ETag works with If-Range, If-Match and If-None-Match. It can be revoked like a token, by its id.",
			Example: openapi.Example{Body: `{"path":"/example/hello.txt","expiresIn":86400,"label":"for Bob"}`},
		},
		action: does(createLink),
	},
}

func showLink(t auth.Token) DownloadLink {
	return DownloadLink{
		ID: t.ID, FileID: t.Scope.Root, Label: t.Label, Locked: t.Locked, Created: t.Created.UTC(), Expires: t.Expires.UTC(),
		Revoked: !t.Revoked.IsZero(), Uses: t.Uses, Used: utc(t.Used),
	}
}

func listLinks(c *call, _ none) (DownloadLinkPage, error) {
	p, err := c.managing()
	if err != nil {
		return DownloadLinkPage{}, err
	}
	all, err := c.server.auth.Links(c.ctx, p.User, c.tokenQuery(p))
	shown, next := paged(all, int(pageSize.of(c)), placeOfToken)
	page := DownloadLinkPage{Items: showAll(shown, showLink), Next: next}
	if err == nil {
		err = c.placeLinks(page.Items)
	}
	return page, err
}

func createLink(c *call, in NewLink) (MadeLink, error) {
	p, err := c.managing()
	if err != nil {
		return MadeLink{}, err
	}
	path, err := namespace.ParsePath(in.Path)
	if err != nil {
		return MadeLink{}, err
	}
	project, inode, err := c.session.Readable(c.ctx, path)
	if err != nil {
		return MadeLink{}, err
	}
	if path.InTrash() {
		return MadeLink{}, &namespace.Error{Op: "create link", Path: in.Path, Kind: namespace.InvalidArgument, Msg: in.Path + " is in the trash, where no link leads to it. Restore it first."}
	}
	secret, t, err := c.server.auth.MakeLink(c.ctx, p, auth.LinkRequest{
		Project: project, Inode: inode, TTL: time.Duration(in.Expires) * time.Second, Password: auth.Password(in.Password), Label: in.Label,
	})
	if err != nil {
		return MadeLink{}, credentialError(err)
	}
	made := MadeLink{URL: c.server.base(c.r) + linksPrefix + secret, DownloadLink: showLink(t)}
	made.Path = path.String()
	return made, nil
}
