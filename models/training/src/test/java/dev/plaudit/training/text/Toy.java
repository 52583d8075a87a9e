package dev.plaudit.training.text;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Little posts whose label is the colour that they name. */
record Toy(List<String> texts, List<Integer> labels) implements Examples {
    static final List<String> LABELS = List.of("red", "green", "blue");

    private static final List<String> FILLERS =
            List.of("a", "new", "car", "summer", "today", "drive", "it", "home", "!", "wins", "café", "123");

    static Toy of(int size, long seed) {
        Random random = new Random(seed);
        List<Integer> labels = random.ints(size, 0, LABELS.size()).boxed().toList();
        return new Toy(labels.stream().map(label -> text(label, random)).toList(), labels);
    }

    private static String text(int label, Random random) {
        int words = 2 + random.nextInt(8);
        int place = random.nextInt(words);
        return String.join(
                " ",
                IntStream.range(0, words)
                        .mapToObj(i -> i == place ? LABELS.get(label) : FILLERS.get(random.nextInt(FILLERS.size())))
                        .toList());
    }

    static DistilBertShape shape(int vocabulary, double dropout) {
        return new DistilBertShape(vocabulary, 16, 2, 2, 32, 16, dropout, dropout, dropout, LABELS);
    }

    @Override
    public int size() {
        return texts.size();
    }

    @Override
    public String text(int index, int epoch) {
        return texts.get(index);
    }

    @Override
    public float[] target(int index) {
        float[] target = new float[LABELS.size()];
        target[labels.get(index)] = 1;
        return target;
    }
}
