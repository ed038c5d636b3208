package keymap

// Action names something that a key can do.
type Action string

// The actions of the two panes.
const (
	ActHelp        Action = "help"
	ActConnect     Action = "connect"
	ActView        Action = "view"
	ActCopy        Action = "copy"
	ActMove        Action = "move"
	ActMkdir       Action = "mkdir"
	ActDelete      Action = "delete"
	ActRename      Action = "rename"
	ActInfo        Action = "info"
	ActDirSize     Action = "dir-size"
	ActCopyPath    Action = "copy-path"
	ActCopyURL     Action = "copy-url"
	ActCopyName    Action = "copy-name"
	ActPalette     Action = "palette"
	ActSettings    Action = "settings" // what of them cannot be followed
	ActQuit        Action = "quit"
	ActInterrupt   Action = "interrupt" // Ctrl-C: cancels what is open, twice offers to quit
	ActOtherPane   Action = "other-pane"
	ActLeftPane    Action = "left-pane"
	ActRightPane   Action = "right-pane"
	ActOpen        Action = "open"
	ActParent      Action = "parent"
	ActGoPath      Action = "go-path"
	ActGoHome      Action = "go-home"
	ActGoRoot      Action = "go-root"
	ActBack        Action = "back"
	ActForward     Action = "forward"
	ActGoLocal     Action = "go-local"
	ActBookmarks   Action = "bookmarks"
	ActBookmarkSet Action = "bookmark-set"
	ActBookmarkGo  Action = "bookmark-go"
	ActSiteLeft    Action = "site-left"
	ActSiteRight   Action = "site-right"
	ActSearch      Action = "search"
	ActSamePath    Action = "same-path"
	ActSwap        Action = "swap"
	ActCompare     Action = "compare"
	ActMarkDiffer  Action = "mark-differing"
	ActSyncBrowse  Action = "sync-browse"
	ActJump        Action = "jump"
	ActHalfUp      Action = "half-page-up"
	ActHalfDown    Action = "half-page-down"
	ActRange       Action = "range"
	ActReload      Action = "reload"
	ActMark        Action = "mark"
	ActMarkUp      Action = "mark-up"
	ActMarkDown    Action = "mark-down"
	ActMarkPattern Action = "mark-pattern"
	ActDropPattern Action = "unmark-pattern"
	ActInvert      Action = "invert"
	ActMarkAll     Action = "mark-all"
	ActMarkNone    Action = "mark-none"
	ActFilter      Action = "filter"
	ActHidden      Action = "hidden"
	ActSortName    Action = "sort-name"
	ActSortExt     Action = "sort-extension"
	ActSortTime    Action = "sort-time"
	ActSortSize    Action = "sort-size"
	ActSortReverse Action = "sort-reverse"
	ActQueue       Action = "queue"
	ActLog         Action = "log"
	ActAnswer      Action = "answer"
	ActPauseAll    Action = "pause-all"
	ActRedraw      Action = "redraw"
	ActSuspend     Action = "suspend"
)

// The actions that several scopes share.
const (
	ActUp       Action = "up"
	ActDown     Action = "down"
	ActPageUp   Action = "page-up"
	ActPageDown Action = "page-down"
	ActTop      Action = "top"
	ActBottom   Action = "bottom"
	ActCancel   Action = "cancel" // Esc: goes back, never loses work
	ActClose    Action = "close"  // leaves a full screen for the panes
)

// The actions of the queue.
const (
	ActPauseJob  Action = "pause-job"
	ActRetryJob  Action = "retry-job"
	ActRetryAll  Action = "retry-all"
	ActCancelJob Action = "cancel-job"
	ActJobUp     Action = "job-up"
	ActJobDown   Action = "job-down"
	ActClear     Action = "clear"
	ActJobTop    Action = "job-top"
	ActJobBottom Action = "job-bottom"
	ActRunNow    Action = "run-now"
	ActRaise     Action = "raise-priority"
	ActLower     Action = "lower-priority"
	ActLimit     Action = "limit"
	ActMoreConns Action = "more-connections"
	ActLessConns Action = "fewer-connections"
)

// The actions of the connection log.
const (
	ActFollow     Action = "follow"
	ActNextError  Action = "next-error"
	ActCopyLine   Action = "copy-line"
	ActSaveLog    Action = "save-log"
	ActConnFilter Action = "connection-filter"
)

// The actions of a file that is looked at.
const (
	ActShiftLeft  Action = "shift-left"
	ActShiftRight Action = "shift-right"
	ActHex        Action = "hex"
	ActWrap       Action = "wrap"
	ActFind       Action = "find"
	ActNext       Action = "next"
	ActBefore     Action = "before"
	ActCopyText   Action = "copy-text"
)
