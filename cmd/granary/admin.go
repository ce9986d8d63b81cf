package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"granary/auth"
	"granary/namespace"
	"granary/server"
)

// with opens the installation for one command that needs no blocks, and closes it afterwards. An account must be disabled even
// while the store is away.
func (p place) with(ctx context.Context, c *console, f func(in *installation) error) error {
	return p.within(ctx, c, options{grace: serversGrace}, f)
}

// serversGrace stands for the grace period of the server that started last.
const serversGrace time.Duration = -1

// checkGrace refuses a negative grace period, with which all garbage would be deleted at once.
func checkGrace(grace time.Duration) error {
	if grace < 0 {
		return fmt.Errorf("--gc-grace %s: want 0 or more, such as 1h", grace)
	}
	return nil
}

// withBlocks is with, for a command that needs blocks. Garbage is deleted when it is older than grace.
func (p place) withBlocks(ctx context.Context, c *console, grace time.Duration, f func(in *installation) error) error {
	return p.within(ctx, c, options{grace: grace, blocks: true}, f)
}

func (p place) within(ctx context.Context, c *console, o options, f func(in *installation) error) error {
	o.log = slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	o.progress = func(format string, args ...any) { fmt.Fprintf(c.err, format+"\n", args...) }
	in, err := p.open(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(f(in), in.close())
}

// steward returns a superuser's session, for commands that work on the data itself.
func (in *installation) steward() *namespace.Session {
	return in.fs.As(auth.Principal{User: in.Superuser, Superuser: true})
}

type userCommand struct {
	Add     userAddCommand     `cmd:"" help:"Add a user."`
	List    userListCommand    `cmd:"" help:"List the users."`
	Change  userChangeCommand  `cmd:"" help:"Change a user's groups, or whether the user is a superuser."`
	Disable userDisableCommand `cmd:"" help:"Refuse everything to a user, whatever tokens there are, and end the user's sessions."`
	Enable  userEnableCommand  `cmd:"" help:"Enable a user who was disabled. Tokens that have not expired or been revoked work again."`
	Passwd  userPasswdCommand  `cmd:"" help:"Set a user's password, which ends the user's sessions."`
	Link    userLinkCommand    `cmd:"" help:"Let a person of an OpenID provider sign in as a user."`
	Unlink  userUnlinkCommand  `cmd:"" help:"Undo granary user link, or the link that a person's first sign-in made; the user's sessions end."`
	Links   userLinksCommand   `cmd:"" help:"List the identities at OpenID providers that a user signs in with."`
}

type userAddCommand struct {
	place
	Name          string   `arg:"" help:"The user's name, as in file owners."`
	Groups        []string `help:"Groups of the user." placeholder:"G1,G2"`
	Admin         bool     `help:"Make the user a superuser, who passes every permission check."`
	PasswordStdin bool     `help:"Read a password from the first line of standard input."`
}

func (u *userAddCommand) Run(ctx context.Context, c *console) error {
	var password auth.Password
	if u.PasswordStdin {
		var err error
		if password, err = readPassword(ctx, c.in); err != nil {
			return err
		}
	}
	return u.with(ctx, c, func(in *installation) error {
		return in.auth.AddUser(ctx, auth.User{Name: u.Name, Groups: u.Groups, Admin: u.Admin, Password: password})
	})
}

type userListCommand struct{ place }

func (u *userListCommand) Run(ctx context.Context, c *console) error {
	return u.with(ctx, c, func(in *installation) error {
		users, err := in.auth.Users(ctx)
		if err != nil {
			return err
		}
		return listUsers(c.out, users)
	})
}

func listUsers(out io.Writer, users []auth.User) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tGROUPS\tMAPPED\tADMIN\tSTATE")
	for _, user := range users {
		admin, state := "", "active"
		switch {
		case user.Admin:
			admin = "admin"
		case user.Project != 0:
			admin = "service"
		}
		if user.Disabled {
			state = "disabled"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", user.Name, strings.Join(user.Groups, ","), strings.Join(user.Mapped, ","), admin, state)
	}
	return w.Flush()
}

type projectCommand struct {
	Create projectCreateCommand `cmd:"" help:"Create a project at /Projects/NAME."`
	List   projectListCommand   `cmd:"" help:"List the projects, those in the trash last."`
	Member projectMemberCommand `cmd:"" help:"Members of a project."`
}

type projectCreateCommand struct {
	place
	Name        string `arg:"" help:"The project's name."`
	Owner       string `required:"" help:"The user who owns it." placeholder:"USER"`
	Description string `help:"What the project is about." placeholder:"TEXT"`
	Datasets    bool   `help:"Create the directories Experiments, Logs, Models, Notebooks, Resources and Training_Datasets in it. This is the default." default:"true" negatable:""`
}

func (p *projectCreateCommand) Run(ctx context.Context, c *console) error {
	return p.with(ctx, c, func(in *installation) error {
		n := namespace.NewProject{Name: p.Name, Owner: p.Owner, Description: p.Description}
		if p.Datasets {
			n.Datasets = namespace.DefaultDatasets
		}
		return in.steward().CreateProject(ctx, n)
	})
}

type projectMemberCommand struct {
	Add    memberAddCommand    `cmd:"" help:"Make a user a member, or change the member's role."`
	List   memberListCommand   `cmd:"" help:"List the members, with their roles."`
	Remove memberRemoveCommand `cmd:"" help:"End a membership."`
}

type memberAddCommand struct {
	place
	Project string `arg:"" help:"The project's name."`
	User    string `arg:"" help:"The user's name."`
	Role    string `help:"owner passes every permission check in the project; scientist is in its group; observer can only read." enum:"owner,scientist,observer" required:""`
}

func (m *memberAddCommand) Run(ctx context.Context, c *console) error {
	return m.with(ctx, c, func(in *installation) error {
		return in.steward().SetMember(ctx, m.Project, m.User, namespace.Role(m.Role))
	})
}

type memberRemoveCommand struct {
	place
	Project string `arg:"" help:"The project's name."`
	User    string `arg:"" help:"The user's name."`
}

func (m *memberRemoveCommand) Run(ctx context.Context, c *console) error {
	return m.with(ctx, c, func(in *installation) error { return in.steward().RemoveMember(ctx, m.Project, m.User) })
}

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Print a new token, alone, on standard output."`
	List   tokenListCommand   `cmd:"" help:"List the tokens that can be revoked, with sessions and links."`
	Revoke tokenRevokeCommand `cmd:"" help:"End a token, a session or a link at once, and what was given out for it."`
}

