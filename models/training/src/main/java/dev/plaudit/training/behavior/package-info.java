/**
 * Behavior simulation from labelled posts: who is trained on and who is kept unseen, what an account's history tells
 * without telling the answer, and the training of the bucket classifier and the likes model.
 */
package dev.plaudit.training.behavior;
