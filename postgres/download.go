package postgres

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// fetchLimit bounds a download of 15 MB (71 MB for macOS), so that a mirror that stops answering is noticed.
const fetchLimit = 15 * time.Minute

// download writes the published jar of a platform to dst, and fails unless it is the one with the SHA-256 sum. A
// mirror's user name and password never appear in an error or a progress line.
func download(ctx context.Context, c Config, platform, sum string, dst io.Writer) error {
	artefact := "embedded-postgres-binaries-" + platform
	base, err := url.Parse(cmp.Or(c.Mirror, os.Getenv(mirrorVariable), mavenCentral))
	if err != nil {
		// The parser's words would quote the text, and with it a password.
		return errors.New("the mirror's address is not a URL: it should be like " + mavenCentral)
	}
	from := base.JoinPath("io/zonky/test/postgres", artefact, publishedVersion, artefact+"-"+publishedVersion+".jar")
	shown := *from
	shown.User = nil
	c.logf("fetching PostgreSQL %s from %s", publishedVersion, shown.String())

	body, size, err := open(ctx, from)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", shown.String(), err)
	}
	digest := sha256.New()
	_, err = io.Copy(io.MultiWriter(dst, digest), &progress{r: body, size: size, logf: c.logf})
	if err := errors.Join(err, body.Close()); err != nil {
		return fmt.Errorf("fetch %s: %w", shown.String(), err)
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != sum {
		return fmt.Errorf("%s is not the file that this Granary was made for: its SHA-256 is %s, and should be %s", shown.String(), got, sum)
	}
	return nil
}

// open begins to read a URL of one of the schemes http, https and file. size is in bytes, or negative if unknown.
func open(ctx context.Context, from *url.URL) (body io.ReadCloser, size int64, err error) {
	switch from.Scheme {
	case "file":
		file, err := os.Open(filepath.FromSlash(from.Path))
		if err != nil {
			return nil, 0, err
		}
		info, err := file.Stat()
		if err != nil {
			return nil, 0, errors.Join(err, file.Close())
		}
		return file, info.Size(), nil
	case "http", "https":
	default:
		return nil, 0, fmt.Errorf("the mirror's scheme is %q: it should be https, http or file", from.Scheme)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from.String(), http.NoBody)
	if err != nil {
		return nil, 0, errors.New("the mirror's address makes no request") // not quoted: it may hold a password
	}
	client := http.Client{Timeout: fetchLimit}
	reply, err := client.Do(request)
	if err != nil {
		var withAddress *url.Error // which may hold a user name or a token
		if errors.As(err, &withAddress) {
			err = withAddress.Err
		}
		return nil, 0, err
	}
	if reply.StatusCode != http.StatusOK {
		return nil, 0, errors.Join(fmt.Errorf("the answer is %s", reply.Status), reply.Body.Close())
	}
	return reply.Body, reply.ContentLength, nil
}

// progress reports each further fifth of a download.
type progress struct {
	r          io.Reader
	size, seen int64
	fifths     int64
	logf       func(string, ...any)
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.seen += int64(n)
	if p.size > 0 && p.seen*5/p.size > p.fifths {
		p.fifths = p.seen * 5 / p.size
		p.logf("fetched %d of %d MiB", p.seen/mib, p.size/mib)
	}
	return n, err
}
