package server

import (
	"net/http"

	"granary/auth"
)

// relation is a caller who has something to do with a project, or nothing.
type relation struct {
	name       string
	credential func(*http.Request)
	project    string // whose files are accessed
	mount      string // where the dataset is accessed; "": at its own path

	// The rights at a file and a directory in the dataset, at a file beside it, at the project's root, and without a path.
	inDataset, beside, root, pathless string
}

// relations returns the relations of the matrix.
func relations(e *estate) []relation {
	const (
		changing = toChange + toAdd + toAppend + toRemove
		all      = toKnow + toRead + changing
		managing = all + toManage
		reading  = toKnow + toRead
		theRoot  = toKnow + toRead + toChange + toAdd // which only a superuser can remove
	)
	maps, side := e.projectID("maps"), e.inode("/Projects/maps"+sideIn)
	list := []relation{
		{name: "superuser", credential: e.as("root"), inDataset: managing + toRule, beside: managing + toRule, root: managing + toRule, pathless: toRule},
		{name: "owner", credential: e.as("ada"), inDataset: managing, beside: managing, root: theRoot + toManage},
		{name: "scientist", credential: e.as("sam"), inDataset: all, beside: all, root: theRoot},
		{name: "observer", credential: e.as("otto"), inDataset: reading, beside: reading, root: reading},
		{name: "person with a read share", credential: e.as("pia"), inDataset: reading, beside: refused, root: toKnow},
		{name: "person with an edit share", credential: e.as("paul"), inDataset: all, beside: refused, root: toKnow},
		{name: "anybody at what is published", credential: e.as("eve"), project: "open", inDataset: reading, beside: refused, root: toKnow},
		{name: "stranger", credential: e.as("eve"), inDataset: hidden, beside: hidden, root: hidden},
		{name: "former member", credential: e.as("former"), inDataset: hidden, beside: hidden, root: hidden},

		{name: "superuser, archived", credential: e.as("root"), project: "done", inDataset: reading, beside: reading, root: reading, pathless: toRule},
		{name: "owner, archived", credential: e.as("ada"), project: "done", inDataset: reading, beside: reading, root: reading},
		{name: "scientist, archived", credential: e.as("sam"), project: "done", inDataset: reading, beside: reading, root: reading},
		{name: "person with an edit share, archived", credential: e.as("paul"), project: "done", inDataset: reading, beside: refused, root: toKnow},

		// An offer makes the dataset known, and gives no rights.
		{name: "person with an offer", credential: e.as("offered"), inDataset: refused, beside: refused, root: toKnow},
		{name: "person who rejected", credential: e.as("rejecting"), inDataset: hidden, beside: hidden, root: hidden},
		{name: "person whose share ended", credential: e.as("ended"), inDataset: hidden, beside: hidden, root: hidden},
		{name: "person whose share expired", credential: e.as("expired"), inDataset: hidden, beside: hidden, root: hidden},

		{name: "owner's read-only token", credential: e.issue(auth.TokenRequest{User: "ada", Verbs: auth.Read}), inDataset: reading, beside: reading, root: reading},
		{name: "owner's token to add", credential: e.issue(auth.TokenRequest{User: "ada", Verbs: auth.Add}), inDataset: toAdd + toAppend, beside: toAdd + toAppend, root: toAdd},
		{name: "owner's token to write", credential: e.issue(auth.TokenRequest{User: "ada", Verbs: auth.Write}), inDataset: changing + toManage, beside: changing + toManage, root: toChange + toAdd + toManage},
		{name: "owner's token to manage", credential: e.issue(auth.TokenRequest{User: "ada", Verbs: auth.Manage}), inDataset: denied, beside: denied, root: denied},
		{name: "owner's personal token", credential: e.issue(auth.TokenRequest{User: "ada", Personal: true}), inDataset: managing, beside: managing, root: theRoot + toManage},
		{name: "superuser's read-only token", credential: e.issue(auth.TokenRequest{User: "root", Verbs: auth.Read}), inDataset: reading, beside: reading, root: reading},
		{name: "owner's token for the project", credential: e.issue(auth.TokenRequest{User: "ada", Project: maps}), inDataset: managing, beside: managing, root: theRoot + toManage},
		{name: "scientist's token for the project", credential: e.issue(auth.TokenRequest{User: "sam", Project: maps}), inDataset: all, beside: all, root: theRoot},
		{name: "owner's token for another project", credential: e.issue(auth.TokenRequest{User: "ada", Project: e.projectID("open")}), inDataset: refused, beside: refused, root: refused},
		{name: "superuser's token for another project", credential: e.issue(auth.TokenRequest{User: "root", Project: e.projectID("open")}), inDataset: refused, beside: refused, root: refused},
		{name: "stranger's token for another project", credential: e.issue(auth.TokenRequest{User: "eve", Project: e.projectID("open")}), inDataset: refused, beside: refused, root: refused},
		{
			name: "owner's token for the dataset", credential: e.issue(auth.TokenRequest{User: "ada", Project: maps, Root: e.datasets["maps"].ID}),
			inDataset: managing, beside: refused, root: denied,
		},
		{
			name: "owner's read-only token for the dataset", credential: e.issue(auth.TokenRequest{User: "ada", Project: maps, Root: e.datasets["maps"].ID, Verbs: auth.Read}),
			inDataset: reading, beside: refused, root: denied,
		},
		{
			name: "person's token for the dataset", credential: e.issue(auth.TokenRequest{User: "paul", Project: maps, Root: e.datasets["maps"].ID}),
			inDataset: all, beside: refused, root: denied,
		},
		{
			name: "owner's token for another directory", credential: e.issue(auth.TokenRequest{User: "ada", Project: maps, Root: side}),
			inDataset: refused, beside: refused, root: denied,
		},
		{
			name: "person's token for a directory that they may not go to", credential: e.issue(auth.TokenRequest{User: "paul", Project: maps, Root: side}),
			inDataset: refused, beside: refused, root: denied,
		},

		{name: "expired token", credential: e.expired("ada"), inDataset: unknown, beside: unknown, root: unknown, pathless: unknown},
		{name: "revoked token", credential: e.revoked("ada"), inDataset: unknown, beside: unknown, root: unknown, pathless: unknown},
		{name: "disabled user", credential: e.disabled("gone"), inDataset: unknown, beside: unknown, root: unknown, pathless: unknown},
		{name: "no credential", credential: func(*http.Request) {}, inDataset: unknown, beside: unknown, root: unknown, pathless: unknown},
		{name: "a name alone", credential: func(r *http.Request) { r.URL.RawQuery += "&user.name=ada" }, inDataset: unknown, beside: unknown, root: unknown, pathless: unknown},
		{name: "garbage", credential: bearer("garbage"), inDataset: unknown, beside: unknown, root: unknown, pathless: unknown},
	}
	for project, level := range recipients {
		for _, role := range roles {
			user, gives := project+"-"+string(role), reading
			if level == "edit" && role != "observer" || level == "edit-by-owners" && role == "owner" {
				gives = all
			}
			mount := "/Projects/" + project + "/Shared/maps.tiles"
			by := string(level) + " share, " + string(role)
			list = append(list,
				relation{name: by, credential: e.as(user), inDataset: gives, beside: refused, root: toKnow},
				relation{name: by + ", where it is shown", credential: e.as(user), mount: mount, inDataset: gives, beside: unasked, root: unasked},
				relation{
					name:       by + ", token for their project, where it is shown",
					credential: e.issue(auth.TokenRequest{User: user, Project: e.projectID(project)}),
					mount:      mount, inDataset: gives, beside: unasked, root: unasked,
				},
			)
		}
		owner := project + "-owner"
		list = append(list, relation{
			name: string(level) + " share, owner, token for their project", credential: e.issue(auth.TokenRequest{User: owner, Project: e.projectID(project)}),
			inDataset: refused, beside: refused, root: denied,
		}, relation{
			name: string(level) + " share, where another project shows it", credential: e.as("pia"), project: project, mount: "/Projects/" + project + "/Shared/maps.tiles",
			inDataset: hidden, beside: unasked, root: unasked,
		})
	}
	for i := range list {
		if list[i].project == "" {
			list[i].project = "maps"
		}
	}
	return list
}
