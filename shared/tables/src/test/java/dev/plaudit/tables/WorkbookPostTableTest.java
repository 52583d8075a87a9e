package dev.plaudit.tables;

import static dev.plaudit.tables.TableFiles.message;
import static dev.plaudit.tables.TableFiles.readable;
import static dev.plaudit.tables.TableFiles.rows;
import static dev.plaudit.tables.TableFiles.told;
import static dev.plaudit.tables.TableFiles.workbook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkbookPostTableTest {
    @TempDir
    Path folder;

    @Test
    void cellsOfEveryKindAreRead() {
        byte[] xlsx = workbook(sheet -> {
            row(sheet, 1, "id", "date", "content", "username", "media", "inferred company", "likes");
            row(sheet, 2, 1, "2021-05-04 10:30:00", "Open day", "elm", "[Photo(fullUrl='u')]", "elm", 12);
            row(sheet, 4, 2e3, 44320.4375, 2024, true, "", "", "");
            sheet.style(5, 1).format("yyyy-mm-dd").set();
            row(sheet, 5, "x", LocalDateTime.of(2021, 12, 31, 23, 59, 59), "Late", null, null, null, null);
        });

        var rows = rows("p.xlsx", xlsx);

        Row.Readable first = readable(rows.get(0));
        assertThat(first.line()).isEqualTo(3);
        assertThat(first.post().id()).isEqualTo("1");
        assertThat(first.post().date()).isEqualTo(LocalDateTime.of(2021, 5, 4, 10, 30));
        assertThat(first.post().media()).hasSize(1);
        assertThat(first.likes()).hasValue(12);
        Row.Readable second = readable(rows.get(1));
        assertThat(second.line()).isEqualTo(5);
        assertThat(second.post().id()).isEqualTo("2000");
        assertThat(second.post().date()).isEqualTo(LocalDateTime.of(2021, 5, 4, 10, 30));
        assertThat(second.post().content()).isEqualTo("2024");
        assertThat(second.post().username()).isEqualTo("true");
        assertThat(readable(rows.get(2)).post().date()).isEqualTo(LocalDateTime.of(2021, 12, 31, 23, 59, 59));
    }

    @Test
    void aFormulaGivesItsStoredValueOrIsTold() {
        byte[] computed = edited(
                workbook(sheet -> {
                    row(sheet, 0, "content", "likes");
                    sheet.formula(1, 0, "CONCAT(A9,B9)");
                    sheet.formula(2, 0, "CONCAT(A9,B9)");
                    row(sheet, 3, "sound", 3);
                }),
                xml -> xml.replaceFirst("<c r=\"A2\".*?</c>", "<c r=\"A2\" t=\"str\"><f>A9</f><v>A sum</v></c>")
                        .replaceFirst("<c r=\"A3\".*?</c>", "<c r=\"A3\"><f>A9</f></c>"));

        assertThat(told(rows("p.xlsx", computed)))
                .containsExactly(
                        "2 A sum", "line 3: content: holds a formula that was never computed in cell A3", "4 sound");
    }

    @Test
    void anErrorInACellIsTold() {
        byte[] xlsx = edited(
                workbook(sheet -> {
                    row(sheet, 0, "content", "note");
                    row(sheet, 1, 1, 1);
                    row(sheet, 2, "sound", "x");
                }),
                xml -> xml.replaceFirst("<c r=\"A2\"[^>]*><v>1</v>", "<c r=\"A2\" t=\"e\"><v>#N/A</v>"));

        assertThat(told(rows("p.xlsx", xlsx)))
                .containsExactly("line 2: content: holds the error #N/A in cell A2", "3 sound");
    }

    @Test
    void aCellBeyondTheHeaderMakesARaggedRow() {
        byte[] xlsx = workbook(sheet -> {
            row(sheet, 0, "content");
            row(sheet, 1, "one", null, "more");
            row(sheet, 2, "two", " ");
        });

        assertThat(told(rows("p.xlsx", xlsx))).containsExactly("line 2: has 3 columns where the header has 1", "3 two");
    }

    @Test
    void datesCountFromTheWorkbooksOwnEpoch() {
        byte[] sheet = workbook(of -> {
            row(of, 0, "content", "date");
            row(of, 1, "one", 42858.5);
            row(of, 2, "two", 1e18);
        });
        byte[] macintosh = rewritten(
                sheet,
                UnaryOperator.identity(),
                (name, xml) -> name.endsWith("/workbook.xml")
                        ? xml.replaceFirst("date1904=\"false\"", "date1904=\"true\"")
                        : xml);

        assertThat(readable(rows("p.xlsx", sheet).getFirst()).post().date())
                .isEqualTo(LocalDateTime.of(2017, 5, 3, 12, 0));
        assertThat(message(rows("p.xlsx", sheet).getLast())).startsWith("line 3: date: must lie in the years");
        assertThat(readable(rows("p.xlsx", macintosh).getFirst()).post().date())
                .isEqualTo(LocalDateTime.of(2021, 5, 4, 12, 0));
    }

    @Test
    void aNumberOfCountlessDigitsIsAText() {
        byte[] xlsx = edited(
                workbook(sheet -> {
                    row(sheet, 0, "content");
                    row(sheet, 1, 1);
                }),
                xml -> xml.replace("<v>1</v>", "<v>1e99999</v>"));

        assertThat(told(rows("p.xlsx", xlsx))).containsExactly("2 1E+99999");
    }

    @Test
    void aSheetThatIsDamagedGivesWhatStandsBeforeIt() {
        byte[] xlsx = edited(
                workbook(sheet -> {
                    row(sheet, 0, "content");
                    row(sheet, 1, "one");
                    row(sheet, 2, 2);
                    row(sheet, 3, "three");
                }),
                xml -> xml.replace("<v>2</v>", "<v>two</v>"));

        assertThat(told(rows("p.xlsx", xlsx)))
                .hasSize(2)
                .startsWith("2 one")
                .last()
                .asString()
                .startsWith("line 3: the sheet is damaged from here on: ");
    }

    @Test
    void aSheetMayHoldMoreThanARow() {
        byte[] xlsx = workbook(sheet -> {
            row(sheet, 0, "content", "note");
            for (int i = 1; i <= 5; i++) {
                row(sheet, i, "post " + i);
                sheet.inlineString(i, 1, "x".repeat(1 << 20));
            }
        });

        assertThat(rows("p.xlsx", xlsx)).hasSize(5).allMatch(Row.Readable.class::isInstance);
    }

    @Test
    void aHeaderAloneHasNoRows() {
        assertThat(rows("p.xlsx", workbook(sheet -> row(sheet, 0, "content")))).isEmpty();
    }

    @Test
    void aFileThatIsNoWorkbookIsRefusedInOneSentence() {
        byte[] sound = workbook(sheet -> row(sheet, 0, "content"));

        assertThatThrownBy(() -> rows("p.xlsx", "content\na\n"))
                .isInstanceOf(TableException.class)
                .hasMessage("p.xlsx is no Excel workbook, whatever its name says.");
        assertThatThrownBy(() -> rows("p.xlsx", TableFiles.cut(sound, sound.length / 2)))
                .hasMessage("p.xlsx is no Excel workbook: it is damaged or something else.");
        assertThatThrownBy(() -> rows("p.xlsx", zip("a.txt", "content".getBytes(StandardCharsets.UTF_8))))
                .hasMessage("p.xlsx is no Excel workbook: it is damaged or something else.");
        assertThatThrownBy(() -> rows("p.xlsx", edited(sound, xml -> xml.substring(0, xml.length() / 2))))
                .hasMessage("p.xlsx is no Excel workbook: it is damaged or something else.");
        assertThatThrownBy(() -> rows("p.xlsx", edited(sound, xml -> xml.replace("<sheetData>", "<sheetData>a & b"))))
                .hasMessage("p.xlsx is no Excel workbook: it is damaged or something else.");
        assertThatThrownBy(() -> rows("p.xlsx", workbook(sheet -> {})))
                .hasMessage("p.xlsx is empty: the first row of its first sheet must name the columns.");
        assertThatThrownBy(() -> rows("p.xls", new byte[] {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0, 0, 0}))
                .hasMessage("p.xls is an old or an encrypted Excel workbook: save it as plain .xlsx.");
    }

    @Test
    void bombsAreTurnedAway() {
        byte[] sound = workbook(sheet -> {
            row(sheet, 0, "content");
            row(sheet, 1, 1);
        });

        assertThatThrownBy(() -> rows("p.xlsx", edited(sound, xml -> xml.replace("\"A2\"", "\"ZZZZZZ2\""))))
                .hasMessage("p.xlsx is too large: it has more than 3 letters in the name of a column.");
        assertThatThrownBy(() -> rows(
                        "p.xlsx",
                        edited(sound, xml -> xml.replace("<v>1</v>", "<is><t>" + "x".repeat(2 << 20) + "</t></is>"))))
                .hasMessage("p.xlsx is too large: it has more than 1,048,576 characters in one cell.");
        String run = "<r><t>" + "x".repeat(1 << 19) + "</t></r>";
        assertThatThrownBy(() ->
                        rows("p.xlsx", edited(sound, xml -> xml.replace("<v>1</v>", "<is>" + run.repeat(3) + "</is>"))))
                .hasMessage("p.xlsx is too large: it has more than 1,048,576 characters in one cell.");
        assertThatThrownBy(() -> rows(
                        "p.xlsx",
                        edited(
                                sound,
                                xml -> xml.replace(
                                        "</sheetData>",
                                        ("<row>" + "<c/>".repeat(1 << 19)).repeat(3)
                                                + "</row></row></row></sheetData>"))))
                .hasMessage("p.xlsx is too large: it has more than 4,194,304 bytes in one row.");
        byte[] million = ("<x>" + "<si/>".repeat(1 << 18)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> rows("p.xlsx", zip("xl/sharedStrings.xml", repeated(million, 110))))
                .hasMessage("p.xlsx is too large: it has more than 134,217,728 bytes when unpacked.");
    }

    @Test
    void bombsAreTurnedAwayWhateverTheirPartsAreCalled() {
        byte[] sound = workbook(sheet -> {
            row(sheet, 0, "content");
            row(sheet, 1, 1);
        });
        UnaryOperator<String> wide = xml -> xml.replace("\"A2\"", "\"ZZZZZZ2\"");
        byte[] million = ("<x>" + "<si/>".repeat(1 << 18)).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> rows("p.xlsx", renamed(edited(sound, wide), "worksheets/sheet1.xml", "sheet.bin")))
                .hasMessage("p.xlsx is too large: it has more than 3 letters in the name of a column.");
        assertThatThrownBy(() -> rows("p.xlsx", renamed(edited(sound, wide), "workbook.xml", "workbook.bin")))
                .hasMessage("p.xlsx is too large: it has more than 3 letters in the name of a column.");
        assertThatThrownBy(() -> rows("p.xlsx", zip("xl/strings.bin", repeated(million, 110))))
                .hasMessage("p.xlsx is too large: it has more than 134,217,728 bytes when unpacked.");
    }

    @Test
    void aBombIsTurnedAwayThatShadowsASoundPartOfItsName() throws IOException {
        byte[] sound = workbook(sheet -> {
            row(sheet, 0, "content");
            row(sheet, 1, 1);
        });
        byte[] bomb = edited(sound, xml -> xml.replace("\"A2\"", "\"ZZZZZZ2\""));
        byte[] empty = "<worksheet/>".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> rows("p.xlsx", with(bomb, "xl/worksheets/sheet1.xml", empty)))
                .hasMessage("p.xlsx is too large: it has more than 3 letters in the name of a column.");
    }

    @Test
    void whatIsNoXmlIsLeftAlone() throws IOException {
        byte[] xlsx = workbook(sheet -> {
            row(sheet, 0, "content");
            row(sheet, 1, "one");
        });

        for (String part : List.of("", "\u0001\u0002", "\u0089PNG", "a note", "<xml><v:shape><br></v:shape></xml>")) {
            byte[] with = with(xlsx, "xl/media/part.bin", part.getBytes(StandardCharsets.UTF_8));
            assertThat(told(rows("p.xlsx", with))).containsExactly("2 one");
        }
    }

    private static void row(Worksheet sheet, int row, Object... cells) {
        for (int i = 0; i < cells.length; i++) {
            switch (cells[i]) {
                case null -> {}
                case Number number -> sheet.value(row, i, number);
                case Boolean truth -> sheet.value(row, i, truth);
                case LocalDateTime date -> sheet.value(row, i, date);
                case Object text -> sheet.value(row, i, text.toString());
            }
        }
    }

    private static byte[] repeated(byte[] bytes, int times) {
        byte[] all = new byte[bytes.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
        }
        return all;
    }

    private static byte[] zip(String name, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The workbook with its sheet's XML changed. */
    private byte[] edited(byte[] workbook, UnaryOperator<String> change) {
        return rewritten(workbook, UnaryOperator.identity(), (name, xml) -> {
            if (!name.endsWith("sheet1.xml")) {
                return xml;
            }
            String changed = change.apply(xml);
            assertThat(changed).isNotEqualTo(xml);
            return changed;
        });
    }

    /** The workbook with a part called otherwise, also where others name it. */
    private byte[] renamed(byte[] workbook, String part, String other) {
        return rewritten(workbook, name -> name.replace(part, other), (name, xml) -> xml.replace(part, other));
    }

    /** The workbook with one more part; of two of the same name, readers take the first. */
    private byte[] with(byte[] workbook, String part, byte[] content) throws IOException {
        byte[] plain = rewritten(workbook, UnaryOperator.identity(), (name, xml) -> xml);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(plain));
                ZipArchiveOutputStream to = new ZipArchiveOutputStream(out)) {
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                add(to, entry.getName(), from.readAllBytes());
            }
            add(to, part, content);
        }
        return out.toByteArray();
    }

    private static void add(ZipArchiveOutputStream to, String part, byte[] content) throws IOException {
        to.putArchiveEntry(new ZipArchiveEntry(part));
        to.write(content);
        to.closeArchiveEntry();
    }

    /** The workbook with every part's name and content changed. */
    private byte[] rewritten(byte[] workbook, UnaryOperator<String> rename, BinaryOperator<String> change) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipFile from = new ZipFile(
                        Files.write(folder.resolve("original.xlsx"), workbook).toFile());
                ZipOutputStream to = new ZipOutputStream(out)) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                String xml = new String(from.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                to.putNextEntry(new ZipEntry(rename.apply(entry.getName())));
                to.write(change.apply(entry.getName(), xml).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
