package main

import (
	"fmt"
	"strings"
)

// How much of each thing a story that gives up tells of.
const (
	toldMessages = 4
	toldTraffic  = 25
	toldLog      = 40
)

// scene is what there is to see when a story gives up, so that the cause can be read from its output: the newest messages
// of #access, what people have in front of them, what passed between Slack and the bot, and the bot's log.
func (c *company) scene() string {
	var all strings.Builder
	for _, message := range newest(c.person("dana").Messages(c.access()), toldMessages) {
		fmt.Fprintf(&all, "#access: %s\n", message.Shown())
	}
	for _, name := range []string{"ana", "ben", "carl", "dana", "eve", "gil"} {
		if modal, open := c.person(name).Top(); open {
			fmt.Fprintf(&all, "%s has the modal %q in front: %s\n", name, modal.Title, modal.Shown())
		}
		for _, message := range newest(c.person(name).Ephemerals(c.access()), 1) {
			fmt.Fprintf(&all, "%s alone sees: %s\n", name, message.Shown())
		}
	}
	for _, entry := range newest(c.Workspace.Journal(), toldTraffic) {
		fmt.Fprintf(&all, "Slack: %s %s %s %s %s\n", entry.At.Format("15:04:05.000"), entry.Level, entry.Method, entry.Summary, entry.Detail)
	}
	for _, line := range newest(strings.Split(strings.TrimSpace(c.log.String()), "\n"), toldLog) {
		fmt.Fprintf(&all, "log: %s\n", line)
	}
	return all.String()
}

// newest are the last n of a list at most.
func newest[T any](all []T, n int) []T { return all[max(0, len(all)-n):] }
