// Package login manages what `granary login` leaves on a machine: the settings that stock clients read, with the
// address of a service and a token in them, so that clients work without changes to the code that uses them. It handles
// files only: who asked for the token, and from which service, is the command's business.
//
// Some of the files are its own. Others may also hold settings for other services, which it keeps as they stand: it
// changes single settings of Hadoop's core-site.xml and single sections of hdfscli's configuration, remembers what it
// replaced, and restores that when it is told to remove its own.
//
// What was written where is kept in a file of its own, the [Record]. A change of several files is atomic: either all
// are as they should be or all are as they were.
package login
