package dev.plaudit.media;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;

/** Where a medium's bytes are: behind an address on the web, in the address itself, or in a file. */
sealed interface Source {
    /** An {@code http} or {@code https} URL without credentials. */
    record Web(URI uri) implements Source {}

    /** A {@code data:} URI (RFC 2397). */
    record Inline(byte[] bytes) implements Source {}

    /** A file of this machine. */
    record LocalFile(Path path) implements Source {}

    /**
     * Reads an address.
     *
     * @param files whether it may name a file
     * @throws UnavailableException when it is of no kind that is fetched
     */
    static Source of(String address, boolean files) throws UnavailableException {
        int colon = address.indexOf(':');
        String scheme = colon < 0 ? "" : address.substring(0, colon).toLowerCase(Locale.ROOT);
        if (scheme.equals("data")) {
            return inline(address);
        }
        if (scheme.equals("http") || scheme.equals("https")) {
            return web(address);
        }
        if (files && (scheme.length() < 2 || scheme.equals("file"))) {
            return file(address, scheme);
        }
        throw new UnavailableException("only http, https and data addresses are fetched");
    }

    /** Checks a web address, also one that a redirect leads to. */
    static Web web(String address) throws UnavailableException {
        try {
            URI uri = new URI(address.strip().replace(" ", "%20"));
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw new UnavailableException("only http, https and data addresses are fetched");
            }
            if (uri.getRawUserInfo() != null) {
                throw new UnavailableException("the address carries credentials");
            }
            if (uri.getHost() == null) {
                throw new UnavailableException("the address names no host");
            }
            return new Web(uri);
        } catch (URISyntaxException e) {
            throw new UnavailableException("the address is malformed", e);
        }
    }

    private static Source inline(String address) throws UnavailableException {
        int comma = address.indexOf(',');
        if (comma < 0) {
            throw new UnavailableException("the data address is malformed");
        }
        String data = address.substring(comma + 1);
        if (!address.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(";base64")) {
            throw new UnavailableException("the data address is not in base 64");
        }
        try {
            return new Inline(Base64.getMimeDecoder()
                    .decode(data.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")));
        } catch (IllegalArgumentException e) {
            throw new UnavailableException("the data address is malformed", e);
        }
    }

    private static Source file(String address, String scheme) throws UnavailableException {
        try {
            return new LocalFile(scheme.equals("file") ? Path.of(URI.create(address)) : Path.of(address));
        } catch (IllegalArgumentException e) {
            throw new UnavailableException("the file name is malformed", e);
        }
    }
}
