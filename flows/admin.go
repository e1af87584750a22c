package flows

import (
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// AdminPageSize is how many objects one page of a list holds.
const AdminPageSize = 10

// AdminRow is one object of the configuration as a list shows it.
type AdminRow struct {
	Slug   string // how AdminShow finds it; of people the e-mail address
	Title  string // what people call it
	Note   string // what else tells it from others, such as the provider of an entitlement
	Active bool
}

// AdminPage is one page of a list.
type AdminPage struct {
	Rows               []AdminRow
	Page, Pages, Total int // Page counts from 0; Pages is at least 1
}

// AdminObject is one object of the configuration as somebody sees it who may.
type AdminObject struct {
	Kind, Slug, Title string
	Active            bool
	MayEdit           bool
	MayDisable        bool
	Keys              []string // the keys that this person may change; nil is all, an empty list none
	WhyNot            string   // why not, a sentence; empty if MayEdit
	Revision          int64    // to be handed back with an edit
	WrittenBy         string   // who wrote it last; empty if that is not known
	WrittenAt         time.Time
	Origin            string         // db.FromFile or db.FromSlack
	Values            map[string]any // keys of the configuration file, with all of them that say something
	Environment       []string       // of the settings: admins whom USHER_ADMINS names
	Waiting           []db.ConfigChange
	Directory         *db.DirectoryState // of a directory: how it does
}

// AdminEdit is one object as somebody wants it to be.
type AdminEdit struct {
	Kind       string
	Slug       string         // of the object; empty makes a new one, whose slug (or e-mail address) stands in Values
	Revision   int64          // of the object that the person saw
	Values     map[string]any // all keys of the object, as in the configuration file; nil makes the object inactive
	Submission string         // the same one twice is one edit
	Reason     string         // why; required where somebody else has to approve
}

// AdminResult is what became of an edit.
type AdminResult struct {
	Applied   bool                 // it has taken effect; else it waits for an approval, or changes nothing
	RequestID string               // of the request that it waits for
	Changed   []config.FieldChange // what is different
}
