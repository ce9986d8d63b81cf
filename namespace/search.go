package namespace

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"granary/auth"
	"granary/auth/perm"
)

// Bounds of a search.
const (
	MaxSearchText  = 255     // characters of SearchQuery.Text
	MinSearchText  = 3       // shorter ones only match beginnings of names
	MaxSearchHits  = 1000    // of one page
	searchHits     = 100     // of one page, if the query does not say how many
	searchLabels   = 2 << 20 // bytes of labels at which a page is full: one inode may have 70 KB
	searchLooks    = 2000    // most candidates looked at for one page
	searchAtOnce   = 128     // most of them at a time
	searchFirst    = 16      // most of them at first, to see how deep they lie
	searchClimbs   = 40_000  // inodes on the paths to them, up and down again, at which a page ends
	searchEqual    = 100     // most names equal to the text that come first, the newest
	searchSorted   = 1000    // most matches that are sorted; if there are more, all names are scanned, the newest first
	searchWindow   = 20_000
	searchWindows  = 10               // most windows of searchWindow names that are scanned for one page
	searchTime     = 30 * time.Second // after which a page ends, and for one statement; to compare long labels with a text may take long
	searchKindFile = "file"
	searchKindDir  = "directory"
	searchKindSet  = "dataset"
)

// SearchQuery is what to search for, a text, a tag or both, and how to narrow down the results.
type SearchQuery struct {
	// Text is part of the name, of a tag (key=value) or of the description, ignoring case. If it has fewer than MinSearchText
	// characters, it is the beginning of the name, and a tag, project or path is required. "": any.
	Text string
	// Tag is a key, or a key, "=" and a value. "": any.
	Tag     string
	Project string    // only what lies in this project; "": in any, and in the common ground
	Path    Path      // only at or below this directory, which may be one that shows a share; the root: anywhere
	Kind    string    // "file", "directory" (a dataset, too) or "dataset"; "": any
	Owner   string    // only what belongs to this user; "": to anybody
	From    time.Time // only what was last changed at this moment or later; zero: whenever
	To      time.Time // only what was last changed before this moment; zero: whenever
	After   string    // cursor from the page before, of the same search by the same user; "": the first page
	Limit   int       // hits of a page, 1 to MaxSearchHits, or fewer if their labels are long; 0: 100
}

// Hit is something that was found.
type Hit struct {
	Path    Path
	ID      int64 // of its inode
	Dir     bool
	Dataset bool
	Size    int64 // bytes; 0 for directories
	Owner   string
	MTime   int64 // milliseconds since 1970
	Labels
	// In is where the text was found: "name", or else "tag", or else "description"; "" without a text.
	In string
}

// SearchPage is a part of what was found.
type SearchPage struct {
	Hits []Hit
	Next string // cursor of the next page; "": there is none
	// Partial reports that the search stopped at a bound. The page at Next may have more hits, or none.
	Partial bool
}

