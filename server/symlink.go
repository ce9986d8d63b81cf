package server

import (
	"net/http"

	"granary/namespace"
	"granary/openapi"
)

// symlinkOps are the operations on symbolic links. There are none: HDFS has them permanently disabled
// (FileSystem.areSymlinksEnabled).
var symlinkOps = []op{
	{
		Operation: openapi.Operation{Name: "CREATESYMLINK", Method: http.MethodPut},
		params:    []parameter{destination.required(), createParent}, compat: true,
		handle: func(c *call) error {
			return &namespace.Error{Op: "create symlink", Path: c.path.String(), Kind: namespace.Unsupported, Msg: "Symlinks not supported"}
		},
	},
	{
		Operation: openapi.Operation{Name: "GETLINKTARGET", Method: http.MethodGet},
		compat:    true, handle: (*call).getLinkTarget,
	},
	{
		Operation: openapi.Operation{Name: "GETFILELINKSTATUS", Method: http.MethodGet},
		compat:    true, handle: (*call).getFileStatus,
	},
}

func (c *call) getLinkTarget() error {
	if _, err := c.session.Stat(c.ctx, c.path); err != nil {
		return err
	}
	return &namespace.Error{
		Op: "link target", Path: c.path.String(), Kind: namespace.IO, Msg: "Path " + c.path.String() + " is not a symbolic link",
	}
}
