/** Pictures of posts, fetched and decoded safely: the addresses and the bytes are the caller's, and may be hostile. */
package dev.plaudit.media;
