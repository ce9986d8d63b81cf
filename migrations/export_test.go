package migrations

// AwaitQuietFor is AwaitQuiet with times of a test's own.
var AwaitQuietFor = awaitQuiet

// AwaitNewerFor is what Up does where nothing is lacking, with a lease of a test's own.
var AwaitNewerFor = awaitNewer
