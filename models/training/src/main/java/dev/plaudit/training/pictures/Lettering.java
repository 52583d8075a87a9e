package dev.plaudit.training.pictures;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Words set in a box, in typefaces that the splits do not share. */
final class Lettering {
    /** A typeface that is not installed is stood in for by the platform's own. */
    private static final Map<Split, List<String>> TYPEFACES = Map.of(
            Split.TRAIN, List.of("DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono", "Lato", "Lato Light"),
            Split.VALIDATION, List.of("DejaVu Sans Condensed", "DejaVu Serif Condensed", "Lato Black"));

    static final List<String> SLOGANS = List.of(
            "big sale",
            "summer sale",
            "black friday",
            "free shipping",
            "thank you",
            "coming soon",
            "new arrivals",
            "open now",
            "join us",
            "hello",
            "best price",
            "happy birthday",
            "good morning",
            "save the date",
            "order now",
            "we are hiring");
    static final List<String> OFFERS = List.of("50% off", "20% off", "sale", "new", "free");
    static final List<String> BRANDS = List.of("nova", "atlas", "luna", "orbit", "fresh", "pixel");

    private Lettering() {}

    /** Writes words as large as the box allows, in the graphics' colour. */
    static void write(Graphics2D g, String words, Rectangle2D box, Split split, Random random) {
        List<String> typefaces = TYPEFACES.get(split);
        String typeface = typefaces.get(random.nextInt(typefaces.size()));
        Font font = new Font(typeface, random.nextBoolean() ? Font.BOLD : Font.PLAIN, 100);
        String text = random.nextBoolean() ? words.toUpperCase(Locale.ROOT) : words;
        Rectangle2D bounds =
                font.createGlyphVector(g.getFontRenderContext(), text).getVisualBounds();
        double scale = Math.min(box.getWidth() / bounds.getWidth(), box.getHeight() / bounds.getHeight());
        g.setFont(font.deriveFont((float) (100 * scale)));
        g.drawString(text, (float) (box.getCenterX() - bounds.getCenterX() * scale), (float)
                (box.getCenterY() - bounds.getCenterY() * scale));
    }
}
