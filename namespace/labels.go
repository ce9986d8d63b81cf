package namespace

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Bounds of tags. Descriptions have at most [MaxDescription] bytes.
const (
	MaxTags     = 64  // of one inode
	MaxTagValue = 256 // characters
)

// TagKeyPattern is the form of a tag's key, as a regular expression. It has no letters that look like others.
const TagKeyPattern = `^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$`

var tagKey = regexp.MustCompile(TagKeyPattern)

// Labels are what people say of a file, a directory or a dataset. They belong to the inode: they move with it and end with it,
// and neither a copy nor a new file of the same name has them.
type Labels struct {
	Tags        map[string]string // values, which may be empty, by key
	Description string            // at most MaxDescription bytes; of a dataset, what ChangeDataset sets
}

// LabelChange says what SetLabels changes.
type LabelChange struct {
	Set         map[string]string // tags to set, by key
	Remove      []string          // keys of tags to remove, which need not be there
	Description *string           // "": none; nil: unchanged
}

// check refuses what labels may not contain.
func (l *LabelChange) check() error {
	for _, key := range slices.Concat(slices.Sorted(maps.Keys(l.Set)), l.Remove) {
		if !tagKey.MatchString(key) {
			return fail(InvalidArgument, "the tag's key %q is not of the form %s: want 1 to 64 letters, digits, '.', '_', '-' and '/', with a letter or a digit first",
				abbreviate(key), TagKeyPattern)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.Set)) {
		value := l.Set[key]
		switch {
		case utf8.RuneCountInString(value) > MaxTagValue:
			return fail(InvalidArgument, "the value of the tag %s has %d characters: want at most %d", key, utf8.RuneCountInString(value), MaxTagValue)
		case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
			return fail(InvalidArgument, "the value of the tag %s has control characters: want text of one line", key)
		case slices.Contains(l.Remove, key):
			return fail(InvalidArgument, "the tag %s is both to be set and to be removed: want one of them", key)
		}
	}
	if l.Description == nil {
		return nil
	}
	if !utf8.ValidString(*l.Description) || strings.ContainsRune(*l.Description, 0) {
		return fail(InvalidArgument, "the description is not UTF-8, or holds a NUL: want text")
	}
	return DatasetInfo{Description: *l.Description}.check()
}

// SetLabels changes tags and the description of path, all in one step, and returns what they are then. It needs write on the
// inode. The description of a dataset is changed by the project's owners, with ChangeDataset.
func (s *Session) SetLabels(ctx context.Context, path Path, change LabelChange) (Labels, error) {
	const op = "set labels"
	if err := change.check(); err != nil {
		return Labels{}, s.dress(op, path, err)
	}
	labels, err := act(ctx, s, op, path, func(w *walker) (*Labels, *mutation, error) {
		c, err := w.walk(path, Need{Node: perm.Write, Change: true})
		if err != nil {
			return nil, nil, err
		}
		n := c.node()
		switch {
		case n == nil:
			return nil, nil, fail(NotExist, "File does not exist: %s", c.path)
		case n.use == useDataset && change.Description != nil:
			return nil, nil, fail(InvalidArgument, "%s is a dataset: its description is changed with the dataset's", c.path)
		}
		w.relied.node(n, exclusive)
		after, m := new(Labels), &mutation{}
		m.apply = func(ctx context.Context, tx pgx.Tx) error {
			before, err := labelsOf(ctx, tx, n)
			if err != nil {
				return err
			}
			*after = Labels{Tags: maps.Clone(before.Tags), Description: before.Description}
			d := Detail{Dir: n.dir()}
			for _, key := range change.Remove {
				if _, there := after.Tags[key]; there {
					delete(after.Tags, key)
					d.Untagged = append(d.Untagged, key)
				}
			}
			for key, value := range change.Set {
				if old, there := after.Tags[key]; there && old == value {
					continue
				}
				after.Tags[key] = value
				if d.Tags == nil {
					d.Tags = map[string]string{}
				}
				d.Tags[key] = value
			}
			if len(after.Tags) > MaxTags {
				return fail(InvalidArgument, "%s would have %d tags: want at most %d", c.path, len(after.Tags), MaxTags)
			}
			if d.Description = other(change.Description, before.Description); d.Description != nil {
				after.Description = *d.Description
			}
			if m.event = nil; d.Untagged == nil && d.Tags == nil && d.Description == nil {
				return nil
			}
			m.event = w.event(c, n)
			m.event.detail = d
			return writeLabels(ctx, tx, n, d)
		}
		return after, m, nil
	})
	if err != nil {
		return Labels{}, err
	}
	return *labels, nil
}

