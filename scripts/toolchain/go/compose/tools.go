//go:build tools

// Package tools names the commands that are built from this module.
package tools

import _ "github.com/docker/compose/v2/cmd"
