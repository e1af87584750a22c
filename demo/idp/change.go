package idp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// quarter is how many people the end of a quarter takes.
const quarter = 12

// Change is something that the administrator does. What the action needs not is left empty.
type Change struct {
	Action     string `json:"action"`
	Email      string `json:"email"`
	Name       string `json:"name"`
	Title      string `json:"title"`
	Department string `json:"department"`
	To         string `json:"to"` // the department to which another moves
	Manager    string `json:"manager"`
	Group      string `json:"group"`
}

// problem is what the administrator is told.
type problem string

func (p problem) Error() string { return string(p) }

// Do makes a change and lets it be pushed. An error is a sentence for the administrator, and nothing was changed then.
func (p *Provider) Do(c Change) error {
	actions := map[string]func(Change) error{
		"hire": p.hire, "change": p.change, "suspend": p.suspend, "resume": p.resume, "delete": p.delete,
		"join": p.join, "leave": p.leave, "quarter": p.quarter, "reorganise": p.reorganise,
	}
	does := actions[c.Action]
	if does == nil {
		return problem("There is no such action.")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := does(c); err != nil {
		return err
	}
	p.announce()
	p.wake()
	return nil
}

// person finds somebody. The lock is held, as by all that follows.
func (p *Provider) person(email string) (*Person, error) {
	at := slices.IndexFunc(p.people, func(one Person) bool { return strings.EqualFold(one.Email, email) })
	if at < 0 {
		return nil, problem("There is nobody with the address " + email + ".")
	}
	return &p.people[at], nil
}

func (p *Provider) group(name string) (*Group, error) {
	at := slices.IndexFunc(p.groups, func(one Group) bool { return one.Name == name })
	if at < 0 {
		return nil, problem("There is no group " + name + ".")
	}
	return &p.groups[at], nil
}

// tell lets what is now so of somebody be pushed.
func (p *Provider) tell(kind, email string) { p.queue = append(p.queue, task{kind: kind, key: email}) }

func (p *Provider) hire(c Change) error {
	name := strings.Join(strings.Fields(c.Name), " ")
	if name == "" {
		return problem("Write the name of who is hired.")
	}
	email := strings.ToLower(cmp.Or(c.Email, strings.Fields(name)[0]+"@acme.example"))
	if _, err := p.person(email); err == nil {
		return problem("Somebody has the address " + email + " already. Write another first name.")
	}
	p.people = append(p.people, Person{Email: email, Name: name, Title: c.Title, Department: c.Department, Manager: c.Manager, Active: true})
	p.tell(userTask, email)
	return nil
}

// change gives somebody a title, a department and a manager.
func (p *Provider) change(c Change) error {
	person, err := p.person(c.Email)
	if err != nil {
		return err
	}
	person.Title, person.Department, person.Manager = c.Title, c.Department, c.Manager
	p.tell(userTask, person.Email)
	return nil
}

func (p *Provider) suspend(c Change) error { return p.turn(c.Email, false) }
func (p *Provider) resume(c Change) error  { return p.turn(c.Email, true) }

func (p *Provider) turn(email string, active bool) error {
	person, err := p.person(email)
	if err != nil {
		return err
	}
	person.Active = active
	p.tell(activeTask, person.Email)
	return nil
}

func (p *Provider) delete(c Change) error {
	person, err := p.person(c.Email)
	if err != nil {
		return err
	}
	email := person.Email
	p.people = slices.DeleteFunc(p.people, func(one Person) bool { return one.Email == email })
	for i := range p.groups {
		p.groups[i].without(email)
	}
	p.tell(deleteTask, email)
	return nil
}

func (p *Provider) join(c Change) error {
	person, err := p.person(c.Email)
	if err != nil {
		return err
	}
	group, err := p.group(c.Group)
	if err != nil || slices.Contains(group.Members, person.Email) {
		return err
	}
	group.Members = append(group.Members, person.Email)
	p.queue = append(p.queue, task{kind: joinTask, key: person.Email, group: group.Name})
	return nil
}

func (p *Provider) leave(c Change) error {
	group, err := p.group(c.Group)
	if err != nil || !slices.Contains(group.Members, c.Email) {
		return err
	}
	group.without(c.Email)
	p.queue = append(p.queue, task{kind: leaveTask, key: c.Email, group: group.Name})
	return nil
}

func (g *Group) without(email string) {
	g.Members = slices.DeleteFunc(slices.Clone(g.Members), func(one string) bool { return one == email })
}

// quarter suspends the last who came, all at once: as a wrong filter would.
func (p *Provider) quarter(Change) error {
	left := quarter
	for i := range slices.Backward(p.people) {
		if left > 0 && p.people[i].Active {
			p.people[i].Active = false
			p.tell(activeTask, p.people[i].Email)
			left--
		}
	}
	if left == quarter {
		return problem("Nobody is left who could be suspended.")
	}
	return nil
}

// reorganise moves all of a department to another.
func (p *Provider) reorganise(c Change) error {
	if c.Department == "" || c.To == "" || c.Department == c.To {
		return problem("Choose a department, and another to which it moves.")
	}
	moved := 0
	for i := range p.people {
		if p.people[i].Department == c.Department {
			p.people[i].Department = c.To
			p.tell(userTask, p.people[i].Email)
			moved++
		}
	}
	if moved == 0 {
		return problem(fmt.Sprintf("Nobody is in %s.", c.Department))
	}
	return nil
}