// Search finds files, directories and datasets by their names, tags and descriptions: what the principal would find in listings,
// and datasets that are shared with it or published, with their content. The trash is left out, unless Path is in it. Rights and results of a page are as of one moment.
// Projects themselves are found by Discover.
//
// Up to a hundred whose name equals the text come first, then all others whose name, tags or description contain it; both are
// ordered from the newest inode to the oldest. Changes that were answered before the search began are found, unless thousands of
// changes wait to be indexed.
func (s *Session) Search(ctx context.Context, q SearchQuery) (SearchPage, error) {
	const op = "search"
	var page SearchPage
	at := q.Path
	if q.Project != "" && at.IsRoot() {
		at = projectPath(q.Project)
	}
	sought, err := q.parse()
	if err == nil {
		err = s.openCursor(q, sought)
	}
	if err == nil {
		_, err = s.fs.index(ctx)
	}
	if err != nil {
		return page, s.dress(op, at, err)
	}
	leave, err := s.fs.searches.Enter(ctx, s.p.User)
	if err != nil {
		return page, s.dress(op, at, err)
	}
	defer leave()
	err = steadily(ctx, func() error {
		w := &walker{ctx: ctx, s: s}
		c, err := w.searchedFrom(q)
		if err != nil {
			return err
		}
		err = s.fs.snapshot(ctx, func(tx pgx.Tx) error {
			if err := limitTime(ctx, tx, s.fs.searchTime); err != nil {
				return err
			}
			if err := c.still(ctx, tx, &s.p); err != nil {
				return err
			}
			x := &searcher{w: w, tx: tx, sought: *sought, verdicts: map[key]verdict{}, until: time.Now().Add(s.fs.searchTime)}
			if err := x.narrow(q, c); err != nil {
				return err
			}
			var next *searchPlace
			if page, next, err = x.page(); err == nil && next != nil {
				page.Next, err = s.sealCursor(q, *next)
			}
			return err
		})
		switch {
		case err == nil:
			s.read(op, c)
		case sqlState(err) == queryCanceled && ctx.Err() == nil:
			err = fail(InvalidArgument, "There is so much to compare with the text that it took longer than %s: ask for more of the name, in a project or below a path", s.fs.searchTime)
		}
		return err
	})
	return page, s.dress(op, at, err)
}

// sought is a parsed query.
type sought struct {
	text       string // folded
	key, value string // of the tag
	anyValue   bool
	kind       string
	owner      string
	from, to   int64 // milliseconds; from inclusive
	limit      int
	place      searchPlace
}

// parse parses q, except its cursor.
func (q *SearchQuery) parse() (*sought, error) {
	f := &sought{text: folded(q.Text), kind: q.Kind, owner: q.Owner, from: math.MinInt64, to: math.MaxInt64, limit: q.Limit}
	f.key, f.value, f.anyValue = q.Tag, "", true
	if key, value, found := strings.Cut(q.Tag, "="); found {
		f.key, f.value, f.anyValue = key, value, false
	}
	if !q.From.IsZero() {
		f.from = q.From.UnixMilli()
	}
	if !q.To.IsZero() {
		f.to = q.To.UnixMilli()
	}
	characters := utf8.RuneCountInString(f.text)
	switch {
	case !utf8.ValidString(q.Text) || utf8.RuneCountInString(q.Text) > MaxSearchText:
		return nil, fail(InvalidArgument, "the text to search for has more than %d characters, or is not UTF-8", MaxSearchText)
	case f.text == "" && q.Text != "":
		return nil, fail(InvalidArgument, "the text to search for is blank: want at least %d characters", MinSearchText)
	case f.text == "" && q.Tag == "":
		return nil, fail(InvalidArgument, "there is nothing to search for: want a text, a tag or both")
	case f.text != "" && characters < MinSearchText && q.Tag == "" && q.Project == "" && q.Path.IsRoot():
		return nil, fail(InvalidArgument, "the text to search for has %d characters: want at least %d, or a project or a path to search in", characters, MinSearchText)
	case q.Tag != "" && !tagKey.MatchString(f.key):
		return nil, fail(InvalidArgument, "tag %q: want a key, or key=value, with a key of the form %s", abbreviate(q.Tag), TagKeyPattern)
	case q.Kind != "" && q.Kind != searchKindFile && q.Kind != searchKindDir && q.Kind != searchKindSet:
		return nil, fail(InvalidArgument, "kind %q: want %s, %s or %s", abbreviate(q.Kind), searchKindFile, searchKindDir, searchKindSet)
	case q.Project != "" && !q.Path.IsRoot():
		return nil, fail(InvalidArgument, "both a project and a path to search in: want one of them")
	case f.from >= f.to:
		return nil, fail(InvalidArgument, "the time begins at %s and ends at %s: want an end that is later", q.From.UTC().Format(time.RFC3339), q.To.UTC().Format(time.RFC3339))
	case q.Limit < 0 || q.Limit > MaxSearchHits:
		return nil, fail(InvalidArgument, "limit=%d: want 1 to %d", q.Limit, MaxSearchHits)
	case q.Limit == 0:
		f.limit = searchHits
	}
	return f, nil
}

