package views

import (
	"fmt"

	"github.com/usherhq/usher/db"
)

// what names the entitlement of an item in bold.
func what(item db.SheetItem) string { return entitlement(item.Entitlement) }

func entitlement(row *db.Entitlement) string {
	if row == nil {
		return "*an entitlement that is gone*"
	}
	if blank(row.Name) {
		return "*" + escape(row.Slug, 120) + "*"
	}
	return "*" + escape(row.Name, 120) + "*"
}

// where names the provider, or nothing.
func where(row *db.Entitlement) string {
	if row == nil || row.Provider == nil {
		return ""
	}
	return escape(row.Provider.Name, 80)
}

// at names the entitlement and its provider in one phrase.
func at(row *db.Entitlement) string {
	if place := where(row); place != "" {
		return entitlement(row) + " at " + place
	}
	return entitlement(row)
}

// title is the entitlement's name in plain text.
func title(row *db.Entitlement) string {
	if row == nil || blank(row.Name) {
		return "access"
	}
	return clip(oneLine(row.Name), 90)
}

// titles names one entitlement, or how many the request asks for.
func titles(sheet db.Sheet) string {
	if len(sheet.Items) == 1 {
		return title(sheet.Items[0].Entitlement)
	}
	return plural(len(sheet.Items), "entitlement", "entitlements")
}

// forOther says for whom an item is when that is not who asks.
func forOther(sheet db.Sheet, item db.SheetItem) string {
	if item.SubjectID == sheet.Request.RequesterID {
		return ""
	}
	return person(item.Subject)
}

// ask is the item in one phrase: "*Drive editors* at Acme Drive for <@U2>, for 8 hours".
func ask(sheet db.Sheet, item db.SheetItem) string {
	text := at(item.Entitlement)
	if other := forOther(sheet, item); other != "" {
		text += " on behalf of " + other
	}
	if item.ExtendsGrantID != "" {
		return text + ", " + item.Duration.Words() + " more"
	}
	text += ", for " + item.Duration.Words()
	if !item.StartsAt.IsZero() {
		text += " from " + on(item.StartsAt)
	}
	return text
}

// wish is the whole request in one sentence, for fallback texts.
func wish(sheet db.Sheet) string {
	if sheet.Change != nil && len(sheet.Items) > 0 {
		return plea(sheet, sheet.Items[0]) + " Reason: " + sentence(reason(sheet.Request.Reason, 400))
	}
	parts := make([]string, 0, len(sheet.Items))
	for _, item := range sheet.Items {
		parts = append(parts, ask(sheet, item))
	}
	return fmt.Sprintf("%s asks for %s. Reason: %s", person(sheet.Request.Requester),
		enumerate(parts, 5, "and"), sentence(reason(sheet.Request.Reason, 400)))
}

// reason is what was given as the reason, for a line of mrkdwn.
func reason(text string, limit int) string {
	if blank(text) {
		return "none was given"
	}
	return escape(text, limit)
}

func risk(row *db.Entitlement) string {
	if row == nil {
		return ""
	}
	switch row.Risk {
	case "low":
		return "Low"
	case "medium":
		return "Medium"
	case "high":
		return "High"
	}
	return escape(row.Risk, 40)
}
