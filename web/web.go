// Package web holds the file manager: what browsers load, built from the sources beside this file with Vite and
// committed, so that building the server needs no Node.js. It talks to the server through /api/v1 alone.
package web

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Index is the name of the page that all places of the application begin with.
const Index = "index.html"

// Files returns the built application: [Index], and below assets what it loads. Their names stay the same from build to build,
// so whoever serves them has to tell versions apart by their content.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(fmt.Sprintf("web: the folder that is embedded: %v", err))
	}
	return files
}
