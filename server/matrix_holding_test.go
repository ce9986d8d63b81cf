package server

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"granary/auth"
	"granary/namespace"
)

// holding is the subject of a route: a project, a dataset in it, and a share of that dataset.
type holding struct {
	project        string
	dataset, share int64
	request        int64 // of asker's, for access
	service        string
	token          string // the id of one of zed's
	job            string // of zed's
}

// nowhere is a holding that does not exist.
var nowhere = holding{
	project: "nothing", dataset: 1 << 40, share: 1 << 40, request: 1 << 40, service: "svc-nothing", token: "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11",
	job: "8b0c6c8e-3a55-4c0e-9d0b-5f0f3a6f7a10",
}

// words returns a replacer that puts the holding's names and ids into paths, queries and bodies.
func (h holding) words(fresh string) *strings.Replacer {
	dataset, share := strconv.FormatInt(h.dataset, 10), strconv.FormatInt(h.share, 10)
	top := "/Projects/" + h.project
	return strings.NewReplacer("{project}", h.project, "{dataset}", dataset, "{share}", share, "{path}", top+tilesIn, "{side}", top+sideIn,
		"{new}", fresh, "{user}", "zed", "{service}", h.service, "{token}", h.token, "{job}", h.job, "{request}", strconv.FormatInt(h.request, 10))
}

// playRoutes asks for every route as r, and returns the number of cells.
func (e *estate) playRoutes(r *relation) (cells int64) {
	stands := standings[r.name]
	common := holding{
		project: r.project, dataset: e.datasets[r.project].ID, share: e.shares[r.party()].ID, request: e.asked[r.project],
		service: auth.ServicePrefix + r.project, token: e.token, job: e.job,
	}
	for i := range restRoutes {
		row := &restRoutes[i]
		path := row.Path
		for prefix, id := range map[string]string{"/datasets/": "{dataset}", "/shares/": "{share}", "/requests/": "{request}"} {
			if strings.HasPrefix(path, prefix) {
				path = strings.Replace(path, "{id}", id, 1)
			}
		}
		if strings.Contains(path, "/service-accounts/") {
			path = strings.Replace(path, "{user}", "{service}", 1)
		}
		for j := range routeCells[row.ID] {
			c := &routeCells[row.ID][j]
			want, about := cmp.Or(c.except[r.name], c.answers[stands]), common
			if want == http.StatusOK && c.own || c.deleted {
				about = e.holding(r, stands == isArchivist, c.deleted)
			}
			if want == http.StatusOK && c.success != 0 {
				want = c.success
			}
			if stands == isNobody {
				want = http.StatusUnauthorized
			}
			want = cmp.Or(c.always, want)
			ask := func(h holding) outcome {
				w := h.words(e.fresh())
				return e.send(r, request{row.Method, restPrefix + w.Replace(path+"?"+c.query), w.Replace(c.body)})
			}
			got := ask(about)
			cells++
			switch {
			case want != 0:
				if got.status != want {
					e.t.Errorf("%s: %s %s: %+v, want %d", r.name, row.ID, c.body+c.query, got, want)
				}
			case got.status != http.StatusNotFound:
				e.t.Errorf("%s: %s %s: %+v, want 404", r.name, row.ID, c.body+c.query, got)
			default:
				absent := ask(nowhere)
				got.message, absent.message = about.anonymous(got.message), nowhere.anonymous(absent.message)
				if got != absent {
					e.t.Errorf("%s: %s: %+v; what is not there is answered with %+v", r.name, row.ID, got, absent)
				}
			}
		}
	}
	return cells
}

// anonymous returns text without what distinguishes h from other holdings.
func (h holding) anonymous(text string) string {
	text = strings.NewReplacer(h.project, "PROJECT", h.job, "JOB").Replace(text)
	return regexp.MustCompile(fmt.Sprintf(`\b(%d|%d|%d)\b`, h.dataset, h.share, h.request)).ReplaceAllString(text, "ID")
}

// party returns the recipient of the share about which r asks: a person or a project.
func (r *relation) party() string {
	if name, ok := map[string]string{
		"person with a read share": "pia", "person with an edit share": "paul", "person with an offer": "offered",
	}[r.name]; ok {
		return name
	}
	for project, level := range recipients {
		if strings.HasPrefix(r.name, string(level)+" share, ") {
			return project
		}
	}
	return "reading"
}

// holding makes a project of ada's for one cell, with zed as an observer, and a share that was offered to r's party.
func (e *estate) holding(r *relation, archive, remove bool) holding {
	e.t.Helper()
	ctx, h := e.t.Context(), holding{project: e.fresh()}
	must(e.t, e.ada().CreateProject(ctx, namespace.NewProject{Name: h.project}))
	must(e.t, e.ada().SetMember(ctx, h.project, "zed", namespace.Observer))
	for _, dir := range []string{"/deep", sideIn} {
		e.mkdir("/Projects/" + h.project + dir)
	}
	dataset, err := e.ada().MakeDataset(ctx, place("/Projects/"+h.project+tilesIn), namespace.MakeDatasetOptions{Create: true})
	must(e.t, err)
	offer := namespace.Offer{Dataset: dataset.ID, Level: namespace.Read}
	party := r.party()
	if recipients[party] != "" {
		offer.ToProject = party
	} else {
		offer.ToUser = party
	}
	share, err := e.ada().OfferShare(ctx, offer)
	must(e.t, err)
	h.dataset, h.share, h.request, h.service, h.token = dataset.ID, share.ID, e.petition(h.project), auth.ServicePrefix+e.fresh(), e.token
	h.job = e.job
	e.serve(h.project, h.service)
	if archive {
		must(e.t, e.ada().ChangeProject(ctx, h.project, namespace.ProjectChange{Archived: &archive}))
	}
	if remove {
		must(e.t, e.ada().DeleteProject(ctx, h.project))
	}
	return h
}
