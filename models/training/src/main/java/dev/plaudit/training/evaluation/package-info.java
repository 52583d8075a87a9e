/** How good the predictions are: metrics, and a report of them for terminals, programs and people. */
package dev.plaudit.training.evaluation;
