package views

import (
	"fmt"
	"strings"
)

// stack joins lines as long as they fit into limit; the last line then says how many were left out.
func stack(lines []string, limit int) string {
	const room = len("\n… and 1000000 more")
	if len(lines) == 1 {
		return lines[0]
	}
	total := 0
	for n, line := range lines {
		total += size(line) + 1
		if total > limit-room && (n < len(lines)-1 || total-1 > limit) {
			return strings.Join(append(lines[:n:n], fmt.Sprintf("… and %d more", len(lines)-n)), "\n")
		}
	}
	return strings.Join(lines, "\n")
}

// fit cuts mrkdwn that is still too long at the last blank that leaves no half mention, link or entity. The views
// clip each part before, so this is the last guard and not the usual way.
func fit(text string, limit int) string {
	if size(text) <= limit {
		return text
	}
	cut := strings.TrimSuffix(clip(text, limit), "…")
	if open := strings.LastIndex(cut, "<"); open > strings.LastIndex(cut, ">") {
		cut = cut[:open]
	}
	if entity := strings.LastIndex(cut, "&"); entity >= 0 && !strings.Contains(cut[entity:], ";") {
		cut = cut[:entity]
	}
	return strings.TrimRight(cut, " ") + "…"
}

// enumerate writes "a, b and c", or the first most of them "and 12 more".
func enumerate(parts []string, most int, word string) string {
	if len(parts) > most {
		return strings.Join(parts[:most], ", ") + fmt.Sprintf(" and %d more", len(parts)-most)
	}
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0]
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " " + word + " " + parts[len(parts)-1]
}

// numbered writes the lines with their numbers, each clipped and escaped.
func numbered(lines []string) []string {
	out := make([]string, 0, len(lines))
	for n, line := range lines {
		out = append(out, fmt.Sprintf("%d. %s", n+1, escape(line, 240)))
	}
	return out
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
