package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"

	"granary/web"
)

// places are the paths at which the file manager's page is served, one for each form of address in its src/place.ts. The page
// itself interprets the address.
var places = []string{"/", "/files", "/files/*", "/projects/{project}", "/shared", "/discover", "/tokens", "/admin"}

// sitePolicy lets the file manager's page only load its own files and talk to this server. It allows no inline scripts.
const sitePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; font-src 'self'; " +
	"connect-src 'self'; frame-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// icon is the icon that browsers show for this service.
const icon = "assets/granary.svg"

// assetPolicy is the policy of all files but the page. It applies to workers, which need no access: the page gives them their data.
const assetPolicy = "default-src 'none'"

// zippedTag ends the ETag of what is sent compressed: other bytes need another strong ETag (RFC 9110, section 8.8.3.3).
const zippedTag = "-gzip"

// asset is a file of the application.
type asset struct {
	kind    string
	sum     string // names the content
	content []byte
	zipped  func() []byte // compressed when it is first called; returns nil if that would not be much shorter
	page    bool
}

// assets returns the application's files by name. They are the same for all servers of a process.
var assets = sync.OnceValues(func() (map[string]*asset, error) {
	all, files := map[string]*asset{}, web.Files()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err == nil {
			all[name], err = newAsset(name, content)
		}
		return err
	})
	return all, err
})

// mountSite mounts the file manager.
func mountSite(r chi.Router) error {
	all, err := assets()
	for name, a := range all {
		at := []string{"/" + name}
		switch {
		case a.page:
			at = places
		case name == icon:
			at = append(at, "/favicon.ico") // browsers ask for it on pages that name no icon, such as that of a download link
		}
		for _, place := range at {
			readable(r, place, http.HandlerFunc(a.serve))
		}
	}
	return err
}

func newAsset(name string, content []byte) (*asset, error) {
	sum := sha256.Sum256(content)
	a := &asset{
		kind: mime.TypeByExtension(path.Ext(name)), sum: base64.RawURLEncoding.EncodeToString(sum[:12]),
		content: content, page: name == web.Index, zipped: sync.OnceValue(func() []byte { return zipped(content) }),
	}
	if a.kind == "" {
		return nil, fmt.Errorf("web/dist/%s: no Content-Type is known for such a name", name)
	}
	return a, nil
}

// zipped compresses content, and returns nil if that saves less than a tenth.
func zipped(content []byte) []byte {
	var to bytes.Buffer
	w, _ := gzip.NewWriterLevel(&to, gzip.BestCompression) // the level is known
	_, _ = w.Write(content)                                // a buffer never fails
	_ = w.Close()
	if to.Len() >= len(content)*9/10 {
		return nil
	}
	return to.Bytes()
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h, content, etag := w.Header(), a.content, `"`+a.sum+`"`
	var short []byte
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		short = a.zipped()
	}
	if short != nil {
		content, etag = short, `"`+a.sum+zippedTag+`"`
	}
	h.Set("Cache-Control", "no-cache") // cached but revalidated each time, as names do not change with the content
	h.Set("Etag", etag)
	h.Set("Vary", "Accept-Encoding")
	if a.page {
		h.Set("Content-Security-Policy", sitePolicy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
	} else {
		h.Set("Content-Security-Policy", assetPolicy)
	}
	if sameState(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", a.kind)
	if short != nil {
		h.Set("Content-Encoding", "gzip")
	}
	_, _ = w.Write(content) // fails only if the client is gone
}

// sameState reports whether an If-None-Match names etag.
func sameState(condition, etag string) bool {
	for tag := range strings.SplitSeq(condition, ",") {
		if strings.TrimPrefix(strings.TrimSpace(tag), "W/") == etag {
			return true
		}
	}
	return false
}

// takesGzip reports whether an Accept-Encoding allows gzip. A weight of zero does not.
func takesGzip(accepted string) bool {
	for coding := range strings.SplitSeq(accepted, ",") {
		name, parameters, weighted := strings.Cut(coding, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		weight, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(parameters), "q="), 64)
		return !weighted || err == nil && weight > 0
	}
	return false
}
