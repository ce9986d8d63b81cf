package server

import "granary/namespace"

// placeTokens adds to tokens that showToken rendered the names of the projects and the paths that they are limited to. Users who
// make a token for each training have many for one directory, so each is looked up only once.
func (c *call) placeTokens(tokens []Token) error {
	projects, paths := map[int64]string{}, map[int64]string{}
	for i := range tokens {
		t := &tokens[i]
		var err error
		if t.ProjectName, err = once(projects, t.Project, c.nameOfProject); err != nil {
			return err
		}
		if t.Path, err = once(paths, t.FileID, c.pathOfInode); err != nil {
			return err
		}
	}
	return nil
}

// placeLinks adds to links that showLink rendered the paths of their files.
func (c *call) placeLinks(links []DownloadLink) (err error) {
	paths := map[int64]string{}
	for i := range links {
		l := &links[i]
		if l.Path, err = once(paths, l.FileID, c.pathOfInode); err != nil {
			return err
		}
	}
	return nil
}

// once returns known[id], or else what find returns, and remembers it. It returns "" for 0, and for what the caller may not see.
func once(known map[int64]string, id int64, find func(id int64) (string, error)) (string, error) {
	if found, ok := known[id]; ok || id == 0 {
		return found, nil
	}
	found, err := find(id)
	if kind := namespace.KindOf(err); kind == namespace.NotExist || kind == namespace.AccessControl {
		found, err = "", nil
	}
	known[id] = found
	return found, err
}

func (c *call) nameOfProject(id int64) (string, error) {
	name, err := c.server.fs.ProjectName(c.ctx, id)
	if err == nil {
		err = c.session.Knows(c.ctx, name)
	}
	return name, err
}

func (c *call) pathOfInode(id int64) (string, error) {
	path, err := c.session.Find(c.ctx, id)
	return path.String(), err
}
