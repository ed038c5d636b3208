package ftp

import "testing"

// TestCasesD lists what directories and names do to a client.
func TestCasesD(t *testing.T) {
	checkCases(t, "D", 30, nil, []hostile{
		{id: "D1", what: "a name with a line end in it, from a server or from the local disk", test: "TestLineEndsInNamesD1 TestGateA28 queue.TestNamesThatCannotBeUsedD1D2"},
		{id: "D2", what: "names that are paths, empty, or mean a directory", test: "listing.TestBadRowsD2D13D24D27 listing.FuzzMLSD cli.TestHostileNamesOfATreeD2 local.FuzzName"},
		{id: "D3", what: "names with drives, streams and separators of Windows (refused there; a mapping comes later)", test: "local.TestNamesThatDisksCannotHoldD3D4"},
		{id: "D4", what: "names that Windows reserves or cannot store", test: "local.TestNamesThatDisksCannotHoldD3D4"},
		{id: "D5", what: "a link that leads out of the target, and a file through it", test: "local.TestNothingLeavesTheDirectory queue.TestLinksAndSpecials"},
		{id: "D6", what: "control characters and sequences of terminals in names", test: "text.TestSafe"},
		{id: "D7", what: "overrides of direction, characters without width, towers of marks", test: "text.TestSafe"},
		{id: "D8", what: "names that are no UTF-8, or in the server's own character set", test: "TestCharsetOnTheWireD8 TestNamesInCharsets FuzzCharset TestForeignNamesAreNoted cli.TestCharsetOfNames"},
		{id: "D9", what: "one name in two forms of Unicode", test: "TestNamesInTwoFormsD9 queue.TestFormsOfANameD9 pane.TestFormsOfANameD9"},
		{id: "D10", what: "rows of megabytes, listings of millions of rows or without end", test: "listing.TestLongRowsD10 listing.TestTooManyRowsD10 listing.TestMemoryD10 listing.TestEndlessD10 TestEndlessListingD10 TestListByStatIsBounded"},
		{id: "D11", what: "links in circles, directories that hold themselves", test: "queue.TestDepthIsLimited queue.TestLinksAndSpecials"},
		{id: "D12", what: "a tree that grows faster than it is read", left: "directories are read one by one, as workers get to them; stopping at a million entries to ask comes with the queue on disk"},
		{id: "D13", what: "one name twice in a listing", test: "listing.TestBadRowsD2D13D24D27"},
		{id: "D14", what: "two names that are one on the local disk", left: "it takes a disk that ignores case, which comes with the mapping of names for Windows; until then a second file meets the first and asks"},
		{id: "D15", what: "sizes that are negative, too large, not decimal, or wrapped at 4 GiB", test: "listing.TestSizesD15D16 listing.TestGroupedD15 TestMoreThanPromisedB18"},
		{id: "D16", what: "directories with a size, files without", test: "listing.TestSizesD15D16 TestEmptyFilesB19"},
		{id: "D17", what: "dates that cannot be, without a year, with months in other languages", test: "listing.TestYearsD17D18 listing.TestSamplesAlone"},
		{id: "D18", what: "dates of tomorrow, around New Year", test: "listing.TestYearsD17D18 TestTodayOfTheServerD18"},
		{id: "D19", what: "LIST in the server's zone, MLSD and MDTM in UTC (the hour of daylight saving time is for the comparison of trees to forgive)", test: "TestZoneIsLearnedD19 TestZoneOfAnEarlierRunD19 TestZoneOfALongListing"},
		{id: "D20", what: "MDTM with fractions, with the year 19100, or of no use", test: "TestModTimeD20 FuzzModTime TestZoneStaysUnknownD20"},
		{id: "D21", what: "directories that are empty, missing or forbidden, and say so in each other's words", test: "TestEmptyOrMissingD21"},
		{id: "D22", what: "names that LIST takes for options or patterns", test: "TestOddNamesD22"},
		{id: "D23", what: "NLST in all its shapes", left: "NLST is never sent: where it works, LIST works too and tells more"},
		{id: "D24", what: "facts in any case, unknown ones, and names that look like facts", test: "listing.TestBadRowsD2D13D24D27 listing.TestSamplesAlone listing.FuzzMLSD"},
		{id: "D25", what: "rows of another kind than was asked for, web pages, banners, colours", test: "TestOtherRowsThanAskedForD25 listing.TestSamplesTogetherD25"},
		{id: "D26", what: "rows that fit two dialects", test: "listing.TestClashesD26"},
		{id: "D27", what: "rows that are no entries, devices, marks of access lists", test: "listing.TestBadRowsD2D13D24D27 listing.TestSamplesAlone queue.TestLinksAndSpecials"},
		{id: "D28", what: "arrows in names and in targets of links", test: "listing.TestArrowsD28"},
		{id: "D29", what: "patterns of the user against names made to slow them down", test: "pane.TestPatternsAreQuickD29"},
		{id: "D30", what: "a listing that is older than the directory", left: "no listing is kept for later: panes and jobs each read their own, and a copy looks at its target again before it replaces anything"},
	})
}
