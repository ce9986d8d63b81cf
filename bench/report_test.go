package main

import (
	"strings"
	"testing"
	"time"
)

func TestMarkdown(t *testing.T) {
	rows, err := newPlan([]string{"stat", "bigwrite"}, []int{16}, []int64{4096}, 256<<20)
	if err != nil {
		t.Fatal(err)
	}
	r := newReport(plan{rounds: 2, duration: 3 * time.Second, warm: 5000},
		[]*target{{name: nameGranary, facts: []string{"synced"}, header: "Authorization: Bearer secret"}, {name: nameHDFS}},
		[]row{
			{rows[0], [][]sample{{{PerSec: 300, P50: 1, P99: 5, Client: 8}, {PerSec: 500, P50: 3, P99: 7, Client: 10}}, {{PerSec: 100, P50: 1, P99: 2, Client: 8}, {PerSec: 100, P50: 1, P99: 2, Client: 8}}}},
			{rows[1], [][]sample{{{PerSec: 1, MBPerS: 268}, {PerSec: 1, MBPerS: 268}}, {{PerSec: 2, MBPerS: 537}, {PerSec: 2, MBPerS: 537}}}},
		}, nil)
	r.Date, r.Commit, r.Machine, r.Load = time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), "abc", machine{"linux/amd64", 2, "CPU", "go1.26"}, []string{"1.0", "2.0", "0.5"}
	r.plot = "/elsewhere/hdfs.png"
	want := "Measured on 4 March 2026 at commit `abc`.\n" + `
![How many times as fast as HDFS: by size and by the number of clients](hdfs.png)

* each line of the aims at least at its floor against WebHDFS: **not held**. of 13 lines, the floor was held in 0, missed in 1 and not measured in 12; missed: write, read large
* the goal in at least 10 lines: **not measured**. it was held in 0
* at least 35 % of the null server's rate in stat and read, 40 % in redirected create: **not measured**
* p99 of create and read of 4 KiB at 64 clients: at most a quarter of HDFS's: **not measured**
* p99 of all else at 64 clients: no more than HDFS's: **not measured**
* a lone client waits no longer for create, read and stat than for the build to compare with (-before): **not measured**
* a data loader gets at least 20 times as many files a second by batch-read as from HDFS: **not measured**

| against WebHDFS | clients | ratio: min / **median** / max | floor | goal | moonshot | held | p99 ms | HDFS's |
| --- | --: | --: | --: | --: | --: | --: | --: | --: |
| stat | 16 | 3.00 / **4.00** / 5.00 | 1.60 | 2.20 | 3.00 | **moonshot** | 6.00 | 2.00 |
| write 256 MiB | 1 | 0.50 / **0.50** / 0.50 | 1.00 | 1.50 | 2.00 | nothing | – | – |

|  | clients | Granary | p50 / p99 ms | HDFS | p50 / p99 ms | ratio: min / **median** / max |
| --- | --: | --: | --: | --: | --: | --: |
| stat | 16 | 400 | 2.00 / 6.00 | 100 | 1.00 / 2.00 | 3.00 / **4.00** / 5.00 |
| write 256 MiB | 1 | 268 MB/s | – | 537 MB/s | – | 0.50 / **0.50** / 0.50 |

Operations a second, medians of 2 rounds of 3s each; for the large files 10⁶ bytes a second. A ratio is Granary's rate over the other's in the same round. 0 errors, content verified.

* machine: 2 × CPU, linux/amd64, go1.26; load average before each round and at the end: 1.0, 2.0, 0.5
* warm-up: at least 5000 operations on each server, then rounds in alternating order; seed 0
* the client's own processor time for one operation on a small file: 8.00 to 9.00 µs
* Granary
  * synced
* HDFS
`
	if got := r.markdown(); got != want {
		t.Errorf("the report is\n%s\nwant\n%s", got, want)
	}
}

func TestReplace(t *testing.T) {
	page := "# Title\n" + beginMark + "old\n" + endMark + "end\n"
	got, err := replace([]byte(page), "new\n")
	if want := "# Title\n" + beginMark + "\nnew\n\n" + endMark + "end\n"; err != nil || string(got) != want {
		t.Errorf("the page becomes %q, %v; want %q", got, err, want)
	}
	again, err := replace(got, "new\n")
	if err != nil || string(again) != string(got) {
		t.Errorf("a second time it becomes %q, %v", again, err)
	}
	for _, bad := range []string{"", beginMark, endMark, endMark + beginMark} {
		if _, err := replace([]byte(bad), "new"); err == nil || !strings.Contains(err.Error(), "lacks the lines") {
			t.Errorf("a page without its marks gives %v", err)
		}
	}
}
