package gitlabtest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// show writes a token without its secret.
func (t token) show() any {
	return map[string]any{
		"id": t.id, "name": "Some token", "revoked": false, "active": true, "scopes": t.scopes, "user_id": t.user.ID, "expires_at": nil,
	}
}

func currentToken(c *call) reply {
	secret := c.Header.Get("PRIVATE-TOKEN")
	if secret == "" {
		return notFound("Personal Access Token") // an OAuth token is none
	}
	return reply{status: http.StatusOK, body: c.s.tokens[secret].show()}
}

// TokenPath is the end of the address of a token, for [Server.Inject].
func (s *Server) TokenPath(secret string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return "/personal_access_tokens/" + strconv.FormatInt(s.tokens[secret].id, 10)
}

// listTokens lists the tokens that work, all of which are personal here. Others than administrators see their own.
func listTokens(c *call) reply {
	user, _ := strconv.ParseInt(c.URL.Query().Get("user_id"), 10, 64)
	if !c.user.Admin && user != c.user.ID {
		return fail(http.StatusUnauthorized, "401 Unauthorized")
	}
	found := slices.DeleteFunc(slices.Collect(maps.Values(c.s.tokens)), func(t token) bool { return user != 0 && t.user.ID != user })
	slices.SortFunc(found, func(a, b token) int { return cmp.Compare(a.id, b.id) })
	return paged(c, found, token.show)
}

func revokeToken(c *call) reply {
	id, _ := strconv.ParseInt(c.PathValue("token"), 10, 64)
	for secret, t := range c.s.tokens {
		if t.id != id || !c.user.Admin && t.user != c.user {
			continue
		}
		delete(c.s.tokens, secret)
		c.wrote = true
		return reply{status: http.StatusNoContent}
	}
	return notFound("Personal Access Token")
}
