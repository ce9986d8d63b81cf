package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"granary/cmd/granary/login"
)

// loginCommand needs only the address of the server, because it runs on the machines of users.
type loginCommand struct {
	URL          string        `arg:"" help:"The service's address, such as https://granary.example.org."`
	User         string        `help:"User who logs in with a password. Without it, login asks." placeholder:"NAME"`
	PasswordFile string        `help:"Read the password from the first line of this file; - is standard input. Without it, login asks." placeholder:"FILE" xor:"credential"`
	TokenFile    string        `help:"Log in with the token in the first line of this file; - is standard input." placeholder:"FILE" xor:"credential"`
	Project      string        `help:"Limit the new token to this project." placeholder:"NAME"`
	Directory    string        `help:"Limit the new token to this directory of the project, wherever it is moved." placeholder:"DIR"`
	Verbs        []string      `help:"What the new token may be used for: read, add, write, manage. Without it, read and write, as far as the given token may." placeholder:"VERB"`
	Expires      time.Duration `help:"How long the new token is valid, such as 24h. Default: 2160h (90 days), or as long as the given token." placeholder:"TIME"`
	For          []string      `help:"Which clients to write settings for: hadoop, with Spark and pydoop; hdfscli; fsspec, with pandas and TensorBoard." enum:"hadoop,hdfscli,fsspec" default:"hadoop,hdfscli,fsspec" placeholder:"CLIENT"`
	HadoopConf   string        `help:"Change core-site.xml in this folder of a Hadoop installation, instead of making a folder with a core-site.xml of its own." placeholder:"DIR" type:"path"`
	Yes          bool          `help:"Do not ask before changing files that hold other settings."`
}

// Run makes a token, and settings with it. Problems with files are found before a secret is asked for.
func (l *loginCommand) Run(ctx context.Context, c *console) error {
	service, err := login.ParseService(l.URL)
	if err != nil {
		return err
	}
	if l.Directory != "" && l.Project == "" {
		return errors.New("--directory needs --project, the project that the directory is in")
	}
	if l.PasswordFile != "" && l.User == "" {
		return errors.New("--password-file needs --user, whose password it is")
	}
	if l.TokenFile != "" && l.User != "" {
		return errors.New("--user is for a password: a token says itself whose it is")
	}
	if service.Overheard() && l.TokenFile == "" {
		return fmt.Errorf("%s is plain http to another machine, where a password can be overheard: use https, or log in with --token-file", service.URL())
	}
	folders, err := foldersOf(l.HadoopConf)
	if err != nil {
		return err
	}
	at := dial(service, c.err)
	if err := at.isGranary(ctx); err != nil {
		return err
	}
	plan, err := login.Prepare(ctx, folders, service, l.For)
	if err != nil {
		return err
	}
	if service.Overheard() {
		fmt.Fprintf(c.err, "granary: warning: %s is plain http to another machine: the token can be overheard with every request\n", service.URL())
	}
	in := newReader(c)
	if err := in.agree(ctx, plan, l.Yes); err != nil {
		return err
	}
	last := plan.Last()
	made, err := l.credential(ctx, in, at, last)
	if err != nil {
		return err
	}
	again := last != nil && made.Token == last.Token
	ctx = context.WithoutCancel(ctx) // an interrupt now would leave a token that nobody knows of
	if err := plan.Write(made); err != nil {
		if made.TokenID != "" && !again {
			err = errors.Join(err, at.end(ctx, made.Token, made.TokenID))
		}
		return fmt.Errorf("nothing was changed: %w", err)
	}
	l.report(c.out, folders, service, plan, made)
	if !again {
		endLast(ctx, c, last)
	}
	return nil
}

// foldersOf returns where this user's clients look for settings.
func foldersOf(hadoop string) (login.Folders, error) {
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return login.Folders{}, errors.New("the home folder is not known: set HOME")
	}
	return login.FoldersOf(home, os.Getenv, hadoop), nil
}

