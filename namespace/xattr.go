package namespace

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Bounds of extended attributes, HDFS's dfs.namenode.fs-limits.max-xattr-size and dfs.namenode.fs-limits.max-xattrs-per-inode.
const (
	MaxXattrSize = 16 << 10 // bytes of a name, without its namespace, and its value together
	MaxXattrs    = 32       // of one inode, counting only those that users set
)

// Xattr is an extended attribute.
type Xattr struct {
	Name  XattrName
	Value []byte // nil: none
}

func (x Xattr) equal(y Xattr) bool {
	return x.Name == y.Name && bytes.Equal(x.Value, y.Value) && (x.Value == nil) == (y.Value == nil)
}

// XattrName is a full name such as "user.origin". Use [ParseXattrName] to get one.
type XattrName struct {
	space string // lower case: user, trusted, security, system, raw
	local string
}

// String returns the name with its namespace, as in user.note.
func (n XattrName) String() string { return n.space + "." + n.local }

// xattrSpaces are HDFS's namespaces of extended attributes.
var xattrSpaces = []string{"user", "trusted", "security", "system", "raw"}

// unreadable is the attribute that keeps the superuser from reading a file. It has no value and is never removed.
var unreadable = XattrName{"security", "hdfs.unreadable.by.superuser"}

// XattrNamePattern is a regular expression for names with the namespace in lower case. A name is one line. U+2028 and U+2029, which
// end a line for Java, too, have no notation that all dialects understand, so they are missing here and are refused separately.
const XattrNamePattern = `^(user|trusted|security|system|raw)\.[^\x00\n\r\x85]+$`

// ParseXattrName reads a name with its namespace in any case. Source: XAttrHelper.buildXAttr of Hadoop 3.4.
func ParseXattrName(text string) (XattrName, error) {
	space, local, found := strings.Cut(text, ".")
	space = strings.ToLower(space)
	if !found || !slices.Contains(xattrSpaces, space) {
		return XattrName{}, fail(InvalidValue, "An XAttr name must be prefixed with user/trusted/security/system/raw, followed by a '.'")
	}
	if local == "" {
		return XattrName{}, fail(InvalidValue, "XAttr name cannot be empty.")
	}
	return XattrName{space, local}, nil
}

// XattrFlags say what SetXattr may do: make an attribute that is not there, replace one that is, or both.
type XattrFlags struct {
	Create, Replace bool
}

// SetXattr sets an extended attribute of path. The namespace user needs write or, on a sticky directory, ownership. trusted is for
// superusers, and so is raw, by a raw path. The others are closed, except the one attribute that HDFS lets users set, which needs
// write.
// Source: FSDirXAttrOp and XAttrPermissionFilter of Hadoop 3.4.
func (s *Session) SetXattr(ctx context.Context, path Path, x Xattr, flags XattrFlags) error {
	const op = "set xattr"
	if size := len(x.Name.local) + len(x.Value); size > MaxXattrSize {
		return s.dress(op, path, fail(InvalidValue, "The XAttr is too big. The maximum combined size of the name and value is %d, but the total size is %d",
			MaxXattrSize, size))
	}
	if x.Name == unreadable && x.Value != nil {
		return s.dress(op, path, fail(AccessControl, "Attempt to set a value for '%s'. Values are not allowed for this xattr.", unreadable))
	}
	return s.changeXattrs(ctx, op, path, x.Name, func(n *node, all []Xattr) ([]Xattr, error) {
		if x.Name == unreadable && n.dir() {
			return nil, fail(IO, "Can only set '%s' on a file.", unreadable)
		}
		at := slices.IndexFunc(all, func(other Xattr) bool { return other.Name == x.Name })
		switch {
		case at >= 0 && !flags.Replace:
			return nil, fail(IO, "XAttr: %s already exists. The REPLACE flag must be specified.", x.Name.local)
		case at < 0 && !flags.Create:
			return nil, fail(IO, "XAttr: %s does not exist. The CREATE flag must be specified.", x.Name.local)
		case at >= 0:
			all = slices.Delete(all, at, at+1)
		}
		all = slices.Insert(all, 0, x)
		if visible(all) > MaxXattrs {
			return nil, fail(IO, "Cannot add additional XAttr to inode, would exceed limit of %d", MaxXattrs)
		}
		return all, nil
	})
}

