package audit

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// schemaVersion is the version of the Open Cybersecurity Schema Framework that the export speaks.
const schemaVersion = "1.3.0"

// ocsfEvent is an entry in the schema's form; ocsf_table.go says which class and activity it gets.
type ocsfEvent struct {
	ActivityID   int           `json:"activity_id"`
	ActivityName string        `json:"activity_name"`
	CategoryUID  int           `json:"category_uid"`
	CategoryName string        `json:"category_name"`
	ClassUID     int           `json:"class_uid"`
	ClassName    string        `json:"class_name"`
	TypeUID      int           `json:"type_uid"`
	TypeName     string        `json:"type_name"`
	Time         int64         `json:"time"` // milliseconds since 1970, UTC
	SeverityID   int           `json:"severity_id"`
	Severity     string        `json:"severity"`
	StatusID     int           `json:"status_id"`
	Status       string        `json:"status"`
	StatusDetail string        `json:"status_detail,omitempty"`
	Message      string        `json:"message"`
	Comment      string        `json:"comment,omitempty"`
	Actor        ocsfActor     `json:"actor"`
	User         *ocsfUser     `json:"user,omitempty"`
	Group        *ocsfEntity   `json:"group,omitempty"`
	Privileges   []string      `json:"privileges,omitempty"`
	Resource     *ocsfEntity   `json:"resource,omitempty"`
	Entity       *ocsfEntity   `json:"entity,omitempty"`
	EntityResult *ocsfEntity   `json:"entity_result,omitempty"`
	Metadata     ocsfMetadata  `json:"metadata"`
	Unmapped     *ocsfUnmapped `json:"unmapped"`
}

type ocsfActor struct {
	User ocsfUser `json:"user"`
}

type ocsfUser struct {
	UID    string `json:"uid"`
	Name   string `json:"name"`
	Email  string `json:"email_addr,omitempty"`
	TypeID int    `json:"type_id"`
	Type   string `json:"type"`
}

type ocsfEntity struct {
	UID  string `json:"uid,omitempty"`
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
	Data any    `json:"data,omitempty"`
}

type ocsfMetadata struct {
	Version        string      `json:"version"`
	Product        ocsfProduct `json:"product"`
	Profiles       []string    `json:"profiles"` // host is the profile that actor belongs to
	UID            string      `json:"uid"`
	Sequence       int64       `json:"sequence"`
	EventCode      string      `json:"event_code"`
	CorrelationUID string      `json:"correlation_uid,omitempty"` // the request
	OriginalTime   string      `json:"original_time"`
}

type ocsfProduct struct {
	Name       string `json:"name"`
	VendorName string `json:"vendor_name"`
}

// ocsfUnmapped are the columns as they are.
type ocsfUnmapped struct {
	ActorKind   string `json:"actor_kind"`
	Request     string `json:"request"`
	Grant       string `json:"grant"`
	Subject     string `json:"subject"`
	Entitlement string `json:"entitlement"`
	Provider    string `json:"provider"`
	Flow        string `json:"flow"`
	Script      string `json:"script"`
	Outcome     string `json:"outcome"`
	Details     any    `json:"details"` // the object, or the text if it is none
	Hash        string `json:"hash"`
}

// ocsfLine writes an entry as one line of JSON in the schema's form.
func ocsfLine(event db.AuditEvent) ([]byte, error) {
	at, err := time.Parse(time.RFC3339Nano, event.At)
	if err != nil {
		return nil, fmt.Errorf("read its time: %w", err)
	}
	details, err := event.Facts()
	if err != nil { // somebody changed them: the entry is written all the same, and verify tells of it
		details = db.Details{}
	}
	text, err := json.Marshal(toOCSF(event, details, at))
	if err != nil {
		return nil, fmt.Errorf("write it: %w", err)
	}
	return append(text, '\n'), nil
}

