package server

// opCells says what every operation on files needs of its target, according to HDFS's documentation. The names are those of
// the table [ops]; a row without an entry here fails [TestAccessMatrix].
var opCells = map[string][]cell{
	"OPEN":                  {{needs: toRead, on: files}, {needs: toRead, on: files, first: true, query: "noredirect=true"}},
	"GETFILESTATUS":         {{needs: toKnow, on: both}},
	"LISTSTATUS":            {{needs: toRead, on: dirs}, {needs: toKnow, on: files}},
	"LISTSTATUS_BATCH":      {{needs: toRead, on: dirs}, {needs: toKnow, on: files}},
	"GETCONTENTSUMMARY":     {{needs: toRead, on: dirs, deep: true}, {needs: toKnow, on: files}},
	"GETQUOTAUSAGE":         {{needs: toRead, on: dirs, deep: true}, {needs: toKnow, on: files}},
	"GETFILECHECKSUM":       {{needs: toRead, on: files, query: "data=true"}, {needs: toRead, on: files, first: true, query: "noredirect=true"}},
	"GETHOMEDIRECTORY":      {{needs: nothing}},
	"CHECKACCESS":           {{needs: toRead, on: both, query: "fsaction=r--"}, {needs: toKnow + toChange, on: both, query: "fsaction=-w-"}},
	"GETACLSTATUS":          {{needs: toKnow, on: both}},
	"GETXATTRS":             {{needs: toRead, on: both}},
	"LISTXATTRS":            {{needs: toRead, on: both}},
	"GETSTORAGEPOLICY":      {{needs: toRead, on: both}},
	"GETALLSTORAGEPOLICY":   {{needs: nothing}},
	"GETFILEBLOCKLOCATIONS": {{needs: toRead, on: files}},
	"GET_BLOCK_LOCATIONS":   {{needs: toRead, on: files}},
	"GETSERVERDEFAULTS":     {{needs: nothing}},
	"GETSTATUS":             {{needs: nothing, on: both}},
	"GETTRASHROOT":          {{needs: toRead, on: files, missing: 200}},
	"GETTRASHROOTS":         {{needs: nothing, query: "allusers=true"}},

	"CREATE": {
		{needs: toAdd, on: dirs, entry: true, body: "new", status: 201},
		{needs: toAdd, on: dirs, entry: true, query: "createparent=true&createflag=CREATE", body: longBody, status: 201},
		{needs: toChange, on: files, own: true, query: "overwrite=true", body: "other", status: 201},
		{needs: nothing, on: dirs, entry: true, first: true, status: 307}, // as in HDFS, which checks on the second hop
	},
	"MKDIRS": {{needs: toAdd, on: dirs, entry: true}},
	"APPEND": {
		{needs: toAppend, on: files, own: true, body: "more"},
		{needs: toAppend, on: files, own: true, body: longBody},
		{needs: toRead, on: files, first: true, status: 307},
	},
	"TRUNCATE":           {{needs: toChange, on: files, own: true, query: "newlength=1"}},
	"CONCAT":             {{needs: toChange, on: files, own: true, query: "sources={other}"}},
	"SETREPLICATION":     {{needs: toChange, on: files, own: true, query: "replication=2", missing: 200}},
	"SETTIMES":           {{needs: toChange, on: both, own: true, query: "modificationtime=1700000000000"}},
	"SETXATTR":           {{needs: toChange, on: both, own: true, query: "xattr.name=user.a&xattr.value=1&flag=CREATE"}},
	"REMOVEXATTR":        {{needs: toChange, on: both, query: "xattr.name=user.none", fails: "IOException"}},
	"SETSTORAGEPOLICY":   {{needs: toChange, on: both, own: true, query: "storagepolicy=COLD"}},
	"UNSETSTORAGEPOLICY": {{needs: toChange, on: both, own: true}},
	"RENAME": {
		{needs: toRemove, on: both, own: true, query: "destination={new}", missing: 200},
		{needs: toRemove, on: both, own: true, query: "destination={new}&renameoptions=NONE"},
	},
	"REPLACE": {{needs: toRemove, on: both, own: true, query: "source={other}"}},
	"DELETE":  {{needs: toRemove, on: both, own: true, query: "recursive=true", missing: 200}},

	"SETPERMISSION":    {{needs: toManage, on: both, own: true, query: "permission=777"}},
	"SETOWNER":         {{needs: toManage, on: both, own: true, query: "group={project}"}, {needs: toRule, on: both, own: true, query: "owner=eve"}},
	"MODIFYACLENTRIES": {{needs: toManage, on: both, own: true, query: "aclspec=user:eve:rwx"}},
	"REMOVEACLENTRIES": {{needs: toManage, on: both, own: true, query: "aclspec=user:eve:"}},
	"REMOVEDEFAULTACL": {{needs: toManage, on: both, own: true}},
	"REMOVEACL":        {{needs: toManage, on: both, own: true}},
	"SETACL":           {{needs: toManage, on: both, own: true, query: "aclspec=user::rwx,group::rwx,other::rwx"}},

	"SETQUOTA":              {{needs: toRule, on: dirs, own: true, query: "namespacequota=100"}},
	"SETQUOTABYSTORAGETYPE": {{needs: toRule, on: dirs, own: true, query: "storagespacequota=100&storagetype=SSD"}},
	"ALLOWSNAPSHOT":         {{needs: toRule, on: dirs, fails: "UnsupportedOperationException"}},
	"DISALLOWSNAPSHOT":      {{needs: toRule, on: dirs}},
	"ENABLEECPOLICY":        {{needs: toRule, query: "ecpolicy=RS-6-3-1024k", fails: "UnsupportedOperationException"}},
	"DISABLEECPOLICY":       {{needs: toRule, query: "ecpolicy=RS-6-3-1024k"}},

	// What neither we nor HDFS offer, which is said only once it is clear that the caller may ask.
	"GETLINKTARGET":     {{needs: toKnow, on: both, fails: "IOException"}},
	"GETFILELINKSTATUS": {{needs: toKnow, on: both}},
	"GETECPOLICY":       {{needs: toRead, on: both}},
	"SETECPOLICY": {
		{needs: toKnow + toChange, on: dirs, query: "ecpolicy=replication"},
		{needs: nothing, on: dirs, query: "ecpolicy=RS-6-3-1024k", fails: "HadoopIllegalArgumentException"},
	},
	"UNSETECPOLICY":          {{needs: toKnow + toChange, on: dirs, fails: "NoECPolicySetException"}},
	"GETSNAPSHOTDIFF":        {{needs: toKnow, on: both, fails: "SnapshotException"}},
	"GETSNAPSHOTDIFFLISTING": {{needs: toKnow, on: both, fails: "SnapshotException"}},
	"GETSNAPSHOTLIST":        {{needs: toRead, on: dirs, fails: "SnapshotException"}},
	"CREATESNAPSHOT":         {{needs: toManage, on: dirs, fails: "SnapshotException"}},
	"RENAMESNAPSHOT":         {{needs: toManage, on: dirs, query: "oldsnapshotname=a&snapshotname=b", fails: "SnapshotException"}},
	"DELETESNAPSHOT":         {{needs: toManage, on: dirs, query: "snapshotname=a", fails: "SnapshotException"}},

	// What is the same for everybody with a valid credential.
	"GETECPOLICIES":                 {{needs: nothing}},
	"GETECCODECS":                   {{needs: nothing}},
	"GETSNAPSHOTTABLEDIRECTORYLIST": {{needs: nothing}},
	"GETDELEGATIONTOKEN":            {{needs: nothing}},
	"RENEWDELEGATIONTOKEN":          {{needs: nothing, query: "token=rubbish", fails: "SecretManager$InvalidToken"}},
	"CANCELDELEGATIONTOKEN":         {{needs: nothing, query: "token=rubbish", fails: "SecretManager$InvalidToken"}},
	"CREATESYMLINK":                 {{needs: nothing, on: both, query: "destination=/x", fails: "UnsupportedOperationException"}},
	"SATISFYSTORAGEPOLICY":          {{needs: nothing, on: both, fails: "UnsupportedActionException"}},
}
