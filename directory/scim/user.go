package scim

// users is RFC 7643 section 4.1 with the extensions that we know.
var users = &Type{
	Name: "User", Endpoint: "/Users", URN: "urn:ietf:params:scim:schemas:core:2.0:User", doc: "User Account",
	schemas: []*schema{userCore, enterpriseUser, usherUser},
}

// Users is the type of people's accounts, with the enterprise extension (RFC 7643 section 4.3) and one of ours that
// holds when somebody's work begins and ends.
func Users() *Type { return users }

var userCore = &schema{
	urn: "urn:ietf:params:scim:schemas:core:2.0:User", name: "User", doc: "User Account",
	aliases: []string{"urn:scim:schemas:core:1.0:User", "urn:scim:schemas:core:1.0"},
	common:  commonAttributes(),
	attributes: []*attribute{
		text("userName", "The name with which the person signs in; unique, whatever its case").needed().key("server"),
		complexOf(
			"name", "The parts of the person's name",
			text("formatted", "The whole name"), text("familyName", "The family name"), text("givenName", "The given name"),
			text("middleName", "The middle names"), text("honorificPrefix", "A title before the name, such as Dr or Ms"),
			text("honorificSuffix", "What follows upon the name, such as III"),
		),
		text("displayName", "The name that others see").key("none"),
		text("nickName", "What the person is called among colleagues"),
		simple(kindReference, "profileUrl", "A page about the person").refers("external"),
		text("title", "The person's title, such as Vice President"),
		text("userType", "How the person belongs to the organisation, such as Employee or Contractor"),
		text("preferredLanguage", "The languages that the person prefers, as in the header Accept-Language"),
		text("locale", "The place whose conventions the person prefers, such as en-US"),
		text("timezone", "The person's time zone by its IANA name"),
		simple(kindBoolean, "active", "Whether the account may be used"),
		text("password", "Taken and forgotten: nobody signs in here with one").caseExact().as(writeOnly, never),
		plural("emails", "E-mail addresses", text("", "An e-mail address").key("none"), "work", "home", "other"),
		plural("phoneNumbers", "Telephone numbers", text("", "A telephone number"), "work", "home", "mobile", "fax", "pager", "other"),
		plural("ims", "Addresses for instant messages", text("", "An address for instant messages"), "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"),
		plural("photos", "Pictures of the person", simple(kindReference, "", "The address of a picture").refers("external"), "photo", "thumbnail"),
		complexOf(
			"addresses", "Postal addresses",
			text("formatted", "The whole address, with line breaks"), text("streetAddress", "Street and number"), text("locality", "City"),
			text("region", "State or region"), text("postalCode", "Postal code"), text("country", "Country by its code of two letters"),
			text("type", "What the address is for").among("work", "home", "other"),
			simple(kindBoolean, "primary", "Whether this is the preferred address; true for one at most"),
		).many(),
		groupsOfUser,
		plural("entitlements", "What the person may do, one by one", text("", "An entitlement")),
		plural("roles", "The person's roles, such as Student or Faculty", text("", "A role")),
		plural("x509Certificates", "Certificates of the person", simple(kindBinary, "", "A certificate: DER in base64")),
	},
}

// groupsOfUser says in which groups a person is. Only the groups change it (RFC 7643 section 4.1.2).
var groupsOfUser = complexOf(
	"groups", "The groups in which the person is; changed through the groups",
	text("value", "The group's id").caseExact().as(readOnly, byDefault),
	simple(kindReference, "$ref", "The group's address").refers("User", "Group").as(readOnly, byDefault),
	text("display", "The group's name").as(readOnly, byDefault),
	text("type", "Whether the person is in it, or in a group that is").among("direct", "indirect").as(readOnly, byDefault),
).many().as(readOnly, byDefault)

var enterpriseUser = &schema{
	urn: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", name: "EnterpriseUser", doc: "Where a person works in an organisation",
	aliases:   []string{"urn:scim:schemas:extension:enterprise:1.0:User", "urn:scim:schemas:extension:enterprise:1.0"},
	extension: true,
	attributes: []*attribute{
		text("employeeNumber", "The number that the organisation gave the person"), text("costCenter", "The cost center"),
		text("organization", "The organisation"), text("division", "The division"), text("department", "The department"),
		complexOf(
			"manager", "The person's manager",
			text("value", "The id of the manager's account").caseExact().key("none"),
			simple(kindReference, "$ref", "The address of the manager's account").refers("User"),
			text("displayName", "The manager's name").as(readOnly, byDefault),
		),
	},
}

// usherUser is ours. The standard has no place for when somebody's work begins and ends.
var usherUser = &schema{
	urn: "urn:ietf:params:scim:schemas:extension:usher:2.0:User", name: "UsherUser", doc: "When and how a person works here",
	extension: true,
	attributes: []*attribute{
		simple(kindTime, "startDate", "When the person's work begins: a dateTime, or a date, which begins at midnight UTC"),
		simple(kindTime, "endDate", "When the person's work ends: a dateTime, or a date, which begins at midnight UTC"),
		text("employmentType", "How the person is employed, such as Permanent or Contractor"),
	},
}
