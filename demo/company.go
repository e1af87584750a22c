package demo

import (
	"strings"
	"time"

	"github.com/usherhq/usher/demo/idp"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/demo/target"
)

// hire fills the workspace: the people of usher.yaml, a guest, a stranger and three channels.
func (w *World) hire() {
	ids := map[string]string{}
	for _, user := range []slack.User{
		{Name: "ana", RealName: "Ana Diaz", Email: "ana@acme.example", Title: "Designer", TZ: "Europe/Lisbon", Avatar: "#b4532a"},
		{Name: "ben", RealName: "Ben Okafor", Email: "ben@acme.example", Title: "Head of Design", TZ: "Europe/London", Avatar: "#2f6f4f"},
		{Name: "dana", RealName: "Dana Weiss", Email: "dana@acme.example", Title: "IT lead", TZ: "Europe/Berlin", Avatar: "#3b5b92", Admin: true},
		{Name: "eve", RealName: "Eve Lind", Email: "eve@acme.example", Title: "Security engineer", TZ: "Europe/Stockholm", Avatar: "#7a4a8c"},
		{Name: "carl", RealName: "Carl Meyer", Email: "carl@acme.example", Title: "Account manager", TZ: "Europe/Vienna", Avatar: "#8a6d1f"},
		{Name: "gil", RealName: "Gil Ferreira", Email: "gil@studio.example", Title: "Contractor", TZ: "Europe/Lisbon", Avatar: "#5f6b73", Restricted: true},
		{Name: "sora", RealName: "Sora Ito", Email: "sora@partner.example", Title: "Partner, other workspace", TZ: "Asia/Tokyo", Avatar: "#466a6a", Stranger: true},
	} {
		ids[user.Name] = w.Workspace.AddUser(user).ID
	}
	staff := []string{ids["ana"], ids["ben"], ids["dana"], ids["eve"], ids["carl"]}
	w.Workspace.AddChannel(slack.Channel{Name: "access", Topic: "Requests for access", Members: append(staff, ids["gil"], ids["sora"])})
	w.Workspace.AddChannel(slack.Channel{Name: "design", Topic: "Screens, type and colour", Members: []string{ids["ben"], ids["dana"], ids["gil"]}})
	w.Workspace.AddChannel(slack.Channel{Name: "security", Topic: "What must not go unseen", Members: []string{ids["ben"], ids["dana"], ids["eve"]}})
	w.Workspace.AddUsergroup(slack.Usergroup{Handle: "drive-admins", Name: "Drive admins", Users: []string{ids["dana"], ids["eve"]}})
}

// newDrive is the company's drive: a few accounts and groups, none of them Ana's.
func newDrive(clock func() time.Time) *target.Target {
	return target.New(target.Options{
		Name: "Acme Drive", Token: targetToken, Clock: clock,
		Users: []target.User{
			{Email: "dana@acme.example", Name: "Dana Weiss"},
			{Email: "ben@acme.example", Name: "Ben Okafor"},
		},
		Groups: []target.Group{
			{Name: "Editors", Members: []string{"ben@acme.example"}},
			{Name: "Viewers"},
			{Name: "Administrators", Members: []string{"dana@acme.example"}},
			{Name: "Invoices"},
			{Name: "Payments"},
			{Name: "Production"},
			{Name: "Handbook"},
			{Name: "Design library"},
			{Name: "Sales pipeline"},
		},
	})
}

// newID is the company's identity provider. Besides the people of the workspace it knows others, who never are in Slack.
func newID(clock func() time.Time) *idp.Provider {
	people := []idp.Person{
		{Email: "dana@acme.example", Name: "Dana Weiss", Title: "IT lead", Department: "IT"},
		{Email: "ben@acme.example", Name: "Ben Okafor", Title: "Head of Design", Department: "Design", Manager: "dana@acme.example"},
		{Email: "eve@acme.example", Name: "Eve Lind", Title: "Security engineer", Department: "IT", Manager: "dana@acme.example"},
		{Email: "carl@acme.example", Name: "Carl Meyer", Title: "Account manager", Department: "Sales", Manager: "dana@acme.example"},
		{Email: "ana@acme.example", Name: "Ana Diaz", Title: "Designer", Department: "Design", Manager: "ben@acme.example"},
	}
	for _, one := range []struct{ given, family, title, department string }{
		{"Ada", "Novak", "Engineer", "Engineering"},
		{"Bo", "Lindgren", "Engineer", "Engineering"},
		{"Chloe", "Martin", "Engineer", "Engineering"},
		{"Dev", "Patel", "Engineer", "Engineering"},
		{"Elif", "Kaya", "Engineering manager", "Engineering"},
		{"Femi", "Adeyemi", "Account manager", "Sales"},
		{"Greta", "Olsen", "Account manager", "Sales"},
		{"Hugo", "Silva", "Account manager", "Sales"},
		{"Ines", "Moreau", "Accountant", "Finance"},
		{"Jan", "Kowalski", "Accountant", "Finance"},
		{"Kira", "Sato", "Controller", "Finance"},
		{"Leo", "Rossi", "Engineer", "Engineering"},
		{"Mina", "Haddad", "Engineer", "Engineering"},
		{"Nils", "Berg", "Account manager", "Sales"},
		{"Olga", "Petrova", "Engineer", "Engineering"},
	} {
		people = append(people, idp.Person{
			Email: strings.ToLower(one.given) + "@acme.example", Name: one.given + " " + one.family,
			Title: one.title, Department: one.department, Manager: "dana@acme.example",
		})
	}
	return idp.New(idp.Options{
		Name: "Acme ID", Clock: clock, People: people,
		Groups: []idp.Group{{Name: "On call", Members: []string{"eve@acme.example", "ada@acme.example"}}, {Name: "First aid"}},
	})
}
