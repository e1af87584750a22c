package directory

import (
	"net/http"
	"strconv"
	"strings"
)

// etag is the version of a resource as HTTP writes it. It is a weak one: it tells versions of what the directory wrote
// apart, and not whether the groups of a user, which are read from the groups, are others.
func etag(version int64) string { return `W/"` + strconv.FormatInt(version, 10) + `"` }

// names reports whether a header of conditions (RFC 9110 sections 13.1.1 and 13.1.2) names a version, whatever its
// strength: the versions of SCIM are weak ones, also in If-Match (RFC 7644 section 3.14).
func names(header []string, version int64) bool {
	tag := strings.TrimPrefix(etag(version), "W/")
	for _, one := range strings.Split(strings.Join(header, ","), ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == "*" || one == tag {
			return true
		}
	}
	return false
}

// stale reports that the caller means another version than the one there is.
func stale(r *http.Request, version int64) bool {
	given := r.Header.Values("If-Match")
	return len(given) > 0 && !names(given, version)
}

// unchanged reports that the caller has this version already.
func unchanged(r *http.Request, version int64) bool {
	given := r.Header.Values("If-None-Match")
	return len(given) > 0 && names(given, version)
}
