package server

import (
	"net/http"

	"granary/openapi"
)

// snapshotOps are the operations on snapshots, answered as in an HDFS where no directory allows any.
var snapshotOps = []op{
	{
		Operation: openapi.Operation{Name: "GETSNAPSHOTDIFF", Method: http.MethodGet},
		params:    []parameter{oldSnapshotName, snapshotName}, compat: true, handle: (*call).compareSnapshots,
	},
	{
		Operation: openapi.Operation{Name: "GETSNAPSHOTDIFFLISTING", Method: http.MethodGet},
		params:    []parameter{oldSnapshotName, snapshotName, snapshotDiffStart, snapshotDiffIndex}, compat: true,
		handle: (*call).compareSnapshots,
	},
	{
		Operation: openapi.Operation{Name: "GETSNAPSHOTTABLEDIRECTORYLIST", Method: http.MethodGet, Pathless: true},
		compat:    true,
		handle: func(c *call) error {
			return c.json(http.StatusOK, func(b []byte) []byte { return append(b, `{"SnapshottableDirectoryList":null}`...) })
		},
	},
	{
		Operation: openapi.Operation{Name: "GETSNAPSHOTLIST", Method: http.MethodGet},
		compat:    true,
		handle:    func(c *call) error { return c.done(c.session.ListSnapshots(c.ctx, c.path)) },
	},
	{
		Operation: openapi.Operation{Name: "ALLOWSNAPSHOT", Method: http.MethodPut},
		compat:    true,
		handle:    func(c *call) error { return c.done(c.session.AllowSnapshots(c.ctx, c.path)) },
	},
	{
		Operation: openapi.Operation{Name: "DISALLOWSNAPSHOT", Method: http.MethodPut},
		compat:    true,
		handle:    func(c *call) error { return c.done(c.session.DisallowSnapshots(c.ctx, c.path)) },
	},
	{
		Operation: openapi.Operation{Name: "CREATESNAPSHOT", Method: http.MethodPut},
		params:    []parameter{snapshotName}, compat: true, handle: (*call).changeSnapshots,
	},
	{
		Operation: openapi.Operation{Name: "RENAMESNAPSHOT", Method: http.MethodPut},
		params:    []parameter{oldSnapshotName.required(), snapshotName.required()}, compat: true, handle: (*call).changeSnapshots,
	},
	{
		Operation: openapi.Operation{Name: "DELETESNAPSHOT", Method: http.MethodDelete},
		params:    []parameter{snapshotName.required()}, compat: true, handle: (*call).changeSnapshots,
	},
}

var (
	snapshotName      = text("snapshotname", "The snapshot's name.")
	oldSnapshotName   = text("oldsnapshotname", "The name of the earlier snapshot, or the present name.")
	snapshotDiffStart = text("snapshotdiffstartpath", "Where the comparison goes on.")
	snapshotDiffIndex = number("snapshotdiffindex", javaInt, -1, -1, "Where the comparison goes on.")
)

func (c *call) compareSnapshots() error { return c.done(c.session.CompareSnapshots(c.ctx, c.path)) }

func (c *call) changeSnapshots() error { return c.done(c.session.ChangeSnapshots(c.ctx, c.path)) }
