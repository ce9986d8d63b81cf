package contract

// Exceptions are the tests that pass on HDFS and not on Granary, and why.
var Exceptions = []Reason{
	{"AbstractContractAppendTest", "testRenameFileBeingAppended", "it renames a file between the request that appends to it and the content: HDFS appends to the file, if the " +
		"DataNode has opened it by then, and else fails as Granary does, which appends to what has the name"},
	{"TestWebHdfsFileSystemContract", "testResponseCode", "it takes namenoderpcaddress out of a Location, the parameter by which a DataNode knows whom to ask; here " +
		"is one server, and a Location without that parameter"},
}

// Unheld are the tests that HDFS does not pass over webhdfs either, and why.
var Unheld = []Reason{
	{"AbstractContractBulkDeleteTest", "testDeletePathsDirectory|testDeleteSamePathsMoreThanOnce|testChildPaths", "the client deletes one path at a time"},
	{"AbstractContractCreateTest", "testSyncable", "the client has no hflush and no hsync"},
	{"AbstractContractMultipartUploaderTest", "testSingleUpload|testUploadEmptyBlock|testConcurrentUploads|testMultipartUpload.*", "the client promises uploads in parts, which need files " +
		"by number, and has none"},
	{"AbstractContractOpenTest", "testOpenReadDir(WithChild)?", "the client asks for a file when it is read, not when it is opened"},
	{"AbstractContractSeekTest", "testNegativeSeek|testReadFullyPastEOF|testSeekPastEndOfFileThenReseekAndRead|testSeekReadClosedFile", "the client seeks without a look at the length, " +
		"the sign, or whether the stream is open; the server refuses the read, by another exception than the test wants"},
	{"AbstractContractVectoredReadTest", `testEOFRanges\[.*`, "as for seeks behind the end"},
	{"TestWebHDFSAcl", "testDefaultAclNewSymlinkIntermediate", "Hadoop ignores it: no symbolic links over webhdfs"},
	{"TestWebHDFSAcl", "testUMaskDefaultAclNew(File|Dir)", "it switches the NameNode's inheritance of ACLs off, in its process"},
	{"TestWebHDFSAcl", "testSkipAclEnforcementPermsDisabled", "it switches the NameNode's permissions off"},
	{"TestWebHDFSAcl", "testDeDuplication", "it counts objects in the NameNode's memory"},
	{"TestWebHDFSXAttr", "testSetXAttr", "it wants a NameNode whose limits are 3 attributes to a file"},
}
