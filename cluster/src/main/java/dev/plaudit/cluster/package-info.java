/**
 * A cluster on one machine, for development: the functions as they are deployed, a broker by Apache Kafka, and what
 * Knative does with them, in little. Production's engine is Knative; both read the same triggers.
 */
package dev.plaudit.cluster;
