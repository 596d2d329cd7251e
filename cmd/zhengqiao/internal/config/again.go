package config

import (
	"encoding/hex"
	"fmt"
	"os"
)

// Again reads the same file anew, with the environment that it was read with before. What is no regular file any more, or never was,
// can't be read twice.
func (c *Config) Again() (*Config, error) {
	info, err := os.Stat(c.path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read configuration: %s is no regular file and can't be read again", c.path)
	}
	return Load(c.path, c.environ)
}

// Path gives the file.
func (c *Config) Path() string { return c.path }

// Revision names the file's content: the beginning of its digest in hex. The files that it refers to are not part of it.
func (c *Config) Revision() string { return hex.EncodeToString(c.digest[:8]) }
