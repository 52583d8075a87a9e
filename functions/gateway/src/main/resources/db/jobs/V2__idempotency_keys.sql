-- Calls that may be repeated, and how they were answered.

create table idempotency_key (
    -- What was called.
    scope varchar(255) not null,
    name varchar(255) not null,
    -- SHA-256 of the request.
    fingerprint varchar(64) not null,
    -- The same for all who try under this key, so that what they make is made once.
    ticket uuid not null,
    -- Null while the first call is worked on.
    answer text,
    -- Until when the first call has the key for itself, though no answer came.
    held timestamp with time zone not null,
    expires timestamp with time zone not null,
    primary key (scope, name)
);

create index idempotency_key_expires on idempotency_key (expires);
