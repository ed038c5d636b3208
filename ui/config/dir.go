package config

import (
	"path/filepath"

	"github.com/adrg/xdg"
)

// DataDir returns the directory for what portside learns by itself.
func DataDir() string { return filepath.Join(xdg.DataHome, "portside") }

// StateDir returns the directory for what outlasts a run of portside: its
// queue.
func StateDir() string { return filepath.Join(xdg.StateHome, "portside") }

// Dir returns the directory for the settings, which portside only reads.
func Dir() string { return filepath.Join(xdg.ConfigHome, "portside") }
