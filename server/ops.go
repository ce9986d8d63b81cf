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
	// compat operations exist for clients of HDFS alone: they refuse as HDFS does what neither has, or speak in Hadoop's
	// own formats. They have no route under /api/v1 and are not in the document.
	compat bool
	// forgiving operations answer although the walk refused them.
	forgiving bool
	// modern operations are none of HDFS's: they have no name under /webhdfs.
	modern bool
	// makes: it makes something, although it is asked by GET.
	makes bool
}

// class is what requests for o count against.
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

// noOperation is what HDFS calls it that a request names none. It is refused as one that is not supported, and not as one that nobody
// ever heard of.
const noOperation = "NULL"

// methods are those of the operations.
const methods = "GET, HEAD, PUT, POST, DELETE"

// find returns the row of an operation by its HTTP method and its name in any case. The words of its refusals are
// HDFS's; clients look for them.
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

// knownParams holds, by method and name, every parameter of any operation of HDFS of the method.
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

// known are the parameters that a request for the operation may have, by name.
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
