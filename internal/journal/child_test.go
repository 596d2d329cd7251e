package journal

const (
	childRole = "JOURNAL_TEST_ROLE"
	childDir  = "JOURNAL_TEST_DIR"
)

func runChild(role, dir string) int { return 2 }
