// Package mutants shows that every test of an attack can fail: attacks.txt says, for each, which defence to remove, and the
// tests here run it against a build without that defence.
//
// A mutant in attacks.txt is the name of a test, the file to change, and the lines to change, which must occur in it exactly once:
//
//	TestAttackDoas
//	server/proxy.go
//	-	case !listed:
//	+	case false:
//
// Blank lines are ignored, and # begins a comment. Changing several places of one file takes several changes, each with the file's
// name. A test that removes its defence by itself, with withoutLocks or the like, has no mutant, as its line says:
//
//	TestAttackRenameCycle by itself
package mutants
