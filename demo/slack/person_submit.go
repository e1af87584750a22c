package slack

// Submit presses the submit button of the view in front.
func (p *Person) Submit(v View) (Result, error) {
	u, err := p.user()
	if err != nil {
		return Result{}, err
	}
	return p.w.submit(u, v.ID, nil)
}

// CloseView presses Cancel on the view in front.
func (p *Person) CloseView(v View) error {
	u, err := p.user()
	if err != nil {
		return err
	}
	return p.w.closeView(u, v.ID, false)
}

// CloseAll presses the X, which closes all modals.
func (p *Person) CloseAll() error {
	u, err := p.user()
	if err != nil {
		return err
	}
	return p.w.closeView(u, "", true)
}
