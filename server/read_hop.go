package server

import (
	"net/http"
	"strings"
)

// redirectedAgents are the User-Agent prefixes of clients that accept only a redirect as the answer to OPEN. Ruby's webhdfs,
// with which fluentd and logstash write, has the agent of Net::HTTP; Perl's Net::Hadoop::WebHDFS has that of Furl, or
// "Furl Net::Hadoop::WebHDFS (perl)", or with LWP its own name.
var redirectedAgents = []string{"Ruby", "Furl", "Net::Hadoop::WebHDFS", "libwww-perl/"}

// readsInTwoHops reports whether an OPEN is redirected, as HDFS always does. Java's client seeks by asking the second address
// again, and some clients fail without a redirect; all others save a request.
func (c *call) readsInTwoHops() bool {
	if c.server.redirects || isJava(c.r) {
		return true
	}
	if c.r.Method != http.MethodGet { // clients do not follow a redirect of a HEAD
		return false
	}
	agent := c.r.UserAgent()
	for _, begins := range redirectedAgents {
		if strings.HasPrefix(agent, begins) {
			return true
		}
	}
	// PyHDFS looks like any program that uses requests. Programs that read in pieces give an offset or a range: hdfscli and fsspec
	// always do. PyHDFS does only when its caller wants a piece, and then needs --redirect-reads.
	return strings.HasPrefix(agent, "python-requests/") && c.query.get("offset") == "" && c.r.Header.Get("Range") == ""
}
