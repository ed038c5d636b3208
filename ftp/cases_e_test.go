package ftp

import "testing"

// TestCasesE holds what may happen to transfers, to what is there before them
// and to what is left behind.
func TestCasesE(t *testing.T) {
	checkCases(t, "E", 35, nil, []hostile{
		{id: "E1", what: "REST is refused, or taken and forgotten", test: "connect.TestUntrueRESTE1E2 queue.TestAPartIsProvedFirst"},
		{id: "E2", what: "REST leads a little beside", test: "connect.TestUntrueRESTE1E2"},
		{id: "E3", what: "REST wraps behind 2 or 4 GiB", test: "connect.TestWrappedRESTE3"},
		{id: "E4", what: "the part is as long as the source, or longer", test: "queue.TestResumeOfTheTarget queue.TestAPartIsProvedFirst queue.TestResumeSaysWhyNot"},
		{id: "E5", what: "the source changes between attempts, or in one", test: "queue.TestAPartIsProvedFirst queue.TestASourceThatChangesUnderUs connect.TestSourceChangesE5"},
		{id: "E6", what: "the source grows while it is read", test: "connect.TestLongerThanSaidE6E12 queue.TestASourceThatGrows queue.TestASourceThatGrowsOnE6 connect.TestGrowsStillE6"},
		{id: "E7", what: "an offset is left behind by a refusal", test: "TestResumeE7E8 TestRESTLeftBehindE7"},
		{id: "E8", what: "STOR behind REST begins anew, or fills with zeros; APPE to another size", test: "connect.TestResumedUploadsE8 TestResumeE7E8"},
		{id: "E9", what: "the part on the server is somebody else's", test: "queue.TestAPartIsProvedFirst"},
		{id: "E10", what: "the local file changes while it is sent", test: "queue.TestASourceThatChangesUnderUs queue.TestALocalFileInTheMaking"},
		{id: "E11", what: "SIZE lies, talks or is silent", test: "TestUntrueSIZEE11 TestVerdictB13B14B15"},
		{id: "E12", what: "the server translates line ends", test: "connect.TestLongerThanSaidE6E12"},
		{id: "E13", what: "text goes where it was asked for alone: a CR is not doubled, and nothing is resumed", test: "TestPoorServersA23A30A31 TestLineEnds TestText connect.TestTextIsNotResumed"},
		{id: "E14", what: "the local disk fails or is full, at any call", test: "queue.TestAFullDiskStopsDownloads queue.TestAFullDiskStopsTheQueue queue.TestEveryCallFailsOnce queue.TestEveryCallOfTheDiskFailsE14"},
		{id: "E15", what: "the server's disk is full", test: "queue.TestAFullServerStopsItsUploads connect.TestUploadRefusedE15E16 TestUploadFailsB15E15"},
		{id: "E16", what: "the server forbids a file", test: "connect.TestUploadRefusedE15E16"},
		{id: "E17", what: "the local target is no plain file", test: "local.TestTargetsThatAreNoFiles local.TestNothingLeavesTheDirectory"},
		{id: "E18", what: "the target appears between the look and the name", test: "queue.TestATargetAppearsMeanwhile local.TestLinkNew TestLand"},
		{id: "E19", what: "two jobs have one target", test: "queue.TestOneWriterForATarget queue.TestTwinsOfTwoAdds"},
		{id: "E20", what: "the final name is refused", test: "connect.TestRenameRefusedE20 TestLand"},
		{id: "E21", what: "the answer to RNTO is lost", test: "connect.TestRenameUnheardE21"},
		{id: "E22", what: "the name of a part is too long", test: "queue.TestPartName"},
		{id: "E23", what: "a part that no record speaks of", test: "queue.TestForeignPartsStayE23 queue.TestAFoundPartIsProved queue.TestRecordHostile"},
		{id: "E24", what: "two programs write one part", test: "local.TestAPartHasOneWriter cli.TestTwoProcessesOnePartE24"},
		{id: "E25", what: "times out of this world, or refused", test: "connect.TestTimesE25 TestLandLearns"},
		{id: "E26", what: "it stalls at the same place again and again", test: "queue.TestNoProgressEndsInFailure queue.TestAttemptsGoOnWhereTheyBroke TestLongAnswerB12 connect.TestStallsE26"},
		{id: "E27", what: "one byte a second", test: "TestCrawlE27 queue.TestVigil queue.TestStalledTransfers"},
		{id: "E28", what: "our own limit of the rate lets the server lose patience", test: "connect.TestOurLimitE28"},
		{id: "E29", what: "connections serve parts of different files", test: "queue.TestSegmentsDisagreeE29 queue.TestSegmentsLearnTheLimit connect.TestSegmentsE29"},
		{id: "E30", what: "room that was set aside is taken for content", test: "queue.TestAFoundPartIsProved local.TestRoomIsNoContentE30 queue.TestSegmentsProperty cli.TestKilledSegmentsGoOnE30"},
		{id: "E31", what: "sizes at which numbers end", test: "TestSizesE31"},
		{id: "E32", what: "cancelled at any step", test: "TestCancelE32 TestCancelOpeningE32 queue.TestCancelAnywhere"},
		{id: "E33", what: "all that may follow ABOR", test: "TestAbortE33 TestAbortClosedE33"},
		{id: "E34", what: "the server lets us in once", test: "connect.TestOneSessionE34 queue.TestTheLimitIsLearned"},
		{id: "E35", what: "sums that take their time, or another way", test: "TestHashTakesItsTimeE35 connect.TestVerifyE35 connect.TestSlowChecksumE35"},
	})
}