type tokenCreateCommand struct {
	place
	User       string        `required:"" help:"User that the token stands for." placeholder:"NAME"`
	Project    string        `help:"Limit the token to this project." placeholder:"NAME"`
	Path       string        `help:"Limit the token to this directory of the project, wherever it is moved." placeholder:"DIR"`
	ReadOnly   bool          `help:"The token may not change anything: short for --verbs read." xor:"verbs"`
	Verbs      []string      `help:"What the token may be used for: read; add, which creates new files and appends; write, which includes add; manage, which is members, shares and tokens. Without it, everything." placeholder:"VERB" xor:"verbs"`
	Personal   bool          `help:"Print a short secret, gr_…, instead of a signed token. It can always be listed and revoked."`
	Expires    time.Duration `help:"How long the token is valid, such as 24h. At most 8784h (366 days). Default: 1h, or 2160h (90 days) for a personal token." placeholder:"TIME"`
	Label      string        `help:"Note for the list of tokens: what the token is for."`
	HadoopFile string        `help:"Also write the token into this file, for HADOOP_TOKEN_FILE_LOCATION." placeholder:"FILE" type:"path"`
	Service    string        `help:"The service that --hadoop-file is for: an address such as https://granary.example.org, or host:port of one without TLS." default:"127.0.0.1:9870" placeholder:"URL"`
}

func (t *tokenCreateCommand) Run(ctx context.Context, c *console) error {
	// Otherwise the signal would end this program where nobody reads the token, and before the token is revoked.
	unread := make(chan os.Signal, 1)
	signal.Notify(unread, syscall.SIGPIPE)
	defer signal.Stop(unread)
	return t.with(ctx, c, func(in *installation) error {
		verbs, err := auth.ParseVerbs(t.Verbs)
		if err != nil {
			return err
		}
		if t.ReadOnly {
			verbs = auth.Read
		}
		request := auth.TokenRequest{User: t.User, Verbs: verbs, TTL: t.Expires, Label: t.Label, Personal: t.Personal}
		if err := t.limit(ctx, in, &request); err != nil {
			return err
		}
		var file tokenFile
		if t.HadoopFile != "" {
			if file, err = newTokenFile(ctx, t.HadoopFile, t.Service); err != nil {
				return err
			}
			defer file.drop()
		}
		token, about, err := in.auth.IssueToken(ctx, request)
		if err != nil {
			return err
		}
		if t.HadoopFile != "" {
			err = file.write(token)
		}
		if err == nil {
			_, err = fmt.Fprintln(c.out, token)
		}
		if err == nil { // last, since the token ends where it cannot be told, and the one that is there may be good
			err = file.place()
		}
		if err != nil && about.Kind != "" { // nobody has it, and it would be good for weeks
			err = errors.Join(err, in.auth.RevokeToken(context.WithoutCancel(ctx), about.ID))
		}
		return err
	})
}

