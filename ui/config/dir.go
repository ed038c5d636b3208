package config

import (
	"path/filepath"

	"github.com/adrg/xdg"
)

// DataDir returns the directory for what portside learns by itself.
func DataDir() string { return filepath.Join(xdg.DataHome, "portside") }
