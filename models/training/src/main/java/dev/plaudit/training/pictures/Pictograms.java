package dev.plaudit.training.pictures;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.IkonHandler;
import org.kordamp.ikonli.IkonProvider;

/** The outlines of things, drawn by many hands: the icon fonts on the class path. */
final class Pictograms {
    private static final int HELD_OUT_EVERY = 10;
    private static final int FIRST_HELD_OUT = 2;
    private static final String VARIANT =
            "-(outlined|outline|filled|fill|line|solid|regular|sharp|round|alt|o|2|3|16|20|24|28|32|48)$";

    /** A thing's name, then the names that icon fonts give it. */
    private static final List<String> THINGS = List.of(
            "bell bell,notifications",
            "bicycle bicycle,bike,pedal-bike,directions-bike",
            "book book,book-open,menu-book",
            "calendar calendar,event,today",
            "camera camera,photo-camera,camera-alt",
            "car car,directions-car",
            "clock clock,time,schedule,access-time",
            "cloud cloud,cloudy",
            "cup_of_coffee coffee,mug-hot,cup,free-breakfast,local-cafe,cafe",
            "flag",
            "gift gift,card-giftcard,redeem,gift-card",
            "globe globe,earth,public,planet",
            "headphones headphones,headphone,headset",
            "heart heart,favorite",
            "house home,house",
            "key vpn-key,key,key-variant",
            "leaf leaf,eco",
            "light_bulb lightbulb,bulb,lightbulb-on",
            "lock lock,padlock",
            "megaphone megaphone,bullhorn,campaign",
            "microphone mic,microphone",
            "moon moon,nights-stay,brightness-3,bedtime",
            "music_note music,music-note,music-note-eighth,musical-note",
            "plane plane,airplane,flight,local-airport,airplanemode-active",
            "rocket",
            "shirt tshirt,t-shirt,t-shirt-crew,shirt",
            "shopping_cart shopping-cart,cart",
            "smartphone smartphone,mobile,phone-android,phone-iphone,mobile-phone",
            "star star,grade",
            "sun sun,wb-sunny,sunny,brightness-7",
            "trophy trophy,emoji-events",
            "umbrella umbrella,beach-access",
            "wine_glass wine,wine-glass,wine-bar,glass-wine,local-bar,drink");

    private record Glyph(String description, Font font, int code) {

        Shape outline() {
            return font.deriveFont(100f)
                    .createGlyphVector(new FontRenderContext(null, true, true), Character.toString(code))
                    .getOutline();
        }

        /** Some fonts name icons that they leave empty. */
        boolean isDrawn() {
            return font.canDisplay(code) && !outline().getBounds2D().isEmpty();
        }
    }

    /** Icons that show something else than their name says in other fonts, or people, who are none of the things here. */
    private static final Set<String> MISNAMED = Set.of(
            "anto-schedule",
            "antf-schedule",
            "bx-planet",
            "bxs-planet",
            "enty-cup",
            "fltfal-access-time-24",
            "fltfal-drink-24",
            "fltral-access-time-24",
            "fltral-drink-24",
            "ion4-ios-bicycle",
            "ion4-ios-planet",
            "ion4-md-bicycle",
            "ion4-md-planet",
            "mdal-camera",
            "mdi2b-bike",
            "mdi2c-cup",
            "mdi2c-cup-outline",
            "mdoal-camera",
            "mdral-camera",
            "mdsal-camera",
            "remixal-bike-fill",
            "remixal-bike-line",
            "unil-favorite",
            "unil-schedule",
            "unim-clock",
            "unim-favorite",
            "unim-schedule",
            "unis-favorite",
            "unis-schedule");

    /**
     * A thing that fonts draw.
     *
     * @param train the hands to learn from
     * @param validation the others
     */
    private record Pictogram(String word, List<Shape> train, List<Shape> validation) implements Thing {
        @Override
        public Shape outline(Split split, Random random) {
            List<Shape> outlines = split == Split.TRAIN ? train : validation;
            return outlines.get(random.nextInt(outlines.size()));
        }
    }

    private Pictograms() {}

    /** Every thing, each drawn by several fonts; of each a tenth of the outlines is held out for validation. */
    static List<Thing> load() {
        Map<String, List<Glyph>> named = named();
        return THINGS.stream().map(entry -> pictogram(entry, named)).toList();
    }

    private static Thing pictogram(String entry, Map<String, List<Glyph>> named) {
        String word = entry.split(" ")[0].replace('_', ' ');
        List<Shape> train = new ArrayList<>();
        List<Shape> validation = new ArrayList<>();
        int drawn = 0;
        for (String name : entry.substring(entry.indexOf(' ') + 1).split(",")) {
            for (Glyph glyph : named.getOrDefault(name, List.of())) {
                if (glyph.isDrawn()) {
                    List<Shape> outlines = drawn % HELD_OUT_EVERY == FIRST_HELD_OUT ? validation : train;
                    if (!MISNAMED.contains(glyph.description())) {
                        outlines.add(glyph.outline());
                    }
                    drawn++;
                }
            }
        }
        return new Pictogram(word, train, validation);
    }

    private static Map<String, List<Glyph>> named() {
        Map<String, Font> fonts = new HashMap<>();
        List<IkonHandler> handlers = new ArrayList<>();
        ServiceLoader.load(IkonHandler.class).forEach(handlers::add);
        handlers.sort(Comparator.comparing(handler -> handler.getClass().getName()));
        Map<String, Glyph> glyphs = new TreeMap<>();
        for (IkonProvider<?> provider : ServiceLoader.load(IkonProvider.class)) {
            for (Object constant : provider.getIkon().getEnumConstants()) {
                Ikon icon = (Ikon) constant;
                handlers.stream()
                        .filter(handler -> handler.supports(icon.getDescription()))
                        .findFirst()
                        .ifPresent(handler -> glyphs.put(
                                icon.getDescription(),
                                new Glyph(
                                        icon.getDescription(),
                                        fonts.computeIfAbsent(
                                                handler.getFontResource().toString(), _ -> load(handler)),
                                        icon.getCode())));
            }
        }
        Map<String, List<Glyph>> named = new TreeMap<>();
        glyphs.forEach((description, glyph) -> {
            String name = description.substring(description.indexOf('-') + 1);
            name = name.replaceAll("^(ios|md|round|sharp|outlined)-", "");
            String plain = name.replaceAll(VARIANT, "").replaceAll(VARIANT, "");
            named.computeIfAbsent(plain, _ -> new ArrayList<>()).add(glyph);
        });
        return named;
    }

    private static Font load(IkonHandler handler) {
        try (InputStream file = handler.getFontResource().openStream()) {
            return Font.createFont(Font.TRUETYPE_FONT, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FontFormatException e) {
            throw new IllegalStateException("An icon font cannot be read: " + handler.getFontResource(), e);
        }
    }
}
