package server

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"granary/namespace"
	"granary/openapi"
)

// Headers of tus 1.0.0 (tus.io/protocols/resumable-upload): its core, and the extensions Creation, Expiration and Termination.
const (
	tusVersion    = "1.0.0"
	tusResumable  = "Tus-Resumable"
	uploadLength  = "Upload-Length"
	uploadOffset  = "Upload-Offset"
	uploadExpires = "Upload-Expires"
	uploadPart    = "application/offset+octet-stream"
	uploadsPath   = "/uploads"
)

// Upload is a file whose content is sent in parts.
type Upload struct {
	ID      uuid.UUID `json:"id"`
	Path    string    `json:"path" doc:"Where the file will be, or is."`
	Length  int64     `json:"length" doc:"Bytes of the whole file."`
	Offset  int64     `json:"offset" doc:"Bytes that have arrived and are durable."`
	Done    bool      `json:"done" doc:"The file is there."`
	Expires time.Time `json:"expires,omitzero" doc:"When the upload is dropped if nothing more arrives; absent once the file exists."`
}

const exampleUpload = `{"id":"3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11","path":"/Projects/vision/train.tar","length":52428800,"offset":0,"done":false,"expires":"2026-01-03T03:04:05Z"}`

// noReplacing is the condition that all operations take that may publish the file.
var noReplacing = openapi.Param{
	Name: ifNoneMatch, Doc: "With *: only if the file does not exist. Otherwise 412; what has arrived is kept.",
	Schema: openapi.Schema{Type: "string", Enum: []string{"*"}},
}

// replacing is a condition that only getUpload takes.
var replacing = openapi.Param{
	Name: ifMatch, Doc: "With *: if everything has arrived, replace the existing file. 412 if there is none.",
	Schema: openapi.Schema{Type: "string", Enum: []string{"*"}},
}

// Headers of answers about an upload, as in tus.
var (
	toldOffset = openapi.Header{Description: "Bytes that have arrived.", Schema: &openapi.Schema{Type: "integer", Format: "int64"}}
	toldLength = openapi.Header{Description: "Bytes of the whole file.", Schema: &openapi.Schema{Type: "integer", Format: "int64"}}
)

// uploadRoutes are the operations on uploads that can be resumed.
var uploadRoutes = []route{
	{
		Route: openapi.Route{
			ID: "beginUpload", Method: http.MethodPost, Path: uploadsPath, Tag: "files", Summary: "Begin to upload a file in parts.", Status: http.StatusCreated, Repeats: true,
			Doc: "This and the operations on one upload are tus 1.0.0 with Creation, Expiration and Termination: any tus client works, " +
				"with the path in the address of the first request. Location is where the parts go. Nothing of the file is visible " +
				"until everything has arrived; then it appears complete, with the rights, quotas and conditions of a create. Missing " +
				"directories are made. An upload belongs to its user alone, can be continued through any server, and is dropped a day " +
				"after something last arrived. An empty file has no parts: it is made at once, the upload is done, and nothing is known " +
				"of it afterwards. Clients that can send neither PATCH nor DELETE send POST with X-HTTP-Method-Override. One user has " +
				"at most 256 uploads at a time; what has arrived takes room in the quotas above the file from other uploads, and from " +
				"everything once it is a file.",
			Headers: []openapi.Param{
				{Name: uploadLength, Required: true, Doc: "Bytes of the whole file.", Schema: openapi.Schema{Type: "integer", Format: "int64", Minimum: pointer[int64](0)}},
				noReplacing,
			},
			Told: map[string]openapi.Header{
				"Location":   {Description: "Where the parts go.", Schema: &openapi.Schema{Type: "string", Format: "uri-reference"}},
				uploadOffset: toldOffset, uploadLength: toldLength,
				"ETag": {Description: "The ETag of the file, if the file is empty.", Schema: &openapi.Schema{Type: "string"}},
			},
			Example: openapi.Example{Query: "path=/Projects/vision/train.tar", Reply: exampleUpload},
		},
		params: []parameter{ofPath, filePermission}, action: does(beginUpload),
	},
	{
		Route: openapi.Route{
			ID: "getUpload", Method: http.MethodGet, Path: uploadsPath + "/{upload}", Tag: "files", Summary: "Show the progress of an upload.",
			Doc: "The headers Upload-Offset and Upload-Length say it, for HEAD as well. If everything has arrived and making the file " +
				"failed, that is tried now, and answered: a client takes an upload that is as long as the file for done. An upload that " +
				"was begun with If-None-Match: * then replaces nothing, unless If-Match: * says that it is to replace what exists.",
			Headers: []openapi.Param{noReplacing, replacing},
			Told:    map[string]openapi.Header{uploadOffset: toldOffset, uploadLength: toldLength},
			Example: openapi.Example{Reply: exampleUpload},
		},
		action: does(getUpload),
	},
	{
		Route: openapi.Route{
			ID: "continueUpload", Method: http.MethodPatch, Path: uploadsPath + "/{upload}", Tag: "files", Summary: "Send the next part of a file.", Repeats: true,
			Doc: "Upload-Offset of the answer says where the next part begins. The last part makes the file, and its answer has the " +
				"ETag. 409: the part does not begin at the upload's offset; only the last part may be sent again, if its answer was " +
				"lost. A part may be as long as the rest of the file: what has arrived becomes durable while the rest is in progress, " +
				"and of a part that is cut off, every complete 64 MiB are kept, so ask for the offset and continue from there. With " +
				"parts of some megabytes, no more than one is lost; at most 10,000 may be shorter than 1 MiB, apart from the last. If " +
				"making the file was refused, as with 412, a part without content tries it again, and so does asking for the offset.",
			Upload: uploadPart, UploadDoc: "The bytes.",
			Headers: []openapi.Param{
				{Name: uploadOffset, Required: true, Doc: "Where the part begins.", Schema: openapi.Schema{Type: "integer", Format: "int64", Minimum: pointer[int64](0)}},
				noReplacing,
			},
			Told: map[string]openapi.Header{
				uploadOffset: toldOffset, uploadLength: toldLength,
				"ETag": {Description: "The ETag of the file, if this was the last part.", Schema: &openapi.Schema{Type: "string"}},
			},
		},
		action: does(continueUpload),
	},
	{
		Route: openapi.Route{
			ID: "endUpload", Method: http.MethodDelete, Path: uploadsPath + "/{upload}", Tag: "files", Summary: "Cancel an upload; no file is created.", Repeats: true,
		},
		action: does(endUpload),
	},
}

