package slack

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// scimMost is how many resources one page holds at most.
const scimMost = 1000

// scimFilter is the one form of filter that is played here: attribute eq "value".
var scimFilter = regexp.MustCompile(`^\s*([A-Za-z.]+)\s+(?i:eq)\s+("(?:[^"\\]|\\.)*")\s*$`)

// scimResource is a user or group as JSON, with what filters may ask of it, by lower-case attribute.
type scimResource struct {
	body map[string]any
	keys map[string][]string
}

// list answers one page of the resources that fit the query's filter.
func (c *scimCall) list(all []scimResource) (int, any, error) {
	attribute, value, err := c.filter()
	if err != nil {
		return 0, nil, err
	}
	found := []map[string]any{}
	for _, r := range all {
		fits, err := r.fits(attribute, value)
		if err != nil {
			return 0, nil, err
		}
		if fits {
			found = append(found, r.body)
		}
	}
	start, count := c.number("startIndex", 1), min(c.number("count", 100), scimMost)
	from := min(max(start, 1)-1, len(found))
	page := found[from:min(from+max(count, 0), len(found))]
	return http.StatusOK, map[string]any{
		"schemas":      []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"},
		"totalResults": len(found), "itemsPerPage": len(page), "startIndex": max(start, 1), "Resources": page,
	}, nil
}

// filter reads the query's filter; both are empty when there is none.
func (c *scimCall) filter() (attribute, value string, err error) {
	text := c.URL.Query().Get("filter")
	if text == "" {
		return "", "", nil
	}
	parts := scimFilter.FindStringSubmatch(text)
	if parts == nil || json.Unmarshal([]byte(parts[2]), &value) != nil {
		return "", "", scimFail(http.StatusBadRequest, "invalidFilter", "invalid_filter")
	}
	return strings.ToLower(parts[1]), value, nil
}

func (r scimResource) fits(attribute, value string) (bool, error) {
	if attribute == "" {
		return true, nil
	}
	has, known := r.keys[attribute]
	if !known {
		return false, scimFail(http.StatusBadRequest, "invalidFilter", "unsupported filter attribute "+attribute)
	}
	for _, one := range has {
		if strings.EqualFold(one, value) {
			return true, nil
		}
	}
	return false, nil
}

func (c *scimCall) number(key string, absent int) int {
	if n, err := strconv.Atoi(c.URL.Query().Get(key)); err == nil {
		return n
	}
	return absent
}

// limitSCIM counts the call against Slack's limits, which hold for the whole organization:
// docs.slack.dev/reference/scim-api/rate-limits.
func (w *Workspace) limitSCIM(c *scimCall) error {
	if c.Method == http.MethodGet {
		if err := w.spend("scim reads", 1000, 1000); err != nil || c.id == "" {
			return err
		}
		return w.spend("scim get "+c.kind, 300, 300)
	}
	if err := w.spend("scim writes", 600, 180); err != nil {
		return err
	}
	burst := 20.0
	if c.kind == "Groups" && (c.Method == http.MethodPatch || c.Method == http.MethodPut) {
		burst = 80
	}
	return w.spend("scim "+c.Method+" "+c.kind, 180, burst)
}

// operations are the changes of a PATCH (RFC 7644 section 3.5.2).
func (c *scimCall) operations() ([]scimOperation, error) {
	raw, err := json.Marshal(c.body["Operations"])
	var all []scimOperation
	if err != nil || json.Unmarshal(raw, &all) != nil || len(all) == 0 {
		return nil, scimFail(http.StatusBadRequest, "invalidSyntax", "a PATCH needs Operations")
	}
	for i, o := range all {
		all[i].Op = strings.ToLower(o.Op)
		if op := all[i].Op; op != "add" && op != "replace" && op != "remove" {
			return nil, scimFail(http.StatusBadRequest, "invalidSyntax", "unsupported operation "+o.Op)
		}
	}
	return all, nil
}

type scimOperation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}
