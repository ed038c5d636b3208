package ftp

import "testing"

// TestCasesB holds what the data connection has in store.
func TestCasesB(t *testing.T) {
	checkCases(t, "B", 39, []int{22, 23, 24, 25, 26, 27, 28, 29}, []hostile{
		{id: "B1", what: "PASV answers in any shape", test: "TestPASVB1B2 FuzzPASV"},
		{id: "B2", what: "PASV names no port, or one that is not for data", test: "TestPASVB1B2 TestPortsB2 TestForeignPortsB2"},
		{id: "B3", what: "PASV names an address of somebody else", test: "TestForeignPASVB3 TestFallbackB5B8 TestProxyPASV"},
		{id: "B4", what: "EPSV answers in any shape", test: "TestEPSVB4 FuzzEPSV TestFallbackB5B8"},
		{id: "B5", what: "EPSV names a port that leads nowhere", test: "TestFallbackB5B8 TestBlackHoleB5B8"},
		{id: "B6", what: "after EPSV ALL there is no other way; checkManners sees that nobody says it", test: "TestFallbackB5B8"},
		{id: "B7", what: "PASV alone, over IPv6", test: "TestIPv6OnlyPASVB7"},
		{id: "B8", what: "ports are refused, reset or black holes", test: "TestFallbackB5B8 TestBlackHoleB5B8 TestResetOnAcceptB8B9"},
		{id: "B9", what: "somebody else is first at the server's port", test: "TestResetOnAcceptB8B9 TestOtherCertificateOnDataC17"},
		{id: "B10", what: "the server lets in the address of the control connection alone", test: "TestDataStaysAtOneAddressF20B10"},
		{id: "B11", what: "the data connection is accepted before or behind the reply", test: "TestRepliesAroundDataA16A17A19A20"},
		{id: "B12", what: "a transfer begins, and nothing comes", test: "TestLongAnswerB12"},
		{id: "B13", what: "the data ends early, and the server is silent", test: "TestVerdictB13B14B15"},
		{id: "B14", what: "the data ends early, and the server calls it complete", test: "TestVerdictB13B14B15 queue.TestTruncationIsNoSuccess"},
		{id: "B15", what: "a refusal behind part of the data", test: "TestVerdictB13B14B15 TestFinalRepliesB15 TestUploadFailsB15E15 connect.TestFailureClass"},
		{id: "B16", what: "all data comes, and the verdict never", test: "connect.TestDownloadIsConfirmedBySizeB16 connect.TestDownloadIsNotConfirmedB16 connect.TestResetControlIsConfirmedB16 connect.TestUploadIsConfirmedBySizeB16"},
		{id: "B17", what: "a reset in the place of the end", test: "TestResetBehindTheEndB17"},
		{id: "B18", what: "more bytes than were promised", test: "TestMoreThanPromisedB18 queue.TestASourceThatGrows"},
		{id: "B19", what: "nothing at all is to be moved", test: "TestEmptyFilesB19 TestEmptyWithoutDataA21"},
		{id: "B20", what: "the data connection is accepted and the command refused", test: "TestRefusedB20 TestRefusedOverTLSB20"},
		{id: "B21", what: "commands break off the transfer that runs; checkManners sees that there are none", test: "TestModes TestTransferNoop"},
		{id: "B30", what: "in active mode the server never comes", test: "TestActiveSilentB30 TestActiveRefusedLaterB30 TestActiveBeginsAnewB30"},
		{id: "B31", what: "in active mode a stranger comes first", test: "TestStrangerFirstB31"},
		{id: "B32", what: "in active mode the server comes from another address", test: "TestActiveStrangerB31B32 TestOtherPeerB32"},
		{id: "B33", what: "it comes from any port", test: "TestModes TestActiveListenerB33"},
		{id: "B34", what: "it comes twice", test: "TestActiveListenerB33"},
		{id: "B35", what: "the ports for active mode are used up", test: "TestActivePortsB35 TestPortIsFreeSoonB35"},
		{id: "B36", what: "the server refuses our address, which NAT hides", test: "TestActiveAddressB36 TestActiveBeginsAnewB30"},
		{id: "B37", what: "the server lists the families that it takes", test: "TestAddressFamiliesB37 TestFallbackB5B8"},
		{id: "B38", what: "a listener that nobody needs any more", test: "TestActiveCancelB38 TestActiveSilentB30"},
		{id: "B39", what: "in active mode over TLS both could begin the handshake", test: "TestEmptyFilesB19"},
	})
}
