package slack

import (
	"encoding/json"
	"fmt"
)

// object is a JSON object of Block Kit, blocks a list of such.
type (
	object = map[string]any
	blocks []object
)

// element is an interactive element and where it stands.
type element struct {
	block   object
	object  object
	isInput bool // in an input block
}

func str(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

func obj(o object, key string) object {
	v, _ := o[key].(object)
	return v
}

func list(o object, key string) []object {
	items, _ := o[key].([]any)
	var objects []object
	for _, item := range items {
		if v, ok := item.(object); ok {
			objects = append(objects, v)
		}
	}
	return objects
}

func (e element) blockID() string  { return str(e.block, "block_id") }
func (e element) actionID() string { return str(e.object, "action_id") }
func (e element) kind() string     { return str(e.object, "type") }

// parseBlocks reads a list of blocks and gives ids to the blocks and elements that have none, as Slack does.
func (w *Workspace) parseBlocks(raw json.RawMessage) (blocks, error) {
	var bs blocks
	if err := json.Unmarshal(raw, &bs); err != nil {
		return nil, fmt.Errorf("read blocks: %w", err)
	}
	w.nameBlocks(bs)
	return bs, nil
}

func (w *Workspace) nameBlocks(bs blocks) {
	for _, b := range bs {
		if str(b, "block_id") == "" {
			b["block_id"] = secret(3)
		}
	}
	for _, e := range bs.elements() {
		if e.actionID() == "" {
			e.object["action_id"] = secret(3)
		}
	}
}

// elements lists the interactive elements in reading order.
func (bs blocks) elements() []element {
	var found []element
	for _, b := range bs {
		switch str(b, "type") {
		case "section":
			if a := obj(b, "accessory"); a != nil && str(a, "type") != "image" {
				found = append(found, element{block: b, object: a})
			}
		case "actions", "context_actions":
			for _, e := range list(b, "elements") {
				found = append(found, element{block: b, object: e})
			}
		case "input":
			if e := obj(b, "element"); e != nil {
				found = append(found, element{block: b, object: e, isInput: true})
			}
		}
	}
	return found
}

// find returns the element with these ids; an empty blockID matches every block.
func (bs blocks) find(blockID, actionID string) (element, bool) {
	for _, e := range bs.elements() {
		if e.actionID() == actionID && (blockID == "" || e.blockID() == blockID) {
			return e, true
		}
	}
	return element{}, false
}
