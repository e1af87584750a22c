package slack

import (
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// invalid is what Slack's own client says about the fields before a modal is sent: block_id -> text.
func (v *view) invalid() map[string]string {
	errs := map[string]string{}
	for _, e := range v.blocks.elements() {
		if !e.isInput {
			continue
		}
		value := v.state[e.blockID()][e.actionID()]
		content := value[stateKeys[e.kind()].key]
		optional, _ := e.block["optional"].(bool)
		if isEmpty(content) {
			if !optional {
				errs[e.blockID()] = "Please complete this required field."
			}
			continue
		}
		if text, ok := content.(string); ok {
			if problem := e.malformed(text); problem != "" {
				errs[e.blockID()] = problem
			}
		}
	}
	return errs
}

func isEmpty(content any) bool {
	switch c := content.(type) {
	case nil:
		return true
	case string:
		return c == ""
	case []any:
		return len(c) == 0
	case []object:
		return len(c) == 0
	case []string:
		return len(c) == 0
	}
	return false
}

// malformed says what is wrong with a typed text, or "".
func (e element) malformed(text string) string {
	n := utf8.RuneCountInString(text)
	if least, ok := e.object["min_length"].(float64); ok && n < int(least) {
		return fmt.Sprintf("Your entry must be at least %d characters long.", int(least))
	}
	if most, ok := e.object["max_length"].(float64); ok && n > int(most) {
		return fmt.Sprintf("Your entry must be at most %d characters long.", int(most))
	}
	switch e.kind() {
	case "email_text_input":
		if _, err := mail.ParseAddress(text); err != nil {
			return "Please enter a valid email address."
		}
	case "url_text_input":
		if u, err := url.Parse(text); err != nil || u.Scheme == "" || u.Host == "" {
			return "Please enter a valid URL."
		}
	case "number_input":
		return e.badNumber(text)
	}
	return ""
}

func (e element) badNumber(text string) string {
	n, err := strconv.ParseFloat(text, 64)
	decimal, _ := e.object["is_decimal_allowed"].(bool)
	if err != nil || (!decimal && strings.Contains(text, ".")) {
		return "Please enter a number."
	}
	if least, err := strconv.ParseFloat(str(e.object, "min_value"), 64); err == nil && n < least {
		return "Please enter a number that is at least " + str(e.object, "min_value") + "."
	}
	if most, err := strconv.ParseFloat(str(e.object, "max_value"), 64); err == nil && n > most {
		return "Please enter a number that is at most " + str(e.object, "max_value") + "."
	}
	return ""
}
