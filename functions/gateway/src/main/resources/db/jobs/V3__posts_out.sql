-- Posts that are out: submitted, and without a result as yet.
create index entry_out on entry (ended, attempts, due);