// prefix reports whether the text is only looked for at the beginning of names.
func (f *sought) prefix() bool { return f.text != "" && utf8.RuneCountInString(f.text) < MinSearchText }

// searchedFrom walks to the directory that q searches, which the principal must be able to list, or to the root if q searches
// everywhere.
func (w *walker) searchedFrom(q SearchQuery) (*chain, error) {
	if scope := w.s.p.Scope; !scope.Verbs.Allow(auth.Read) {
		return nil, fail(AccessControl, "Permission denied: user=%s, the token is limited to %s and may not search", w.s.p.User, scope.Verbs)
	}
	if q.Project != "" {
		return w.project(q.Project)
	}
	at, err := w.s.fs.resolve(w.ctx, q.Path)
	if err != nil {
		return nil, err
	}
	if at.IsRoot() { // a limited token cannot walk to it; each directory below is checked against it
		all, err := w.find(at)
		if err != nil {
			return nil, err
		}
		return all[0], nil
	}
	if q.Path.byInode() {
		w.asked = &q.Path
	}
	c, err := w.walk(at, Need{})
	switch {
	case q.Path.byInode() && (err == nil && c.hidden || err != nil && KindOf(err) == AccessControl && !w.s.p.Scope.IsZero()):
		return nil, noInode(q.Path)
	case err != nil:
		return nil, err
	case c.named(q.Path) != nil:
		return nil, errStale
	case c.node() == nil:
		return nil, fail(NotExist, "File %s does not exist.", q.Path)
	case !c.node().dir():
		return nil, fail(NotDirectory, "`%s': Is not a directory", q.Path)
	}
	return c, w.check(c, Need{Node: perm.ReadExecute})
}

// searchPlace is a position in the order of candidates.
type searchPlace struct {
	Stage searchStage `json:"s"`
	After int64       `json:"a"` // only inodes with smaller ids remain
	Equal int         `json:"e"` // how many with an equal name were looked at
	Floor int64       `json:"f"` // smallest id among these; 0: none
}

// cursorLabel returns the label that binds a cursor to the search and to the user.
func (s *Session) cursorLabel(q SearchQuery) (string, error) {
	q.After, q.Limit = "", 0
	text, err := json.Marshal(struct {
		SearchQuery
		At   string
		User string
	}{q, q.Path.text, s.p.User})
	sum := sha256.Sum256(text)
	return "search cursor " + hex.EncodeToString(sum[:]), err
}

// sealCursor makes a cursor of a place. It is sealed because it may name a matching inode that the principal may not know of. One
// root key may seal 2^32 cursors.
func (s *Session) sealCursor(q SearchQuery, place searchPlace) (string, error) {
	label, err := s.cursorLabel(q)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(place)
	return base64.RawURLEncoding.EncodeToString(s.fs.keys.root.WrapSecret(label, text)), err
}

// openCursor reads q's cursor into f.
func (s *Session) openCursor(q SearchQuery, f *sought) error {
	if q.After == "" {
		f.place.After = math.MaxInt64
		return nil
	}
	label, err := s.cursorLabel(q)
	if err != nil {
		return err
	}
	sealed, err := base64.RawURLEncoding.DecodeString(q.After)
	if err == nil {
		sealed, err = s.fs.keys.root.UnwrapSecret(label, sealed)
	}
	if err == nil {
		err = json.Unmarshal(sealed, &f.place)
	}
	if err != nil {
		return fail(InvalidArgument, "cursor %q is not of this search: give the one that came with the page before, and change nothing else", abbreviate(q.After))
	}
	return nil
}
