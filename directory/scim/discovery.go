package scim

import "strings"

const (
	configURN       = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	resourceTypeURN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	schemaURN       = "urn:ietf:params:scim:schemas:core:2.0:Schema"
)

// ServiceProviderConfig says what the service can do (RFC 7643 section 5). Base is the address above /Users.
func ServiceProviderConfig(base string) Resource {
	can := func(supported bool) Resource { return Resource{"supported": supported} }
	return Resource{
		"schemas": []any{configURN},
		"patch":   can(true), "changePassword": can(false), "sort": can(true), "etag": can(true),
		"bulk":   Resource{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
		"filter": Resource{"supported": true, "maxResults": MaxResults},
		"authenticationSchemes": []any{Resource{
			"type": "oauthbearertoken", "name": "Bearer token", "description": "The token of the directory, in the header Authorization",
			"specUri": "https://www.rfc-editor.org/rfc/rfc6750", "primary": true,
		}},
		"meta": metaOf("ServiceProviderConfig", base, "/ServiceProviderConfig"),
	}
}

// ResourceTypes lists groups and a type of users (RFC 7643 section 6).
func ResourceTypes(base string, users *Type) []Resource {
	var list []Resource
	for _, t := range []*Type{users, groups} {
		described := Resource{
			"schemas": []any{resourceTypeURN}, "id": t.Name, "name": t.Name, "endpoint": t.Endpoint, "description": t.doc,
			"schema": t.URN, "meta": metaOf("ResourceType", base, "/ResourceTypes/"+t.Name),
		}
		var extensions []any
		for _, s := range t.schemas[1:] {
			extensions = append(extensions, Resource{"schema": s.urn, "required": false})
		}
		if extensions != nil {
			described["schemaExtensions"] = extensions
		}
		list = append(list, described)
	}
	return list
}

// Schemas lists the schemas of groups and of a type of users, with all that Read takes (RFC 7643 section 7).
func Schemas(base string, users *Type) []Resource {
	var list []Resource
	for _, t := range []*Type{users, groups} {
		for _, s := range t.schemas {
			list = append(list, Resource{
				"schemas": []any{schemaURN}, "id": s.urn, "name": s.name, "description": s.doc,
				"attributes": described(s.attributes), "meta": metaOf("Schema", base, "/Schemas/"+s.urn),
			})
		}
	}
	return list
}

func metaOf(kind, base, path string) Resource {
	return Resource{"resourceType": kind, "location": strings.TrimSuffix(base, "/") + path}
}

func described(attributes []*attribute) []any {
	list := make([]any, 0, len(attributes))
	for _, a := range attributes {
		one := Resource{
			"name": a.name, "type": a.advertised(), "multiValued": a.multi, "description": a.doc, "required": a.required,
			"caseExact": a.exact, "mutability": a.mutability, "returned": a.returned, "uniqueness": a.uniqueness,
		}
		if a.canonical != nil {
			one["canonicalValues"] = anys(a.canonical)
		}
		if a.references != nil {
			one["referenceTypes"] = anys(a.references)
		}
		if a.subs != nil {
			one["subAttributes"] = described(a.subs)
		}
		list = append(list, one)
	}
	return list
}

// advertised is the type of an attribute as /Schemas names it. An open one is a text to most clients.
func (a *attribute) advertised() string {
	if a.kind == kindOpen {
		return string(kindText)
	}
	return string(a.kind)
}

func anys(texts []string) []any {
	list := make([]any, len(texts))
	for n, text := range texts {
		list[n] = text
	}
	return list
}
