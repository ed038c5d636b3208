package ftp

import "testing"

// TestCasesA holds what replies and the control connection have in store.
func TestCasesA(t *testing.T) {
	checkCases(t, "A", 33, nil, []hostile{
		{id: "A1", what: "lines inside a reply look like other replies", test: "TestReplyA1A3A7"},
		{id: "A2", what: "a reply of many lines ends with another code, then silence", test: "TestGreetingErrors"},
		{id: "A3", what: "the last line is the code alone, or a tab follows it", test: "TestReplyA1A3A7"},
		{id: "A4", what: "lines end in LF, in CR CR LF, or hold a CR", test: "TestReplyA1A3A7 FuzzReply"},
		{id: "A5", what: "a banner of a megabyte, or one that never ends", test: "TestReplyA5 TestReplyCostA5 TestBannerA5"},
		{id: "A6", what: "a zero byte in a reply", test: "TestReplyA6A8A9"},
		{id: "A7", what: "telnet commands in replies, 0xFF in names", test: "TestReplyA1A3A7 TestCommandA28A7 TestOddNamesD22"},
		{id: "A8", what: "another kind of server answers", test: "TestOtherServersA8"},
		{id: "A9", what: "codes that are none", test: "TestReplyA6A8A9 TestOtherServersA8"},
		{id: "A10", what: "the welcome is announced, and comes later or never", test: "TestWelcomeA10A11 TestGreetingErrors"},
		{id: "A11", what: "the welcome takes its time", test: "TestWelcomeA10A11"},
		{id: "A12", what: "the welcome says that there are too many", test: "TestGreetingErrors queue.TestTheLimitIsLearned"},
		{id: "A13", what: "421 at any step", test: "TestLastWordsA13 TestA13 TestVerdictB13B14B15"},
		{id: "A14", what: "the idle session has ended when it is needed", test: "TestUnsolicitedA14A25 queue.TestADeadIdleSession connect.TestIdleSessionEndsA14"},
		{id: "A15", what: "the server hangs up without a word", test: "TestNoLastWordsA15 TestGreetingErrors TestA13"},
		{id: "A16", what: "150 and 226 come in one packet, ahead of the data", test: "TestRepliesAroundDataA16A17A19A20"},
		{id: "A17", what: "226 comes while data still flows", test: "TestRepliesAroundDataA16A17A19A20"},
		{id: "A18", what: "226 comes long after the data", test: "TestLateVerdictA18"},
		{id: "A19", what: "success is said with another 2yz", test: "TestRepliesAroundDataA16A17A19A20"},
		{id: "A20", what: "125, many 1yz, none, or no end of them", test: "TestRepliesAroundDataA16A17A19A20 TestBeginsForEverA20"},
		{id: "A21", what: "success at once, without data", test: "TestEmptyWithoutDataA21"},
		{id: "A22", what: "a reply of a class that does not belong there", test: "TestAnswersA22 TestRepliesA22"},
		{id: "A23", what: "commands that are unknown or switched off", test: "TestPoorServersA23A30A31"},
		{id: "A24", what: "a reply comes after its deadline", test: "TestLateReplyA24"},
		{id: "A25", what: "a reply that nobody asked for", test: "TestUnsolicitedA14A25"},
		{id: "A26", what: "PWD answers in riddles", test: "TestPWDA26"},
		{id: "A27", what: "all that may follow USER", test: "TestLoginA27 TestGreetingErrors"},
		{id: "A28", what: "line ends and zero bytes in arguments", test: "FuzzCommand TestGateA28 TestCommandA28A7"},
		{id: "A29", what: "a path too long for the server's buffer", test: "TestLongPathsA29"},
		{id: "A30", what: "a box in between breaks PASV", test: "TestPoorServersA23A30A31"},
		{id: "A31", what: "FEAT in odd forms, or untrue", test: "TestFeaturesA31 TestFeaturesOfServersA31 TestPoorServersA23A30A31"},
		{id: "A32", what: "replies cut anywhere by TLS records", test: "TestReplyOverTLSA32 FuzzReply"},
		{id: "A33", what: "plain text in the middle of TLS", test: "TestPlainTextInTLSA33"},
	})
}
