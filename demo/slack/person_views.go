package slack

import "encoding/json"

// View is a modal or a Home as one person sees it.
type View struct {
	ID, AppID, Type, CallbackID string
	Title, SubmitLabel          string // visible texts
	PrivateMetadata, Hash       string
	RootViewID, PreviousViewID  string
	JSON                        json.RawMessage // the view object as apps get it
	parsed                      blocks
	state                       values
}

// Target names the view for [Person.Press] and the like.
func (v View) Target() Target { return Target{ViewID: v.ID} }

// Shown is all that a person reads in the view.
func (v View) Shown() string { return v.Title + "\n" + v.parsed.text() }

// Buttons lists the labels of the view's buttons and overflow entries.
func (v View) Buttons() []string { return labels(v.parsed) }

// Fields lists the labels of the view's fields.
func (v View) Fields() []string {
	var names []string
	for _, e := range v.parsed.elements() {
		if _, ok := stateKeys[e.kind()]; ok {
			names = append(names, e.label())
		}
	}
	return names
}

// Options lists what the field with that label, block id or action id offers by itself.
func (v View) Options(field string) []Option {
	e, err := v.parsed.field(field)
	if err != nil {
		return nil
	}
	var options []Option
	for _, o := range e.options() {
		options = append(options, newOption(o, ""))
	}
	return options
}

// Value is what a field holds now: text, the text of the chosen option, an id, a date; "" when it is empty.
func (v View) Value(field string) string {
	e, err := v.parsed.field(field)
	if err != nil {
		return ""
	}
	value := v.state[e.blockID()][e.actionID()]
	key := stateKeys[e.kind()].key
	if option := obj(value, key); option != nil {
		return str(obj(option, "text"), "text")
	}
	return str(value, key)
}

// Label is the label of the input block with that block id, so that errors can be read by label.
func (v View) Label(blockID string) string {
	for _, e := range v.parsed.elements() {
		if e.blockID() == blockID {
			return e.label()
		}
	}
	return ""
}

// Views returns the person's open modals, the top one last.
func (p *Person) Views() []View {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	u := p.w.findUser(p.key)
	if u == nil {
		return nil
	}
	var views []View
	for _, v := range p.w.stack(u.ID) {
		views = append(views, p.w.shownView(v))
	}
	return views
}

// Top returns the modal in front, and false when there is none.
func (p *Person) Top() (View, bool) {
	views := p.Views()
	if len(views) == 0 {
		return View{}, false
	}
	return views[len(views)-1], true
}

// Home returns what the app (id or name; "" for the only one) has published for the person, and false when it has
// published nothing yet.
func (p *Person) Home(app string) (View, bool) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	u, a := p.w.findUser(p.key), p.w.app(app)
	if u == nil || a == nil || p.w.homes[a.ID][u.ID] == nil {
		return View{}, false
	}
	return p.w.shownView(p.w.homes[a.ID][u.ID]), true
}

func (w *Workspace) shownView(v *view) View {
	return View{
		ID: v.id, AppID: v.app.ID, Type: v.kind(), CallbackID: str(v.body, "callback_id"),
		Title: str(obj(v.body, "title"), "text"), SubmitLabel: str(obj(v.body, "submit"), "text"),
		PrivateMetadata: str(v.body, "private_metadata"), Hash: v.hash, RootViewID: v.rootID,
		PreviousViewID: v.prevID, JSON: mustJSON(w.viewJSON(v)), parsed: v.blocks, state: v.state.copy(),
	}
}
