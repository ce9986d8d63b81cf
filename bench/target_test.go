package main

import (
	"context"
	"strings"
	"testing"
)

func TestAddress(t *testing.T) {
	for raw, want := range map[string]string{
		"http://127.0.0.1:9870":             "127.0.0.1:9870",
		"http://127.0.0.1:9870/":            "127.0.0.1:9870",
		"http://localhost:9870/webhdfs/v1":  "127.0.0.1:9870",
		"http://localhost:9870/webhdfs/v1/": "127.0.0.1:9870",
		"http://[::1]:9870":                 "[::1]:9870",
		"http://127.8.9.1:80":               "127.8.9.1:80",
	} {
		if got, err := address(raw); got != want || err != nil {
			t.Errorf("%s is %q, %v; want %q", raw, got, err, want)
		}
	}
}

// The load generator must not be of use against anybody else's server.
func TestOnlyThisMachine(t *testing.T) {
	for _, raw := range []string{
		"http://10.0.0.1:9870", "http://192.168.1.1:9870", "http://8.8.8.8:80", "http://0.0.0.0:9870", "http://[::]:9870",
		"http://example.org:80", "http://localhost.example.org:80", "http://127.0.0.1.example.org:80", "http://[fe80::1]:9870",
		"http://127.0.0.1", "http://127.0.0.1:0", "http://127.0.0.1:99999", "https://127.0.0.1:9870", "127.0.0.1:9870", "",
		"http://127.0.0.1@10.0.0.1:80", "http://127.0.0.1:9870/other", "http://127.0.0.1:9870?op=OPEN",
	} {
		if got, err := address(raw); err == nil {
			t.Errorf("%q is accepted as %s", raw, got)
		}
	}
	for _, location := range []string{
		"http://10.0.0.1:9864/webhdfs/v1/f?op=CREATE", "https://127.0.0.1:9864/f", "/webhdfs/v1/f", "http://127.0.0.1:9864", "",
	} {
		if addr, _, err := split(location); err == nil {
			t.Errorf("a redirect to %q is followed to %s", location, addr)
		}
	}
	addr, uri, err := split("http://localhost:9864/webhdfs/v1/f?op=CREATE&data=true")
	if addr != "127.0.0.1:9864" || uri != "/webhdfs/v1/f?op=CREATE&data=true" || err != nil {
		t.Errorf("a good redirect is split into %q, %q, %v", addr, uri, err)
	}
}

func TestNoServerNoRun(t *testing.T) {
	var out strings.Builder
	for want, args := range map[string][]string{
		"nothing to measure":      {"-commit=x"},
		"not a loopback address":  {"-commit=x", "-hdfs=http://10.0.0.1:9870"},
		"needs -hdfs":             {"-commit=x", "-httpfs=http://127.0.0.1:1"},
		"argument too many":       {"now"},
		"must be an absolute":     {"-under=tmp"},
		"give -granary and -hdfs": {"-plot=x.png", "-granary=x"},
	} {
		if err := execute(context.Background(), args, &out); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, want %q", args, err, want)
		}
	}
}
