package workos

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// User is a user of a directory. Older payloads have emails, username and job_title; newer ones have them among the
// custom attributes, where the directory maps them
// (https://workos.com/docs/directory-sync/attributes/custom-attributes).
type User struct {
	ID                 string         `json:"id"`
	DirectoryID        string         `json:"directory_id"`
	OrganizationID     string         `json:"organization_id"`
	IDPID              string         `json:"idp_id"`
	Mail               string         `json:"email"`
	FirstName          string         `json:"first_name"`
	LastName           string         `json:"last_name"`
	Name               string         `json:"name"`
	State              string         `json:"state"` // active or inactive; before December 2023 also suspended
	Username           string         `json:"username"`
	JobTitle           string         `json:"job_title"`
	Emails             []Email        `json:"emails"`
	Role               *Role          `json:"role"`
	Roles              []Role         `json:"roles"`
	CustomAttributes   map[string]any `json:"custom_attributes"`
	RawAttributes      map[string]any `json:"raw_attributes"`
	PreviousAttributes map[string]any `json:"previous_attributes"`
	CreatedAt          time.Time      `json:"created_at"`
	UpdatedAt          time.Time      `json:"updated_at"`
}

// Email is one address of a user.
type Email struct {
	Value   string `json:"value"`
	Type    string `json:"type"`
	Primary bool   `json:"primary"`
}

// Role is a role that WorkOS gives a user by the groups he is in.
type Role struct {
	Slug string `json:"slug"`
}

// Active says whether the user may come in. A state that is not known lets nobody in.
func (u User) Active() bool { return u.State == "active" }

// Address is the user's e-mail address: the one WorkOS names, else the primary one of the list, else the first.
func (u User) Address() string {
	if u.Mail != "" {
		return u.Mail
	}
	for _, email := range u.Emails {
		if email.Primary && email.Value != "" {
			return email.Value
		}
	}
	for _, email := range u.Emails {
		if email.Value != "" {
			return email.Value
		}
	}
	return ""
}

// RoleSlugs are the user's roles, each once.
func (u User) RoleSlugs() []string {
	var slugs []string
	roles := u.Roles
	if u.Role != nil {
		roles = append([]Role{*u.Role}, roles...)
	}
	for _, role := range roles {
		if role.Slug != "" && !slices.Contains(slugs, role.Slug) {
			slugs = append(slugs, role.Slug)
		}
	}
	return slugs
}

// custom is a custom attribute as text, "" where it is none.
func (u User) custom(name string) string {
	switch value := u.CustomAttributes[name].(type) {
	case string:
		return strings.TrimSpace(value)
	case float64: // a number of an employee
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return ""
}
