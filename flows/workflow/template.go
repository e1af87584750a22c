package workflow

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/usherhq/usher/db"
)

// templateForm is a template line, however it is spaced and whatever stands at its end.
var templateForm = regexp.MustCompile(`(?i)create +a +custom +(de)?provisioning +workflow +with +the +following +steps *[.:]?`)

// readTemplate reads the template line, which comes first, and answers what stands below it.
func readTemplate(text string) (kind, body string) {
	at := templateForm.FindStringSubmatchIndex(text)
	if at == nil || at[0] != 0 {
		return "", ""
	}
	if next := text[at[1]:]; next != "" && next[0] != '\n' && next[0] != ' ' {
		return "", ""
	}
	if at[2] >= 0 {
		return db.Deprovision, text[at[1]:]
	}
	return db.Provision, text[at[1]:]
}

func findTemplate(text string) (found bool, at int) {
	place := templateForm.FindStringIndex(text)
	if place == nil {
		return false, 0
	}
	return true, place[0]
}

func templateProblem(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if runes := []rune(first); len(runes) > 80 {
		first = string(runes[:79]) + "…"
	}
	must := fmt.Sprintf("The first line must be %q (or, to take access back, %q), with the steps below it", ProvisionLine, DeprovisionLine)
	if first == "" {
		return must + "; nothing is written yet."
	}
	return fmt.Sprintf("%s; it is %q.", must, first)
}
