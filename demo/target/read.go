package target

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxPage is how many resources one page holds at most.
const maxPage = 200

func (t *Target) get(table *table, r *http.Request) (answer, *scimError) {
	row := table.byID[r.PathValue("id")]
	if row == nil {
		return answer{}, missing(r.URL.Path)
	}
	return answer{http.StatusOK, t.render(table, row), row.etag()}, nil
}

// list answers one page of the resources that fit the filter, in the order in which they were made.
func (t *Target) list(table *table, r *http.Request) (answer, *scimError) {
	query := r.URL.Query()
	fits := condition(func(map[string]any) bool { return true })
	if filter := query.Get("filter"); filter != "" {
		var err *scimError
		if fits, err = parseFilter(filter); err != nil {
			return answer{}, err
		}
	}
	var found []any
	for _, row := range table.all() {
		if rendered := t.render(table, row); fits(rendered) {
			found = append(found, project(rendered, query))
		}
	}
	start := max(1, whole(query, "startIndex", 1))
	count := max(0, min(maxPage, whole(query, "count", maxPage)))
	first := min(start-1, len(found))
	page := found[first:min(first+count, len(found))]
	return answer{http.StatusOK, listResponse(page, len(found), start), ""}, nil
}

func listResponse(page []any, total, start int) map[string]any {
	if page == nil {
		page = []any{}
	}
	return map[string]any{
		"schemas":      []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"},
		"totalResults": total, "startIndex": start, "itemsPerPage": len(page), "Resources": page,
	}
}

func whole(query url.Values, name string, fallback int) int {
	if n, err := strconv.Atoi(query.Get(name)); err == nil {
		return n
	}
	return fallback
}

// project keeps the attributes asked for, or drops those not wanted (RFC 7644 section 3.9). Lists are left alone:
// their resources were projected one by one.
func project(object map[string]any, query url.Values) map[string]any {
	if object["Resources"] != nil {
		return object
	}
	wanted, unwanted := names(query.Get("attributes")), names(query.Get("excludedAttributes"))
	out := map[string]any{}
	for name, value := range object {
		lower := strings.ToLower(name)
		always := lower == "id" || lower == "schemas"
		if always || (len(wanted) == 0 || slices.Contains(wanted, lower)) && !slices.Contains(unwanted, lower) {
			out[name] = value
		}
	}
	return out
}

// names reads a list of attribute names, of which the top level counts.
func names(text string) []string {
	var found []string
	for _, name := range strings.Split(text, ",") {
		if name = strings.TrimSpace(name); name != "" {
			found = append(found, strings.ToLower(resolve(name)[0]))
		}
	}
	return found
}

// schemas lists the kind's schema and each extension that has data.
func schemas(k kind, data resource) []any {
	found := []any{k.schema}
	for name := range data {
		if strings.HasPrefix(strings.ToLower(name), "urn:") {
			found = append(found, name)
		}
	}
	return found
}
