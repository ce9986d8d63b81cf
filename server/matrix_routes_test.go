package server

// standing is how a caller relates to a project, for the REST API.
type standing string

const (
	isSuperuser standing = "superuser"
	isOwner     standing = "owner"
	isArchivist standing = "owner of an archived project"
	isMember    standing = "scientist or observer"
	isRecipient standing = "may answer for those whom the dataset is shared with"
	isOfferee   standing = "was offered the dataset, and has not answered"
	isGuest     standing = "reads the dataset by a share that others answer for, or because it is published"
	isOutsider  standing = "may not know of the project"
	isReader    standing = "owner, by a read-only token"
	isElsewhere standing = "owner, by a token for another project"
	isInside    standing = "owner, by a token for the dataset's directory"
	isBeside    standing = "owner, by a token for another directory"
	isNobody    standing = "no credential"
)

// standings maps the relations that ask for routes to their standings.
var standings = map[string]standing{
	"superuser": isSuperuser, "owner": isOwner, "owner, archived": isArchivist, "scientist": isMember, "observer": isMember,
	"read share, owner": isRecipient, "read share, scientist": isGuest, "read share, observer": isGuest,
	"edit share, owner": isRecipient, "edit share, scientist": isGuest, "edit share, observer": isGuest,
	"edit-by-owners share, owner": isRecipient, "edit-by-owners share, scientist": isGuest, "edit-by-owners share, observer": isGuest,
	"person with a read share": isRecipient, "person with an edit share": isRecipient, "person with an offer": isOfferee,
	"anybody at what is published": isGuest,
	"stranger":                     isOutsider, "former member": isOutsider, "person who rejected": isOutsider, "person whose share ended": isOutsider,
	"person whose share expired": isOutsider,
	"owner's read-only token":    isReader, "owner's token for another project": isElsewhere, "owner's token for the dataset": isInside,
	"owner's token for another directory": isBeside,
	"expired token":                       isNobody, "revoked token": isNobody, "disabled user": isNobody, "no credential": isNobody, "a name alone": isNobody, "garbage": isNobody,
}

// answers maps each standing to the status that it gets. A standing without an entry gets 404, exactly as if the project, dataset
// or share did not exist; isNobody always gets 401.
type answers map[standing]int

var (
	toAnybody = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 200, isGuest: 200, isOutsider: 200,
		isReader: 200, isElsewhere: 200, isInside: 200, isBeside: 200,
	}
	toSuperusers = answers{
		isSuperuser: 200, isOwner: 403, isArchivist: 403, isMember: 403, isRecipient: 403, isOfferee: 403, isGuest: 403, isOutsider: 403,
		isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
	toUnlimited = answers{
		isSuperuser: 201, isOwner: 201, isArchivist: 201, isMember: 201, isRecipient: 201, isOfferee: 201, isGuest: 201, isOutsider: 201,
		isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
	toWhoKnows = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 200, isGuest: 200,
		isReader: 200, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
	toMembers = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 403, isOfferee: 403, isGuest: 403,
		isReader: 200, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
	toOwners = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 403, isRecipient: 403, isOfferee: 403, isGuest: 403,
		isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
	toOwnersInUse = answers{ // they give something away, which an archived project does not
		isSuperuser: 200, isOwner: 200, isArchivist: 403, isMember: 403, isRecipient: 403, isOfferee: 403, isGuest: 403,
		isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
	toWhoGoesThere = answers{isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isGuest: 200, isReader: 200, isInside: 200}
	ofDataset      = answers{isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 403, isRecipient: 403, isGuest: 403, isReader: 403, isInside: 403}
	ofDatasetInUse = answers{isSuperuser: 200, isOwner: 200, isArchivist: 403, isMember: 403, isRecipient: 403, isGuest: 403, isReader: 403, isInside: 403}
	toBothSides    = answers{isSuperuser: 200, isOwner: 200, isArchivist: 200, isRecipient: 200, isOfferee: 200, isReader: 200}
	byBothSides    = answers{isSuperuser: 200, isOwner: 200, isArchivist: 200, isRecipient: 200, isOfferee: 200, isReader: 403}
	byRecipients   = answers{isSuperuser: 200, isOwner: 403, isArchivist: 403, isRecipient: 200, isOfferee: 200, isReader: 403}
	byFormerOwners = answers{isSuperuser: 200, isOwner: 200, isArchivist: 200, isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403}
	aboutOneself   = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 200, isGuest: 200, isOutsider: 200,
		isReader: 200, isElsewhere: 403, isInside: 200, isBeside: 403,
	}
	ofOneself = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 200, isGuest: 200, isOutsider: 200,
		isReader: 200, isElsewhere: 200, isInside: 403, isBeside: 403,
	}
	ofOthers = answers{
		isSuperuser: 200, isOwner: 403, isArchivist: 403, isMember: 403, isRecipient: 403, isOfferee: 403, isGuest: 403, isOutsider: 403,
		isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
	aboutOthers = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 403, isRecipient: 403, isOfferee: 403, isGuest: 403, isOutsider: 403,
		isReader: 200, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
)

// toWhoReaches holds the answers about the dataset's path.
var toWhoReaches = answers{
	isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 403, isGuest: 200,
	isReader: 200, isElsewhere: 403, isInside: 200, isBeside: 403,
}

// The answers of routes about the caller's own credentials.
var (
	toManageOneself = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 200, isGuest: 200, isOutsider: 200,
		isReader: 403, isElsewhere: 200, isInside: 200, isBeside: 200,
	}
	toWhole = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 200, isGuest: 200, isOutsider: 200,
		isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
	withinKnown = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 200, isGuest: 200,
		isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
	withinReach = answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 403, isGuest: 200,
		isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
	}
)