// writeLabels writes those labels of n that d says have changed.
func writeLabels(ctx context.Context, tx pgx.Tx, n *node, d Detail) error {
	batch := &pgx.Batch{}
	if d.Untagged != nil {
		batch.Queue(`DELETE FROM tags WHERE project_id = $1 AND inode_id = $2 AND key = ANY($3)`, n.project, n.id, d.Untagged)
	}
	for key, value := range d.Tags {
		batch.Queue(`INSERT INTO tags (project_id, inode_id, key, value) VALUES ($1, $2, $3, $4)
			ON CONFLICT (project_id, inode_id, key) DO UPDATE SET value = excluded.value`, n.project, n.id, key, value)
	}
	switch {
	case d.Description == nil:
	case *d.Description == "":
		batch.Queue(`DELETE FROM descriptions WHERE project_id = $1 AND inode_id = $2`, n.project, n.id)
	default:
		batch.Queue(`INSERT INTO descriptions (project_id, inode_id, text) VALUES ($1, $2, $3)
			ON CONFLICT (project_id, inode_id) DO UPDATE SET text = excluded.text`, n.project, n.id, *d.Description)
	}
	batch.Queue(`INSERT INTO unindexed VALUES ($1, $2)`, n.project, n.id)
	return tx.SendBatch(ctx, batch).Close()
}

// Labels returns the tags and the description of path. Like Stat, it only needs to traverse the directories above.
func (s *Session) Labels(ctx context.Context, path Path) (Labels, error) {
	const op = "get labels"
	var labels Labels
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return fail(NotExist, "File does not exist: %s", path)
		}
		batch := &pgx.Batch{}
		batch.Queue(labelsSQL, n.project, n.id).QueryRow(func(row pgx.Row) (err error) {
			labels, err = scanLabels(row)
			return err
		})
		err := s.reading(ctx, op, c, batch)
		if err == nil {
			s.read(op, c)
		}
		return err
	})
	return labels, s.dress(op, path, err)
}

// length returns how many bytes l has.
func (l Labels) length() int {
	n := len(l.Description)
	for key, value := range l.Tags {
		n += len(key) + len(value)
	}
	return n
}

// sortedTags yields tags in the order of their keys.
func sortedTags(tags map[string]string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, key := range slices.Sorted(maps.Keys(tags)) {
			if !yield(key, tags[key]) {
				return
			}
		}
	}
}

// Columns of the labels of an inode i: its tags as a JSON object, and its description.
const (
	tagsColumn        = `coalesce((SELECT json_object_agg(t.key, t.value) FROM tags t WHERE t.project_id = i.project_id AND t.inode_id = i.id), '{}')`
	descriptionColumn = `coalesce(CASE WHEN i.use = 'd' THEN (SELECT d.description FROM datasets d WHERE d.project_id = i.project_id AND d.inode_id = i.id)
		ELSE (SELECT d.text FROM descriptions d WHERE d.project_id = i.project_id AND d.inode_id = i.id) END, '')`
)

const labelsSQL = `SELECT ` + tagsColumn + `, ` + descriptionColumn + ` FROM inodes i WHERE i.project_id = $1 AND i.id = $2`

// labelsOf reads the labels of n. It fails with errStale if n is gone.
func labelsOf(ctx context.Context, db rowQuerier, n *node) (Labels, error) {
	return scanLabels(db.QueryRow(ctx, labelsSQL, n.project, n.id))
}

// scanLabels reads the result of labelsSQL.
func scanLabels(row pgx.Row) (Labels, error) {
	var (
		labels Labels
		tags   []byte
	)
	if err := row.Scan(&tags, &labels.Description); err != nil {
		return labels, staleIfGone(err)
	}
	return labels, json.Unmarshal(tags, &labels.Tags)
}
