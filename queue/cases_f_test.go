package queue

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// misfortune is one thing that happens to queues and to the processes that
// have one, and the test that shows what comes of it here.
type misfortune struct {
	id   string // as the test's comment names it
	what string // what happens
	test string // "TestName" of this package, "folder.TestName" of another; several with a space
	left string // why there is no test, where there is none
}

// TestCasesF holds what may happen to jobs, to the process that runs them and
// to the servers that they all talk to.
func TestCasesF(t *testing.T) {
	checkCases(t, 23, []misfortune{
		{id: "F1", what: "killed at any instant", test: "TestKilledAfterEveryCommit TestTheDiskIsAheadOfTheStore"},
		{id: "F2", what: "the last record is torn", test: "journal.TestEveryPrefix journal.TestEveryBitFlip journal.TestZerosBehind"},
		{id: "F3", what: "the disk below the queue is full", test: "TestAddFailsLoudly journal.TestDiskStaysFull journal.TestEveryCallFails"},
		{id: "F4", what: "fsync fails once", test: "journal.TestEveryCallFails"},
		{id: "F5", what: "a newer, foreign or somebody else's queue", test: "journal.TestOthersFilesAreLeftAlone journal.TestNotALockedFile"},
		{id: "F6", what: "two processes open the queue", test: "journal.TestOneProcessAtATime journal.TestTurns journal.TestHolder"},
		{id: "F7", what: "killed while the queue is written anew", test: "journal.TestEveryCallFails journal.TestRewrite"},
		{id: "F8", what: "hung up, terminated, interrupted", left: "the command line keeps its queue in memory, and the panes are not on the disk yet"},
		{id: "F9", what: "the machine sleeps, or the process is stopped", test: "TestWatch TestSleep"},
		{id: "F10", what: "the clock on the wall is set", test: "TestWatch TestTheClockIsSet TestLimitsOverTheDay"},
		{id: "F11", what: "out of open files or ports", test: "TestOutOfOpenFiles connect.TestFewOpenFilesF11"},
		{id: "F12", what: "a million jobs", left: "benchmarks say it, and no gate: BenchmarkAddMillion, BenchmarkLoadMillion"},
		{id: "F13", what: "a server comes back", test: "TestAnOutage TestStormsOfRefusals TestStumbling TestAnOutageIsCountedOnce"},
		{id: "F14", what: "too many connections, and the limit moves", test: "TestTheLimitIsLearned TestTheLimitMoves TestALearnedLimitGrowsBack connect.TestOneSessionE34"},
		{id: "F15", what: "shut out for many logins, or wrong ones", test: "TestLoginsArePaced TestPace TestOneLoginForAWrongPassword"},
		{id: "F16", what: "one job holds up others", test: "TestModel TestAnswers TestBrowsingGoesFirst TestFullEnds TestAFullServerStopsItsUploads"},
		{id: "F17", what: "500 questions", test: "TestManyAnswersAtOnce TestScopes TestAnAnswerForAllHoldsForLaterOnesOfTheAdd"},
		{id: "F18", what: "the answer comes when the world has changed", test: "TestAnswers TestEveryAnswerRemembersItsTarget"},
		{id: "F19", what: "what cannot succeed is tried again and again", test: "TestRetryRules TestARefusalFailsTheJob TestNoProgressEndsInFailure connect.TestFailureClass"},
		{id: "F20", what: "names without addresses, or with many", test: "ftp.TestManyAddressesF20 ftp.TestNoAddressAnswersF20 ftp.TestDataStaysAtOneAddressF20B10"},
		{id: "F21", what: "the site is changed while jobs wait", left: "there are no saved sites yet: a job's address is all there is"},
		{id: "F22", what: "what was to be copied is gone", test: "TestASourceThatIsGone"},
		{id: "F23", what: "a panic in a worker", test: "TestAPanicFailsTheJob TestTheSecondPanicParks"},
	})
}

// checkCases makes sure that every number from 1 on stands in cases once, and
// that its tests exist.
func checkCases(t *testing.T, last int, cases []misfortune) {
	t.Helper()
	missing := map[string]bool{}
	for n := 1; n <= last; n++ {
		missing[fmt.Sprint("F", n)] = true
	}
	for _, c := range cases {
		if !missing[c.id] {
			t.Errorf("%s is unknown, or stands here twice", c.id)
		}
		delete(missing, c.id)
		if (c.test == "") == (c.left == "") {
			t.Errorf("%s has to name a test, or say why there is none", c.id)
		}
		for name := range strings.FieldsSeq(c.test) {
			if !testExists(t, name) {
				t.Errorf("%s names %s, which is not there", c.id, name)
			}
		}
	}
	for id := range missing {
		t.Errorf("%s is missing", id)
	}
}

// testExists reports whether a test function is there.
func testExists(t *testing.T, name string) bool {
	t.Helper()
	dir, function, other := strings.Cut(name, ".")
	if !other {
		dir, function = "queue", name
	}
	dir = map[string]string{
		"queue": ".", "journal": "journal", "local": "local", "queuetest": "queuetest",
		"ftp": "../ftp", "connect": "../ui/connect", "cli": "../ui/cli", "ui": "../ui",
	}[dir]
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || dir == "" {
		return false
	}
	declared := regexp.MustCompile(`(?m)^func ` + regexp.QuoteMeta(function) + `\(`)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if declared.Match(src) {
			return true
		}
	}
	return false
}