// limit looks up the project and the directory that the token is limited to.
func (t *tokenCreateCommand) limit(ctx context.Context, in *installation, request *auth.TokenRequest) error {
	if t.Project != "" {
		id, err := in.fs.ProjectID(ctx, t.Project)
		if err != nil {
			return err
		}
		request.Project = id
	}
	if t.Path == "" {
		return nil
	}
	if t.Project == "" {
		return errors.New("--path needs --project, the project that the directory is in")
	}
	path, err := namespace.ParsePath(t.Path)
	if err != nil {
		return err
	}
	owner, err := in.auth.Principal(ctx, t.User)
	if err != nil {
		return err
	}
	owner.Scope.Project = request.Project
	status, err := in.fs.As(owner).Stat(ctx, path)
	if err != nil {
		all := auth.Principal{User: in.Superuser, Superuser: true, Scope: owner.Scope}
		if _, hidden := in.fs.As(all).Stat(ctx, path); hidden == nil { // the refusal does not say so: it is for the user
			return fmt.Errorf("--path %s: user %s has no right there, which a token cannot give: make the user a member of project %s first", path, t.User, t.Project)
		}
		return err
	}
	if !status.Dir {
		return fmt.Errorf("%s is a file: a token is limited to a directory", path)
	}
	request.Root = status.ID
	return nil
}

type fsckCommand struct {
	place
	ReadData bool `help:"Also read and decrypt all content, and compare it with its stored checksums. Progress is reported on standard error every few seconds."`
}

// fsckProgress is the interval at which long commands such as fsck report progress.
const fsckProgress = 5 * time.Second

// everyFew returns a function that calls tell, but drops calls within fsckProgress of the last one that it passed on.
func everyFew(tell func(files, read int64)) func(files, read int64) {
	last := time.Now()
	return func(files, read int64) {
		if now := time.Now(); now.Sub(last) >= fsckProgress {
			last = now
			tell(files, read)
		}
	}
}

// errDamage is why fsck exits with a status that is not 0.
var errDamage = errors.New("fsck found damage")

func (f *fsckCommand) Run(ctx context.Context, c *console) error { return f.check(ctx, c, f.ReadData) }

// check runs fsck on the installation, and prints what it found.
func (p place) check(ctx context.Context, c *console, readData bool) error {
	return p.withBlocks(ctx, c, serversGrace, func(in *installation) error {
		report, err := in.fs.Fsck(ctx, namespace.FsckOptions{ReadData: readData, Progress: everyFew(func(files, read int64) {
			fmt.Fprintf(c.err, "%d files read, %d bytes\n", files, read)
		})})
		if err != nil {
			return err
		}
		for _, p := range report.Problems {
			fmt.Fprintln(c.out, p)
		}
		fmt.Fprintf(c.out, "%d directories, %d files, %d blocks; %d blocks wait to be deleted, %d in the store belong to nothing; %d bytes read; %d problems\n",
			report.Directories, report.Files, report.Blocks, report.Garbage, report.Orphans, report.BytesRead, len(report.Problems))
		if len(report.Problems) > 0 {
			return errDamage
		}
		return nil
	})
}

type gcCommand struct {
	place
	GCGrace *time.Duration `name:"gc-grace" help:"How long the blocks of deleted files are kept. Default: as long as the server that started last keeps them." placeholder:"TIME"`
	Orphans bool           `help:"Also delete blocks that nothing refers to and that were written at least a day ago. A server that was taken for dead may have left them. If the database was restored to an earlier moment, all blocks written since are among them; without those, no later state can be restored."`
}

func (g *gcCommand) Run(ctx context.Context, c *console) error {
	grace := serversGrace
	if g.GCGrace != nil {
		grace = *g.GCGrace
		if err := checkGrace(grace); err != nil {
			return err
		}
	}
	return g.withBlocks(ctx, c, grace, func(in *installation) error {
		err := in.fs.Reap(ctx)
		kept, failed := in.fs.BlocksKept(ctx)
		err = errors.Join(err, failed)
		if kept {
			fmt.Fprintln(c.err, "a backup is being made: no block of deleted files is deleted before its end")
		}
		if g.Orphans {
			n, failed := in.fs.DeleteOrphans(ctx)
			fmt.Fprintf(c.out, "%d blocks that belonged to nothing are deleted\n", n)
			err = errors.Join(err, failed)
		}
		return err
	})
}

type openAPICommand struct {
	Format string `help:"yaml or json." enum:"yaml,json" default:"yaml"`
}

func (o *openAPICommand) Run(c *console) error {
	document := server.Document()
	render := document.YAML
	if o.Format == "json" {
		render = document.JSON
	}
	text, err := render()
	if err != nil {
		return err
	}
	_, err = c.out.Write(text)
	return err
}
