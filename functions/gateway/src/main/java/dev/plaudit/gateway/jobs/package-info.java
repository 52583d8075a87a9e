/**
 * Work that outlives the call that asked for it: jobs of many posts, kept in a database, run by whatever {@link
 * dev.plaudit.gateway.jobs.Dispatcher} there is, watched, and told of at their end. Several gateways may share a database.
 */
package dev.plaudit.gateway.jobs;
