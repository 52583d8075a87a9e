package dev.plaudit.media;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** How far the fetching and decoding of media may go, {@code plaudit.media.*}. */
@ConfigMapping(prefix = "plaudit.media")
public interface MediaConfig {
    /** The longest file, in bytes. */
    @WithDefault("16777216")
    int maxBytes();

    /** The largest picture, in pixels. */
    @WithDefault("40000000")
    long maxPixels();

    /**
     * What one picture may take while it is decoded and in use, and all that are at a time together, in bytes: that fits
     * where OCR runs, in 40 % of 1 GiB. A lossy WebP, whose decoder takes most, comes to 12 megapixels.
     */
    @WithDefault("336000000")
    long maxMemory();

    /** The longest side of a picture, in pixels. */
    @WithDefault("20000")
    int maxSide();

    /** How long the fetching of one medium may take, redirects included. */
    @WithDefault("PT10S")
    Duration timeout();

    /** How long one connection may take to open. */
    @WithDefault("PT3S")
    Duration connectTimeout();

    /** How many redirects are followed. */
    @WithDefault("4")
    int maxRedirects();

    /** How many media are fetched at a time, over all posts. */
    @WithDefault("16")
    int parallelFetches();

    /** How many pictures are decoded, and in use, at a time. */
    @WithDefault("4")
    int parallelPictures();

    /** Names of hosts that may be reached though their addresses are not public. */
    Optional<Set<String>> allowedHosts();

    /** Whether an address may be a file of this machine: for the command line, never for a server. */
    @WithDefault("false")
    boolean localFiles();
}
