package postgres

// grants are the statements that give a level.
func (a access) grants(level string) []string {
	in, to := " in schema "+quote(a.schema), " to "+quote(a.user.name)
	rights, sequences := "select", ""
	if level == levelWrite {
		rights, sequences = "select, insert, update, delete", "usage"
	}
	all := []string{"grant usage on schema " + quote(a.schema) + to, "grant " + rights + " on all tables" + in + to}
	if sequences != "" {
		all = append(all, "grant "+sequences+" on all sequences"+in+to)
	}
	for _, creator := range a.creators {
		by := "alter default privileges for role " + quote(creator) + in
		all = append(all, by+" grant "+rights+" on tables"+to)
		if sequences != "" {
			all = append(all, by+" grant "+sequences+" on sequences"+to)
		}
	}
	return all
}

// revokes are the statements that take everything.
func (a access) revokes() []string {
	in, from := " in schema "+quote(a.schema), " from "+quote(a.user.name)
	var all []string
	for _, creator := range a.creators {
		by := "alter default privileges for role " + quote(creator) + in
		all = append(all, by+" revoke all on tables"+from, by+" revoke all on sequences"+from, by+" revoke all on routines"+from, by+" revoke all on types"+from)
	}
	for _, kind := range []string{"tables", "sequences", "routines"} {
		all = append(all, "revoke all on all "+kind+in+from)
	}
	return append(all, "revoke all on schema "+quote(a.schema)+from)
}
