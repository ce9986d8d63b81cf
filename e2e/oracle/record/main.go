// Command record asks a running HDFS the questions of package oracle and writes its answers to the golden files.
//
//	go run ./e2e/oracle/record -url http://127.0.0.1:9870 [-only REGEXP] [-diff]
//
// The server must be an HDFS with default limits and simple security, with the superuser root and these groups:
// dr.who=;alice=team;bob=team,groupY;carol=;eve=;super=supergroup. Root must be a proxy user for everybody
// (hadoop.proxyuser.root.hosts and .users are "*"), and the trash must be disabled. Everything under /oracle is replaced. With -diff
// nothing is written: the command prints what would change, and fails if anything would.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"granary/e2e/oracle"
)

func main() {
	url := flag.String("url", "", "base URL of the NameNode, http://host:port")
	dir := flag.String("dir", filepath.Join("e2e", "oracle", "testdata"), "folder of the golden files")
	only := flag.String("only", "", "regular expression of the sequences to run, matched against OP/NAME; the others keep their answers, and so do the checksums")
	diff := flag.Bool("diff", false, "print what would change, write nothing")
	flag.Parse()
	if err := run(*url, *dir, *only, *diff); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func run(url, dir, only string, diff bool) error {
	server, err := oracle.Dial(url)
	if err != nil {
		return err
	}
	chosen, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("flag -only: %w", err)
	}
	before, err := oracle.Load(dir, oracle.Ops())
	if err != nil {
		return err
	}
	after, changes, asked := oracle.Golden{}, 0, 0
	for _, q := range oracle.Sequences() {
		if after[q.Op] == nil {
			after[q.Op] = map[string][]oracle.Answer{}
		}
		old := before[q.Op][q.Name]
		if !chosen.MatchString(q.Op + "/" + q.Name) {
			if old != nil {
				after[q.Op][q.Name] = old
			}
			continue
		}
		answers, err := server.Run(q)
		if err != nil {
			return err
		}
		after[q.Op][q.Name] = answers
		asked++
		for _, m := range oracle.Compare(old, answers) {
			changes++
			if diff {
				fmt.Printf("%s/%s: %s\n", q.Op, q.Name, m)
			}
		}
	}
	fmt.Printf("%d sequences asked of %s, %d replies differ from %s\n", asked, url, changes, dir)
	if diff {
		if changes > 0 {
			return fmt.Errorf("%d replies differ from %s", changes, dir)
		}
		return nil
	}
	if err := after.Save(dir); err != nil {
		return err
	}
	if only != "" {
		return nil
	}
	vectors, err := server.Checksums()
	if err != nil {
		return err
	}
	return oracle.SaveChecksums(dir, vectors)
}
