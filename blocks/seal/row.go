package seal

// Row says where sealed content belongs within its project: a row opens only with the Row it was sealed with.
type Row struct {
	// Inode is the id of the inode whose content it is, unique over all projects.
	Inode int64
	// Offset is where in the file the content begins, in bytes; appended rows differ in it.
	Offset int64
}
