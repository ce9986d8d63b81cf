package server

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/swaggest/swgui/v5emb"
)

// apiPrefix is where the operations on files are mounted for clients generated from the OpenAPI document.
const apiPrefix = "/api/v1/fs/"

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// exchangeOf returns the exchange that a routed request belongs to.
func exchangeOf(r *http.Request) *exchange {
	return r.Context().Value(exchangeKey{}).(*exchange) //nolint:forcetypeassert // ServeHTTP put it there
}

// description is the rendered OpenAPI document.
type description struct{ json, yaml []byte }

// descriptions is the same for all servers of a process.
var descriptions = sync.OnceValues(func() (d description, err error) {
	document := Document()
	if d.json, err = document.JSON(); err == nil {
		d.yaml, err = document.YAML()
	}
	return d, err
})

// metricsAtOnce bounds the concurrent requests for metrics. Each gathers them anew, and they do not count among those under way.
const metricsAtOnce = 32

// routes mounts everything but /webhdfs, whose paths must not be cleaned by a router.
func (s *Server) routes() (http.Handler, error) {
	r := chi.NewRouter()
	for i := range ops {
		row := &ops[i]
		if row.compat {
			continue
		}
		for _, method := range row.methods() {
			r.Method(method, apiPrefix+row.Slug(), routed(row.Name, func(x *exchange) error {
				_, query := splitTarget(x.r)
				return x.api(row, query)
			}))
		}
	}
	mountRoutes(r)
	r.Options(restPrefix+uploadsPath, uploadOptions)
	described, err := descriptions()
	if err != nil {
		return nil, err
	}
	page(r, "/openapi.json", "application/json", described.json)
	page(r, "/openapi.yaml", "application/yaml", described.yaml)
	if err := mountSite(r); err != nil {
		return nil, err
	}
	docs := v5emb.New("Granary", "/openapi.json", "/docs/")
	readable(r, "/docs", http.RedirectHandler("/docs/", http.StatusMovedPermanently))
	readable(r, "/docs/*", withDocsPolicy(docs))
	readable(r, "/metrics", promhttp.HandlerFor(s.telemetry.registry, promhttp.HandlerOpts{MaxRequestsInFlight: metricsAtOnce}))
	readable(r, "/.well-known/jwks.json", routed("JWKS", (*exchange).publicKeys))
	r.Post("/oauth2/token", routed("OAUTH2_TOKEN", (*exchange).oauthToken))
	r.Get(oidcLogin, routed("OIDC_LOGIN", (*exchange).beginLogin))
	r.Get(OIDCCallback, routed("OIDC_CALLBACK", (*exchange).finishLogin))
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		r.Method(method, linksPrefix+"{secret}", routed("LINK", (*exchange).followLink))
	}
	page(r, "/healthz", "text/plain; charset=utf-8", []byte("ok\n"))
	readable(r, "/readyz", http.HandlerFunc(s.readyz))
	r.NotFound(routed("", func(x *exchange) error {
		return &denial{face: noSuchRoute, msg: "There is nothing at " + redactPath(x.r.URL.EscapedPath()) + "; /docs lists what there is."}
	}))
	r.MethodNotAllowed(routed("", func(x *exchange) error {
		return &denial{face: wrongMethod, allow: allowed(r, cmp.Or(x.r.URL.RawPath, x.r.URL.Path)), msg: printable(x.r.Method) + " is not offered at " + redactPath(x.r.URL.EscapedPath()) + "; /docs lists what is."}
	}))
	return r, nil
}

// allowed returns the methods that a path has, as a value of the Allow header.
func allowed(r chi.Router, path string) string {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		if r.Match(chi.NewRouteContext(), method, path) {
			methods = append(methods, method)
		}
	}
	return strings.Join(methods, ", ")
}

// routed makes a handler for the router from one that returns its error. op is its name in the log, the span and the metrics.
func routed(op string, handle func(*exchange) error) http.HandlerFunc {
	return func(_ http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r)
		x.r = r // with the path parameters that the router has found
		x.op = op
		if err := handle(x); err != nil {
			x.fail(err)
		}
	}
}

// readable mounts what answers GET, and HEAD with the same header fields.
func readable(r chi.Router, path string, h http.Handler) {
	r.Method(http.MethodGet, path, h)
	r.Method(http.MethodHead, path, h)
}

// page mounts fixed content.
func page(r chi.Router, path, kind string, content []byte) {
	readable(r, path, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(content) // fails only if the client is gone
	}))
}

// withDocsPolicy lets the documentation's pages load only their own files.
func withDocsPolicy(h http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy",
			"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'")
		h.ServeHTTP(w, r)
	}
}
