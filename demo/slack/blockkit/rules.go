package blockkit

import "fmt"

// placed is an object and where it stands.
type placed struct {
	at     string
	object map[string]any
}

// blockRules checks what concerns several places at once. It expects blocks of the right shape.
func blockRules(on surface, at string, blocks []any) []Problem {
	all := flatten(at, blocks)
	problems := append(unique(all, "block_id"), singleBlocks(all)...)
	focused := 0
	for _, block := range all {
		elements := elementsOf(block)
		problems = append(problems, blockRule(block)...)
		problems = append(problems, unique(elements, "action_id")...)
		for _, element := range elements {
			problems = append(problems, initialRule(element)...)
			problems = append(problems, boundsRule(element)...)
			problems = append(problems, responseURLRule(on, block, element)...)
			problems = append(problems, focusRule(element, &focused)...)
		}
	}
	return problems
}

// focusRule lets one element of the whole view take the focus. Slack's sentence for it is published nowhere.
func focusRule(element placed, focused *int) []Problem {
	if !asFlag(element.object["focus_on_load"]) {
		return nil
	}
	*focused++
	if *focused == 1 {
		return nil
	}
	return []Problem{broken(element.at+"/focus_on_load", "only one element can have `focus_on_load`")}
}

// flatten lists the blocks with those inside containers and carousels, which hold no containers themselves.
func flatten(at string, blocks []any) []placed {
	var all []placed
	for _, block := range place(at, blocks) {
		all = append(all, block)
		switch block.object["type"] {
		case "container":
			all = append(all, place(block.at+"/child_blocks", asList(block.object["child_blocks"]))...)
		case "carousel":
			all = append(all, place(block.at+"/elements", asList(block.object["elements"]))...)
		}
	}
	return all
}

func place(at string, values []any) []placed {
	all := make([]placed, 0, len(values))
	for i, value := range values {
		all = append(all, placed{at: index(at, i), object: asObject(value)})
	}
	return all
}

// elementsOf lists the elements a block holds, wherever it keeps them.
func elementsOf(block placed) []placed {
	var elements []placed
	for _, name := range []string{"accessory", "element"} {
		if object, ok := block.object[name].(map[string]any); ok {
			elements = append(elements, placed{at: block.at + "/" + name, object: object})
		}
	}
	for _, name := range []string{"elements", "actions"} {
		elements = append(elements, place(block.at+"/"+name, asList(block.object[name]))...)
	}
	return elements
}

func unique(objects []placed, name string) []Problem {
	var problems []Problem
	seen := map[string]bool{}
	for _, held := range objects {
		id := asString(held.object[name])
		if id != "" && seen[id] {
			problems = append(problems, broken(held.at+"/"+name, fmt.Sprintf("`%s` \"%s\" already exists", name, id)))
		}
		seen[id] = true
	}
	return problems
}

// blockRule checks how the fields of one block depend on each other.
func blockRule(block placed) []Problem {
	object := block.object
	switch object["type"] {
	case "section":
		if count(object, []string{"text", "fields"}) == 0 {
			return []Problem{broken(block.at+"/type", "must define either `text` or `fields`")}
		}
	case "card":
		if count(object, []string{"hero_image", "title", "actions", "body"}) == 0 {
			return []Problem{broken(block.at+"/type", "must define `hero_image`, `title`, `actions` or `body`")}
		}
	case "container":
		if count(object, []string{"title", "rich_text_title"}) == 0 {
			return []Problem{broken(block.at+"/type", "must define either `title` or `rich_text_title`")}
		}
	case "input":
		if asFlag(object["dispatch_action"]) && asObject(object["element"])["type"] == "file_input" {
			return []Problem{broken(block.at+"/element/type", "unsupported type: file_input")}
		}
	}
	return nil
}

// submitRule is for modals without a submit button. Slack points at a place that does not exist.
func submitRule(at string, blocks []any) []Problem {
	var problems []Problem
	for _, block := range flatten(at, blocks) {
		if block.object["type"] == "input" {
			problems = append(problems, broken(block.at+"/input", "must define `submit` to use an `input` block in modals"))
		}
	}
	return problems
}
