package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"granary/namespace"
)

// listedAtOnce is how many projects or members are read at a time.
const listedAtOnce = 1000

type projectListCommand struct{ place }

func (p *projectListCommand) Run(ctx context.Context, c *console) error {
	return p.with(ctx, c, func(in *installation) error {
		w := tabwriter.NewWriter(c.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tOWNERS\tCREATED\tSTATE")
		for _, deleted := range []bool{false, true} {
			q := namespace.ProjectsQuery{Deleted: deleted, Limit: listedAtOnce}
			for more := true; more; {
				projects, err := in.steward().AllProjects(ctx, q)
				if err != nil {
					return err
				}
				for _, project := range projects {
					listProject(w, project, deleted)
					q.After = project.Name
				}
				more = len(projects) == q.Limit
			}
		}
		return w.Flush()
	})
}

func listProject(w io.Writer, p namespace.ProjectRecord, deleted bool) {
	state := "active"
	switch {
	case deleted && !p.GoneAfter.IsZero():
		state = "in the trash until " + p.GoneAfter.UTC().Format(time.RFC3339)
	case deleted:
		state = "in the trash"
	case p.Archived:
		state = "archived"
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.Name, strings.Join(p.Owners, ","), p.Created.UTC().Format(time.RFC3339), state)
}

type memberListCommand struct {
	place
	Project string `arg:"" help:"The project's name."`
}

func (m *memberListCommand) Run(ctx context.Context, c *console) error {
	return m.with(ctx, c, func(in *installation) error {
		w := tabwriter.NewWriter(c.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "USER\tROLE")
		after := ""
		for more := true; more; {
			members, err := in.steward().Members(ctx, m.Project, after, listedAtOnce)
			if err != nil {
				return err
			}
			for _, member := range members {
				fmt.Fprintf(w, "%s\t%s\n", member.User, member.Role)
				after = member.User
			}
			more = len(members) == listedAtOnce
		}
		return w.Flush()
	})
}
