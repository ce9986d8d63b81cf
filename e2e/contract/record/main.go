// Command record runs Hadoop's tests against a running HDFS and writes what became of them to the golden file.
//
//	go run ./e2e/contract/record -address 127.0.0.1:9870 [-diff]
//
// The server must be an HDFS 3.4.2 with simple security that is there for nothing else: all of its files are deleted. Its
// superuser is who runs the command. dfs.namenode.fs-limits.min-block-size is 0, there is no trash, and
// hadoop.user.group.static.mapping.overrides is
//
//	dr.who=;bruce=;diana=;bob=groupY,groupZ;super=supergroup;user=mygroup;alpha=beta;fakeUser=fakeGroup
//
// and also names the runner itself with an "x" behind it, in the group user, such as rootx=user. With -diff nothing is
// written: what would change is printed, and the command fails if anything would. It takes about two minutes.
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
	diff := flag.Bool("diff", false, "print what would change, write nothing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *address, *file, *diff); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, address, file string, diff bool) error {
	if address == "" {
		return fmt.Errorf("-address is missing: which HDFS?")
	}
	runner, err := contract.Build(ctx, ".")
	if err != nil {
		return err
	}
	results, err := runner.Run(ctx, address, "", os.Stderr)
	if err != nil {
		return err
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
