package migrations

// AwaitQuietFor is AwaitQuiet with times of a test's own.
var AwaitQuietFor = awaitQuiet