// notAPart is the face of a body whose type is not that of tus.
var notAPart = face{http.StatusUnsupportedMediaType, "java.lang.IllegalArgumentException", http.StatusUnsupportedMediaType, "Unsupported media type"}

// tus sets the header that tells clients the version of tus, and refuses a client of another version.
func (c *call) tus() error {
	h := c.w.Header()
	h.Set(tusResumable, tusVersion)
	switch version := c.r.Header.Get(tusResumable); version {
	case "", tusVersion:
		return nil
	default:
		h.Set("Tus-Version", tusVersion)
		return &denial{face: faces[namespace.Precondition], msg: "Uploads speak tus " + tusVersion + ", not " + printable(version) + "."}
	}
}

// numberIn parses a header that is a number.
func (c *call) numberIn(header string, least int64) (int64, error) {
	text := c.r.Header.Get(header)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least {
		return 0, c.badHeader(header, text, "is no number of bytes: want a whole number, "+strconv.FormatInt(least, 10)+" at least")
	}
	return n, nil
}

// asToWhatIsThere makes the session refuse what the request's conditions on an existing file forbid. Only getUpload, which looks,
// may demand with If-Match that there is a file.
func (c *call) asToWhatIsThere(looks bool) error {
	given := func(header string) (*namespace.Revisions, error) {
		text, there := c.r.Header[header]
		switch {
		case !there:
			return nil, nil
		case header == ifMatch && !looks:
			return nil, c.badHeader(header, strings.Join(text, ", "), "is no condition that uploads take: leave it out")
		case len(text) != 1 || text[0] != "*":
			return nil, c.badHeader(header, strings.Join(text, ", "), "is not *, the only condition that uploads take")
		}
		return &namespace.Revisions{Any: true}, nil
	}
	var (
		condition namespace.Condition
		err       error
	)
	if condition.NoneMatch, err = given(ifNoneMatch); err != nil {
		return err
	}
	if condition.Match, err = given(ifMatch); err != nil {
		return err
	}
	c.session.If(condition)
	return nil
}

// uploadInURL returns the id in the path, or uuid.Nil, which no upload has, if it is not one.
func (c *call) uploadInURL() uuid.UUID {
	id, err := uuid.Parse(c.inURL("upload"))
	if err != nil {
		return uuid.Nil
	}
	return id
}

