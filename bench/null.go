package main

import (
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// null is the empty server. Over net/http it accepts the same requests and sends the same replies as Granary, header lines
// included, but behind them there is only a map. It knows no users, permissions or disks, and ignores tokens. Its rate is
// about the highest that any server written in Go can reach with this client on this machine.
//
// Of a file it keeps the first stamp and the size, from which content.go computes all bytes again.
type null struct {
	mu  sync.RWMutex
	all map[string]*nullNode // by absolute path
}

// nullNode is a file, or a directory if children is not nil.
type nullNode struct {
	children    map[string]*nullNode // by name
	body        content
	permission  string // octal digits
	replication int64
}

func nullFile(body content) *nullNode {
	return &nullNode{body: body, permission: "644", replication: 1}
}

func nullDir() *nullNode {
	return &nullNode{children: map[string]*nullNode{}, permission: "755"}
}

func newNull() *null {
	return &null{all: map[string]*nullNode{"/": nullDir()}}
}

var octets = []string{"application/octet-stream"}

var errNull = errors.New("the null server knows no such file or directory")

// What Granary's requests and replies carry besides, so that the null server reads and writes as much: a token, a ticket at
// the end of a redirect, and header lines.
var (
	nullToken  = "Authorization: Bearer " + strings.Repeat("n", 382) + "\r\n"
	nullTicket = "&ticket=" + strings.Repeat("n", 80)

	nullHeaders = http.Header{
		"Cache-Control":          {"private, no-store"},
		"Ratelimit":              {`"reads";r=199999;t=1`},
		"Ratelimit-Policy":       {`"reads";q=200000;w=10`},
		"Referrer-Policy":        {"no-referrer"},
		"X-Content-Type-Options": {"nosniff"},
		"X-Request-Id":           {strings.Repeat("N", 26)},
	}
)

// ServeHTTP answers the operations that the benchmark uses.
func (n *null) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	maps.Copy(w.Header(), nullHeaders)
	if r.URL.Path == batchPath {
		n.batchRead(w, r)
		return
	}
	at := path.Clean(strings.TrimPrefix(r.URL.Path, prefix))
	query := r.URL.Query()
	switch op := query.Get("op"); op {
	case "CREATE":
		n.create(w, r, at, query.Get("data") == "true")
	case "OPEN":
		n.open(w, at, query.Get("offset"), query.Get("length"))
	case "GETFILESTATUS":
		node, err := n.find(at)
		answer(w, func(b []byte) []byte { return append(appendStatus(append(b, `{"FileStatus":`...), "", node), '}') }, err)
	case "LISTSTATUS":
		n.list(w, at)
	case "MKDIRS":
		boolean(w, n.change(func() error { _, err := n.dir(at); return err }))
	case "RENAME":
		boolean(w, n.change(func() error { return n.rename(at, path.Clean(query.Get("destination"))) }))
	case "DELETE":
		boolean(w, n.change(func() error { _, err := n.cut(at); return err }))
	case "SETOWNER":
		empty(w, n.set(at, func(*nullNode) {})) // there is only one user
	case "SETPERMISSION":
		permission := query.Get("permission")
		empty(w, n.set(at, func(node *nullNode) { node.permission = permission }))
	case "SETREPLICATION":
		copies, err := strconv.ParseInt(query.Get("replication"), 10, 16)
		if err == nil {
			err = n.set(at, func(node *nullNode) { node.replication = copies })
		}
		boolean(w, err)
	default:
		http.Error(w, "the null server does not do "+strconv.Quote(op), http.StatusBadRequest)
	}
}

