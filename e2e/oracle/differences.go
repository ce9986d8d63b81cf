package oracle

import (
	"regexp"
	"slices"
)

// A Difference is one way in which Granary differs from HDFS on purpose. It excuses a mismatch only if all of its conditions
// hold, so that an unintended difference next to it still shows.
type Difference struct {
	ID      string // heading in docs/differences.md that says how clients benefit
	where   string // regular expression of "OP/NAME: REQUEST"
	field   string // exactly Mismatch.Field; "" excuses every field of a reply at once
	hdfs    string // regular expression of Mismatch.Want or, without field, of HDFS's reply as golden files write it
	granary string // regular expression of Mismatch.Got or, without field, of Granary's reply
}

// Regular expressions of replies that several differences use.
const (
	anything    = ``
	nothing     = `^$`
	html        = `"content":"<html>"`
	bare400     = `^{"status":400(,"header":{"Content-(Type|Length)":"[^"]*"(,"Content-(Type|Length)":"[^"]*")?})?(,"content":"<html>")?}$`
	illegalPath = `^{"status":400,.*"javaClassName":"org\.apache\.hadoop\.fs\.InvalidPathException"`
	illegal     = `^{"status":400,.*"javaClassName":"java\.lang\.IllegalArgumentException"`
)

// Differences are all differences. One may need several rows, as for a status and for a listing afterwards.
var Differences = []Difference{
	{"true-class", anything, "", `^{"status":403,.*"javaClassName":"org\.apache\.hadoop\.ipc\.RemoteException"`, `^{"status":40[03],.*"javaClassName":"org\.apache\.hadoop\.(HadoopIllegalArgument|fs\.InvalidPath|hdfs\.protocol\.FSLimitException\$PathComponentTooLong)`},
	{"one-server", anything, "header Content-Type", `^application/(json|octet-stream); charset=utf-8$`, `^application/(json|octet-stream)$`},
	{"one-server", `(?i)op=(CREATE|APPEND)|: finish$`, "header Content-Type", nothing, `^application/octet-stream$`},
	{"one-server", `^open/offset put into the Location: `, "json.RemoteException.message", `^"Invalid parameter range: offset`, `^"Invalid value for webhdfs parameter \\"offset\\": Invalid parameter range: offset`},
	{"direct-reads", `^open/by HEAD: alice HEAD {dir}/f\?op=OPEN$`, "", `^{"status":307,`, `^{"status":200,`},
	{"direct-reads", `^open/HTTP Range is not spoken: `, "", `^{"status":200,.*"content":"hello"`, `^{"status":206,.*"content":"el"`},
	{"no-open-cors", anything, "header Access-Control-Allow-Origin", `^\*$`, nothing},
	{"no-open-cors", anything, "header Access-Control-Allow-Methods", `^GET$`, nothing},

	{"byte-order", `^liststatus/order is that of bytes: `, "json.FileStatuses.FileStatus", `"é".*"日本".*"😀".*"10".*"~"`, `"10".*"~".*"é".*"日本".*"😀"`},
	{"byte-order", `^liststatus/order is that of bytes: `, "json.DirectoryListing.partialListing.FileStatuses.FileStatus", `"é".*"日本".*"😀".*"10".*"~"`, `"10".*"~".*"é".*"日本".*"😀"`},
	{"byte-order", `^liststatus/startafter: `, "json.FileStatuses.FileStatus", `"é".*"a".*"x y"`, `"a".*"x y".*"é"`},
	{"byte-order", `^liststatus/startafter: `, "json.DirectoryListing.partialListing.FileStatuses.FileStatus", anything, `^\[\]$|"é"[^\]]*\]$`},
	{"byte-order", `^names/(a raw emoji|254 bytes in 127 characters): `, "json.FileStatuses.FileStatus", `"(😀|é+)".*"(to-😀|src)"`, `"(to-😀|src)".*"(😀|é+)"`},

	{"one-meaning", `^names/(a dot|a dot inside|a trailing dot|two dots|escaped dots|dots behind an escaped slash): `, "", anything, illegalPath},
	{"one-meaning", `^names/(a dot|a trailing dot|two dots|escaped dots|dots behind an escaped slash): `, "json.FileStatuses.FileStatus", `"pathSuffix":"(to-\.?|to-a|b)"`, `"pathSuffix":"src"`},
	{"one-meaning", `^rename/destination with dots: `, "", `^{"status":(200|403)`, illegalPath},
	{"one-meaning", `^protocol/paths outside: `, "", html, illegalPath},

	{"tolerant-slashes", `^names/(a doubled slash|an escaped doubled slash): `, "", `InvalidPathException|"status":404|"boolean":false`, `^{"status":(200|201|307)`},
	{"tolerant-slashes", `^names/(a doubled slash|an escaped doubled slash): `, "replies", `^1$`, `^2$`},
	{"tolerant-slashes", `^names/(a doubled slash|an escaped doubled slash): `, "json.FileStatuses.FileStatus", anything, `"pathSuffix":"a"`},
	{"tolerant-slashes", `^names/(a trailing slash|trailing slashes|a doubled slash|an escaped doubled slash): `, "json.RemoteException.message", `{dir}/a//?b?"`, `{dir}/a(/b)?"`},
	{"tolerant-slashes", `^names/(a trailing slash|trailing slashes): `, "header Location", `{dir}/a//?(\?op=CREATE)?$`, `{dir}/a(\?op=CREATE)?$`},

	{"httpfs-clients", `destination=webhdfs://127`, "", `^{"status":400,.*is not an absolute path`, `^{"status":200,.*"boolean":true`},
	{"httpfs-clients", `op=GETXATTRS(&encoding=)?$`, "", `^{"status":400,.*"Required param encoding for op: GETXATTRS`, `^{"status":200,.*"XAttrs"`},

	{"names-stay-bytes", `^names/decomposed UTF-8: .*op=CREATE`, "header Location", `^http://{host}/webhdfs/v1{dir}/caf\x{e9}\?op=CREATE$`, `^http://{host}/webhdfs/v1{dir}/cafe\x{301}\?op=CREATE$`},
	{"names-stay-bytes", `^names/decomposed UTF-8: .*op=OPEN`, "", `^{"status":404`, `^{"status":(200|307)`},
	{"names-stay-bytes", `^names/decomposed UTF-8: `, "json.FileStatuses.FileStatus", `"caf\x{e9}"`, `"cafe\x{301}"`},

	{"legible-location", `^names/(raw UTF-8|escaped UTF-8|a raw emoji|decomposed UTF-8|254 bytes in 127 characters|no-break and zero-width spaces): `, "header Location", `^hdfs://`, `^hdfs://{host}{dir}/.*[^ -~]`},

	{"utf8-only", `^names/(invalid UTF-8, escaped|an overlong encoding|a surrogate): `, "", anything, illegalPath},
	{"utf8-only", `^names/(invalid UTF-8, escaped|an overlong encoding|a surrogate): `, "json.FileStatuses.FileStatus", `�`, `^(\[\]|[^�]*"src"[^�]*)$`},
	{"utf8-only", `^names/(invalid UTF-8, escaped|an overlong encoding|a surrogate): `, "replies", `^2$`, `^1$`},

	{"appended-offset", `^open/offset appended to the Location: `, "", `^{"status":200,.*"content":"(hello|he)"`, `^{"status":200,.*"Content-Length":"[0-4]"|^{"status":40[03],`},

	{"nothing-left-behind", `^create/blocksize values: alice GET {dir}/f1\?`, "", `^{"status":200,.*"length":0,`, `^{"status":404,.*"File does not exist: {dir}/f1"`},
	{"nothing-left-behind", `^mkdirs/directories above a name that cannot be: `, "json.FileStatuses.FileStatus", `"pathSuffix":"a"`, `^\[\]$`},
	{"nothing-left-behind", `^quota/too many bytes, of a new file: `, "json.FileStatuses.FileStatus", `"e".*"pathSuffix":"f"`, `"pathSuffix":"e"[^}]*}\]$`},
	{"nothing-left-behind", `^quota/too many bytes, appended: alice GET `, "json.FileStatus.length", `^1048576$`, `^10$`},
	{"nothing-left-behind", `^quota/too many names already: .*op=CREATE&replication=2&overwrite=true -> "again"$`, "", `^{"status":403,.*NSQuotaExceededException`, `^{"status":201,`},
	{"nothing-left-behind", `^quota/too many names already: alice GET `, "", `^{"status":404,`, `^{"status":200,.*"length":5,`},
	{"no-datanodes", `^storage/erasure coding: replication is a policy, too: alice POST {dir}/d\?op=UNSETECPOLICY$`, "", `^{"status":200,`, `^{"status":403,.*NoECPolicySetException`},
	{"no-datanodes", `^create/a flag for memory: `, "json.FileStatus.storagePolicy", `^15$`, `^0$`},
	{"no-datanodes", `^create/blocksize values: .*blocksize=9223372036854775807`, "", `"Failed to find datanode, suggest to check cluster health`, `^{"status":307,`},
	{"no-datanodes", `^create/blocksize values: .*blocksize=9223372036854775807`, "replies", `^1$`, `^2$`},
	{"no-datanodes", `^storage/erasure coding: administration: root PUT /\?op=ENABLEECPOLICY&ecpolicy=RS-6-3-1024k$`, "", `^{"status":200,`, `^{"status":400,.*UnsupportedOperationException`},
	{"true-sums", `^quota/by type, moved to another policy inside the directory: .*op=RENAME`, "", `^{"status":200,.*"boolean":true`, `^{"status":403,.*QuotaByStorageTypeExceededException`},
	{"true-sums", `^quota/by type, .*op=GETQUOTAUSAGE$`, "json.QuotaUsage.typeQuota.SSD.consumed", `^(0|1500)$`, `^(0|1500)$`},
	{"true-sums", `^quota/by type: values: .*storagetype=RAM_DISK`, "", `^{"status":200,`, `^{"status":400,.*"Quota for storage type RAM_DISK is not supported"`},
	{"true-sums", `^quota/by type: values: .*storagetype=SSD(&storagespacequota=(9223372036854775807)?)?$`, "", `^{"status":200,`, `^{"status":400,.*"Required param storagespacequota `},
	{"done-at-once", `^truncate/inside a block: `, "json.boolean", `^false$`, `^true$`},
	{"done-at-once", `^quota/too many bytes, truncated: `, "", `^{"status":403,.*DSQuotaExceededException`, `^{"status":200,.*"boolean":true`},
	{"true-sums", `^storage/block locations of ranges: .*(offset=1048576|length=9223372036854775807)$`, "json.BlockLocations.BlockLocation", `"offset":(0|1048576),[^{]*{host}"\]}\]$`, `"offset":2097152,[^{]*{host}"\]}\]$`},
	{"rights-to-the-end", `^writers/closed to the writer while being written: finish$`, "", `^{"status":200,`, `^{"status":403,.*"AccessControlException".*user=bob, access=WRITE`},
	{"one-meaning", `^reserved/inodes, changed: .*(op=MKDIRS|op=CREATE -> "x")$`, "", `^{"status":20[01],`, `^{"status":400,.*"File name \\".reserved\\" is reserved`},
	{"one-meaning", `^reserved/inodes, changed: .*(op=APPEND -> "x"|op=SETPERMISSION&permission=600)$`, "", `^{"status":200,`, `^{"status":404,`},
	{"one-meaning", `^reserved/inodes, changed: `, "json.boolean", `^true$`, `^false$`},
	{"one-meaning", `^reserved/inodes, changed: `, "json.FileStatuses.FileStatus", `"file".*"new"`, `"pathSuffix":"f".*"pathSuffix":"sub"`},
	{"rights-to-the-end", `op=GETQUOTAUSAGE$`, "", `^{"status":403,.*by sticky bit`, `^{"status":200,.*"QuotaUsage"|access=READ_EXECUTE`},
	{"rights-to-the-end", `^storage/block locations: behind a closed directory: `, "", `File does not exist|is not a directory`, `^{"status":403,.*access=EXECUTE`},
	{"no-datanodes", `^snapshot/by who may allow them: root PUT {dir}/d\?op=ALLOWSNAPSHOT$`, "", `^{"status":200,`, `^{"status":400,.*UnsupportedOperationException`},
	{"sticky-shown", anything, "json.RemoteException.message", `by sticky bit: .*drwxrwx..x"$`, `by sticky bit: .*drwxrwx..t"$`},

	{"errors-are-json", `^names/(a bad escape|a truncated escape|a lone percent sign|invalid UTF-8, raw|an escaped NUL|invalid UTF-8, escaped|an overlong encoding|a surrogate): `, "", bare400, illegalPath + `|` + illegal},
	{"errors-are-json", `^names/an escaped NUL: `, "", `"boolean":true`, illegalPath},
	{"errors-are-json", `^names/an escaped NUL: `, "json.FileStatuses.FileStatus", `to-a\\u0000b`, `"pathSuffix":"src"`},
	{"errors-are-json", `^protocol/a query with odd separators: `, "", bare400, illegal},

	{"tolerant-targets", `^names/(a raw backslash|braces and brackets|pipe, caret, backtick): `, "", bare400, `^{"status":(200|201|307|404)`},
	{"tolerant-targets", `^names/(a raw backslash|braces and brackets|pipe, caret, backtick): `, "replies", `^1$`, `^2$`},
	{"tolerant-targets", `^names/(a raw backslash|braces and brackets|pipe, caret, backtick): `, "json.FileStatuses.FileStatus", anything, `"pathSuffix":"a[{\\|]`},

	{"empty-is-unset", `^protocol/(names of users|doas): `, "", `^{"status":500,.*<html>`, `^{"status":200,.*"Path"`},
	{"null-is-unset", `^(open/offset|settimes/values): `, "", `^{"status":500,.*NullPointerException`, `^{"status":(200|307)`},

	{"true-methods", `^protocol/operations by the wrong method: `, "", `^{"status":500,.*WebApplicationException|wadl\+xml`, `^{"status":(20[04]|400|405|501)`},
	{"accept-is-a-hint", `^protocol/browsers and cross-site requests: `, "", `^{"status":500,.*WebApplicationException`, `^{"status":200,.*"FileStatus"`},
	{"untyped-json", `\[(X-Hadoop-Accept-EZ: true|User-Agent: Java/17)\]|^writers/.*: finish$`, "header Content-Type", `^application/json(; charset=utf-8)?$`, nothing},
}

// Excuse returns the first row of Differences that covers the mismatch in the sequence, or nil.
func Excuse(op, name string, m Mismatch) *Difference {
	i := slices.IndexFunc(Differences, func(d Difference) bool { return d.covers(op+"/"+name+": "+m.Request, m) })
	if i < 0 {
		return nil
	}
	return &Differences[i]
}

func (d Difference) covers(where string, m Mismatch) bool {
	fits := func(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }
	if !fits(d.where, where) {
		return false
	}
	if d.field != "" {
		return d.field == m.Field && fits(d.hdfs, m.Want) && fits(d.granary, m.Got)
	}
	want, werr := compact(m.want)
	got, gerr := compact(m.got)
	return werr == nil && gerr == nil && m.want.Status != 0 && fits(d.hdfs, string(want)) && fits(d.granary, string(got))
}
