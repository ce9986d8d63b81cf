package server

import (
	"context"
	"net/http"
	"strconv"

	"granary/auth/perm"
	"granary/namespace"
)

func (c *call) create() error {
	o, err := c.createOptions()
	if err != nil {
		return err
	}
	status, err := c.session.Create(c.ctx, c.path, o, c.body)
	if err != nil {
		return err
	}
	c.tagged(status)
	location := append(make([]byte, 0, 256), "hdfs://"...)
	c.w.set("Location", string(escape(append(location, c.server.authority(c.r)...), c.path.String(), "/")))
	return c.empty(http.StatusCreated)
}

// createOptions reads the parameters of CREATE.
func (c *call) createOptions() (namespace.CreateOptions, error) {
	flags := createFlag.of(c)
	o := namespace.CreateOptions{
		Overwrite:    overwrite.of(c) || flags.has("OVERWRITE"),
		MustExist:    createFlag.given(c) && !flags.has("CREATE"),
		CreateParent: createParent.of(c),
		Mode:         filePermission.of(c),
		Unmasked:     unmaskedPermission.of(c),
		Replication:  int(replication.of(c)),
		BlockSize:    blockSize.of(c),
		Size:         c.r.ContentLength,
	}
	text, err := c.given("lease")
	if err != nil || text == "" || text == noLease {
		return o, err
	}
	o.Lease, err = namespace.ParseLease(text)
	return o, err
}

func (c *call) appendFile() error {
	inode, err := c.inode()
	if err != nil {
		return err
	}
	status, err := c.session.AppendTo(c.ctx, c.path, inode, c.r.ContentLength, c.body)
	if err != nil {
		return c.preferFirstHop(err)
	}
	c.tagged(status)
	return c.empty(http.StatusOK)
}

// inode returns the id of the file that a Hadoop client began to append to, 0 if the request does not say.
func (c *call) inode() (int64, error) {
	text, err := c.given("inode")
	if err != nil || text == "" {
		return 0, err
	}
	inode, err := strconv.ParseInt(text, 10, 64)
	if err != nil || inode < 1 {
		return 0, &namespace.Error{
			Op: "append", Path: c.path.String(), Kind: namespace.InvalidArgument,
			Msg: "inode " + printable(text) + " is none of Granary's: follow the redirect of the first request unchanged",
		}
	}
	return inode, nil
}

func (c *call) mkdirs() error {
	made, err := c.session.Mkdirs(c.ctx, c.path, namespace.MkdirOptions{
		Mode: dirPermission.of(c), Unmasked: unmaskedPermission.of(c),
	})
	if err != nil {
		return err
	}
	return c.boolean(made)
}

// rename answers with a boolean if there are no options. With any, its failures are errors, and HDFS's clients get an empty answer.
func (c *call) rename() error {
	// Clients other than Java's that send an address do not look at the answer, and would take false for success.
	if to := c.query.get(destination.Name); to != "" && to[0] != '/' && !isJava(c.r) {
		return invalid(destination.Name, notAbsolute(to))
	}
	if !renameOptions.given(c) {
		moved, err := c.session.Rename(c.ctx, c.path, destination.of(c))
		if err != nil {
			return err
		}
		return c.boolean(moved)
	}
	options := renameOptions.of(c)
	err := c.session.Move(c.ctx, c.path, destination.of(c), namespace.MoveOptions{
		Overwrite: options.has("OVERWRITE"), ToTrash: options.has("TO_TRASH"),
	})
	if err != nil || c.hadoop { // to HDFS's clients the answer is empty
		return c.done(err)
	}
	return c.boolean(true)
}

func (c *call) delete() error {
	deleted, err := c.session.Delete(c.ctx, c.path, recursive.of(c))
	if err != nil {
		return err
	}
	return c.boolean(deleted)
}

func (c *call) setPermission() error {
	return c.done(c.session.SetPermission(c.ctx, c.path, dirPermission.of(c)))
}

func (c *call) setOwner() error {
	if !owner.given(c) && !group.given(c) {
		return &namespace.Error{
			Op: "set owner", Path: c.path.String(), Kind: namespace.InvalidArgument, Msg: "Both owner and group are empty.",
		}
	}
	return c.done(c.session.SetOwner(c.ctx, c.path, owner.of(c), group.of(c)))
}

func (c *call) setTimes() error {
	return c.done(c.session.SetTimes(c.ctx, c.path, mtime.of(c), atime.of(c)))
}

func (c *call) setReplication() error {
	set, err := c.session.SetReplication(c.ctx, c.path, int(replication.of(c)))
	if err != nil {
		return err
	}
	return c.boolean(set)
}

// changeACL applies the entries of aclspec, which have permissions unless they name entries to remove.
func (c *call) changeACL(withPerm bool, change func(context.Context, namespace.Path, []perm.Entry) error) error {
	entries, err := perm.ParseSpec(aclSpec.of(c), withPerm)
	if err != nil {
		return &namespace.Error{Op: "read aclspec", Path: c.path.String(), Kind: namespace.InvalidValue, Msg: err.Error()}
	}
	return c.done(change(c.ctx, c.path, entries))
}

func (c *call) modifyACLEntries() error { return c.changeACL(true, c.session.ModifyACL) }

func (c *call) setACL() error { return c.changeACL(true, c.session.SetACL) }

func (c *call) removeACLEntries() error { return c.changeACL(false, c.session.RemoveACLEntries) }

func (c *call) removeDefaultACL() error {
	return c.done(c.session.RemoveDefaultACL(c.ctx, c.path))
}

func (c *call) removeACL() error {
	return c.done(c.session.RemoveACL(c.ctx, c.path))
}

// done answers 200 without a body, or returns the error.
func (c *call) done(err error) error {
	if err != nil {
		return err
	}
	return c.empty(http.StatusOK)
}
