/**
 * What travels between the functions: the {@link dev.plaudit.events.Simulation} document, the CloudEvents types and
 * extensions it travels under, and the {@link dev.plaudit.events.Route} it takes. Knows no other module.
 */
package dev.plaudit.events;
