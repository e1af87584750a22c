package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// listConnectors prints what can be written as a provider's connector, its settings, and which endpoints it has then.
func (p program) listConnectors() error {
	var out strings.Builder
	known := registry()
	for _, name := range known.Names() {
		info, _ := known.Info(name)
		fmt.Fprintf(&out, "%s: %s\n", name, info.Doc)
		for _, setting := range info.Settings {
			fmt.Fprintf(&out, "  setting  %-18s %s\n", setting.Name, setting.Doc)
		}
		for _, endpoint := range info.Endpoints {
			fmt.Fprintf(&out, "  endpoint %-18s (%s) %s\n", endpoint.Name, named(endpoint.Args), endpoint.Doc)
			if more := moreOf(endpoint); more != "" {
				fmt.Fprintf(&out, "  %27s %s\n", "", more)
			}
		}
	}
	_, err := io.WriteString(p.out, out.String())
	return err
}

// moreOf is what else an author of workflows wants to know of an endpoint: what takes it back, whether somebody who is
// signed in is put out, and what later scripts may use.
func moreOf(e connectors.Endpoint) string {
	var facts []string
	if e.Undo != "" {
		facts = append(facts, "taken back by "+e.Undo)
	}
	switch {
	case e.EndsSessions:
		facts = append(facts, "ends open sessions")
	case e.Effect == connectors.Revokes && putsOut(e):
		facts = append(facts, "open sessions may go on")
	}
	if len(e.Outputs) > 0 {
		facts = append(facts, "answers "+named(e.Outputs))
	}
	return strings.Join(facts, "; ")
}

// putsOut says whether an endpoint takes something from a person that may be in use: who is only taken off an issue has
// nothing open.
func putsOut(e connectors.Endpoint) bool {
	takes := func(name string) bool {
		return slices.ContainsFunc(e.Args, func(f connectors.Field) bool { return f.Name == name })
	}
	return takes("user") && !takes("issue")
}

func named(fields []connectors.Field) string {
	names := make([]string, len(fields))
	for n, field := range fields {
		names[n] = field.Name
	}
	return strings.Join(names, ", ")
}
