package workostest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// listEvents answers GET /events. The names come as one text with commas, repeated, or as events[]. The default of
// order is documented as desc; the API itself goes forward whatever order says, and so does this.
func (s *Server) listEvents(query url.Values) (int, any) {
	names := slices.Concat(query["events[]"], strings.Split(strings.Join(query["events"], ","), ","))
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	after, start := query.Get("after"), query.Get("range_start")
	if len(names) == 0 {
		return invalid("events must contain at least one event type")
	}
	if after != "" && start != "" {
		return invalid("range_start and after are mutually exclusive")
	}
	from, until := s.now.Add(-Retention), s.now
	for name, into := range map[string]*time.Time{"range_start": &from, "range_end": &until} {
		if text := query.Get(name); text != "" {
			at, err := time.Parse(time.RFC3339, text)
			if err != nil {
				return invalid(name + " must be an ISO 8601 date")
			}
			*into = at
		}
	}
	kept := filter(s.events, func(event Object) bool { return !timeOf(event).Before(s.now.Add(-Retention)) })
	if after != "" && indexOf(kept, after) < 0 {
		return http.StatusBadRequest, Object{"message": "Could not find the event '" + after + "'.", "code": "invalid_cursor"}
	}
	organization := query.Get("organization_id")
	passed := after == ""
	found := filter(kept, func(event Object) bool {
		if !passed {
			passed = event["id"] == after
			return false
		}
		name, _ := event["event"].(string)
		at, data := timeOf(event), event["data"].(Object) //nolint:errcheck,forcetypeassert // made here
		return slices.Contains(names, name) && !at.Before(from) && !at.After(until) && (organization == "" || data["organization_id"] == organization)
	})
	query.Del("after") // it is applied, and the event itself may be of another name
	return listed(found, query, http.StatusBadRequest)
}

func timeOf(event Object) time.Time {
	text, _ := event["created_at"].(string)
	at, _ := time.Parse(time.RFC3339, text)
	return at
}

// listed answers a page of objects.
func listed(all []Object, query url.Values, unknown int) (int, any) {
	limit := 10
	if text := query.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 100 {
			return invalid("limit must be between 1 and 100")
		}
		limit = n
	}
	if after := query.Get("after"); after != "" {
		at := indexOf(all, after)
		if at < 0 {
			return unknown, Object{"message": "Could not find '" + after + "'."}
		}
		all = all[at+1:]
	}
	metadata := Object{"before": nil, "after": nil}
	if len(all) > limit {
		all = all[:limit]
		metadata["after"] = all[limit-1]["id"]
	}
	return http.StatusOK, Object{"object": "list", "data": all, "list_metadata": metadata}
}

func invalid(message string) (int, any) {
	return http.StatusUnprocessableEntity, Object{"message": "Validation failed", "errors": []Object{{"code": "invalid", "message": message}}}
}
