package namespace

import (
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/jackc/pgx/v5"
)

// Page is a part of a directory's listing. Several callers may share one, so it must not be changed.
type Page struct {
	Entries []Status // in the byte order of their names
	More    bool     // more entries follow

	once     sync.Once
	rendered []byte
}

// Rendered returns what render makes of the page, which must not be changed. The page keeps the result of the first call, so
// render always has to make the same.
func (p *Page) Rendered(render func(entries []Status) []byte) []byte {
	p.once.Do(func() { p.rendered = render(p.Entries) })
	return p.rendered
}

// pageKey is what a page depends on besides its directory.
type pageKey struct {
	after  string
	limit  int
	policy int16 // inherited by entries without one of their own
}

// listedDir holds the remembered pages of a directory. They are used only while they are proved.
type listedDir struct {
	pages map[pageKey]*Page
	era   uint64
	bytes int64
}

// listings remembers pages of directories, up to most bytes.
type listings struct {
	most, held int64 // bytes
	dirs       *simplelru.LRU[key, *listedDir]
	// above maps directories to the ones that list them: a listing shows their times and numbers of children.
	above map[key]key
}

func newListings(most int64) *listings {
	l := &listings{most: most, above: map[key]key{}}
	const bound = 1 << 20 // directories; the limit in bytes is reached first
	l.dirs, _ = simplelru.NewLRU(bound, func(dir key, gone *listedDir) {
		l.held -= gone.bytes
		for _, p := range gone.pages {
			for i := range p.Entries {
				below := key{dir.project, p.Entries[i].ID}
				if l.above[below] == dir {
					delete(l.above, below)
				}
			}
		}
	})
	return l
}

// weight is roughly how many bytes a page takes, with its rendered form.
func (p *Page) weight() int64 {
	n := int64(overhead)
	for i := range p.Entries {
		e := &p.Entries[i]
		n += 2*overhead + textWeight(e.Name) + textWeight(e.Owner) + textWeight(e.Group)
		if acl := &e.Perms.ACL; !acl.IsZero() {
			n += 2 * int64(len(acl.String())) // as it is kept, and as it is rendered
		}
	}
	return n
}

// textWeight is what a text takes as it is kept, and at most as it is rendered: JSON writes control characters in six bytes, and
// what ends a line to some, of three, in as many.
func textWeight(text string) int64 {
	n := 2 * len(text)
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ':
			n += 5
		case c == '"', c == '\\', c >= 0x7f:
			n++
		}
	}
	return int64(n)
}

// get returns a page that was proved in era, nil if there is none.
func (l *listings) get(dir key, at pageKey, era uint64) *Page {
	known, _ := l.dirs.Get(dir)
	if known == nil || known.era != era {
		return nil
	}
	return known.pages[at]
}

// keep remembers a page of dir; any directories on it are of dir's project. The key contains a text from a request, so its length is
// limited to that of a name, and it is cloned so as not to keep the request in memory.
func (l *listings) keep(dir key, at pageKey, p *Page, era uint64) {
	if len(at.after) > MaxName {
		return
	}
	at.after = strings.Clone(at.after)
	known, _ := l.dirs.Peek(dir)
	if known != nil && known.era != era {
		l.drop(dir)
		known = nil
	}
	w := p.weight() + int64(len(at.after))
	if w > l.most || known != nil && known.pages[at] != nil {
		return
	}
	if known == nil {
		known = &listedDir{pages: map[pageKey]*Page{}, era: era}
	}
	l.dirs.Add(dir, known)
	known.pages[at], known.bytes = p, known.bytes+w
	for i := range p.Entries {
		if e := &p.Entries[i]; e.Dir {
			l.above[key{dir.project, e.ID}] = dir
		}
	}
	for l.held += w; l.held > l.most; {
		l.dirs.RemoveOldest()
	}
}

// drop forgets the pages of dir.
func (l *listings) drop(dir key) { l.dirs.Remove(dir) }

// counted forgets the listing that shows dir's time and number of children.
func (l *listings) counted(dir key) {
	if at, listed := l.above[dir]; listed {
		l.drop(at)
	}
}

func (l *listings) purge() { l.dirs.Purge() }

// findPage reports whether the page that x asks for is remembered. If x is still present, x.page is set to it.
func (h *hints) findPage(x *supposition) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	page := h.listed.get(x.c.node().key(), *x.pageAt, h.era)
	if x.present = x.present && h.changes == x.changes && h.lease.holds(); x.present {
		x.page = page
	}
	return page != nil
}

// keepPage remembers a page of a directory, as of the moment m.
func (h *hints) keepPage(dir key, at pageKey, p *Page, m *moment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if era := h.provedAt(m); era != 0 && !h.off && !h.flying.lists(dir, p) {
		h.listed.keep(dir, at, p, era)
	}
}

// queueMoment adds a query for the moment to batch.
func queueMoment(batch *pgx.Batch, server time.Time) *answer {
	a, q := &answer{}, &inquiry{}
	batch.Queue(inquiries[q.form()], q.args(server)...).Query(func(rows pgx.Rows) error {
		read, err := q.read(rows, server)
		if err == nil {
			*a = *read
		}
		return err
	})
	return a
}
