package journal_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("PORTSIDE_TEST_VICTIM"); dir != "" {
		newVictim(dir).run()
		return
	}
	if dir := os.Getenv("PORTSIDE_TEST_OPENS"); dir != "" {
		opens(dir)
		return
	}
	goleak.VerifyTestMain(m)
}
