package server

import (
	"net/http"
	"strings"
)

// redirectedAgents are how the clients begin their User-Agent that take nothing but a redirect for an answer to OPEN: Ruby's
// webhdfs, by which fluentd and logstash write, says what Net::HTTP says; Perl's Net::Hadoop::WebHDFS what Furl says, or
// "Furl Net::Hadoop::WebHDFS (perl)", or by way of LWP its own name.
var redirectedAgents = []string{"Ruby", "Furl", "Net::Hadoop::WebHDFS", "libwww-perl/"}

// readsInTwoHops reports whether an OPEN is redirected, as HDFS does with all. Java seeks by asking the second address again,
// and some clients fail without a redirect; the others save a request.
func (c *call) readsInTwoHops() bool {
	if c.server.redirects || isJava(c.r) {
		return true
	}
	if c.r.Method != http.MethodGet { // who asks for the head follows nothing
		return false
	}
	agent := c.r.UserAgent()
	for _, begins := range redirectedAgents {
		if strings.HasPrefix(agent, begins) {
			return true
		}
	}
	// PyHDFS looks like any program that uses requests. Those that read in pieces say where each begins, hdfscli and fsspec
	// always; PyHDFS does when its caller wants a piece, and needs --redirect-reads then.
	return strings.HasPrefix(agent, "python-requests/") && c.query.get("offset") == "" && c.r.Header.Get("Range") == ""
}