// credential signs in, or takes the token that is given, and makes a token for the clients. last is the previous login,
// nil if there was none.
func (l *loginCommand) credential(ctx context.Context, in *reader, at *remote, last *login.Record) (login.Credential, error) {
	if l.TokenFile != "" {
		token, err := in.secret(ctx, "--token-file", l.TokenFile)
		if err != nil {
			return login.Credential{}, err
		}
		if last != nil && token == last.Token {
			return at.withLast(ctx, last, l.request())
		}
		return at.withToken(ctx, token, l.request())
	}
	user, err := in.user(ctx, l.User)
	if err != nil {
		return login.Credential{}, err
	}
	var password string
	if l.PasswordFile != "" {
		password, err = in.secret(ctx, "--password-file", l.PasswordFile)
	} else {
		password, err = in.password(ctx, user)
	}
	if err != nil {
		return login.Credential{}, err
	}
	return at.withPassword(ctx, user, password, l.request())
}

// request describes the token to make.
func (l *loginCommand) request() tokenRequest {
	r := tokenRequest{verbs: l.Verbs, project: l.Project, directory: l.Directory, life: l.Expires, label: "granary login"}
	if host, err := os.Hostname(); err == nil {
		r.label += " on " + host[:min(len(host), 100)]
	}
	return r
}

// report says what was set up, and how to use it.
func (l *loginCommand) report(out io.Writer, folders login.Folders, service login.Service, plan *login.Plan, made login.Credential) {
	fmt.Fprintf(out, "Logged in to %s as %s until %s.\n", service.URL(), made.User, made.Expires.Local().Format(time.DateTime))
	if made.TokenID == "" {
		fmt.Fprintln(out, "The token that was given may not make others, so the clients get that one; granary logout does not end it.")
	}
	for _, note := range plan.Notes {
		fmt.Fprintln(out, note)
	}
	lines := map[string]string{
		login.Hadoop:  fmt.Sprintf("  . %s    # in each shell before Hadoop, Spark or pydoop: hadoop fs -ls /Projects", folders.Shell()),
		login.Hdfscli: "  hdfscli                     # or, in Python: from hdfs import Config; Config().get_client(\"granary\")",
		login.Fsspec:  "  tensorboard --logdir webhdfs:///Projects/…    # and pandas.read_csv(\"webhdfs:///Projects/…\")",
	}
	for _, client := range login.Clients {
		if slices.Contains(l.For, client) {
			fmt.Fprintln(out, lines[client])
		}
	}
}

// endLast ends the token of the previous login, which no file holds any more.
func endLast(ctx context.Context, c *console, last *login.Record) {
	if last == nil {
		return
	}
	if err := end(ctx, last); err != nil {
		fmt.Fprintf(c.err, "granary: warning: the token of the login before, %s at %s, is still good: %v\n", last.TokenID, last.URL, err)
	}
}

// end ends the token of a login, if that login made it.
func end(ctx context.Context, last *login.Record) error {
	switch {
	case last.TokenID == "":
		return nil
	case last.Token == "":
		return errors.New("the file with the token is gone")
	}
	service, err := login.ParseService(last.URL)
	if err != nil {
		return err
	}
	return dial(service, io.Discard).end(ctx, last.Token, last.TokenID)
}

type logoutCommand struct {
	Forget bool `help:"Remove the settings even if the token cannot be ended, such as when the service is gone."`
	Yes    bool `help:"Do not ask before changing files that hold other settings."`
}

// Run ends the token and removes what login wrote.
func (l *logoutCommand) Run(ctx context.Context, c *console) error {
	folders, err := foldersOf("")
	if err != nil {
		return err
	}
	plan, err := login.PrepareRemoval(folders)
	if err != nil {
		return err
	}
	if plan == nil {
		return errors.New("nobody is logged in here: granary login URL logs in")
	}
	if err := newReader(c).agree(ctx, plan, l.Yes); err != nil {
		return err
	}
	last := plan.Last()
	if err := end(ctx, last); err != nil {
		if !l.Forget {
			return fmt.Errorf("the token %s could not be ended, so nothing was changed; --forget takes the files away all the same: %w", last.TokenID, err)
		}
		fmt.Fprintf(c.err, "granary: warning: the token %s at %s is still good: %v\n", last.TokenID, last.URL, err)
	}
	if err := plan.Remove(); err != nil {
		return fmt.Errorf("the token has ended, but its files are still there: %w", err)
	}
	fmt.Fprintf(c.out, "Logged out of %s.\n", last.URL)
	if last.TokenID == "" {
		fmt.Fprintln(c.out, "The token was not made by granary login, and is as good as before.")
	}
	return nil
}
