/**
 * What a model is told of a post: the instruction prompt for those that read, the numeric features for those that
 * count. Training and serving share it, so that a model is asked in the words it was taught in.
 */
package dev.plaudit.features;
