package gitlabtest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// show writes an account as the caller may see it: others' private addresses are for administrators.
func (u *User) show(c *call) map[string]any {
	shown := map[string]any{
		"id": u.ID, "username": u.Username, "name": u.Name, "state": u.State, "public_email": u.PublicEmail,
		"avatar_url": nil, "web_url": c.address(u.Username),
	}
	if c.user.Admin || c.user == u {
		shown["email"] = u.Email
	}
	if c.user.Admin {
		shown["is_admin"] = u.Admin
		if u.LastActivity != "" {
			shown["last_activity_on"] = u.LastActivity
		}
	}
	return shown
}

func (c *call) address(path string) string { return "http://" + c.Host + "/" + path }

func currentUser(c *call) reply { return reply{status: http.StatusOK, body: c.user.show(c)} }

// listUsers filters by user name exactly, or searches: names and user names by part, public addresses exactly, and for
// administrators private ones, too.
func listUsers(c *call) reply {
	username, search := c.URL.Query().Get("username"), strings.ToLower(c.URL.Query().Get("search"))
	var found []*User
	for _, u := range c.s.users {
		byText := strings.Contains(strings.ToLower(u.Name), search) || strings.Contains(strings.ToLower(u.Username), search)
		byMail := strings.EqualFold(u.PublicEmail, search) || c.user.Admin && strings.EqualFold(u.Email, search)
		if (username == "" || strings.EqualFold(u.Username, username)) && (search == "" || byText || byMail) {
			found = append(found, u)
		}
	}
	slices.Reverse(found) // the newest first
	return paged(c, found, func(u *User) any { return u.show(c) })
}

func createUser(c *call) reply {
	if !c.user.Admin {
		return forbidden()
	}
	for _, name := range []string{"email", "name", "username"} {
		if c.text(name) == "" {
			return missing(name)
		}
	}
	if c.text("password") == "" && !c.on("reset_password") && !c.on("force_random_password") {
		return reply{status: http.StatusBadRequest, body: map[string]any{"error": "password, reset_password, force_random_password are missing, at least one parameter must be provided"}}
	}
	for _, u := range c.s.users {
		if strings.EqualFold(u.Email, c.text("email")) {
			return fail(http.StatusConflict, "Email has already been taken")
		}
		if strings.EqualFold(u.Username, c.text("username")) {
			return fail(http.StatusConflict, "Username has already been taken")
		}
	}
	u := &User{ID: c.s.id(), Username: c.text("username"), Name: c.text("name"), Email: c.text("email"), State: "active"}
	c.s.users = append(c.s.users, u)
	c.wrote = true
	return reply{status: http.StatusCreated, body: u.show(c)}
}

// named finds the account in the path.
func (c *call) named() *User {
	id, err := strconv.ParseInt(c.PathValue("user"), 10, 64)
	if err != nil {
		return nil
	}
	return c.s.user(id)
}

func deleteUser(c *call) reply {
	u := c.named()
	switch {
	case !c.user.Admin:
		return forbidden()
	case u == nil:
		return notFound("User")
	}
	c.s.users = slices.DeleteFunc(c.s.users, func(other *User) bool { return other == u })
	c.wrote = true
	return reply{status: http.StatusNoContent}
}

// setState blocks, unblocks and activates. An account that LDAP blocked is LDAP's business.
func setState(state string) handler {
	return func(c *call) reply {
		u := c.named()
		switch {
		case !c.user.Admin || u != nil && u.State == "ldap_blocked":
			return forbidden()
		case u == nil:
			return notFound("User")
		}
		u.State, c.wrote = state, true
		return reply{status: http.StatusCreated, body: true}
	}
}

// text reads a parameter of the body as text.
func (c *call) text(name string) string {
	value, _ := c.body[name].(string)
	return value
}

// on reads a parameter of the body as a boolean.
func (c *call) on(name string) bool {
	value, _ := c.body[name].(bool)
	return value
}

// number reads a parameter of the body as a number.
func (c *call) number(name string) int64 {
	value, _ := c.body[name].(float64)
	return int64(value)
}
