package dev.plaudit.inference.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Searches that share a decoder: at each step every sequence of all of them gets a token. Between two steps others may
 * join; a search that has ended leaves. Not thread-safe.
 */
final class Batch {
    /** @param rows sequences that it follows now */
    private record Member(Search search, int rows) {}

    private final Decoder decoder;
    private List<Member> members = new ArrayList<>();

    /** @param decoder without any row */
    Batch(Decoder decoder) {
        this.decoder = decoder;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Rows that its searches may come to need at once. */
    int maxRows() {
        return members.stream().mapToInt(member -> member.search().maxRows()).sum();
    }

    /** Reads a prompt, which a search goes on with from the next step on. */
    void join(Prompt prompt, Search search) {
        decoder.add(prompt.embeddings());
        members.add(new Member(search, 1));
    }

    /** Lets every search take a step. */
    void step() {
        float[] scores = decoder.logits();
        int[] parents = new int[maxRows()];
        int[] tokens = new int[parents.length];
        int count = 0;
        List<Member> next = new ArrayList<>();
        int row = 0;
        for (Member member : members) {
            Search.Step step = member.search().next(scores, row * decoder.vocabulary(), decoder.vocabulary());
            for (int i = 0; i < step.tokens().length; i++) {
                parents[count] = row + step.parents()[i];
                tokens[count++] = step.tokens()[i];
            }
            if (!step.isEnd()) {
                next.add(new Member(member.search(), step.tokens().length));
            }
            row += member.rows();
        }
        members = next;
        decoder.advance(Arrays.copyOf(parents, count), Arrays.copyOf(tokens, count));
    }

    /** Drops all searches, as after a failure of the decoder. */
    void clear() {
        members = new ArrayList<>();
        decoder.advance(new int[0], new int[0]);
    }
}