func (n *null) create(w http.ResponseWriter, r *http.Request, at string, data bool) {
	if !data {
		w.Header().Set("Location", "http://"+r.Host+r.URL.RequestURI()+"&data=true"+nullTicket)
		w.WriteHeader(http.StatusTemporaryRedirect)
		return
	}
	var stamp [stampSize]byte
	got, err := io.ReadFull(r.Body, stamp[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	rest, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	err = n.change(func() error {
		parent, err := n.dir(path.Dir(at))
		if err == nil {
			n.put(parent, at, nullFile(content{binary.BigEndian.Uint64(stamp[:]), int64(got) + rest}))
		}
		return err
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// open sends a file, or the part of it that offset and length name, in bytes.
func (n *null) open(w http.ResponseWriter, at, offset, length string) {
	node, err := n.find(at)
	if err != nil || node.children != nil {
		http.Error(w, errNull.Error(), http.StatusNotFound)
		return
	}
	from, to := int64(0), node.body.size
	if offset != "" {
		if from, err = strconv.ParseInt(offset, 10, 64); err != nil || from < 0 || from > to {
			http.Error(w, "no such offset", http.StatusBadRequest)
			return
		}
	}
	if length != "" {
		n, err := strconv.ParseInt(length, 10, 64)
		if err != nil || n < 0 {
			http.Error(w, "no such length", http.StatusBadRequest)
			return
		}
		to = min(to, from+n)
	}
	w.Header()["Content-Type"] = octets
	w.Header().Set("Content-Length", strconv.FormatInt(to-from, 10))
	_, _ = node.body.writeRange(w, from, to) // a client that hung up cannot be told
}

// list sends the entries of a directory, or a file's own entry, which then has no name.
func (n *null) list(w http.ResponseWriter, at string) {
	text, err := n.listing(at)
	answer(w, func([]byte) []byte { return text }, err)
}

func (n *null) listing(at string) ([]byte, error) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	node, found := n.all[at]
	if !found {
		return nil, errNull
	}
	entries := node.children
	if entries == nil {
		entries = map[string]*nullNode{"": node}
	}
	b := append(make([]byte, 0, 64+300*len(entries)), `{"FileStatuses":{"FileStatus":[`...)
	for name, child := range entries {
		b = append(appendStatus(b, name, *child), ',')
	}
	if len(entries) > 0 {
		b = b[:len(b)-1]
	}
	return append(b, "]}}"...), nil
}

// set changes a node in place.
func (n *null) set(at string, f func(*nullNode)) error {
	return n.change(func() error {
		node, found := n.all[at]
		if !found {
			return errNull
		}
		f(node)
		return nil
	})
}

// change runs f under the lock.
func (n *null) change(f func() error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return f()
}

// find returns a copy of a node, which may change once the lock is released. The copy's children must not be used.
func (n *null) find(at string) (nullNode, error) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	if node, found := n.all[at]; found {
		return *node, nil
	}
	return nullNode{}, errNull
}

// dir returns a directory, and makes it and its parents if they are missing.
func (n *null) dir(at string) (*nullNode, error) {
	if node, found := n.all[at]; found {
		if node.children == nil {
			return nil, errNull
		}
		return node, nil
	}
	parent, err := n.dir(path.Dir(at))
	if err != nil {
		return nil, err
	}
	node := nullDir()
	n.put(parent, at, node)
	return node, nil
}

// put adds a node, with what is under it, at a path.
func (n *null) put(parent *nullNode, at string, node *nullNode) {
	parent.children[path.Base(at)] = node
	n.each(at, node, func(at string, node *nullNode) { n.all[at] = node })
}

// cut removes a node, with what is under it, from its path.
func (n *null) cut(at string) (*nullNode, error) {
	node, found := n.all[at]
	if !found || at == "/" {
		return nil, errNull
	}
	delete(n.all[path.Dir(at)].children, path.Base(at))
	n.each(at, node, func(at string, _ *nullNode) { delete(n.all, at) })
	return node, nil
}

func (n *null) each(at string, node *nullNode, do func(string, *nullNode)) {
	do(at, node)
	for name, child := range node.children {
		n.each(at+"/"+name, child, do)
	}
}

func (n *null) rename(from, to string) error {
	parent, found := n.all[path.Dir(to)]
	if !found || parent.children == nil {
		return errNull
	}
	node, err := n.cut(from)
	if err == nil {
		n.put(parent, to, node)
	}
	return err
}

// appendStatus appends a FileStatus with all members that Hadoop's clients read.
func appendStatus(b []byte, name string, node nullNode) []byte {
	kind := "FILE"
	if node.children != nil {
		kind = "DIRECTORY"
	}
	b = append(b, `{"accessTime":0,"blockSize":134217728,"childrenNum":0,"fileId":16386,"group":"supergroup","length":`...)
	b = strconv.AppendInt(b, node.body.size, 10)
	b = append(b, `,"modificationTime":1700000000000,"owner":"bench","pathSuffix":`...)
	b = strconv.AppendQuote(b, name)
	b = append(b, `,"permission":"`...)
	b = append(b, node.permission...)
	b = append(b, `","replication":`...)
	b = strconv.AppendInt(b, node.replication, 10)
	b = append(b, `,"storagePolicy":0,"type":"`...)
	return append(append(b, kind...), `"}`...)
}

func empty(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header()["Content-Type"] = octets
	w.WriteHeader(http.StatusOK)
}

func boolean(w http.ResponseWriter, err error) {
	answer(w, func(b []byte) []byte { return append(b, `{"boolean":true}`...) }, err)
}

func answer(w http.ResponseWriter, body func([]byte) []byte, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body(make([]byte, 0, 512))) // a client that hung up cannot be told
}
