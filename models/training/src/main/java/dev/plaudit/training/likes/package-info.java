/** Trains the seven regressors of a {@link dev.plaudit.trees.LikesModel}. */
package dev.plaudit.training.likes;