func toOCSF(event db.AuditEvent, details db.Details, at time.Time) ocsfEvent {
	what := classify(event, details)
	out := ocsfEvent{
		ActivityID: what.id, ActivityName: what.name,
		CategoryUID: 3, CategoryName: "Identity & Access Management",
		ClassUID: what.class, ClassName: classNames[what.class],
		TypeUID: what.class*100 + what.id, TypeName: classNames[what.class] + ": " + what.name,
		Time: at.UnixMilli(), SeverityID: 1, Severity: "Informational", StatusID: 1, Status: "Success",
		StatusDetail: event.Outcome, Message: message(event), Comment: details.Reason,
		Actor:    ocsfActor{User: *user(event.Actor, event.ActorKind)},
		Metadata: ocsfMeta(event),
		Unmapped: &ocsfUnmapped{
			ActorKind: event.ActorKind, Request: event.Request, Grant: event.Grant, Subject: event.Subject,
			Entitlement: event.Entitlement, Provider: event.Provider, Flow: event.Flow, Script: event.Script,
			Outcome: event.Outcome, Details: raw(event.Details), Hash: event.Hash,
		},
	}
	if level, ok := severities[event.Action]; ok {
		out.SeverityID, out.Severity = level.id, level.name
	}
	if failed[event.Action] {
		out.StatusID, out.Status = 2, "Failure"
	}
	if details.Error != "" {
		out.StatusDetail = details.Error
	}
	out.target(event, details)
	return out
}

// raw is details as they stand in JSON.
func raw(details string) any {
	if isObject(details) {
		return json.RawMessage(details)
	}
	return details
}

// classNames are the schema's captions.
var classNames = map[int]string{
	accountChange: "Account Change", entityManagement: "Entity Management",
	userAccess: "User Access Management", groupManagement: "Group Management",
}

// message is a short text for people.
func message(event db.AuditEvent) string {
	words := []string{event.Action}
	for _, word := range []string{event.Script, event.Entitlement, event.Subject} {
		if word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

func ocsfMeta(event db.AuditEvent) ocsfMetadata {
	return ocsfMetadata{
		Version: schemaVersion, Product: ocsfProduct{Name: "Usher", VendorName: "Usher"}, Profiles: []string{"host"},
		UID: event.Hash, Sequence: event.Seq, EventCode: event.Action, CorrelationUID: event.Request,
		OriginalTime: event.At,
	}
}

// user is a person or one of the parts of Usher that act on their own.
func user(label, kind string) *ocsfUser {
	out := &ocsfUser{UID: label, Name: label, TypeID: 1, Type: "User"}
	if kind != "person" {
		out.TypeID, out.Type = 3, "System"
	}
	if strings.Contains(label, "@") {
		out.Email = label
	}
	return out
}

// target fills in what the entry is about, as its class wants it.
func (o *ocsfEvent) target(event db.AuditEvent, details db.Details) {
	held := &ocsfEntity{UID: event.Entitlement, Name: event.Entitlement}
	if event.Subject != "" && o.ClassUID != entityManagement {
		o.User = user(event.Subject, "person")
	}
	switch o.ClassUID {
	case groupManagement:
		o.Group = held
	case userAccess:
		o.Privileges = []string{event.Entitlement}
		o.Resource = &ocsfEntity{UID: event.Provider, Name: event.Provider, Type: "provider"}
	case entityManagement:
		o.Entity = entity(event, details)
		if details.After != nil {
			o.EntityResult = &ocsfEntity{UID: o.Entity.UID, Name: o.Entity.Name, Type: o.Entity.Type, Data: details.After}
		}
	}
}

// entity is the narrowest thing that an entry names.
func entity(event db.AuditEvent, details db.Details) *ocsfEntity {
	switch {
	case details.Resource != "":
		kind, name, _ := strings.Cut(details.Resource, " ")
		return &ocsfEntity{UID: details.Resource, Name: name, Type: kind, Data: details.Before}
	case event.Script != "":
		return &ocsfEntity{UID: details.ScriptID, Name: event.Script, Type: "script"}
	case event.Flow != "":
		return &ocsfEntity{UID: event.Flow, Name: event.Flow, Type: "action_flow"}
	case event.Grant != "":
		return &ocsfEntity{UID: event.Grant, Name: event.Grant, Type: "grant"}
	case event.Request != "":
		return &ocsfEntity{UID: event.Request, Name: event.Request, Type: "request"}
	}
	return &ocsfEntity{UID: "usher", Name: "usher", Type: "service"}
}
