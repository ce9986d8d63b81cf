package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"granary/namespace"
	"granary/openapi"
)

// op is one operation on files: a row of the table. Its two routes, its entry in the OpenAPI document, its span,
// metrics and log lines all come from here.
type op struct {
	openapi.Operation
	params []parameter
	hop    hop
	handle func(*call) error
	// compat operations exist only for clients of HDFS: they refuse what Granary does not have as HDFS does, or speak Hadoop's
	// own formats. They have no route under /api/v1 and are not in the document.
	compat bool
	// forgiving operations may succeed although their walk was refused.
	forgiving bool
	// modern operations do not exist in HDFS, and have no name under /webhdfs.
	modern bool
	// makes is set if the operation creates something although its method is GET.
	makes bool
}

// class returns the class that requests for o count against.
func (o *op) class() class {
	if o.makes {
		return writing
	}
	return classOf(o.Method)
}

// ops are the operations that Granary offers. The rows of each group stand beside its handlers.
var ops = slices.Concat(
	fileOps, xattrOps, wholeFileOps, policyOps, locationOps, systemOps, trashOps, symlinkOps, erasureOps, snapshotOps, tokenOps, quotaOps,
	replaceOps,
)

// noOperation is HDFS's name for the operation of a request that names none. It is refused as unsupported, and not as an invalid
// name.
const noOperation = "NULL"

// methods are the HTTP methods of the operations.
const methods = "GET, HEAD, PUT, POST, DELETE"

// find returns the row of an operation by its HTTP method and its name in any case. Its refusals are in HDFS's words, which
// clients look for.
func find(method, name string) (*op, error) {
	if method == http.MethodHead {
		method = http.MethodGet // answered as GET, without the body
	}
	if rowsByName[method] == nil {
		return nil, &denial{
			face: wrongMethod, allow: methods,
			msg: printable(method) + " is not supported: operations use GET, PUT, POST and DELETE",
		}
	}
	if name == "" {
		name = noOperation
	}
	upper := strings.ToUpper(name)
	if row := rowsByName[method][upper]; row != nil {
		return row, nil
	}
	if upper == noOperation {
		return nil, &namespace.Error{Op: "find operation", Kind: namespace.Unsupported, Msg: "op=" + upper + " is not supported"}
	}
	return nil, invalid("op", cause(fmt.Sprintf("%s is not a valid %s operation.", printable(name), method)))
}

// rowsByName holds the operations of HDFS by method and name.
var rowsByName = func() map[string]map[string]*op {
	all := make(map[string]map[string]*op)
	for i := range ops {
		if ops[i].modern {
			continue
		}
		if all[ops[i].Method] == nil {
			all[ops[i].Method] = make(map[string]*op)
		}
		all[ops[i].Method][ops[i].Name] = &ops[i]
	}
	return all
}()

// knownParams holds, by method and name, the parameters of all HDFS operations of each method.
var knownParams = func() map[string]map[string]parameter {
	known := make(map[string]map[string]parameter)
	for i := range ops {
		if ops[i].modern {
			continue
		}
		byName := known[ops[i].Method]
		if byName == nil {
			byName = make(map[string]parameter)
			known[ops[i].Method] = byName
		}
		for _, p := range ops[i].params {
			byName[p.spec().Name] = p
		}
	}
	return known
}()

// known returns the parameters that a request for the operation may have, by name.
func (o *op) known() map[string]parameter {
	if !o.modern {
		return knownParams[o.Method]
	}
	known := make(map[string]parameter, len(o.params))
	for _, p := range o.params {
		known[p.spec().Name] = p
	}
	return known
}
