package contract

// Unheld lists the tests that do not pass on HDFS over webhdfs either, and why. Most of them need something that the client
// does not have.
var Unheld = []Reason{
	{
		"AbstractContractBulkDeleteTest", "testDeletePathsDirectory|testDeleteSamePathsMoreThanOnce|testChildPaths",
		"The client deletes one path at a time.",
	},
	{
		"AbstractContractCreateTest", "testSyncable",
		"The client has no hflush and no hsync.",
	},
	{
		"AbstractContractMultipartUploaderTest", "testSingleUpload|testUploadEmptyBlock|testConcurrentUploads|testMultipartUpload.*",
		"The client says that it uploads in parts, for which it would need handles of files, and has none.",
	},
	{
		"AbstractContractOpenTest", "testOpenReadDir(WithChild)?",
		"The client asks for a file when it is read, not when it is opened.",
	},
	{
		"AbstractContractSeekTest", "testNegativeSeek|testReadFullyPastEOF|testSeekPastEndOfFileThenReseekAndRead|testSeekReadClosedFile",
		"The client seeks wherever it is told to, in a closed stream, too; what the server then says is not the exception " +
			"that the tests want.",
	},
	{
		"AbstractContractVectoredReadTest", `testEOFRanges\[.*`,
		"As for seeks behind the end.",
	},
	{
		"TestWebHDFSAcl", "testDefaultAclNewSymlinkIntermediate",
		"Hadoop leaves it out: there are no symbolic links over webhdfs.",
	},
	{
		"TestWebHDFSAcl", "testUMaskDefaultAclNew(File|Dir)|testSkipAclEnforcementPermsDisabled",
		"It gives the NameNode in its process other settings.",
	},
	{
		"TestWebHDFSAcl", "testDeDuplication",
		"It counts objects in the memory of a NameNode in its process.",
	},
	{
		"TestWebHDFSXAttr", "testSetXAttr",
		"It wants a NameNode with room for 3 attributes on a file, where 32 is the default.",
	},
}
