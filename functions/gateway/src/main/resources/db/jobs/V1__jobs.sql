-- One schema for H2 (in its PostgreSQL mode) and PostgreSQL.

create table job (
    id uuid primary key,
    task varchar(16) not null,
    state varchar(16) not null,
    total integer not null,
    done integer not null,
    failed integer not null,
    created timestamp with time zone not null,
    ended timestamp with time zone,
    webhook varchar(2048),
    webhook_state varchar(16),
    webhook_attempts integer not null default 0,
    -- When the webhook is to be called; null for never, or never again.
    webhook_due timestamp with time zone
);

create index job_created on job (created, id);
create index job_ended on job (ended);
create index job_webhook_due on job (webhook_due);

-- The posts of a job, by their place in it.
create table entry (
    job uuid not null references job on delete cascade,
    place integer not null,
    -- The simulation: as submitted, and once it has ended as it came back.
    document text not null,
    ended boolean not null,
    attempts integer not null default 0,
    -- When it is to be submitted, for the first time or again; null for never again.
    due timestamp with time zone,
    primary key (job, place)
);

create index entry_due on entry (due, job, place);