// tell sets the headers that say how far u is, and renders it.
func (c *call) tell(u *namespace.Upload) Upload {
	h := c.w.Header()
	h.Set(uploadOffset, strconv.FormatInt(u.Offset, 10))
	h.Set(uploadLength, strconv.FormatInt(u.Length, 10))
	if !u.Expires.IsZero() {
		h.Set(uploadExpires, u.Expires.UTC().Format(http.TimeFormat))
	}
	return Upload{ID: u.ID, Path: u.Path.String(), Length: u.Length, Offset: u.Offset, Done: u.Expires.IsZero(), Expires: utc(u.Expires)}
}

func beginUpload(c *call, _ none) (Upload, error) {
	if err := c.tus(); err != nil {
		return Upload{}, err
	}
	length, err := c.numberIn(uploadLength, 0)
	if err != nil {
		return Upload{}, err
	}
	if err := c.asToWhatIsThere(false); err != nil {
		return Upload{}, err
	}
	o := namespace.CreateOptions{Mode: filePermission.of(c), Overwrite: true, CreateParent: true}
	var u namespace.Upload
	if length == 0 {
		u, err = c.uploadNothing(o)
	} else {
		u, err = c.session.BeginUpload(c.ctx, ofPath.of(c), o, length)
	}
	if err != nil {
		return Upload{}, err
	}
	c.w.Header().Set("Location", restPrefix+uploadsPath+"/"+u.ID.String())
	return c.tell(&u), nil
}

// uploadNothing creates an empty file, and returns an upload that is done.
func (c *call) uploadNothing(o namespace.CreateOptions) (namespace.Upload, error) {
	u := namespace.Upload{Path: ofPath.of(c)}
	status, err := c.session.Create(c.ctx, u.Path, o, http.NoBody)
	if err != nil {
		return u, err
	}
	c.w.Header().Set("Etag", entityTag(status.Revision()))
	u.ID, err = uuid.NewRandom() // clients need a Location
	return u, err
}

func getUpload(c *call, _ none) (Upload, error) {
	if err := c.tus(); err != nil {
		return Upload{}, err
	}
	if err := c.asToWhatIsThere(true); err != nil {
		return Upload{}, err
	}
	u, err := c.session.Upload(c.ctx, c.uploadInURL())
	if err != nil {
		return Upload{}, err
	}
	return c.tell(&u), nil
}

func continueUpload(c *call, _ none) (none, error) {
	if err := c.tus(); err != nil {
		return none{}, err
	}
	if kind := c.r.Header.Get("Content-Type"); kind != uploadPart {
		return none{}, &denial{face: notAPart, msg: "The Content-Type of a part is " + uploadPart + ", not " + printable(kind) + "."}
	}
	offset, err := c.numberIn(uploadOffset, 0)
	if err != nil {
		return none{}, err
	}
	if err := c.asToWhatIsThere(false); err != nil {
		return none{}, err
	}
	c.patient() // a part may be all of a file, and come from a program that computes it
	u, status, err := c.session.ContinueUpload(c.ctx, c.uploadInURL(), offset, c.r.ContentLength, c.body)
	var cut *truncated
	if errors.As(err, &cut) { // unlike other bodies that end early, a part is not sent again from its beginning
		msg := fmt.Sprintf("The part ended before it was complete; %d bytes of the upload have come, go on from there", u.Offset)
		return none{}, &denial{face: faces[namespace.IO], msg: msg}
	}
	if err != nil {
		return none{}, err
	}
	c.tell(&u)
	if status != nil {
		c.w.Header().Set("Etag", `"`+status.Revision().String()+`"`)
	}
	return none{}, nil
}

func endUpload(c *call, _ none) (none, error) {
	if err := c.tus(); err != nil {
		return none{}, err
	}
	return none{}, c.session.EndUpload(c.ctx, c.uploadInURL())
}

// methodOverride is the header in which a client that can send only POST names the method that it means, as in tus.
const methodOverride = "X-HTTP-Method-Override"

// override gives a POST on an upload the method that it stands for. r must be a copy, as net/http still relies on the method of
// its own request.
func override(r *http.Request, path string) *http.Request {
	method := r.Header.Get(methodOverride)
	if r.Method == http.MethodPost && (method == http.MethodPatch || method == http.MethodDelete) && strings.HasPrefix(path, restPrefix+uploadsPath+"/") {
		r.Method = method
	}
	return r
}

// uploadOptions answers a client of tus that asks what the server supports.
func uploadOptions(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set(tusResumable, tusVersion)
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", "creation,expiration,termination")
	w.WriteHeader(http.StatusNoContent)
}
