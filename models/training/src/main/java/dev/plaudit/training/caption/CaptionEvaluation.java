package dev.plaudit.training.caption;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How well captions meet pictures whose content is known.
 *
 * @param pictures how many
 * @param subjectNamed share of the pictures whose caption names the main object
 * @param colorNamed share of those with a colour whose caption names it
 */
public record CaptionEvaluation(int pictures, double subjectNamed, double colorNamed) {
    private static final int BATCH = 32;

    /**
     * Has pictures captioned and counts.
     *
     * @param captioner says one caption of each picture
     * @throws IllegalArgumentException if there is no picture
     */
    public static CaptionEvaluation of(
            List<CaptionedPicture> pictures, Function<List<BufferedImage>, List<String>> captioner) {
        if (pictures.isEmpty()) {
            throw new IllegalArgumentException("There are no pictures to evaluate on.");
        }
        List<String> captions = new ArrayList<>(pictures.size());
        for (int from = 0; from < pictures.size(); from += BATCH) {
            captions.addAll(captioner.apply(pictures.subList(from, Math.min(from + BATCH, pictures.size())).stream()
                    .map(CaptionedPicture::image)
                    .toList()));
        }
        return of(
                captions,
                pictures.stream().map(CaptionedPicture::subject).toList(),
                pictures.stream().map(CaptionedPicture::color).toList());
    }

    static CaptionEvaluation of(List<String> captions, List<String> subjects, List<String> colors) {
        int subject = 0;
        int color = 0;
        int colored = 0;
        for (int i = 0; i < captions.size(); i++) {
            subject += names(captions.get(i), subjects.get(i)) ? 1 : 0;
            boolean hasColor = !colors.get(i).isEmpty();
            colored += hasColor ? 1 : 0;
            color += hasColor && names(captions.get(i), colors.get(i)) ? 1 : 0;
        }
        return new CaptionEvaluation(
                captions.size(), (double) subject / captions.size(), (double) color / Math.max(1, colored));
    }

    /** Whether the words stand in the caption, in the plural too. */
    static boolean names(String caption, String words) {
        Pattern whole = Pattern.compile("\\b" + Pattern.quote(words.toLowerCase(Locale.ROOT)) + "(s|es)?\\b");
        return whole.matcher(caption.toLowerCase(Locale.ROOT)).find();
    }
}
