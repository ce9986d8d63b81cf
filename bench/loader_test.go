package main

import (
	"archive/tar"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

// A data loader's files are read from a server with batches, one without, and the disk; the report says how they compare.
func TestLoader(t *testing.T) {
	dir := t.TempDir()
	file := dir + "/out.json"
	s := quick(t, "-ops=none", "-loader", "-loader-files=1234", "-warm=100", "-data="+dir, "-json="+file)
	ours := serving(t, nameGranary, newNull())
	plain := newNull()
	theirs := serving(t, nameHDFS, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == batchPath {
			http.NotFound(w, r)
			return
		}
		plain.ServeHTTP(w, r)
	}))
	var out strings.Builder
	if err := s.compare(t.Context(), []*target{ours, theirs}, &out); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, q := range r.Loader.Readers {
		got = append(got, q.Server+" "+q.How)
		if len(q.Passes) != 2 || (q.Ratio == nil) != (q.Server == nameHDFS) {
			t.Errorf("%s %s has the passes %v and the ratio %v", q.Server, q.How, q.Passes, q.Ratio)
		}
		for _, p := range q.Passes {
			if p.Files != 1234 || p.PerSec <= 0 || p.Seconds <= 0 || p.Client <= 0 || p.MBPerS < p.PerSec*loaderLow/1e6 || p.MBPerS > p.PerSec*loaderHigh/1e6 {
				t.Errorf("%s %s has the pass %+v", q.Server, q.How, p)
			}
		}
	}
	if want := []string{"local disk one by one", "Granary one by one", "Granary batch-read", "HDFS one by one"}; !slices.Equal(got, want) {
		t.Errorf("the readers are %q, want %q", got, want)
	}
	if last := r.Judged[len(r.Judged)-1]; last.Verdict == notMeasured || !strings.Contains(last.Text, "data loader") {
		t.Errorf("the last verdict is %+v", last)
	}
	if text := out.String(); !strings.Contains(text, "A data loader: 1234 files") || !strings.Contains(text, "| Granary | batch-read | 4 |") {
		t.Errorf("the page does not show it:\n%s", text)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v is left, %v", left, err)
	}
}

func TestLoaderSet(t *testing.T) {
	s := newLoaderSet(3000, 1)
	for i, f := range s.files {
		if f.size < loaderLow || f.size > loaderHigh {
			t.Errorf("file %d has %d bytes", i, f.size)
		}
	}
	if mean := s.bytes() / 3000; mean < 4400 || mean > 4800 {
		t.Errorf("the mean size is %d", mean)
	}
	one, two := s.order(1), s.order(2)
	if slices.Equal(one, two) || !slices.Equal(one, s.order(1)) {
		t.Error("the order should change with the round, and with nothing else")
	}
	if sorted := slices.Sorted(slices.Values(one)); sorted[0] != 0 || sorted[2999] != 2999 || len(slices.Compact(sorted)) != 3000 {
		t.Error("the order leaves files out")
	}
	if _, err := parse([]string{"-ops=none"}); err == nil || !strings.Contains(err.Error(), "nothing to do") {
		t.Errorf("nothing to do gives %v", err)
	}
	if _, err := parse([]string{"-loader", "-loader-files=0"}); err == nil || !strings.Contains(err.Error(), "between 1 and") {
		t.Errorf("no files give %v", err)
	}
}

