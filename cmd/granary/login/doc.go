// Package login is what `granary login` leaves on a machine: the settings that stock clients read, with the address of a
// service and a token in them, so that they work with no change to code that uses them. It knows files and nothing else:
// who asked for the token, and of whom, is the command's business.
//
// Some of the files are its own. Others may hold settings for other services too, and those it keeps as they stand: it
// changes single settings of Hadoop's core-site.xml and single sections of hdfscli's configuration, remembers what it
// replaced, and puts that back when it is told to take its own away.
//
// What was written where stands in a file of its own, the [Record]. Every change of several files is made as one: either
// all are as they should be or all are as they were.
package login
