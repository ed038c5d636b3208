package ftp

import "testing"

// TestCasesC keeps the table of what happens around TLS.
func TestCasesC(t *testing.T) {
	checkCases(t, "C", 24, nil, []hostile{
		{id: "C1", what: "AUTH is refused, by the server or by somebody on the way", test: "TestNoTLSC1 TestDowngradeC1 connect.TestNeverPlainAfterTLS cli.TestOnceTLS"},
		{id: "C2", what: "a login is claimed before TLS", test: "TestNothingBeforeTLSC2 TestGreetingErrors"},
		{id: "C3", what: "plain text waits behind the answer to AUTH", test: "TestPlainTextBehind234C3"},
		{id: "C4", what: "the handshake is met with silence, with an alert, or comes byte by byte", test: "TestHandshakeC4C5 TestHandshakeWordsC4"},
		{id: "C5", what: "a port of implicit TLS speaks plain text", test: "TestHandshakeC4C5"},
		{id: "C6", what: "implicit TLS is expected where we wait for a welcome", test: "TestSilentImplicitC6"},
		{id: "C7", what: "data connections have to resume the session", test: "TestTLS TestReuseC7 TestSessionIDC7 connect.TestReuseInARow connect.TestReuseClass"},
		{id: "C8", what: "tickets grow old in a long session", test: "TestTicketAgeC8 TestReuseC7 connect.TestOldTickets"},
		{id: "C9", what: "the server forgets the tickets that it gave out", test: "connect.TestForgottenTicketsC9"},
		{id: "C10", what: "data ends without a TLS goodbye, or inside a record", test: "TestGoodbyeC10"},
		{id: "C11", what: "our goodbye is never answered, and the verdict waits for the close", test: "TestLateVerdictC11"},
		{id: "C12", what: "QUIT is answered with a hang-up, or not at all", test: "TestQuitC12"},
		{id: "C13", what: "an old server wants to renegotiate", test: "TestRenegotiationC13 connect.TestOpenSSL"},
		{id: "C14", what: "keys change in the middle of an upload", test: "TestUploadTakesTicketsC14 connect.TestOpenSSL"},
		{id: "C15", what: "a certificate is for another name, out of date, or signed by nobody we know", test: "TestCertificatesC15 TestVerifyConnection connect.TestTrust cli.TestUntrustedCertificate cli.TestTrustOnATerminal"},
		{id: "C16", what: "a known certificate changes, or is renewed for the same key", test: "TestPinsC16 connect.TestTrust"},
		{id: "C17", what: "a data connection shows another certificate", test: "TestOtherCertificateOnDataC17"},
		{id: "C18", what: "sessions might be shared by those who asked for different security", test: "connect.TestTLSSettingsAreInTheAddress"},
		{id: "C19", what: "PROT is refused, or accepted and not kept", test: "TestPlainDataC19"},
		{id: "C20", what: "TLS ends in the middle of a session", test: "TestDroppedTLSC20"},
		{id: "C21", what: "the server wants a certificate of ours", test: "TestClientCertificateC21 connect.TestClientCertificate"},
		{id: "C22", what: "a host is an address, ends in a dot, has letters beyond ASCII, or is unknown to the server", test: "TestServerNameC22"},
		{id: "C23", what: "many sessions shake hands at once", test: "TestHandshakesAtOnceC23"},
		{id: "C24", what: "tickets pile up during a long upload", test: "TestUploadTakesTicketsC14 connect.TestUploadsArrive"},
	})
}
