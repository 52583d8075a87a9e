package dev.plaudit.local;

import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.PostDate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an earlier post: its likes, its date if known, its media kind if known, as in {@code 120@2026-02-27@photo}. */
final class EarlierPostConverter implements ITypeConverter<EarlierPost> {
    @Override
    public EarlierPost convert(String text) {
        String[] parts = text.split("@", 3);
        try {
            return new EarlierPost(
                    Integer.parseInt(parts[0]),
                    parts.length < 2 || parts[1].isEmpty() ? null : PostDate.parse(parts[1]),
                    parts.length < 3 ? null : MediaKind.parse(parts[2]));
        } catch (InvalidFieldException e) {
            throw new TypeConversionException(e.getMessage());
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + parts[0] + "' is not a whole number of likes");
        }
    }
}
