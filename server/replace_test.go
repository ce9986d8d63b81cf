package server

import (
	"net/http"
	"testing"
)

func TestReplace(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const target = apiPrefix + "replace?path=/user/ada/parts&source="
	h.do("POST", target+"/user/ada/next", "", h.as("ada"), noneMatch("*")).want(t, 412, "/user/ada/parts is a directory")
	key := header(idempotencyKey, "6f1ad5a4-6d7c-4f0f-9c39-1f6e9fd26c4a")
	for range 2 {
		h.do("POST", target+"/user/ada/next", "", h.as("ada"), key).want(t, 200, "")
	}
	h.do("GET", apiPrefix+"open?path=/user/ada/parts/1.csv", "", h.as("ada")).want(t, 200, "c,d\n")
	h.do("GET", apiPrefix+"open?path=/user/ada/.Trash/Current/user/ada/parts/1.csv", "", h.as("ada")).want(t, 200, "a,b\n")
	h.do("GET", apiPrefix+"get-file-status?path=/user/ada/next", "", h.as("ada")).want(t, 404, "")

	// A condition makes sure that the file is replaced in the state that was seen.
	h.do("PUT", apiPrefix+"create?path=/example/new", "new", h.as("ada")).want(t, 201, "")
	now := h.etag("/example/hello.txt")
	const file = apiPrefix + "replace?path=/example/hello.txt&source=/example/new"
	h.do("POST", file, "", h.as("ada"), match(`"1-1"`)).want(t, 412, now[1:len(now)-1])
	h.do("POST", file, "", h.as("ada"), match(now)).want(t, 200, "")
	h.do("GET", apiPrefix+"open?path=/example/hello.txt", "", h.as("ada")).want(t, 200, "new")

	for query, want := range map[string]int{
		"path=/user/ada/parts":                             http.StatusBadRequest,
		"path=/user/ada/parts&source=relative":             http.StatusBadRequest,
		"path=/user/ada/parts&source=/user/../x":           http.StatusBadRequest,
		"source=/user/ada/parts":                           http.StatusBadRequest,
		"path=/user/ada/parts&source=/user/ada/none":       http.StatusNotFound,
		"path=/user/ada/parts&source=/example/hello.txt":   http.StatusConflict,
		"path=/user/ada/parts/x&source=/user/ada/parts":    http.StatusConflict,
		"path=/user/ada/parts&source=/user/ada/parts/1csv": http.StatusNotFound,
	} {
		if a := h.do("POST", apiPrefix+"replace?"+query, "", h.as("ada")); a.StatusCode != want {
			t.Errorf("%s: %d %s; want %d", query, a.StatusCode, a.body, want)
		}
	}
	h.do("POST", target+"/example/new", "", h.as("bob")).want(t, 403, "")
	// HDFS has no such operation, and its own parameters are not restricted by ours.
	h.do("POST", "/webhdfs/v1/user/ada/parts?op=REPLACE&source=/example", "", h.as("ada")).want(t, 400, "REPLACE is not a valid POST operation.")
	h.do("POST", "/webhdfs/v1/example/hello.txt?op=APPEND&source=relative", "x", h.as("ada")).want(t, 200, "")
}
