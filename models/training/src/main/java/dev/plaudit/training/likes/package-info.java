/** Trains the eight regressors of a {@link dev.plaudit.trees.LikesModel}. */
package dev.plaudit.training.likes;
