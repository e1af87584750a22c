package slack

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// paginate answers with one page of a list, and the cursor of the next one in response_metadata.
func paginate[T any](c *call, name string, all []T, absent, most int) (answer, error) {
	limit, err := c.args.number("limit", absent, most)
	if err != nil {
		return nil, err
	}
	start, err := c.cursor(len(all))
	if err != nil {
		return nil, err
	}
	end := min(start+limit, len(all))
	next := ""
	if end < len(all) {
		next = base64.StdEncoding.EncodeToString([]byte("at:" + strconv.Itoa(end)))
	}
	items := all[start:end]
	if items == nil {
		items = []T{}
	}
	return answer{name: items, "response_metadata": map[string]any{"next_cursor": next}}, nil
}

func (c *call) cursor(size int) (int, error) {
	if !c.args.has("cursor") {
		return 0, nil
	}
	raw, err := base64.StdEncoding.DecodeString(c.args.text("cursor"))
	if err != nil {
		return 0, refuse("invalid_cursor")
	}
	start, err := strconv.Atoi(strings.TrimPrefix(string(raw), "at:"))
	if err != nil || start < 0 || start > size {
		return 0, refuse("invalid_cursor")
	}
	return start, nil
}
