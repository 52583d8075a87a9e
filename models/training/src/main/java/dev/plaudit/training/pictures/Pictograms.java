package dev.plaudit.training.pictures;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.IkonHandler;
import org.kordamp.ikonli.IkonProvider;

/** The outlines of things, drawn by many hands: the icon fonts on the class path. */
final class Pictograms {
    private static final int LEAST = 6;
    private static final int HELD_OUT_EVERY = 5;
    private static final String VARIANT =
            "-(outlined|outline|filled|fill|line|solid|regular|sharp|round|alt|o|2|3|16|20|24|28|32|48)$";

    /** A thing's name, then the names that icon fonts give it. */
    private static final List<String> SUBJECTS = List.of(
            "anchor",
            "backpack",
            "basketball",
            "bed hotel",
            "beer beer,beer-mug,sports-bar",
            "bell bell,notifications",
            "bicycle bicycle,bike,pedal-bike,directions-bike",
            "book book,book-open,menu-book",
            "briefcase briefcase,work",
            "bus bus,directions-bus",
            "cake cake,birthday-cake",
            "calculator",
            "calendar calendar,event,today",
            "camera camera,photo-camera,camera-alt",
            "car car,directions-car",
            "cat",
            "clock clock,time,schedule,access-time",
            "cloud cloud,cloudy",
            "coffee_cup coffee,mug-hot,cup,free-breakfast,local-cafe,cafe",
            "credit_card credit-card,bank-card",
            "crown",
            "diamond diamond,gem",
            "dog",
            "dumbbell dumbbell,fitness-center,barbell",
            "eye visibility",
            "fish",
            "flag",
            "gift gift,card-giftcard,redeem,gift-card",
            "globe globe,earth,public,planet",
            "hamburger hamburger,burger,fastfood,lunch-dining",
            "hammer",
            "headphones headphones,headphone,headset",
            "heart heart,favorite",
            "house home,house",
            "ice_cream ice-cream,icecream",
            "key vpn-key,key,key-variant",
            "laptop laptop,laptop-mac,laptop-windows",
            "leaf leaf,eco",
            "light_bulb lightbulb,bulb,lightbulb-on",
            "lock lock,padlock",
            "medal medal,award",
            "megaphone megaphone,bullhorn,campaign",
            "microphone mic,microphone",
            "moon moon,nights-stay,brightness-3,bedtime",
            "motorcycle motorcycle,motorbike",
            "music_note music,music-note,music-note-eighth,musical-note",
            "paper_plane paper-plane,send",
            "palette palette,color-palette,color-lens",
            "pencil pencil,pen,create,edit",
            "pizza pizza,pizza-slice,local-pizza",
            "plane plane,airplane,flight,local-airport,airplanemode-active",
            "printer printer,print,local-printshop",
            "robot robot,bot,smart-toy,android",
            "rocket",
            "ruler",
            "scissors cut,scissors,content-cut",
            "shield shield,security",
            "ship ship,boat,directions-boat,ferry",
            "shirt tshirt,t-shirt,t-shirt-crew,shirt",
            "shopping_bag shopping-bag,bag,local-mall,shopping",
            "shopping_cart shopping-cart,cart",
            "skull",
            "smartphone smartphone,mobile,phone-android,phone-iphone,mobile-phone",
            "snowflake snowflake,ac-unit",
            "star star,grade",
            "suitcase suitcase,luggage,bag-suitcase",
            "sun sun,wb-sunny,sunny,brightness-7",
            "television tv,television",
            "train train,subway,directions-subway",
            "tree tree,pine-tree,nature,park",
            "trophy trophy,emoji-events",
            "truck truck,local-shipping",
            "umbrella umbrella,beach-access",
            "wallet wallet,account-balance-wallet",
            "watch watch",
            "wine_glass wine,wine-glass,wine-bar,glass-wine,local-bar,drink");

    private final Map<String, List<Glyph>> train = new LinkedHashMap<>();
    private final Map<String, List<Glyph>> validation = new LinkedHashMap<>();

    private record Glyph(Font font, int code) {

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

    Pictograms() {
        Map<String, List<Glyph>> named = named();
        for (String entry : SUBJECTS) {
            String subject = entry.split(" ")[0].replace('_', ' ');
            String[] names = entry.substring(entry.indexOf(' ') + 1).split(",");
            List<Glyph> glyphs = new ArrayList<>();
            for (String name : names) {
                named.getOrDefault(name, List.of()).stream()
                        .filter(Glyph::isDrawn)
                        .forEach(glyphs::add);
            }
            if (glyphs.size() >= LEAST) {
                for (int i = 0; i < glyphs.size(); i++) {
                    Map<String, List<Glyph>> split = i % HELD_OUT_EVERY == HELD_OUT_EVERY / 2 ? validation : train;
                    split.computeIfAbsent(subject, _ -> new ArrayList<>()).add(glyphs.get(i));
                }
            }
        }
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

    List<String> subjects() {
        return List.copyOf(validation.keySet());
    }

    int variants(String subject, Split split) {
        return of(split).get(subject).size();
    }

    private Map<String, List<Glyph>> of(Split split) {
        return split == Split.TRAIN ? train : validation;
    }

    /** An outline of a thing, its longer side 1, centred on the origin. */
    Shape outline(String subject, Split split, int variant) {
        Shape outline = of(split).get(subject).get(variant).outline();
        Rectangle2D box = outline.getBounds2D();
        double scale = 1 / Math.max(1, Math.max(box.getWidth(), box.getHeight()));
        AffineTransform to = AffineTransform.getScaleInstance(scale, scale);
        to.translate(-box.getCenterX(), -box.getCenterY());
        return to.createTransformedShape(outline);
    }
}