// routeCell is one way to call a route.
type routeCell struct {
	answers answers
	except  map[string]int // by relation, for those that may do more than others of their standing
	success int            // instead of 200
	always  int            // the answer to everybody, with a credential or without
	query   string
	body    string // {new}, {path}: the dataset's, {side}: another directory's, {party}: who it is shared with, as a member of the body
	own     bool   // it changes its subject, and gets a project of its own where it is allowed
	deleted bool   // it gets a project of its own, which was deleted
}

// routeCells says for every route of the REST API who may call it. The names are those of the table [restRoutes]; a row without
// an entry here fails [TestAccessMatrix].
var routeCells = map[string][]routeCell{
	"listProjects":  {{answers: toAnybody}},
	"createProject": {{answers: toUnlimited, body: `{"name":"{new}","datasets":[]}`}},
	"getProject":    {{answers: toWhoKnows}},
	"changeProject": {
		{answers: toOwners, body: `{"listed":false}`},
		{answers: answers{
			isSuperuser: 200, isOwner: 403, isArchivist: 403, isMember: 403, isRecipient: 403, isOfferee: 403, isGuest: 403,
			isOutsider: 403, isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
		}, body: `{"namesLimit":1000000}`},
	},
	"deleteProject":   {{answers: toOwners, success: 204, own: true}},
	"restoreProject":  {{answers: byFormerOwners, own: true, deleted: true}},
	"listMembers":     {{answers: toMembers, query: "limit=1"}},
	"setMember":       {{answers: toOwners, body: `{"role":"observer"}`, own: true}},
	"removeMember":    {{answers: toOwners, success: 204, own: true}},
	"listDatasets":    {{answers: toWhoKnows, query: "limit=1"}},
	"createDataset":   {{answers: toOwnersInUse, success: 201, body: `{"path":"{side}"}`, own: true}},
	"getDataset":      {{answers: toWhoGoesThere}},
	"changeDataset":   {{answers: ofDatasetInUse, body: `{"public":true}`, own: true}, {answers: ofDatasetInUse, body: `{"description":"Tiles."}`, own: true}},
	"endDataset":      {{answers: ofDataset, success: 204, own: true}},
	"offerShare":      {{answers: ofDatasetInUse, success: 201, body: `{"project":"editing","level":"read"}`, own: true}},
	"listShares":      {{answers: toMembers, query: "limit=1"}},
	"listMyShares":    {{answers: toAnybody, query: "limit=1"}},
	"getShare":        {{answers: toBothSides}},
	"acceptShare":     {{answers: byRecipients, body: `{"name":"{new}"}`, own: true}},
	"endShare":        {{answers: byBothSides, success: 204, own: true}},
	"explainAccess":   {{answers: aboutOneself, query: "path={path}"}, {answers: aboutOthers, query: "path={path}&user=zed"}},
	"effectiveAccess": {{answers: aboutOthers, query: "path={path}"}},
	"readAccess":      {{answers: toAnybody, body: `{"paths":["{path}"]}`}},                                   // the outcome for a path is tested with GETACLSTATUS,
	"changeAccess":    {{answers: toAnybody, body: `{"change":{},"targets":[{"path":"{path}"}]}`, own: true}}, // and with SETPERMISSION
	"previewAccess": {{answers: answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 403, isMember: 403, isRecipient: 403, isOfferee: 403, isGuest: 403,
		isReader: 403, isElsewhere: 403, isInside: 200, isBeside: 403,
	}, body: `{"path":"{path}","change":{}}`}},
	"listEvents":   {{answers: toMembers}},
	"streamEvents": {{answers: toMembers, query: "after=0&limit=1"}},

	"listCommonEvents":   {{answers: toSuperusers}},
	"streamCommonEvents": {{answers: toSuperusers, query: "after=0&limit=1"}},

	"readAudit": {{answers: toMembers, query: "project={project}"}, {answers: ofOneself}, {answers: ofOthers, query: "user=zed"}},

	"getLabels": {{answers: toWhoReaches, query: "path={path}"}},
	"setLabels": {{answers: answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 403, isMember: 403, isRecipient: 403, isOfferee: 403, isGuest: 403,
		isReader: 403, isElsewhere: 403, isInside: 200, isBeside: 403,
	}, except: map[string]int{
		"scientist": 200, "person with an edit share": 200, "edit share, owner": 200, "edit share, scientist": 200, "edit-by-owners share, owner": 200,
	}, query: "path={path}", body: `{"remove":["none"]}`}},
	"getReadme": {{answers: toWhoReaches, query: "path={path}"}},
	"search": {
		{answers: toAnybody, query: "query={new}"},
		{answers: toWhoKnows, query: "query={new}&project={project}"},
		{answers: toWhoReaches, query: "query={new}&path={path}"},
	},

	"listRuns":      {{answers: toWhoReaches, query: "path={path}"}},
	"hasRuns":       {{answers: toWhoReaches, query: "path={path}"}},
	"listRunTags":   {{answers: toWhoReaches, query: "path={path}"}},
	"scalars":       {{answers: toWhoReaches, query: "path={path}&tag=loss"}, {answers: toWhoReaches, query: "path={path}&tag=loss&run=."}},
	"exportScalars": {{answers: toWhoReaches, query: "path={path}&tag=loss"}},
	"listImages":    {{answers: toWhoReaches, query: "path={path}&run=.&tag=sample"}},
	"getImage":      {{answers: toWhoReaches, success: 404, query: "path={path}&run=.&tag=sample&step=1"}}, // there is none

	"discover": {{answers: answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 200, isGuest: 200, isOutsider: 200,
		isReader: 200, isElsewhere: 403, isInside: 403, isBeside: 403,
	}}},
	"knownUsers": {{answers: answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 200, isGuest: 200, isOutsider: 200,
		isReader: 200, isElsewhere: 403, isInside: 403, isBeside: 403,
	}, query: "prefix=z"}},
	"requestAccess": {{answers: answers{ // for a project that is not listed
		isSuperuser: 403, isOwner: 409, isArchivist: 409, isMember: 409, isRecipient: 403, isOfferee: 403, isGuest: 403,
		isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
	}, body: `{}`}},
	"listRequests":   {{answers: toOwners, query: "limit=1"}},
	"listMyRequests": {{answers: toAnybody, query: "limit=1"}},
	"endRequest":     {{answers: answers{isSuperuser: 200, isOwner: 200, isArchivist: 200}, success: 204, own: true}},

	"listDirectories": {{answers: toWhoReaches, query: "path={path}"}},
	"getSizes":        {{answers: toWhoReaches, query: "path={path}"}},
	"archive":         {{answers: toWhoReaches, query: "path={path}"}, {answers: toWhoReaches, query: "path={path}&name=f&format=tar"}},

	// The outcome for a file is tested with OPEN and CREATE.
	"batchRead": {
		{answers: toAnybody, body: `{"paths":["{path}/f"]}`},
		{answers: toWhoReaches, body: `{"directory":"{path}"}`},
	},
	"batchWrite": {{answers: toAnybody, query: "path={path}", body: emptyArchive}},
	// These lack a header, or name no upload. That an upload is its user's alone is tested elsewhere.
	"beginUpload":    {{answers: toAnybody, success: 400, query: "path={path}/{new}"}},
	"continueUpload": {{answers: toAnybody, success: 415}},
	"getUpload":      {{answers: toAnybody, success: 404}},
	"endUpload":      {{answers: toAnybody, success: 404}},

	"startJob": {
		{answers: withinReach, success: 202, body: `{"kind":"copy","sources":["{path}/f"],"target":"/tmp/{new}"}`},
		{answers: answers{ // to where only superusers write
			isSuperuser: 200, isOwner: 403, isArchivist: 403, isMember: 403, isRecipient: 403, isOfferee: 403, isGuest: 403,
			isReader: 403, isElsewhere: 403, isInside: 403, isBeside: 403,
		}, success: 202, body: `{"kind":"zip","sources":["{path}/f"],"target":"/{new}"}`},
	},
	"listJobs":  {{answers: toAnybody}},
	"getJob":    {{answers: answers{isSuperuser: 200}}}, // another's
	"cancelJob": {{answers: answers{isSuperuser: 200}}},

	"listTokens": {{answers: toManageOneself, query: "limit=1"}},
	"createToken": {
		{answers: toManageOneself, success: 201, body: `{"expiresIn":60,"kind":"token"}`},
		{answers: withinKnown, success: 201, body: `{"expiresIn":60,"kind":"token","project":"{project}"}`},
		{answers: withinReach, success: 201, body: `{"expiresIn":60,"kind":"token","project":"{project}","path":"{path}"}`},
		{answers: toOwners, success: 201, body: `{"expiresIn":60,"kind":"token","project":"{project}","serviceAccount":"{service}"}`},
	},
	"revokeToken":              {{answers: answers{isReader: 403}}}, // another's
	"listServiceAccounts":      {{answers: toOwners, query: "limit=1"}},
	"createServiceAccount":     {{answers: toOwners, success: 201, body: `{"name":"svc-{new}","role":"observer"}`, own: true}},
	"endServiceAccount":        {{answers: toOwners, success: 204, own: true}},
	"listServiceAccountTokens": {{answers: toOwners, query: "limit=1"}},
	"signIn":                   {{always: 400, body: `{}`}},
	"signInWays":               {{always: 200}},
	"listSessions":             {{answers: toWhole, query: "limit=1"}},
	"signOut":                  {{answers: toAnybody, success: 204}},
	"endSessions":              {{answers: toWhole, success: 204}},
	"whoAmI":                   {{answers: toAnybody}},
	"listUsers":                {{answers: toSuperusers, query: "limit=1"}},
	"addUser":                  {{answers: toSuperusers, success: 201, body: `{"name":"{new}"}`}},
	"changeUser":               {{answers: toSuperusers, body: `{}`}},
	"setPassword":              {{answers: toSuperusers, success: 204, body: `{"password":""}`}},
	"endSessionsOf":            {{answers: toSuperusers, success: 204}},
	"listAllProjects":          {{answers: toSuperusers, query: "limit=1"}},
	"describeSystem":           {{answers: toSuperusers}},
	"listLinks":                {{answers: toManageOneself, query: "limit=1"}},
	"createLink": {{answers: answers{
		isSuperuser: 200, isOwner: 200, isArchivist: 200, isMember: 200, isRecipient: 200, isOfferee: 403, isGuest: 200,
		isReader: 403, isElsewhere: 403, isInside: 200, isBeside: 403,
	}, success: 201, body: `{"path":"{path}/f"}`}},
}
