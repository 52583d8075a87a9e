/** Bucket probabilities and embedding to a number of likes, with its interval and its reasons. */
package dev.plaudit.regress;
