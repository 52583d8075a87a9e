package dev.plaudit.inference.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A decoder over a function from a sequence to what may follow it. A prompt is its tokens as numbers.
 *
 * @param model from a sequence, prompt included, to logits
 */
final class SequenceDecoder implements Decoder {
    private final int vocabulary;
    private final Function<int[], float[]> model;
    private List<int[]> rows = new ArrayList<>();

    SequenceDecoder(int vocabulary, Function<int[], float[]> model) {
        this.vocabulary = vocabulary;
        this.model = model;
    }

    /** Runs a search to its end. */
    static List<int[]> generate(int vocabulary, Function<int[], float[]> model, GenerationConfig config) {
        GenerationRequest request = GenerationRequest.of(Prompt.of(new float[] {0}), config);
        return generate(vocabulary, model, request).stream()
                .map(Generated::tokens)
                .toList();
    }

    static List<Generated> generate(int vocabulary, Function<int[], float[]> model, GenerationRequest request) {
        GeneratingSearch search = GeneratingSearch.of(request);
        run(vocabulary, model, request.prompt().embeddings(), search);
        return search.generated();
    }

    static void run(int vocabulary, Function<int[], float[]> model, float[] prompt, Search search) {
        Batch batch = new Batch(new SequenceDecoder(vocabulary, model));
        batch.join(Prompt.of(prompt), search);
        while (!batch.isEmpty()) {
            batch.step();
        }
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public void add(float[] prompt) {
        rows.add(IntStream.range(0, prompt.length).map(i -> (int) prompt[i]).toArray());
    }

    @Override
    public float[] logits() {
        float[] logits = new float[rows.size() * vocabulary];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(model.apply(rows.get(row)), 0, logits, row * vocabulary, vocabulary);
        }
        return logits;
    }

    @Override
    public void advance(int[] parents, int[] tokens) {
        List<int[]> next = new ArrayList<>();
        for (int row = 0; row < parents.length; row++) {
            int[] parent = rows.get(parents[row]);
            int[] sequence = Arrays.copyOf(parent, parent.length + 1);
            sequence[parent.length] = tokens[row];
            next.add(sequence);
        }
        rows = next;
    }

    @Override
    public void close() {}
}
