/** What every function has in common: it answers a CloudEvent with a CloudEvent, and says what it cost. */
package dev.plaudit.function;
