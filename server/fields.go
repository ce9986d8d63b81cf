package server

import "strconv"

// Values of header fields that many answers share. They are never changed in place: net/http only reads them, and Header.Set
// and Header.Add store another slice.
var (
	privateNoStore = []string{"private, no-store"}
	noReferrer     = []string{"no-referrer"}
	noSniff        = []string{"nosniff"}
	typeJSON       = []string{"application/json"}
	typeBytes      = []string{"application/octet-stream"}
	emptyLength    = []string{"0"}
	attachment     = []string{"attachment"}
	sandboxed      = []string{"sandbox; default-src 'none'"}
	bytesUnit      = []string{"bytes"}
)

// typeValue is the value of a Content-Type.
func typeValue(kind string) []string {
	if kind == typeJSON[0] {
		return typeJSON
	}
	return []string{kind}
}

// values holds the values of an answer's own header fields, so that each does not cost an allocation.
type values struct {
	all  [6]string
	used int
}

// set sets a header field. key must be in canonical form: Etag, not ETag.
func (w *reply) set(key, value string) {
	v := &w.values
	if v.used == len(v.all) {
		w.Header()[key] = []string{value}
		return
	}
	v.all[v.used] = value
	w.Header()[key] = v.all[v.used : v.used+1 : v.used+1]
	v.used++
}

// sized says how many bytes the body has.
func (w *reply) sized(n int) { w.set("Content-Length", strconv.Itoa(n)) }
