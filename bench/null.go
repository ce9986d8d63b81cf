package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// null is the empty server: the same requests and replies as the others over net/http, and behind them nothing but a
// map. It knows no users, rights or disks. What it does in a second is about the most that any server written in Go can
// do with this client on this machine.
//
// Of a file it keeps the first stamp and the size, from which content.go makes all bytes again.
type null struct {
	mu  sync.RWMutex
	all map[string]*nullNode // by absolute path
}

// nullNode is a file, or a directory if children is not nil.
type nullNode struct {
	children map[string]*nullNode // by name
	body     content
}

func newNull() *null {
	return &null{all: map[string]*nullNode{"/": {children: map[string]*nullNode{}}}}
}

var errNull = errors.New("the null server knows no such file or directory")

// ServeHTTP answers the operations that the benchmark uses.
func (n *null) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := path.Clean(strings.TrimPrefix(r.URL.Path, prefix))
	query := r.URL.Query()
	switch op := query.Get("op"); op {
	case "CREATE":
		n.create(w, r, at, query.Get("data") == "true")
	case "OPEN":
		n.open(w, at)
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
	default:
		http.Error(w, "the null server does not do "+strconv.Quote(op), http.StatusBadRequest)
	}
}

func (n *null) create(w http.ResponseWriter, r *http.Request, at string, data bool) {
	if !data {
		w.Header().Set("Location", "http://"+r.Host+r.URL.RequestURI()+"&data=true")
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
			n.put(parent, at, &nullNode{body: content{binary.BigEndian.Uint64(stamp[:]), int64(got) + rest}})
		}
		return err
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func (n *null) open(w http.ResponseWriter, at string) {
	node, err := n.find(at)
	if err != nil || node.children != nil {
		http.Error(w, errNull.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(node.body.size, 10))
	_, _ = node.body.WriteTo(w) // a client that hung up has nobody to tell
}

func (n *null) list(w http.ResponseWriter, at string) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	node, found := n.all[at]
	if !found {
		answer(w, nil, errNull)
		return
	}
	answer(w, func(b []byte) []byte {
		b = append(b, `{"FileStatuses":{"FileStatus":[`...)
		for name, child := range node.children {
			b = append(appendStatus(b, name, child), ',')
		}
		return append([]byte(strings.TrimSuffix(string(b), ",")), "]}}"...)
	}, nil)
}

// change runs f alone.
func (n *null) change(f func() error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return f()
}

func (n *null) find(at string) (*nullNode, error) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	if node, found := n.all[at]; found {
		return node, nil
	}
	return nil, errNull
}

// dir finds or makes a directory and its parents.
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
	node := &nullNode{children: map[string]*nullNode{}}
	n.put(parent, at, node)
	return node, nil
}

// put gives a node, and what is under it, its place.
func (n *null) put(parent *nullNode, at string, node *nullNode) {
	parent.children[path.Base(at)] = node
	n.each(at, node, func(at string, node *nullNode) { n.all[at] = node })
}

// cut takes a node, and what is under it, out of its place.
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
func appendStatus(b []byte, name string, node *nullNode) []byte {
	kind := "FILE"
	if node.children != nil {
		kind = "DIRECTORY"
	}
	b = append(b, `{"accessTime":0,"blockSize":134217728,"childrenNum":0,"fileId":16386,"group":"supergroup","length":`...)
	b = strconv.AppendInt(b, node.body.size, 10)
	b = append(b, `,"modificationTime":1700000000000,"owner":"bench","pathSuffix":`...)
	b = strconv.AppendQuote(b, name)
	b = append(b, `,"permission":"755","replication":1,"storagePolicy":0,"type":"`...)
	return append(append(b, kind...), `"}`...)
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
	_, _ = w.Write(body(nil)) // a client that hung up has nobody to tell
}
