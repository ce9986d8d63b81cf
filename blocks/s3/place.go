package s3

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// amazon is the endpoint of those who name none.
const amazon = "https://s3.amazonaws.com"

// Place says where a store is. It holds no secrets.
type Place struct {
	Endpoint *url.URL // scheme and host
	Region   string   // "": the store is asked
	Bucket   string
	Prefix   string // "", or ends in "/"
}

// ParsePlace reads s3://BUCKET/PREFIX?endpoint=URL&region=NAME. Everything after the bucket may be left out; then blocks
// are in the top of a bucket of Amazon's. Errors do not repeat what may be a secret.
func ParsePlace(text string) (Place, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return Place{}, errors.New("it is not a URL such as s3://bucket/prefix?endpoint=https://s3.example.com")
	case u.Scheme != "s3" || u.Opaque != "":
		return Place{}, errors.New("it does not begin with s3://")
	case u.User != nil:
		return Place{}, errors.New("it has credentials in it, which everybody may read there: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	case u.Fragment != "":
		return Place{}, errors.New("it has a # in it: want s3://bucket/prefix")
	}
	at := Place{Bucket: u.Host, Prefix: strings.Trim(u.Path, "/")}
	if err := s3utils.CheckValidBucketNameStrict(at.Bucket); err != nil {
		return Place{}, fmt.Errorf("the bucket %q: %w", at.Bucket, err)
	}
	if at.Prefix != "" {
		if err := s3utils.CheckValidObjectNamePrefix(at.Prefix); err != nil {
			return Place{}, fmt.Errorf("the prefix %q: %w", at.Prefix, err)
		}
		if !fs.ValidPath(at.Prefix) { // other programs may take it for another
			return Place{}, fmt.Errorf("the prefix %q: want names with single slashes between them, and no . or .. among these", at.Prefix)
		}
		at.Prefix += "/"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Place{}, errors.New("what follows its ? cannot be read: want endpoint=URL&region=NAME")
	}
	endpoint := amazon
	for name, values := range query {
		switch {
		case len(values) != 1 || values[0] == "":
			return Place{}, fmt.Errorf("it has %d values for %s: want one", len(values), name)
		case name == "endpoint":
			endpoint = values[0]
		case name == "region":
			at.Region = values[0]
		default:
			return Place{}, fmt.Errorf("it has the parameter %q: there are endpoint and region; credentials belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", name)
		}
	}
	at.Endpoint, err = url.Parse(endpoint)
	switch {
	case err != nil || at.Endpoint.Host == "" || at.Endpoint.Scheme != "https" && at.Endpoint.Scheme != "http":
		return Place{}, errors.New("its endpoint is not a URL such as https://s3.example.com")
	case at.Endpoint.User != nil || strings.Trim(at.Endpoint.Path, "/") != "" || at.Endpoint.RawQuery != "" || at.Endpoint.Fragment != "":
		return Place{}, errors.New("its endpoint has more than scheme, host and port: want a URL such as https://s3.example.com")
	}
	return at, nil
}

func (p Place) secure() bool { return p.Endpoint.Scheme == "https" }

func (p Place) host() string { return p.Endpoint.Host }

// String is the place as ParsePlace reads it.
func (p Place) String() string {
	text, mark := "s3://"+p.Bucket+"/"+(&url.URL{Path: strings.TrimSuffix(p.Prefix, "/")}).EscapedPath(), "?"
	if endpoint := p.Endpoint.Scheme + "://" + p.Endpoint.Host; endpoint != amazon {
		text, mark = text+mark+"endpoint="+endpoint, "&"
	}
	if p.Region != "" {
		text += mark + "region=" + url.QueryEscape(p.Region)
	}
	return text
}
