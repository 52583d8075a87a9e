/**
 * Trains and measures the small BLIP-2 that ships: pictures with known captions are learned from end to end, and the
 * model is written in the layout of Hugging Face's {@code Blip2ForConditionalGeneration}.
 */
package dev.plaudit.training.caption;
