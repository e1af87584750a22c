package main

import (
	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/directory/workos"
)

// workOS is what reads the directories that WorkOS syncs, and takes its webhooks. None need be configured yet.
func (s *server) workOS() workos.Options {
	return workos.Options{Flows: s.flows, Store: s.store, Secret: connectors.ResolveSecret, Log: s.log}
}
