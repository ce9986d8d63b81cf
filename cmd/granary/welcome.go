package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"granary/auth"
	"granary/cmd/granary/login"
	"granary/namespace"
)

// firstProject is the project that a new installation gets, as something to try.
const firstProject = "demo"

// firstTokenLife is the life of the token that is printed at the first start.
const firstTokenLife = 30 * 24 * time.Hour

// welcome makes the first user and project of a new installation and prints, once, how to use them.
func (in *installation) welcome(ctx context.Context, out io.Writer, base string) error {
	if in.Auth == "simple" {
		fmt.Fprintf(out, "Names are believed: add user.name=%s to a request.\n", in.Superuser)
		return nil
	}
	users, err := in.auth.Users(ctx)
	if err == nil && len(users) == 0 {
		err = in.auth.AddUser(ctx, auth.User{Name: in.Superuser, Admin: true})
		if auth.KindOf(err) == auth.Exists { // another server, which starts at the same time, has made it
			users, err = in.auth.Users(ctx)
		}
	}
	if err != nil {
		return err
	}
	if len(users) > 0 {
		fmt.Fprintf(out, "%sFor a token: %s token create %s --user %s\n", in.before(), quoted(os.Args[0]), in.flags(), quoted(users[0].Name))
		return nil
	}
	password := firstPassword()
	if err := in.auth.SetPassword(ctx, in.Superuser, auth.Password(password)); err != nil {
		return err
	}
	if err := in.steward().CreateProject(ctx, namespace.NewProject{Name: firstProject, Owner: in.Superuser, Datasets: namespace.DefaultDatasets}); err != nil {
		return err
	}
	token, err := in.auth.Issue(ctx, auth.TokenRequest{User: in.Superuser, TTL: firstTokenLife, Label: "first start"})
	if err != nil {
		return err
	}
	service, err := login.ParseService(base)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, `
This is a new installation. It has a user, %[1]s, who may do everything, and a project, /Projects/%[2]s.
In a browser on this machine, %[4]s asks for the password, which is shown this once:

  %[8]s

A token for programs, also shown this once and good for 30 days:

  %[3]s

%[10]sPaste one of these:

  Python   from hdfs import TokenClient; print(TokenClient("%[4]s", "%[3]s").list("/Projects"))
  curl     curl -H "Authorization: Bearer %[3]s" "%[4]s/webhdfs/v1/Projects?op=LISTSTATUS"
  hadoop   %[5]s token create %[6]s --user %[1]s --service %[7]s --hadoop-file hadoop.token >/dev/null && HADOOP_TOKEN_FILE_LOCATION=hadoop.token hadoop fs -fs %[9]s -ls /Projects
  passwd   %[5]s user passwd %[6]s --password-stdin %[1]s    # waits for another password, as the first line

`, in.Superuser, firstProject, token, base, quoted(os.Args[0]), in.flags(), quoted(service.URL()), password, quoted(service.FileSystem()), in.before())
	if err != nil { // as when the disk is full that the output goes to
		return fmt.Errorf("the password of %s could not be shown, and is shown only once: set another with `%s user passwd %s --password-stdin %s`, and start again: %w",
			in.Superuser, quoted(os.Args[0]), in.flags(), quoted(in.Superuser), err)
	}
	return nil
}

// databaseVariable is the variable from which kong takes --database.
const databaseVariable = "GRANARY_DATABASE"

// flags returns the flags that a command needs to find this installation, quoted for a shell. A database URL that holds
// a password is not printed: the variable stands for it.
func (p place) flags() string {
	flags := "--data " + quoted(p.Data)
	switch {
	case p.Database == "":
	case holdsPassword(p.Database):
		flags += " --database \"$" + databaseVariable + "\""
	default:
		flags += " --database " + quoted(p.Database)
	}
	if p.RootKey != filepath.Join(p.Data, "root.key") {
		flags += " --root-key " + quoted(p.RootKey)
	}
	if at, err := parseBlocks(p.Blocks); err == nil && at.String() != filepath.Join(p.Data, "blocks") { // it was opened before; the absolute path works anywhere
		flags += " --blocks " + quoted(at.String())
	}
	return flags
}

// before returns a line about what must be done before the flags work, or nothing.
func (p place) before() string {
	if !holdsPassword(p.Database) || os.Getenv(databaseVariable) == p.Database {
		return ""
	}
	return "First set " + databaseVariable + " to the URL of the database that this server was given, which holds a password and is not printed.\n"
}

// quoted returns text as one word for a shell.
func quoted(text string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+=:@,%", r)
	}
	if text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !plain(r) }) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// firstPassword makes a password of 100 random bits that can be typed from a screen.
func firstPassword() string {
	text := strings.ToLower(rand.Text())
	return text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:20]
}
