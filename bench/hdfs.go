package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	closeSetting = "dfs.namenode.file.close.num-committed-allowed"
	delaySetting = "dfs.client.block.write.locateFollowingBlock.initial.delay.ms"
	stockDelay   = "400" // milliseconds
	mostDelay    = "dfs.client.block.write.locateFollowingBlock.max.delay.ms"
	retries      = "dfs.client.block.write.locateFollowingBlock.retries"
)

// hdfs examines a running HDFS whose NameNode serves WebHDFS at addr. It refuses an HDFS that is not tuned: a stock HDFS
// often sleeps 400 ms when a file is closed before its DataNode has reported the block (FSNamesystem.completeFile), and
// beating that would prove nothing.
func hdfs(ctx context.Context, addr string) (*target, error) {
	var info struct{ SoftwareVersion, LiveNodes string }
	if err := bean(ctx, addr, "Hadoop:service=NameNode,name=NameNodeInfo", &info); err != nil {
		return nil, err
	}
	var nodes map[string]struct{ InfoAddr string }
	if err := json.Unmarshal([]byte(info.LiveNodes), &nodes); err != nil {
		return nil, fmt.Errorf("the NameNode's list of DataNodes: %w", err)
	}
	if len(nodes) != 1 {
		return nil, fmt.Errorf("the HDFS has %d DataNodes; the comparison is with one, since Granary too has one disk store", len(nodes))
	}
	var datanode string
	for _, n := range nodes {
		found, err := loopback(n.InfoAddr)
		if err != nil {
			return nil, fmt.Errorf("the DataNode: %w", err)
		}
		datanode = found
	}
	value := map[string]string{}
	for _, s := range []struct{ addr, name, unset string }{
		{addr, closeSetting, "0"},
		{addr, "dfs.replication", "3"},
		{addr, "dfs.namenode.name.dir", ""},
		{datanode, delaySetting, stockDelay}, // a DataNode is a client of its own when it writes for WebHDFS
		{datanode, mostDelay, "60000"},
		{datanode, retries, "5"},
		{datanode, "dfs.datanode.synconclose", "false"},
		{datanode, "dfs.datanode.data.dir", ""},
	} {
		v, err := setting(ctx, s.addr, s.name, s.unset)
		if err != nil {
			return nil, err
		}
		value[s.name] = v
	}
	if value[closeSetting] == "0" || value[delaySetting] == stockDelay {
		return nil, fmt.Errorf("the HDFS at %s is not tuned: %s=%s, %s=%s, so that closing a file often sleeps 400 ms; start it with bench/hdfs/start.sh",
			addr, closeSetting, value[closeSetting], delaySetting, value[delaySetting])
	}
	var heap struct{ HeapMemoryUsage struct{ Max int64 } }
	if err := bean(ctx, addr, "java.lang:type=Memory", &heap); err != nil {
		return nil, err
	}
	disks, err := folders(value["dfs.namenode.name.dir"], value["dfs.datanode.data.dir"])
	if err != nil {
		return nil, err
	}
	return &target{
		name: nameHDFS, addr: addr, query: "&user.name=" + user,
		facts: []string{
			fmt.Sprintf("Apache Hadoop %s over WebHDFS: a NameNode and a DataNode, each a JVM of its own with a heap of %s", info.SoftwareVersion, sizeText(heap.HeapMemoryUsage.Max)),
			fmt.Sprintf("tuned: %s=%s, %s=%s, max.delay.ms=%s, retries=%s; replication %s",
				closeSetting, value[closeSetting], delaySetting, value[delaySetting], value[mostDelay], value[retries], value["dfs.replication"]),
			"simple security, an ordinary user; rights are evaluated, content is stored in the clear",
			"durable at the reply: names (the edit log is synced), but blocks only in the page cache: dfs.datanode.synconclose=" + value["dfs.datanode.synconclose"],
			disks,
		},
	}, nil
}

// httpfs examines Hadoop's HTTP proxy in front of the same HDFS, which hdfs has examined.
func httpfs(ctx context.Context, addr string) (*target, error) {
	delay, err := setting(ctx, addr, delaySetting, stockDelay)
	if err != nil {
		return nil, err
	}
	return &target{
		name: nameHTTPFS, addr: addr, query: "&user.name=" + user, oneHop: true,
		facts: []string{
			"Hadoop's HTTP proxy, a JVM of its own, in front of the same HDFS, by its client for the native protocol",
			fmt.Sprintf("tuned: %s=%s; durable as the HDFS is", delaySetting, delay),
		},
	}, nil
}

// folders says on which filesystems HDFS's folders (file: URLs) are.
func folders(urls ...string) (string, error) {
	var all []string
	for _, raw := range urls {
		u, err := url.Parse(raw)
		if err != nil {
			return "", err
		}
		disk, err := filesystem(u.Path)
		if err != nil {
			return "", fmt.Errorf("the HDFS keeps data in %s: %w", raw, err)
		}
		all = append(all, disk)
	}
	return "names on " + all[0] + ", blocks on " + all[1], nil
}

// setting asks a Hadoop server for the effective value of one of its settings. Hadoop does not report a setting that is in no
// file, not even the default in its code; for such a setting the result is unset.
func setting(ctx context.Context, addr, name, unset string) (string, error) {
	var conf struct {
		Properties []struct {
			Name  string `xml:"name"`
			Value string `xml:"value"`
		} `xml:"property"`
	}
	err := ask(ctx, "http://"+addr+"/conf?name="+url.QueryEscape(name)+"&user.name="+user, func(r io.Reader) error { return xml.NewDecoder(r).Decode(&conf) })
	if errors.Is(err, errNotFound) {
		return unset, nil
	}
	if err != nil {
		return "", err
	}
	if len(conf.Properties) != 1 || conf.Properties[0].Name != name {
		return "", fmt.Errorf("the server at %s does not say what its setting %s is", addr, name)
	}
	return conf.Properties[0].Value, nil
}

// bean asks a Hadoop server for one of its management beans.
func bean(ctx context.Context, addr, name string, into any) error {
	var all struct{ Beans []json.RawMessage }
	err := ask(ctx, "http://"+addr+"/jmx?qry="+url.QueryEscape(name), func(r io.Reader) error { return json.NewDecoder(r).Decode(&all) })
	if err != nil {
		return err
	}
	if len(all.Beans) != 1 {
		return fmt.Errorf("the server at %s has no bean %s: is it a NameNode's HTTP address?", addr, name)
	}
	return json.Unmarshal(all.Beans[0], into)
}

var errNotFound = errors.New("not found")

// ask fetches a URL of a server on this machine.
func ask(ctx context.Context, from string, decode func(io.Reader) error) (err error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return err
	}
	a, err := (&http.Client{Timeout: 20 * time.Second}).Do(q)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Body.Close()) }()
	if a.StatusCode == http.StatusNotFound {
		return fmt.Errorf("%s: %w", strings.SplitN(from, "?", 2)[0], errNotFound)
	}
	if a.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", strings.SplitN(from, "?", 2)[0], a.Status)
	}
	if err := decode(io.LimitReader(a.Body, maxText)); err != nil {
		return fmt.Errorf("what %s answers is not understood: %w", strings.SplitN(from, "?", 2)[0], err)
	}
	return nil
}
