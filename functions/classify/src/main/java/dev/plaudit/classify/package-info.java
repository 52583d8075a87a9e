/** Prompt to like bucket, with its probabilities and the embedding that the regressors go on from. */
package dev.plaudit.classify;
