package gitlabtest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// paged answers one page of a list (rest, "Pagination"): by offset with all headers, or by keyset, which has a Link to
// the next page and nothing else. The cursor of the keyset is the number of entries before it, which only this server
// reads.
func paged[T any](c *call, all []T, show func(T) any) reply {
	query := c.URL.Query()
	size := bounded(query.Get("per_page"), 20, 100)
	keyset := query.Get("pagination") == "keyset"
	page := bounded(query.Get("page"), 1, 1<<30)
	start := (page - 1) * size
	if keyset {
		start = bounded(query.Get("cursor"), 1, 1<<30) - 1
	}
	end := min(start+size, len(all))
	entries := []any{}
	for i := start; i < end; i++ {
		entries = append(entries, show(all[i]))
	}
	answer := reply{status: http.StatusOK, body: entries, header: http.Header{}}
	if keyset {
		if end < len(all) {
			answer.header.Set("Link", link(c, "next", "cursor", end+1))
		}
		return answer
	}
	return withPages(c, answer, page, size, len(all))
}

// withPages adds the headers of offset pagination.
func withPages(c *call, answer reply, page, size, total int) reply {
	pages := max(1, (total+size-1)/size)
	links := link(c, "first", "page", 1) + ", " + link(c, "last", "page", pages)
	next, previous := "", ""
	if page < pages {
		next = strconv.Itoa(page + 1)
		links = link(c, "next", "page", page+1) + ", " + links
	}
	if page > 1 {
		previous = strconv.Itoa(page - 1)
		links = link(c, "prev", "page", page-1) + ", " + links
	}
	for name, value := range map[string]string{
		"Link": links, "X-Next-Page": next, "X-Prev-Page": previous, "X-Page": strconv.Itoa(page),
		"X-Per-Page": strconv.Itoa(size), "X-Total": strconv.Itoa(total), "X-Total-Pages": strconv.Itoa(pages),
	} {
		answer.header.Set(name, value)
	}
	return answer
}

func link(c *call, rel, parameter string, value int) string {
	query := c.URL.Query()
	query.Set(parameter, strconv.Itoa(value))
	address := url.URL{Scheme: "http", Host: c.Host, Path: c.URL.Path, RawPath: c.URL.RawPath, RawQuery: query.Encode()}
	return fmt.Sprintf("<%s>; rel=%q", address.String(), rel)
}

// bounded reads a positive number that is at most limit.
func bounded(value string, fallback, limit int) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return fallback
	}
	return min(n, limit)
}
