package flows

import (
	"cmp"
	"context"
	"errors"

	"github.com/usherhq/usher/db"
)

// HandOver hands the decision on a step from one person who may decide to another. An admin who may not decide hands it
// over for the one person who is asked.
func (f *Flows) HandOver(ctx context.Context, stepID, personID, toPersonID, reason string) error {
	return f.refusedClick(ctx, stepID, personID, f.change(ctx, func(ctx context.Context, c *change) error {
		if reason != "" {
			if err := checkReason(reason); err != nil {
				return err
			}
		}
		d, p, err := f.sitDown(ctx, c, stepID, personID)
		from := cmp.Or(d.as.ForID, d.as.PersonID)
		if refusal, ok := Refusal(err); ok {
			from, err = f.seatForAdmin(ctx, c, d, p, refusal)
		}
		if err != nil {
			return err
		}
		return c.handOver(ctx, d, p, db.HandOver{From: from, To: toPersonID, By: p.ID, Reason: reason, At: c.now})
	}))
}

// seatForAdmin is the one person whose decision an admin can hand over. Others are refused as they were.
func (f *Flows) seatForAdmin(ctx context.Context, c *change, d desk, p db.Person, refusal *Error) (string, error) {
	admin, err := f.IsAdmin(ctx, c, p)
	if err != nil {
		return "", err
	}
	if !admin || d.step.Status != db.Deciding || p.ID == d.request.RequesterID || p.ID == d.item.SubjectID {
		return "", refusal
	}
	who, err := f.findApprovers(ctx, c, d.matter())
	if err != nil {
		return "", err
	}
	if len(who.approvers) != 1 {
		return "", refuse("%d people are asked here. One of them can hand the decision over.", len(who.approvers))
	}
	return cmp.Or(who.approvers[0].ForID, who.approvers[0].PersonID), nil
}

// handOver puts one person in the place of another. By the rules of the search he must be able to decide there.
func (c *change) handOver(ctx context.Context, d desk, p db.Person, hand db.HandOver) error {
	if d.step.Spec.Fixed {
		return refuse("The chain does not let this decision be handed over.")
	}
	to, err := db.PersonByID(ctx, c, hand.To)
	if errors.Is(err, db.ErrNotFound) {
		return refuseField(FieldTo, 0, "Choose who is to decide.")
	}
	if err != nil {
		return err
	}
	if hand.To == hand.From {
		return refuseField(FieldTo, 0, "%s is asked already. Choose somebody else.", to.Name)
	}
	who, err := c.f.findApprovers(ctx, c, d.matter())
	if err != nil {
		return err
	}
	if _, asked := who.among(to.ID); asked {
		return refuseField(FieldTo, 0, "%s is asked already. Choose somebody else.", to.Name)
	}
	if to.ID == d.request.RequesterID || to.ID == d.item.SubjectID { // also where the chain lets him decide if it names him
		return refuseField(FieldTo, 0, "%s can't be handed this: it is their own request. Choose somebody else.", to.Name)
	}
	d.step.Handed = append(d.step.Handed, hand)
	if err := db.SaveHanded(ctx, c, d.step); err != nil {
		return err
	}
	if who, _, err = c.search(ctx, d); err != nil {
		return err
	}
	if _, can := who.among(to.ID); !can {
		return refuseField(FieldTo, 0, "%s can't decide on this. Choose an active member of the workspace who has not decided yet, and whom it is not for.", to.Name)
	}
	from, err := db.PersonByID(ctx, c, hand.From)
	if err != nil {
		return err
	}
	return c.record(person(p), "step.handed_over", d.request.ID, &d.item, db.Details{
		Step: d.step.ID, StepName: d.step.Spec.Name, For: from.Label(), To: to.Label(), Reason: hand.Reason, Approvers: []string{to.Label()},
	})
}