// Whatever is wrong in an archive is found.
func TestBatchIsChecked(t *testing.T) {
	a, b := content{id: 1, size: 100}, content{id: 2, size: 2000}
	bytesOf := func(c content) string { return string(bytesOf(t, c)) }
	type member struct {
		name, text string
		kind       byte
	}
	fileA, fileB := member{"d/a", bytesOf(a), tar.TypeReg}, member{"d/b", bytesOf(b), tar.TypeReg}
	end := func(text string) member { return member{batchEnd, text, tar.TypeReg} }
	good := end(`{"read":2,"failed":0}`)
	for name, test := range map[string]struct {
		members []member
		cut     int // bytes at the end that are missing
		want    string
	}{
		"right":         {[]member{fileA, fileB, good}, 0, ""},
		"turned round":  {[]member{fileB, fileA, good}, 0, "where the file /d/a is due"},
		"other content": {[]member{fileA, {"d/b", bytesOf(content{id: 3, size: 2000}), tar.TypeReg}, good}, 0, "/d/b: the content is not what was written"},
		"short content": {[]member{{"d/a", bytesOf(a)[:99], tar.TypeReg}}, 0, "ends after 99 of 100"},
		"no file":       {[]member{{"d/a", "", tar.TypeDir}}, 0, "where the file /d/a is due"},
		"failed":        {[]member{fileA, {"__granary__/errors/000001.json", "{}", tar.TypeReg}, end(`{"read":1,"failed":1}`)}, 0, "where the file /d/b is due"},
		"missing":       {[]member{fileA}, 0, "member 2 of 2: EOF"},
		"without end":   {[]member{fileA, fileB}, 0, "not its end"},
		"too many":      {[]member{fileA, fileB, {"d/c", "", tar.TypeReg}, good}, 0, `comes the member "d/c"`},
		"another count": {[]member{fileA, fileB, end(`{"read":1,"failed":1}`)}, 0, "1 files were read and 1 not"},
		"no count":      {[]member{fileA, fileB, end(`[]`)}, 0, batchEnd},
		"goes on":       {[]member{fileA, fileB, good, fileA}, 0, `after the end comes the member "d/a"`},
		"cut":           {[]member{fileA, fileB}, 1500, "ends after 1572 of 2000 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			server := serving(t, "bad", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked, _ := io.ReadAll(r.Body)
				if r.Method != http.MethodPost || r.URL.Path != batchPath || string(asked) != `{"paths":["/d/a","/d/b"]}` || r.Header.Get("Content-Type") != "application/json" {
					http.Error(w, fmt.Sprintf("%s %s with %q", r.Method, r.URL.Path, asked), http.StatusBadRequest)
				}
				var text strings.Builder
				archive := tar.NewWriter(&text)
				for _, m := range test.members {
					if err := archive.WriteHeader(&tar.Header{Name: m.name, Size: int64(len(m.text)), Typeflag: m.kind}); err != nil {
						t.Error(err)
					}
					_, _ = io.WriteString(archive, m.text)
				}
				_ = archive.Close()
				_, _ = io.WriteString(w, text.String()[:text.Len()-test.cut])
			}))
			c := newClient(t.Context(), server, smallLimit)
			defer c.close()
			err := c.readBatch([]string{"/d/a", "/d/b"}, []content{a, b})
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("reading it gives %v, want %q", err, test.want)
			}
		})
	}
}

func TestLoaderRatiosGoRoundByRound(t *testing.T) {
	l := loaderReport{Readers: []readerReport{
		{Server: nameGranary, How: howBatch, Passes: []pass{{PerSec: 200, Seconds: 7}, {PerSec: 90, Seconds: 1}}},
		{Server: nameHDFS, How: howSingle, Passes: []pass{{PerSec: 10, Seconds: 5}, {PerSec: 3, Seconds: 9}}},
	}}
	l.sum()
	if got, want := *l.Readers[0].Ratio, (spread{20, 25, 30}); got != want || l.Readers[1].Ratio != nil {
		t.Errorf("the ratios are %v and %v, want %v and none", got, l.Readers[1].Ratio, want)
	}
	for median, want := range map[float64]string{19.9: notHeld, 20: held} {
		l.Readers[0].Ratio.Median = median
		if got := (report{Loader: &l}).judgeLoader(); got.Verdict != want {
			t.Errorf("%v times as many files are judged %q, want %q", median, got.Verdict, want)
		}
	}
}
