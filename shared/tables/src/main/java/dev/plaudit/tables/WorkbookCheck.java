package dev.plaudit.tables;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Looks a workbook through, in constant memory, before anything is kept of it, so that a zip bomb is turned away: at most
 * 1 GiB of XML in all, 128 MiB of it in the shared strings (which stay in memory), as much in a row as of text,
 * {@value ByteWindow#MAX_ROW} bytes, 1 Mi characters in one text, whatever runs it is cut into, and no column beyond XFD,
 * the last that Excel has.
 *
 * <p>What a part holds is not told by its name, and any part may be the sheet: each is read, by the same archive reader and
 * the same parser as fastexcel's, as far as that parser gets.
 */
final class WorkbookCheck {
    private static final long MAX_BYTES = 1L << 30;
    private static final long MAX_SHARED_STRINGS = 128L << 20;
    private static final int MAX_TEXT = 1 << 20;
    private static final int MAX_COLUMN_LETTERS = 3;

    private final String name;
    private final XMLInputFactory xml = new InputFactoryImpl();
    private long bytes;

    private WorkbookCheck(String name) {
        this.name = name;
        xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        xml.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        xml.setProperty(XMLInputFactory.IS_COALESCING, false);
    }

    /** @throws TableException when the file is no zip archive, what is called XML in it is not sound, or it is too large */
    static void require(String name, Path file) {
        WorkbookCheck check = new WorkbookCheck(name);
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                check.part(zip, entry);
            }
        } catch (TableException e) {
            throw e;
        } catch (IOException | XMLStreamException | RuntimeException e) {
            throw new TableException(name + " is no Excel workbook: it is damaged or something else.", e);
        }
    }

    private void part(ZipFile zip, ZipArchiveEntry entry) throws IOException, XMLStreamException {
        try {
            read(zip, entry);
        } catch (IOException | XMLStreamException | RuntimeException e) {
            if (e instanceof TableException || entry.getName().matches("(?i).*\\.(xml|rels)")) {
                throw e;
            }
        }
    }

    private void read(ZipFile zip, ZipArchiveEntry entry) throws IOException, XMLStreamException {
        long before = bytes;
        try (InputStream in = new Counted(zip.getInputStream(entry))) {
            XMLStreamReader reader = xml.createXMLStreamReader(in);
            long text = 0;
            boolean inText = false;
            long rowStart = Long.MAX_VALUE;
            boolean sharedStrings = false;
            while (reader.hasNext()) {
                int event = reader.next();
                requireAtMost(ByteWindow.MAX_ROW, bytes - rowStart, "bytes in one row");
                switch (event) {
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                        text += reader.getTextLength();
                        requireAtMost(MAX_TEXT, text, "characters in one cell");
                    }
                    case XMLStreamConstants.START_ELEMENT -> {
                        String element = reader.getLocalName();
                        boolean textBegins = element.equals("c") || element.equals("si");
                        text = textBegins || !inText ? 0 : text;
                        inText |= textBegins;
                        rowStart = element.equals("row") ? Math.min(rowStart, bytes) : rowStart;
                        sharedStrings |= element.equals("si");
                        if (sharedStrings) {
                            requireAtMost(MAX_SHARED_STRINGS, bytes - before, "bytes when unpacked");
                        }
                        String cell = element.equals("c") ? reader.getAttributeValue(null, "r") : null;
                        if (cell != null) {
                            long letters =
                                    cell.chars().filter(Character::isLetter).count();
                            requireAtMost(MAX_COLUMN_LETTERS, letters, "letters in the name of a column");
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        String element = reader.getLocalName();
                        inText &= !element.equals("c") && !element.equals("si");
                        rowStart = element.equals("row") ? Long.MAX_VALUE : rowStart;
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
        Counted(InputStream in) {
            super(in);
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
            requireAtMost(MAX_BYTES, bytes, "bytes when unpacked");
        }
    }
}
