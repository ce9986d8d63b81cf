package server

import (
	"net/http"
	"reflect"

	"granary/auth/perm"
	"granary/openapi"
)

// batchRoutes read and write many files with one request.
var batchRoutes = []route{
	{
		Route: openapi.Route{
			ID: "batchRead", Method: http.MethodPost, Path: "/fs/batch-read", Tag: "files", Summary: "Read many files as a tar stream.",
			Doc: "For data loaders: thousands of small files in the time that a few dozen single requests take. The members come in the order of `paths`, or of the directory, " +
				"or shuffled by a seed; with `samples`, files that WebDataset takes for one sample stay together. Each has its path without the first slash as its name. Each file is consistent in itself, as of some moment during the request.\n\n" +
				"An error with one file does not affect others. In its place comes a member `__granary__/errors/000017.json`, with its number in the stream, counted from 0: it holds the problem " +
				"that `open` would have answered with, such as `{\"type\":\"about:blank\",\"title\":\"Not found\",\"status\":404,\"detail\":\"File does not exist: /a/b\",\"instance\":\"/a/b\"," +
				"\"exception\":\"FileNotFoundException\",\"requestId\":\"…\"}`, and with the status in the PAX record `GRANARY.status`, too. " +
				"The last member is `__granary__/end.json`, such as `{\"read\":9999,\"failed\":1}`; a stream without it was cut off. " +
				"WebDataset readers skip these members, `tar --exclude=__granary__` leaves them out, and in Python `tarfile.open(mode=\"r|\", fileobj=…)` shows them like any other.\n\n" +
				"Files of more than 8 MiB are read with `open`; here they fail, with 409. A batch has at most 10,000 paths, in 16 MiB of JSON, or 100,000 files of a directory, and 16 GiB. " +
				"Ten files count as one read, and so do a hundred entries of directories that are searched. One user has at most 16 batches in progress, or gets 429, and the server 64, or answers 503. " +
				"A directory that may not be listed, or one with more files, fails as a whole, before anything is sent.",
			Reads: true, Status: http.StatusOK, Media: "application/x-tar",
			Example: openapi.Example{Body: `{"paths":["/Projects/vision/train/2.jpg","/Projects/vision/train/1.jpg"]}`},
		},
		action: action{
			body: reflect.TypeFor[BatchRead](), reply: reflect.TypeFor[none](), answers: true,
			run: func(c *call) (any, error) {
				var in BatchRead
				if err := c.decode(&in); err != nil {
					return nil, err
				}
				return nil, c.batchRead(in)
			},
		},
		long: true,
	},
	{
		Route: openapi.Route{
			ID: "batchWrite", Method: http.MethodPost, Path: "/fs/batch-write", Tag: "files", Summary: "Write many files from a tar stream.",
			Doc: "Each file is a CREATE of its own: it appears completely or not at all, as an event of its own, with the rights and " +
				"quotas of one. Missing directories are made, and so are members that are directories. An error with one member does " +
				"not affect others and is reported in the answer, in the order of the archive. Files become visible in no particular " +
				"order, but of several with one path the last one stays. Owners and times of the archive are ignored; modes are used, " +
				"unless `permission` is given.\n\n" +
				"If an archive breaks off, the files that were complete are kept, and the answer lists them: `problem` says why there " +
				"are no more. If it is sent again without an Idempotency-Key, files that exist are refused with 409 or, with " +
				"`overwrite=true`, replaced. With the same key, files that were written get the first answer and the others are tried " +
				"again. The operation ids of the files' events are derived from the key and the path.\n\n" +
				"An archive has at most 10,000 members and 16 GiB; use another one for more. Each file counts as one change. One user " +
				"has at most 16 batches in progress, or gets 429, and the server 64, or answers 503. A compressed archive, or a body " +
				"that is not a tar archive, is refused with 400.",
			Upload: "application/x-tar", UploadDoc: "A tar archive, not compressed: files and directories, with names that are relative to `path`.",
			Partly: "Some members were not written, or the archive was not read to its end.",
			Example: openapi.Example{
				Query: "path=/Projects/vision/train",
				Reply: `{"members":[{"name":"1.jpg","path":"/Projects/vision/train/1.jpg","status":201,"fileId":16402,"etag":"\"16402-1\""},` +
					`{"name":"2.jpg","path":"/Projects/vision/train/2.jpg","status":409,"problem":{"type":"about:blank","title":"Already exists","status":409,` +
					`"detail":"/Projects/vision/train/2.jpg for client 127.0.0.1 already exists","instance":"/Projects/vision/train/2.jpg","exception":"FileAlreadyExistsException","requestId":"b7"}}],` +
					`"written":1,"failed":1}`,
			},
		},
		params: []parameter{ofPath, overwrite, batchPermission},
		action: action{
			body: reflect.TypeFor[none](), reply: reflect.TypeFor[BatchWritten](), answers: true,
			run: func(c *call) (any, error) { return nil, c.batchWrite() },
		},
	},
}

// batchPermission is the mode of the files that a batch writes.
var batchPermission = param[*perm.Mode]{
	Param: openapi.Param{
		Name: "permission", Doc: "Octal mode of all files; without it, the modes that the archive has.",
		Schema: openapi.Schema{Type: "string", Pattern: "^1?[0-7]{1,3}$"},
	},
	parse: func(text string) (*perm.Mode, error) {
		mode, err := parseOctal("permission", text)
		return &mode, err
	},
}
