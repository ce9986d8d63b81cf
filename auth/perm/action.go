package perm

import "fmt"

// Action is a set of the three rights read, write and execute: one class of a
// mode, the rights of an ACL entry, or what an operation asks for. Only 0 to 7
// have a meaning.
type Action uint8

// The rights and their unions, named and valued as Hadoop's FsAction.
const (
	None         Action = 0
	Execute      Action = 1
	Write        Action = 2
	WriteExecute Action = Write | Execute
	Read         Action = 4
	ReadExecute  Action = Read | Execute
	ReadWrite    Action = Read | Write
	All          Action = Read | Write | Execute
)

var actionNames = [...]string{
	None:         "NONE",
	Execute:      "EXECUTE",
	Write:        "WRITE",
	WriteExecute: "WRITE_EXECUTE",
	Read:         "READ",
	ReadExecute:  "READ_EXECUTE",
	ReadWrite:    "READ_WRITE",
	All:          "ALL",
}

var actionSymbols = [...]string{
	None:         "---",
	Execute:      "--x",
	Write:        "-w-",
	WriteExecute: "-wx",
	Read:         "r--",
	ReadExecute:  "r-x",
	ReadWrite:    "rw-",
	All:          "rwx",
}

// String returns the name of FsAction's constant, such as READ_EXECUTE: the form
// that "Permission denied: … access=READ_EXECUTE" uses.
func (a Action) String() string {
	if a > All {
		return fmt.Sprintf("Action(%d)", uint8(a))
	}
	return actionNames[a]
}

// Symbol returns the three-letter form, such as "r-x".
func (a Action) Symbol() string {
	return actionSymbols[a&All]
}

// ParseAction reads the three-letter form, the fsaction parameter of CHECKACCESS:
// exactly one of r or -, then w or -, then x or -.
func ParseAction(symbol string) (Action, error) {
	for a, s := range actionSymbols {
		if s == symbol {
			return Action(a), nil
		}
	}
	return None, fmt.Errorf("action %q: want three letters from --- to rwx, in that order", symbol)
}

// Implies reports whether a includes every right of b. Every action implies None.
func (a Action) Implies(b Action) bool {
	return a&b == b
}
