// Package mutants shows that every test of an attack can fail: attacks.txt says, for each, which defence to take out, and the
// tests here run it against a build without that defence.
//
// A mutant in attacks.txt is the name of a test, the file to change, and the lines to change in it, which must be there once:
//
//	TestAttackDoas
//	server/proxy.go
//	-	case !listed:
//	+	case false:
//
// Blank lines mean nothing, and # begins a comment. Several places of one file are several changes, each with the file's name.
// A test that takes its defence out by itself, with withoutLocks or the like, has no mutant: its line says so, as in
//
//	TestAttackRenameCycle by itself
package mutants
