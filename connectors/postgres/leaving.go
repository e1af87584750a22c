package postgres

import "github.com/usherhq/usher/connectors"

var _ connectors.Leaving = (*provider)(nil)

// Leaving ends sessions, and suspends by NOLOGIN, which ends those that came in between.
func (p *provider) Leaving() (sessions, suspend string) { return "end_sessions", "disable_user" }
