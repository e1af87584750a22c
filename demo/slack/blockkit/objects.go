package blockkit

import (
	"maps"
	"slices"
)

// checkObject stops at missing fields, as Slack does: only an object with all of them is looked into.
func (w *walk) checkObject(s *shape, at string, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		w.add(wrongType(at, "must provide an object"))
		return
	}
	if absent := missingFields(s, at, object); len(absent) > 0 {
		w.problems = append(w.problems, absent...)
		return
	}
	known := make(map[string]bool, len(s.fields))
	for _, f := range s.fields {
		known[f.name] = true
		if held, found := object[f.name]; found {
			w.check(f.shape, at+"/"+f.name, held)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !known[name] {
			w.add(additional(at, name))
		}
	}
	if count(object, s.either) > 1 {
		w.add(severalOf(at))
	}
}

func missingFields(s *shape, at string, object map[string]any) []Problem {
	var absent []Problem
	if len(s.either) > 0 && count(object, s.either) == 0 {
		absent = append(absent, missing(at, s.either[0]))
	}
	for _, f := range s.fields {
		if _, found := object[f.name]; f.required && !found {
			absent = append(absent, missing(at, f.name))
		}
	}
	return absent
}

func count(object map[string]any, names []string) int {
	n := 0
	for _, name := range names {
		if _, found := object[name]; found {
			n++
		}
	}
	return n
}

// checkOneOf picks the alternative by the value's "type".
func (w *walk) checkOneOf(s *shape, at string, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		w.add(wrongType(at, "must provide an object"))
		return
	}
	held, found := object["type"]
	if !found {
		w.add(missing(at, "type"))
		return
	}
	name, ok := held.(string)
	if !ok {
		w.add(wrongType(at+"/type", "must provide a string"))
		return
	}
	names := make([]string, 0, len(s.alternatives))
	for _, alternative := range s.alternatives {
		if alternative.name == name {
			w.check(alternative, at, value)
			return
		}
		names = append(names, alternative.name)
	}
	w.add(notInEnum(at+"/type", "unsupported type: "+name, names, name))
}
