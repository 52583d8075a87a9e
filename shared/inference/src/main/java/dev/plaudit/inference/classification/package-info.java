/** Text classification: a DistilBERT from its checkpoint, or an exported graph. */
package dev.plaudit.inference.classification;