// packedFirst orders attributes as HDFS lists them: those with long values, which it keeps apart (XAttrFeature), come after the
// others. Otherwise the newest comes first.
func packedFirst(a, b Xattr) int {
	const packed = 1024 // bytes, XAttrFeature.PACK_THRESHOLD
	switch long := len(a.Value) > packed; {
	case long == (len(b.Value) > packed):
		return 0
	case long:
		return 1
	}
	return -1
}

// visible counts the attributes that users set.
func visible(all []Xattr) int {
	n := 0
	for _, x := range all {
		if x.Name.space == "user" || x.Name.space == "trusted" {
			n++
		}
	}
	return n
}

// RemoveXattr removes an extended attribute of path, with the rights of SetXattr.
func (s *Session) RemoveXattr(ctx context.Context, path Path, name XattrName) error {
	return s.changeXattrs(ctx, "remove xattr", path, name, func(_ *node, all []Xattr) ([]Xattr, error) {
		at := slices.IndexFunc(all, func(x Xattr) bool { return x.Name == name })
		switch {
		case at < 0:
			return nil, fail(IO, "No matching attributes found for remove operation")
		case name == unreadable:
			return nil, fail(AccessControl, "The xattr '%s' can not be deleted.", unreadable)
		}
		return slices.Delete(all, at, at+1), nil
	})
}

// changeXattrs replaces the attributes of path by what change makes of them, under the inode's lock.
func (s *Session) changeXattrs(ctx context.Context, op string, path Path, name XattrName, change func(*node, []Xattr) ([]Xattr, error)) error {
	if err := s.privileged(ctx, func() error { return s.mayUse(path, name) }); err != nil {
		return s.dress(op, path, err)
	}
	_, err := act(ctx, s, op, path, func(w *walker) (struct{}, *mutation, error) {
		c, err := w.walk(path, Need{Change: true})
		if err != nil {
			return struct{}{}, nil, err
		}
		n := c.node()
		if n == nil {
			return struct{}{}, nil, fail(NotExist, "cannot find %s", c.path)
		}
		// The principal may no longer be the superuser that it was before the walk, and for a raw path no other right is required.
		if _, err := w.resolveRaw(path); err != nil {
			return struct{}{}, nil, err
		}
		if err := s.mayUse(path, name); err != nil {
			return struct{}{}, nil, err
		}
		if name.space == "user" || name == unreadable {
			need := Need{Node: perm.Write, Change: true}
			if n.dir() && n.perms.Mode.Sticky() && name != unreadable {
				need = Need{Owner: true, Change: true}
			}
			if err := w.check(c, need); err != nil {
				return struct{}{}, nil, err
			}
		}
		w.relied.node(n, exclusive)
		m := &mutation{}
		m.apply = func(ctx context.Context, tx pgx.Tx) error {
			before, err := xattrsOf(ctx, tx, n)
			if err != nil {
				return err
			}
			all, err := change(n, slices.Clone(before))
			if err != nil {
				return err
			}
			slices.SortStableFunc(all, packedFirst)
			if m.event = nil; !slices.EqualFunc(before, all, Xattr.equal) {
				m.event = w.event(c, n)
				m.event.detail.Xattr = name.String()
			}
			return one(tx.Exec(ctx, `UPDATE inodes SET xattrs = $3 WHERE project_id = $1 AND id = $2`, n.project, n.id, xattrColumn(all)))
		}
		return struct{}{}, m, nil
	})
	return err
}

// Xattrs returns the extended attributes of path that the principal may know; with names, just those, in their order,
// and an error if one is absent. It needs read. Source: FSDirXAttrOp.getXAttrs of Hadoop 3.4.
func (s *Session) Xattrs(ctx context.Context, path Path, names []XattrName) ([]Xattr, error) {
	const op = "get xattrs"
	for _, name := range names {
		if err := s.privileged(ctx, func() error { return s.mayUse(path, name) }); err != nil {
			return nil, s.dress(op, path, err)
		}
	}
	var found []Xattr
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return fail(NotExist, "cannot find %s", path)
		}
		if err := (&walker{ctx: ctx, s: s}).check(c, Need{Node: perm.Read}); err != nil {
			return err
		}
		var all []Xattr
		batch := &pgx.Batch{}
		batch.Queue(xattrsSQL, n.project, n.id).QueryRow(func(row pgx.Row) (err error) {
			all, err = scanXattrs(row, n)
			return err
		})
		if err := s.reading(ctx, op, c, batch); err != nil {
			return err
		}
		s.read(op, c)
		found = slices.DeleteFunc(all, func(x Xattr) bool { return s.mayUse(path, x.Name) != nil })
		return nil
	})
	if err != nil || len(names) == 0 {
		return found, s.dress(op, path, err)
	}
	chosen := make([]Xattr, 0, len(names))
	for _, name := range names {
		at := slices.IndexFunc(found, func(x Xattr) bool { return x.Name == name })
		if at < 0 {
			return nil, s.dress(op, path, fail(NoXattr, "At least one of the attributes provided was not found."))
		}
		chosen = append(chosen, found[at])
	}
	return chosen, nil
}

