package namespace

import (
	"testing"
	"time"
)

// TestASearchEndsInTime: labels can be such that comparing a text with those of each file takes hours.
func TestASearchEndsInTime(t *testing.T) {
	fs := newFeedFS(t)
	alice := fs.as(t, "alice")
	alice.put(t, "/Projects/p/needle", []byte("x"))
	fs.drain(t)
	all := fs.searchTime
	fs.searchTime = -time.Second // a page has no time at all, and its statements have any
	page, err := alice.Search(t.Context(), SearchQuery{Text: "needle"})
	must(t, err)
	if len(page.Hits) != 0 || !page.Partial || page.Next == "" {
		t.Errorf("in no time: %+v, want a cursor and no more", page)
	}
	fs.searchTime = all
	page, err = alice.Search(t.Context(), SearchQuery{Text: "needle", After: page.Next})
	must(t, err)
	if len(page.Hits) != 1 || page.Partial || page.Next != "" {
		t.Errorf("at the cursor: %+v, want the file", page)
	}
	fs.searchTime = 50 * time.Millisecond
	locked, err := fs.db.Begin(t.Context())
	must(t, err)
	defer locked.Rollback(t.Context())
	_, err = locked.Exec(t.Context(), `LOCK TABLE names`) // a statement that waits is one that takes long
	must(t, err)
	_, err = alice.Search(t.Context(), SearchQuery{Text: "needle"})
	wantKind(t, "a long comparison", err, InvalidArgument, "ask for more of the name")
}
