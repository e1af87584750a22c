package flows

import (
	"slices"
	"time"

	"github.com/usherhq/usher/db"
)

// standing is what is so of a person by rules: what they said of him last, what he holds by them, and what they ask for him.
type standing struct {
	said   []db.BirthrightPerson
	grants []db.Grant
	items  []db.RequestItem
}

// difference is what has to be done so that what a person holds by rules is what they say.
type difference struct {
	fresh []db.BirthrightPerson // what rules say that they did not say before
	gone  []db.BirthrightPerson // what they said before
	ask   []db.BirthrightPerson // what is asked for, one for each entitlement
	hold  []held                // grants that another rule holds up from now on, or that end or begin at another time
	lost  []db.Grant            // grants that no rule holds up any more
	drop  []db.RequestItem      // items that no rule asks for any more
	later []db.RequestItem      // items that are to begin at another time
}

// held is a grant as it is to be, and whether another rule holds it up.
type held struct {
	grant db.Grant
	moved bool
}

func (d difference) none() bool {
	return len(d.fresh)+len(d.gone)+len(d.ask)+len(d.hold)+len(d.lost)+len(d.drop)+len(d.later) == 0
}

// compare says what has to be done so that a person holds what rules give. An access is held once, by whichever rule: when
// that one stops and another gives it too, the other takes over. What was denied, given back or revoked while a rule gave it
// is not asked for again. start is when what is given begins; zero is now.
func compare(given []db.BirthrightPerson, has standing, start time.Time) difference {
	var d difference
	for _, one := range given {
		if !slices.ContainsFunc(has.said, func(was db.BirthrightPerson) bool { return sameGift(was, one) }) {
			d.fresh = append(d.fresh, one)
		}
	}
	for _, was := range has.said {
		if !slices.ContainsFunc(given, func(one db.BirthrightPerson) bool { return giftKey(one) == giftKey(was) }) {
			d.gone = append(d.gone, was)
		}
	}
	for _, grant := range has.grants {
		d.grant(given, grant, start)
	}
	for _, item := range has.items {
		d.item(given, item, start)
	}
	for _, id := range entitlementsIn(given) {
		d.want(best(given, id), has)
	}
	return d
}

// grant says what becomes of a grant that a rule gave.
func (d *difference) grant(given []db.BirthrightPerson, grant db.Grant, start time.Time) {
	if !slices.Contains(entitlementsIn(given), grant.EntitlementID) {
		if grant.LostAt.IsZero() {
			d.lost = append(d.lost, grant)
		}
		return
	}
	as := grant
	one := best(given, grant.EntitlementID)
	if !gives(given, grant.Birthright, grant.EntitlementID) || !as.LostAt.IsZero() {
		as.Birthright, as.LostAt = one.Birthright, time.Time{}
	}
	as.ExpiresAt = one.Until
	if as.Status == db.Scheduled && !start.IsZero() {
		as.StartsAt = start
	}
	moved := as.Birthright != grant.Birthright || !grant.LostAt.IsZero()
	if moved || !as.ExpiresAt.Equal(grant.ExpiresAt) || !as.StartsAt.Equal(grant.StartsAt) {
		if one.Until.IsZero() {
			as.Duration = db.Standing
		}
		d.hold = append(d.hold, held{grant: as, moved: moved})
	}
}

// item says what becomes of an item that a rule asks for and that is not decided.
func (d *difference) item(given []db.BirthrightPerson, item db.RequestItem, start time.Time) {
	if !gives(given, item.Birthright, item.EntitlementID) {
		d.drop = append(d.drop, item)
		return
	}
	if !item.StartsAt.Equal(start) {
		item.StartsAt = start
		d.later = append(d.later, item)
	}
}

// want asks for an access that is given unless it is held or asked for by a rule, or somebody said no to it since the rule
// gives it.
func (d *difference) want(one db.BirthrightPerson, has standing) {
	if slices.ContainsFunc(has.grants, func(g db.Grant) bool { return g.EntitlementID == one.EntitlementID }) {
		return
	}
	asked := slices.ContainsFunc(has.items, func(item db.RequestItem) bool {
		dropped := slices.ContainsFunc(d.drop, func(other db.RequestItem) bool { return other.ID == item.ID })
		return item.EntitlementID == one.EntitlementID && !dropped
	})
	if asked {
		return
	}
	fresh := slices.ContainsFunc(d.fresh, func(f db.BirthrightPerson) bool { return f.EntitlementID == one.EntitlementID })
	blocked := slices.ContainsFunc(has.said, func(s db.BirthrightPerson) bool {
		return s.EntitlementID == one.EntitlementID && s.Blocked != ""
	})
	if fresh || blocked {
		d.ask = append(d.ask, one)
	}
}

// best is what holds up an access longest: a rule without an end, else the one that ends last. The first of equals counts.
func best(given []db.BirthrightPerson, entitlementID string) db.BirthrightPerson {
	var found db.BirthrightPerson
	for _, one := range given {
		longer := found.PersonID == "" || !found.Until.IsZero() && (one.Until.IsZero() || one.Until.After(found.Until))
		if one.EntitlementID == entitlementID && longer {
			found = one
		}
	}
	return found
}

func entitlementsIn(given []db.BirthrightPerson) []string {
	var ids []string
	for _, one := range given {
		if !slices.Contains(ids, one.EntitlementID) {
			ids = append(ids, one.EntitlementID)
		}
	}
	return ids
}

func gives(given []db.BirthrightPerson, rule, entitlementID string) bool {
	return slices.ContainsFunc(given, func(one db.BirthrightPerson) bool {
		return one.Birthright == rule && one.EntitlementID == entitlementID
	})
}

func giftKey(one db.BirthrightPerson) [2]string { return [2]string{one.Birthright, one.EntitlementID} }

// sameGift says whether a rule said the same before. A rule that opens again says something new.
func sameGift(was, is db.BirthrightPerson) bool {
	return giftKey(was) == giftKey(is) && was.Until.Equal(is.Until)
}
