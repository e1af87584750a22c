package blockkit

import (
	"encoding/json"
	"math/big"
)

// singleBlocks checks what a payload may hold only so often: one table, one plan, two charts and 12,000
// characters in all markdown blocks together.
func singleBlocks(blocks []placed) []Problem {
	var problems []Problem
	seen := map[string]int{}
	written := int64(0)
	for _, block := range blocks {
		name := asString(block.object["type"])
		group, maximum := name, 0
		switch name {
		case "table", "data_table":
			group, maximum = "table", 1
		case "plan":
			maximum = 1
		case "data_visualization":
			maximum = 2
		case "markdown":
			written += characters(asString(block.object["text"]))
			if written > maxMarkdown {
				problems = append(problems, tooLong(block.at+"/text", maxMarkdown, written))
			}
		}
		seen[group]++
		if maximum > 0 && seen[group] > maximum {
			problems = append(problems, broken(block.at, onlySome[group]))
		}
	}
	return problems
}

const maxMarkdown = 12000

// onlySome has Slack's code for a second table; the other two sentences follow it.
var onlySome = map[string]string{
	"table":              "only_one_table_allowed",
	"plan":               "only_one_plan_allowed",
	"data_visualization": "only_two_data_visualizations_allowed",
}

// boundsRule wants a minimum not above its maximum, and a starting value between them.
func boundsRule(element placed) []Problem {
	object := element.object
	switch object["type"] {
	case "plain_text_input":
		low, high := numberOf(object["min_length"]), numberOf(object["max_length"])
		if above(low, high) {
			return []Problem{broken(element.at+"/min_length", "must not be more than `max_length`")}
		}
		if text, ok := object["initial_value"].(string); ok && high != nil &&
			above(new(big.Rat).SetInt64(characters(text)), high) {
			return []Problem{broken(element.at+"/initial_value", "must not be longer than `max_length`")}
		}
	case "number_input":
		low, high := numberOf(object["min_value"]), numberOf(object["max_value"])
		start := numberOf(object["initial_value"])
		if above(low, high) {
			return []Problem{broken(element.at+"/min_value", "must not be more than `max_value`")}
		}
		if above(low, start) || above(start, high) {
			return []Problem{broken(element.at+"/initial_value", "must be between `min_value` and `max_value`")}
		}
	}
	return nil
}

// numberOf reads a JSON number or a string of digits; nil means there is none.
func numberOf(value any) *big.Rat {
	var digits string
	switch held := value.(type) {
	case json.Number:
		digits = string(held)
	case string:
		digits = held
	}
	if len(digits) > 100 {
		return nil
	}
	n, ok := new(big.Rat).SetString(digits)
	if !ok {
		return nil
	}
	return n
}

func above(low, high *big.Rat) bool { return low != nil && high != nil && low.Cmp(high) > 0 }

// responseURLRule allows response_url_enabled only in input blocks of modals.
func responseURLRule(on surface, block, element placed) []Problem {
	if !asFlag(element.object["response_url_enabled"]) || on == surfaceUnknown ||
		on == surfaceModal && block.object["type"] == "input" {
		return nil
	}
	return []Problem{broken(element.at+"/response_url_enabled", "can only be used in an `input` block in modals")}
}
