package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// pageSize is how many resources we ask for at once: Slack's most. maxPages bounds a list whose filter is ignored.
const (
	pageSize = 1000
	maxPages = 100
)

// errNoAdmin means that SCIM cannot be called at all.
var errNoAdmin = errors.New("this goes by SCIM, which needs the setting admin_token: a user token (xoxp) of an admin with the scope admin, on Business+ or Enterprise")

// resource is what we read of a SCIM user or group.
type resource struct {
	ID          string `json:"id"`
	UserName    string `json:"userName"`
	DisplayName string `json:"displayName"`
	Active      *bool  `json:"active"`
	Emails      []struct {
		Value string `json:"value"`
	} `json:"emails"`
	Members []struct {
		Value string `json:"value"`
	} `json:"members"`
}

// scimAccount finds the account with the person's e-mail (or Slack id), active or not.
func (p *provider) scimAccount(ctx context.Context, call connectors.Call) (account, error) {
	name := userName(call)
	if name == "" {
		return account{}, connectors.Refuse(errNoName)
	}
	filters, fits := []string{"email", "emails"}, func(r resource) bool {
		for _, email := range r.Emails {
			if strings.EqualFold(email.Value, name) {
				return true
			}
		}
		return strings.EqualFold(r.UserName, name)
	}
	if userID.MatchString(name) {
		filters, fits = []string{"id"}, func(r resource) bool { return r.ID == name }
	}
	found, err := p.scimFind(ctx, "/Users", filters, name, fits)
	if err != nil || len(found) == 0 {
		return account{}, err
	}
	if len(found) > 1 {
		return account{}, connectors.Refuse(fmt.Errorf("%d accounts have the e-mail %s: correct all but one in Slack", len(found), name))
	}
	return account{id: found[0].ID, active: found[0].Active == nil || *found[0].Active}, nil
}

// scimFind lists what fits, by the first filter that Slack understands. The answer is filtered again on our side.
func (p *provider) scimFind(ctx context.Context, path string, attributes []string, value string, fits func(resource) bool) ([]resource, error) {
	if p.scim == nil {
		return nil, connectors.Refuse(errNoAdmin)
	}
	var err error
	for _, attribute := range attributes {
		var all []resource
		all, err = p.scimList(ctx, path, attribute+" eq "+quote(value))
		if connectors.StatusOf(err) == http.StatusBadRequest {
			continue
		}
		var found []resource
		for _, r := range all {
			if fits(r) {
				found = append(found, r)
			}
		}
		return found, scimExplained(err)
	}
	return nil, scimExplained(err)
}

// scimList reads all pages.
func (p *provider) scimList(ctx context.Context, path, filter string) ([]resource, error) {
	var all []resource
	for range maxPages {
		query := url.Values{"filter": {filter}, "count": {strconv.Itoa(pageSize)}, "startIndex": {strconv.Itoa(len(all) + 1)}}
		body, err := p.scim.Do(ctx, connectors.Request{Method: http.MethodGet, Path: path, Query: query})
		if err != nil {
			return nil, err
		}
		var page struct {
			Total     *int       `json:"totalResults"`
			Resources []resource `json:"Resources"`
		}
		if err := json.Unmarshal(body, &page); err != nil || page.Total == nil {
			return nil, connectors.Refuse(errors.New("the answer is not SCIM; check the provider's scim_url"))
		}
		all = append(all, page.Resources...)
		if len(all) >= *page.Total || len(page.Resources) == 0 {
			return all, nil
		}
	}
	return nil, connectors.Refuse(errors.New("Slack lists more than can be read")) //nolint:staticcheck // Slack is a name
}

func (p *provider) scimPatch(ctx context.Context, path string, operation map[string]any) error {
	return p.scimWrite(ctx, connectors.Request{Method: http.MethodPatch, Path: path, Body: map[string]any{
		"schemas": []string{patchSchema}, "Operations": []any{operation},
	}})
}

// scimWrite makes one change. The answer is not looked at: the read-back finds what came of it.
func (p *provider) scimWrite(ctx context.Context, request connectors.Request) error {
	if p.scim == nil {
		return connectors.Refuse(errNoAdmin)
	}
	_, err := p.scim.Do(ctx, request)
	return scimExplained(err)
}

// noSCIM is true where the admin token may not use SCIM at all.
func noSCIM(err error) bool {
	status := connectors.StatusOf(err)
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// scimExplained adds what an answer means at Slack.
func scimExplained(err error) error {
	switch status := connectors.StatusOf(err); {
	case err == nil:
		return nil
	case noSCIM(err):
		return fmt.Errorf("SCIM: %w. SCIM needs Business+ or Enterprise, the scope admin on admin_token, an owner of that token who still is an admin, and cannot change who ranks higher", err)
	case status == http.StatusConflict:
		return fmt.Errorf("SCIM: %w. An e-mail stays taken when its account is deactivated, and handles share their names with channels: set userName by the argument attributes, or free the name in Slack", err)
	}
	return fmt.Errorf("SCIM: %w", err)
}

// scimDetail finds the sentence in an error body: RFC 7644's, or that of Slack's first version.
func scimDetail(body []byte) string {
	var said struct {
		Detail string `json:"detail"`
		Errors struct {
			Description string `json:"description"`
		} `json:"Errors"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	return strings.TrimSpace(said.Detail + " " + said.Errors.Description)
}

// quote writes a value as a JSON string (RFC 7644 section 3.4.2.2).
func quote(value string) string {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	// A string always has a JSON form, so there is no error to handle.
	_ = encoder.Encode(strings.ToValidUTF8(value, "\uFFFD"))
	return strings.TrimSuffix(buffer.String(), "\n")
}

// decodeResource reads one user or group.
func decodeResource(body []byte) (resource, error) {
	var r resource
	if err := json.Unmarshal(body, &r); err != nil || r.ID == "" {
		return resource{}, connectors.Refuse(errors.New("the answer is not SCIM; check the provider's scim_url"))
	}
	return r, nil
}
