/** What becomes of an event that the broker could not deliver: the simulation fails, and whoever waits is told. */
package dev.plaudit.deadletters;
