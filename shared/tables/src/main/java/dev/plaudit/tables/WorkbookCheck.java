package dev.plaudit.tables;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Looks a workbook through, in constant memory, before anything is kept of it, so that a zip bomb is turned away: at most
 * 1 GiB of XML in all, 128 MiB of it in the shared strings (which stay in memory), 1 Mi characters in one text, and no
 * column beyond XFD, the last that Excel has.
 */
final class WorkbookCheck {
    private static final long MAX_BYTES = 1L << 30;
    private static final long MAX_SHARED_STRINGS = 128L << 20;
    private static final int MAX_TEXT = 1 << 20;
    private static final int MAX_COLUMN_LETTERS = 3;

    private final String name;
    private final XMLInputFactory xml = XMLInputFactory.newFactory();
    private long bytes;

    private WorkbookCheck(String name) {
        this.name = name;
        xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        xml.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        xml.setProperty(XMLInputFactory.IS_COALESCING, false);
    }

    /** @throws TableException when the file is no zip archive of sound XML, or too large */
    static void require(String name, Path file) {
        WorkbookCheck check = new WorkbookCheck(name);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().matches("(?i).*\\.(xml|rels)")) {
                    check.part(zip, entry);
                }
            }
        } catch (TableException e) {
            throw e;
        } catch (IOException | XMLStreamException | RuntimeException e) {
            throw new TableException(name + " is no Excel workbook: it is damaged or something else.", e);
        }
    }

    private void part(ZipFile zip, ZipEntry entry) throws IOException, XMLStreamException {
        long limit = entry.getName().matches("(?i).*sharedstrings\\.xml") ? MAX_SHARED_STRINGS : MAX_BYTES;
        try (InputStream in = new Counted(zip.getInputStream(entry), bytes + limit)) {
            XMLStreamReader reader = xml.createXMLStreamReader(in);
            long text = 0;
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                        text += reader.getTextLength();
                        requireAtMost(MAX_TEXT, text, "characters in one cell");
                    }
                    case XMLStreamConstants.START_ELEMENT -> {
                        text = 0;
                        String cell = reader.getLocalName().equals("c") ? reader.getAttributeValue(null, "r") : null;
                        if (cell != null) {
                            long letters =
                                    cell.chars().filter(Character::isLetter).count();
                            requireAtMost(MAX_COLUMN_LETTERS, letters, "letters in the name of a column");
                        }
                    }
                    default -> {}
                }
            }
        }
    }

    private void requireAtMost(long limit, long actual, String what) {
        if (actual > limit) {
            throw new TableException("%s is too large: it has more than %,d %s.".formatted(name, limit, what));
        }
    }

    /** Counts what was really inflated: what an archive says of itself is not to be relied on. */
    private final class Counted extends FilterInputStream {
        private final long end;

        Counted(InputStream in, long end) {
            super(in);
            this.end = Math.min(end, MAX_BYTES);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int read = super.read(b, off, len);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) {
            bytes += read;
            requireAtMost(end, bytes, "bytes when unpacked");
        }
    }
}
