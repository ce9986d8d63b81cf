package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// hadoop answers like a NameNode, and like its DataNode at the same address, with these settings.
func hadoop(t *testing.T, settings map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	addr := strings.TrimPrefix(server.URL, "http://")
	mux.HandleFunc("/conf", func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Query().Get("name")
		value, found := settings[name]
		if !found {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8" standalone="no"?><configuration>
<property><name>%s</name><value>%s</value><final>false</final><source>hdfs-site.xml</source></property>
</configuration>`, name, value)
	})
	mux.HandleFunc("/jmx", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("qry") {
		case "Hadoop:service=NameNode,name=NameNodeInfo":
			fmt.Fprintf(w, `{"beans":[{"SoftwareVersion":"3.4.2","LiveNodes":"{\"127.0.0.1:9866\":{\"infoAddr\":\"%s\"}}"}]}`, addr)
		case "java.lang:type=Memory":
			fmt.Fprint(w, `{"beans":[{"HeapMemoryUsage":{"max":1073741824}}]}`)
		default:
			fmt.Fprint(w, `{"beans":[]}`)
		}
	})
	return addr
}

func tuned(t *testing.T) map[string]string {
	t.Helper()
	// The test's own folder may be in memory, which is refused.
	return map[string]string{
		closeSetting: "1", delaySetting: "10", mostDelay: "80", "dfs.replication": "1",
		"dfs.namenode.name.dir": "file:///", "dfs.datanode.data.dir": "/",
	}
}

func TestHDFSIsDescribedFromItsSettings(t *testing.T) {
	addr := hadoop(t, tuned(t))
	to, err := hdfs(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(to.facts, "\n")
	for _, want := range []string{"Hadoop 3.4.2", "heap of 1 GiB", closeSetting + "=1", delaySetting + "=10", "max.delay.ms=80, retries=5", "replication 1", "synconclose=false"} {
		if !strings.Contains(text, want) {
			t.Errorf("the facts lack %q:\n%s", want, text)
		}
	}
	if to.addr != addr || to.query != "&user.name=bench" || to.oneHop {
		t.Errorf("the target is %+v", to)
	}
}

// A stock HDFS is an easy victim, and no peer.
func TestStockHDFSIsRefused(t *testing.T) {
	for name, change := range map[string]func(map[string]string){
		"committed": func(s map[string]string) { s[closeSetting] = "0" },
		"unset":     func(s map[string]string) { delete(s, closeSetting) },
		"delay":     func(s map[string]string) { delete(s, delaySetting) },
	} {
		settings := tuned(t)
		change(settings)
		if _, err := hdfs(t.Context(), hadoop(t, settings)); err == nil || !strings.Contains(err.Error(), "is not tuned") {
			t.Errorf("%s: looking at it gives %v", name, err)
		}
	}
}

func TestWhatIsNoHDFSIsRefused(t *testing.T) {
	to := serving(t, "null", newNull())
	if _, err := hdfs(t.Context(), to.addr); err == nil {
		t.Error("a server of another kind is taken for an HDFS")
	}
	settings := tuned(t)
	settings["dfs.datanode.data.dir"] = "/no/such/folder"
	if _, err := hdfs(t.Context(), hadoop(t, settings)); err == nil || !strings.Contains(err.Error(), "/no/such/folder") {
		t.Errorf("an HDFS whose folders are elsewhere gives %v", err)
	}
}
