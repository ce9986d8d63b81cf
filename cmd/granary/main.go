// Command granary is the file service and the tools to run it: `granary serve` starts it, the other commands work on
// the data of a running or stopped one.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// version is set when a release is built.
var version string

// built returns the version, or the commit that Go recorded at build time, or "dev" if it recorded none.
func built() string {
	if info, ok := debug.ReadBuildInfo(); version == "" && ok && info.Main.Version != "(devel)" {
		return cmp.Or(info.Main.Version, "dev")
	}
	return cmp.Or(version, "dev")
}

// commands is the command line. Every flag may also be set in the environment, as GRANARY_ and its name, and in the
// file that --config names.
type commands struct {
	Config kong.ConfigFlag `help:"Read flags from this JSON file, such as {\"listen\": \"127.0.0.1:9870\"}." placeholder:"FILE"`

	Serve   serveCommand   `cmd:"" help:"Serve files over WebHDFS. Without flags, with a private PostgreSQL and blocks in the data folder."`
	User    userCommand    `cmd:"" help:"Users and their groups."`
	Project projectCommand `cmd:"" help:"Projects and their members."`
	Service serviceCommand `cmd:"" help:"Service accounts of projects, for programs."`
	Token   tokenCommand   `cmd:"" help:"Tokens, with which programs identify themselves."`
	Key     keyCommand     `cmd:"" help:"The keys that sign tokens."`
	Fsck    fsckCommand    `cmd:"" help:"Check names, content and blocks against each other. Changes nothing."`
	Gc      gcCommand      `cmd:"" help:"Purge what was deleted now; the server does so in the background. What is in the trash stays."`
	Backup  backupCommand  `cmd:"" help:"Copy the database and the blocks into a folder, also while the service runs."`
	Restore restoreCommand `cmd:"" help:"Restore a copy that granary backup made into an empty installation, and check it."`
	Login   loginCommand   `cmd:"" help:"Make a token, and write settings with it for hadoop, Spark, pydoop, hdfscli, pandas and TensorBoard on this machine."`
	Logout  logoutCommand  `cmd:"" help:"End the token of the last login on this machine, and remove its settings."`
	OpenAPI openAPICommand `cmd:"" name:"openapi" help:"Print the OpenAPI document of the service."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := untilAsked()
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "granary:", err)
		os.Exit(1)
	}
}

// oneRequest is how long after the first signal further ones belong to the same request to end: make passes on what its whole
// process group has got, and timeout signals both its command and its group.
const oneRequest = time.Second

// untilAsked returns a context that ends with the first signal that asks the program to end. Another one, by somebody who
// does not want to wait, has its usual effect. A hangup is never that: the shell of a terminal that is closed sends one, and
// the kernel sends another when that shell has ended.
func untilAsked() (ctx context.Context, stop func()) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup ignores it
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop = signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(ctx, func() {
		signal.Ignore(syscall.SIGHUP)
		time.AfterFunc(oneRequest, stop)
	})
	return ctx, stop
}

// console is where a command reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// exit is what the parser panics with once it has printed help.
type exit int

// run parses and executes one command line. It returns when the command is done or ctx ends.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) (err error) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case exit:
			if thrown != 0 {
				err = errors.New("the command line could not be understood")
			}
		default:
			panic(thrown)
		}
	}()
	var c commands
	parser, err := newParser(&c,
		kong.Name("granary"),
		kong.Description("A file service that speaks WebHDFS, with names in PostgreSQL and bytes in encrypted blocks."),
		kong.Writers(out, errOut),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(&console{in, out, errOut}),
	)
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return parsed.Run()
}

type versionCommand struct{}

func (versionCommand) Run(c *console) error {
	_, err := fmt.Fprintln(c.out, built())
	return err
}
