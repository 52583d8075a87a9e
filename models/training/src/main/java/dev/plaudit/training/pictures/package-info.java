/** Renders pictures whose content is known: pictograms on coloured grounds, with and without words. */
package dev.plaudit.training.pictures;
