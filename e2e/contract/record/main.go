// Command record runs Hadoop's tests against a running HDFS and writes what became of them to the golden file.
//
//	go run ./e2e/contract/record -address 127.0.0.1:9870 [-runs 3] [-diff]
//
// The server must be an HDFS 3.4.2 with simple security that is there for nothing else: all of its files are deleted. Its
// superuser is who runs the command. dfs.namenode.fs-limits.min-block-size is 0, there is no trash, and
// hadoop.user.group.static.mapping.overrides is
//
//	dr.who=;bruce=;diana=;bob=groupY,groupZ;super=supergroup;user=mygroup;alpha=beta;fakeUser=fakeGroup
//
// and also names the runner itself with an "x" behind it, in the group user, such as rootx=user. With -diff nothing is
// written: what would change is printed, and the command fails if anything would.
//
// A run takes about two minutes. A test counts as passed if it passed in one: over webhdfs a client's CREATE is a race
// between the DataNode, which makes the file, and whoever looks for it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"granary/e2e/contract"
)

func main() {
	address := flag.String("address", "", "HTTP address of the NameNode, host:port")
	file := flag.String("file", filepath.Join("e2e", "contract", "testdata", "hdfs-3.4.2.txt"), "the golden file")
	runs := flag.Int("runs", 3, "how often to run the tests")
	diff := flag.Bool("diff", false, "print what would change, write nothing")
	flag.Parse()
	if err := run(*address, *file, *runs, *diff); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func run(address, file string, runs int, diff bool) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if address == "" {
		return fmt.Errorf("-address is missing: which HDFS?")
	}
	runner, err := contract.Build(ctx, ".")
	if err != nil {
		return err
	}
	var results []contract.Result
	for range runs {
		again, err := runner.Run(ctx, address, "", os.Stderr)
		if err != nil {
			return err
		}
		results = contract.Best(results, again)
	}
	if !diff {
		return contract.Save(file, time.Now(), results)
	}
	recorded, err := contract.Load(file)
	if err != nil {
		return err
	}
	if changes := contract.Changes(recorded, results); len(changes) > 0 {
		for _, change := range changes {
			fmt.Println(change)
		}
		return fmt.Errorf("%d tests end otherwise than %s says", len(changes), file)
	}
	return nil
}
