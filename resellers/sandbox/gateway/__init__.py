"""From a request to its answer: the limit of calls, the faults in force, access, the journal."""