// mayUse refuses the namespaces that are closed to the principal. raw is open, by a raw path, to everybody who may read the file.
func (s *Session) mayUse(path Path, name XattrName) error {
	_, raw := path.cutRaw()
	if name.space == "user" || name == unreadable || (name.space == "trusted" && s.p.Superuser) || (name.space == "raw" && raw) {
		return nil
	}
	return fail(AccessControl, "User doesn't have permission for xattr: %s", name)
}

const xattrsSQL = `SELECT xattrs FROM inodes WHERE project_id = $1 AND id = $2`

// xattrsOf reads the attributes of n. It fails with errStale if n is gone.
func xattrsOf(ctx context.Context, db rowQuerier, n *node) ([]Xattr, error) {
	return scanXattrs(db.QueryRow(ctx, xattrsSQL, n.project, n.id), n)
}

// scanXattrs reads the result of xattrsSQL for n.
func scanXattrs(row pgx.Row, n *node) ([]Xattr, error) {
	var column []byte
	if err := row.Scan(&column); err != nil || column == nil {
		return nil, staleIfGone(err)
	}
	var stored []storedXattr
	if err := json.Unmarshal(column, &stored); err != nil {
		return nil, fmt.Errorf("xattrs of inode %d: %w", n.id, err)
	}
	all := make([]Xattr, len(stored))
	for i, x := range stored {
		all[i] = Xattr(x)
	}
	return all, nil
}

// storedXattr is an attribute as the column holds it: ["user.a", "AQ=="], or null in the second place.
type storedXattr Xattr

// MarshalJSON implements json.Marshaler.
func (x storedXattr) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]any{x.Name.String(), x.Value})
}

// UnmarshalJSON implements json.Unmarshaler.
func (x *storedXattr) UnmarshalJSON(text []byte) error {
	var name string
	pair := [2]any{&name, &x.Value}
	if err := json.Unmarshal(text, &pair); err != nil {
		return err
	}
	space, local, _ := strings.Cut(name, ".")
	x.Name = XattrName{space, local}
	return nil
}

// xattrColumn returns what the column holds for all.
func xattrColumn(all []Xattr) any {
	if len(all) == 0 {
		return nil
	}
	stored := make([]storedXattr, len(all))
	for i, x := range all {
		stored[i] = storedXattr(x)
	}
	return stored
}

// checkReadable keeps the superuser from content that is marked unreadable to it.
func (s *Session) checkReadable(ctx context.Context, n *node) error {
	if !s.p.Superuser || !n.hasXattrs || n.dir() {
		return nil
	}
	all, err := xattrsOf(ctx, s.fs.db, n)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(x Xattr) bool { return x.Name == unreadable }) {
		return s.deniedAsSuperuser()
	}
	return nil
}

func (s *Session) deniedAsSuperuser() error {
	return fail(AccessControl, "Access is denied for %s since the superuser is not allowed to perform this operation.", s.p.User)
}

// unreadableSQL finds those of the first $4 entries of a directory after the name $3 that have the attribute $5.
const unreadableSQL = `SELECT id FROM (SELECT id, xattrs FROM inodes WHERE project_id = $1 AND parent_id = $2 AND name > $3 ORDER BY name LIMIT $4) i
	WHERE EXISTS (SELECT FROM json_array_elements(xattrs) x WHERE x ->> 0 = $5)`

// queueUnreadable adds a query to batch for those entries of the page of dir after a name that checkReadable refuses. Only superusers
// need to ask.
func (s *Session) queueUnreadable(batch *pgx.Batch, dir *node, after string) *[]int64 {
	closed := new([]int64)
	if s.p.Superuser {
		batch.Queue(unreadableSQL, dir.project, dir.id, after, listPage, unreadable.String()).Query(func(rows pgx.Rows) (err error) {
			*closed, err = pgx.CollectRows(rows, pgx.RowTo[int64])
			return err
		})
	}
	return closed
}
