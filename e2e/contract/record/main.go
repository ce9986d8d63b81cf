// Command record runs Hadoop's tests against a running HDFS and writes the results to the golden file.
//
//	go run ./e2e/contract/record -address 127.0.0.1:9870 [-runs 3] [-diff]
//
// The server must be an HDFS 3.4.2 with simple security that is used for nothing else: all of its files are deleted. Its
// superuser is the user who runs the command. dfs.namenode.fs-limits.min-block-size must be 0, the trash disabled, and
// hadoop.user.group.static.mapping.overrides must be
//
//	dr.who=;bruce=;diana=;bob=groupY,groupZ;super=supergroup;user=mygroup;alpha=beta;fakeUser=fakeGroup
//
// with an entry appended that puts the runner's own name followed by "x" into the group user, such as rootx=user. With -diff
// nothing is written: the command prints what would change, and fails if anything would.
//
// A run takes about two minutes. A test counts as passed if it passed in one of the runs: over webhdfs a client's CREATE races
// with others who look for the file, since the DataNode makes it.
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
