package directory

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
)

const (
	// usualCount is how many resources a page has if the caller does not say.
	usualCount = 100
	// scanBatch is how many rows are read at once where the database alone can't tell which ones are meant.
	scanBatch = 500
	// mostSorted is how far into a sorted list pages can be turned: what comes before has to be kept in memory.
	mostSorted = 10_000
	// mostRelated is how many members, or memberships, a page may have that shows several resources.
	mostRelated = 250_000
)

// search is what a caller wants to see of a list.
type search struct {
	kind      kind
	filter    *scim.Filter // nil is all
	text      string       // of the filter, in lower case
	rows      db.DirectoryFilter
	exact     bool // the database tells which rows are meant
	sort      scim.Sort
	sorted    bool
	start     int64 // 1 is the first
	count     int64
	selection scim.Selection
}

// list answers with a page of the resources that a filter chooses.
func (c *call) list(ctx context.Context, k kind) (answer, error) {
	s, err := c.search(k)
	if err != nil {
		return answer{}, err
	}
	found, total, err := c.find(ctx, s)
	if err != nil {
		return answer{}, err
	}
	if s.selection.Wants(k.related()) {
		if err := k.attach(ctx, c.store, c.base, found); err != nil {
			return answer{}, err
		}
	}
	resources := make([]scim.Resource, 0, len(found))
	for _, one := range found {
		resources = append(resources, s.selection.Of(k.typ(), c.whole(k, one)))
	}
	return answer{status: http.StatusOK, body: listed(resources, total, s.start)}, nil
}

// searchByBody lists what a body asks for in place of the address's parameters, which end up in the logs of others
// (RFC 7644 section 3.4.3).
func (c *call) searchByBody(ctx context.Context, k kind) (answer, error) {
	body, err := c.body(userLimit)
	if err != nil {
		return answer{}, err
	}
	var wanted struct {
		Attributes, ExcludedAttributes []string
		Filter                         *string
		SortBy, SortOrder              string
		StartIndex, Count              json.Number
	}
	if err := json.Unmarshal(body, &wanted); err != nil {
		return answer{}, scim.InvalidSyntax("The body is no request for a search.")
	}
	c.query = url.Values{
		"attributes": {strings.Join(wanted.Attributes, ",")}, "excludedAttributes": {strings.Join(wanted.ExcludedAttributes, ",")},
		"sortBy": {wanted.SortBy}, "sortOrder": {wanted.SortOrder},
	}
	if wanted.Filter != nil {
		c.query.Set("filter", *wanted.Filter)
	}
	c.query.Set("startIndex", wanted.StartIndex.String())
	c.query.Set("count", wanted.Count.String())
	return c.list(ctx, k)
}

// search reads the parameters of a list.
func (c *call) search(k kind) (search, error) {
	s := search{kind: k, rows: db.DirectoryFilter{DirectoryID: c.directory.ID}, exact: true, sorted: c.query.Get("sortBy") != ""}
	var err error
	if s.selection, err = c.selection(k); err != nil {
		return s, err
	}
	if s.start, err = c.number("startIndex", 1); err != nil {
		return s, err
	}
	if s.count, err = c.number("count", usualCount); err != nil {
		return s, err
	}
	s.start, s.count = max(s.start, 1), min(max(s.count, 0), scim.MaxResults)
	if s.sort, err = scim.ParseSort(k.typ(), c.query.Get("sortBy"), c.query.Get("sortOrder")); err != nil {
		return s, err
	}
	if s.sorted && s.start+s.count > mostSorted {
		return s, &scim.Error{
			Status: http.StatusBadRequest, Type: "tooMany",
			Detail: "A sorted list can be read up to number " + strconv.Itoa(mostSorted) + ". Leave sortBy out to read all.",
		}
	}
	return s, c.narrow(&s)
}

func (c *call) number(name string, otherwise int64) (int64, error) {
	text := c.query.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // what is out of range is the largest, or the least, that there is
		return 0, scim.InvalidValue("%s must be a number.", name)
	}
	return n, nil
}

// find reads a page, and counts all that the filter chooses.
func (c *call) find(ctx context.Context, s search) ([]entry, int64, error) {
	if !s.exact || s.sorted {
		return c.scan(ctx, s)
	}
	total, err := s.kind.total(ctx, c.store, s.rows)
	if err != nil || s.count == 0 || s.start > total {
		return nil, total, err
	}
	s.rows.Offset, s.rows.Limit = s.start-1, s.count
	found, err := s.kind.page(ctx, c.store, s.rows)
	return found, total, err
}

// scan looks at all rows that the database can't rule out, in batches, and keeps what is on the page; of a sorted list
// also what comes before it, since that may yet be pushed onto it.
func (c *call) scan(ctx context.Context, s search) ([]entry, int64, error) {
	var kept []entry
	var total int64
	last := s.start - 1 + s.count
	s.rows.Limit = scanBatch
	for {
		batch, err := s.kind.page(ctx, c.store, s.rows)
		if err != nil {
			return nil, 0, err
		}
		chosen, err := c.choose(ctx, s, batch)
		if err != nil {
			return nil, 0, err
		}
		for _, one := range chosen {
			total++
			if s.sorted || total >= s.start && total <= last {
				kept = append(kept, one)
			}
		}
		if s.sorted {
			kept = s.first(kept, last)
		}
		if len(batch) < scanBatch {
			break
		}
		s.rows.After = batch[len(batch)-1].id
	}
	if s.sorted {
		kept = kept[min(s.start-1, int64(len(kept))):]
	}
	return kept, total, nil
}

// choose are those entries that the filter chooses.
func (c *call) choose(ctx context.Context, s search, batch []entry) ([]entry, error) {
	if s.filter != nil && strings.Contains(s.text, s.kind.related()) {
		if err := s.kind.attach(ctx, c.store, c.base, batch); err != nil {
			return nil, err
		}
	}
	var chosen []entry
	for _, one := range batch {
		if whole := c.whole(s.kind, one); s.filter == nil || s.filter.Match(whole) {
			chosen = append(chosen, one)
		}
	}
	return chosen, nil
}

// first are the first entries of a sorted list. What is equal stays in the order of its ids.
func (s search) first(entries []entry, last int64) []entry {
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(s.sort.Compare(a.resource, b.resource), cmp.Compare(a.id, b.id))
	})
	return entries[:min(int64(len(entries)), last)]
}

// relatedLimit is how many rows are read to find out whether a page shows too many; 0 is no limit: one resource is shown
// as a whole.
func relatedLimit(ids []string) int64 {
	if len(ids) == 1 {
		return 0
	}
	return mostRelated + 1
}

// fewEnough refuses a page that would be too large. To show fewer resources than were asked for would be allowed, but
// whoever turns pages by the number that he asked for would miss the others.
func fewEnough(ids []string, related int) error {
	if len(ids) == 1 || related <= mostRelated {
		return nil
	}
	return &scim.Error{
		Status: http.StatusBadRequest, Type: "tooMany",
		Detail: "These are too many members for one page. Leave them out by excludedAttributes, or ask for a lower count.",
	}
}
