"""Pure rules and data of the field: no I/O, no clock of their own, standard library only."""
