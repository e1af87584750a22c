package connectors

import "strings"

// leavesSegment reports whether a path, unescaped, has a segment that some server takes for a step to another folder:
// . or .., also before a semicolon, which some servers cut off, and with backslashes, which some take for slashes.
func leavesSegment(path string) bool {
	for _, segment := range strings.FieldsFunc(path, func(c rune) bool { return c == '/' || c == '\\' }) {
		segment, _, _ = strings.Cut(segment, ";")
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}
