/** Pictures to words, by BLIP-2. */
package dev.plaudit.caption;
