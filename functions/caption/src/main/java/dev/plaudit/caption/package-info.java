/** Pictures to captions, by BLIP-2. */
package dev.plaudit.caption;
