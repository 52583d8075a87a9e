package dev.plaudit.inference.decoding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decoding on ONNX Runtime. The rows' sequences lie in the first slots of the cache, without a gap and in any order. A
 * sequence keeps its slot while it can; where one has several successors, a slot is only given what it does not hold
 * already. What slots hold of prompts stays known when their rows are gone, so that a new prompt that begins alike is only
 * read from where it differs. After a failure no row and nothing else is known.
 */
final class SessionDecoder implements Decoder {
    /** What a slot holds: a prompt, and tokens said after it. */
    private record Content(float[] prompt, int[] said) {
        static final Content NOTHING = new Content(new float[0], new int[0]);

        Content with(int token) {
            int[] longer = Arrays.copyOf(said, said.length + 1);
            longer[said.length] = token;
            return new Content(prompt, longer);
        }
    }

    private final KvCache cache;
    private final Embeddings embeddings;
    private final CausalShape shape;
    private final Content[] contents;
    private int[] slots = {};
    private float[] logits = {};

    /** Where the runs' input lies, as long as it is large enough. */
    private MemorySegment input = MemorySegment.NULL;

    /** @param cache that is closed with this decoder */
    SessionDecoder(KvCache cache, Embeddings embeddings, CausalShape shape) {
        this.cache = cache;
        this.embeddings = embeddings;
        this.shape = shape;
        this.contents = new Content[cache.slots()];
        Arrays.fill(contents, Content.NOTHING);
    }

    @Override
    public int vocabulary() {
        return shape.vocabSize();
    }

    @Override
    public float[] logits() {
        return logits;
    }

    @Override
    public void add(float[] prompt) {
        int slot = slots.length;
        int known = takeOver(prompt, slot);
        MemorySegment scores =
                run(slot, new int[] {known}, Arrays.copyOfRange(prompt, known * shape.hiddenSize(), prompt.length));
        contents[slot] = new Content(prompt, new int[0]);
        slots = Arrays.copyOf(slots, slot + 1);
        slots[slot] = slot;
        logits = Arrays.copyOf(logits, slots.length * shape.vocabSize());
        take(scores, 0, slot);
    }

    /** Fills a slot with the beginning of a prompt as far as any slot holds it, the last token left out. */
    private int takeOver(float[] prompt, int slot) {
        int best = slot;
        int most = 0;
        for (int i = 0; i < contents.length; i++) {
            int same = common(contents[i].prompt(), prompt);
            if (same > most || same == most && i == slot) {
                best = i;
                most = same;
            }
        }
        most = Math.min(most, prompt.length / shape.hiddenSize() - 1);
        contents[slot] = Content.NOTHING;
        if (best != slot && most > 0) {
            cache.copy(List.of(new KvCache.Copy(best, slot, 0, most)));
        }
        return most;
    }

    /** Tokens that two prompts begin with alike. */
    private int common(float[] a, float[] b) {
        int different = Arrays.mismatch(a, b);
        return (different < 0 ? a.length : different) / shape.hiddenSize();
    }

    @Override
    public void advance(int[] parents, int[] tokens) {
        try {
            slots = moved(parents);
            say(tokens);
        } catch (RuntimeException | Error e) {
            slots = new int[0];
            Arrays.fill(contents, Content.NOTHING);
            throw e;
        }
    }

    /** Adds a token to each row. */
    private void say(int[] tokens) {
        int rows = slots.length;
        int[] before = new int[rows];
        float[] embeds = new float[rows * shape.hiddenSize()];
        for (int row = 0; row < rows; row++) {
            int slot = slots[row];
            before[slot] = length(contents[slot]);
            embeddings.embed(tokens[row], embeds, slot * shape.hiddenSize());
            contents[slot] = contents[slot].with(tokens[row]);
        }
        if (logits.length != rows * shape.vocabSize()) {
            logits = new float[rows * shape.vocabSize()];
        }
        if (rows > 0) {
            MemorySegment scores = run(0, before, embeds);
            for (int row = 0; row < rows; row++) {
                take(scores, slots[row], row);
            }
        }
    }

    private MemorySegment run(int firstSlot, int[] before, float[] embeds) {
        int length = embeds.length / before.length / shape.hiddenSize();
        long bytes = ModelInput.byteSize(before.length, length, embeds.length);
        if (input.byteSize() < bytes) {
            input = Arena.ofAuto().allocate(bytes, ModelInput.ALIGNMENT);
        }
        return cache.run(ModelInput.of(firstSlot, before, embeds, length, input));
    }

    /** Takes the scores of one of the slots that were run as those of a row. */
    private void take(MemorySegment scores, long slot, int row) {
        int size = shape.vocabSize();
        MemorySegment.copy(scores, ValueLayout.JAVA_FLOAT, slot * size * Float.BYTES, logits, row * size, size);
    }

    /** Gives every new row one of the first slots, which then holds its parent's sequence. */
    private int[] moved(int[] parents) {
        int[] next = new int[parents.length];
        boolean[] taken = new boolean[parents.length];
        Arrays.fill(next, -1);
        for (int row = 0; row < parents.length; row++) {
            int slot = slots[parents[row]];
            if (slot < taken.length && !taken[slot]) {
                taken[slot] = true;
                next[row] = slot;
            }
        }
        List<KvCache.Copy> copies = new ArrayList<>();
        for (int row = 0; row < parents.length; row++) {
            if (next[row] < 0) {
                int source = slots[parents[row]];
                next[row] = vacant(taken, contents[source]);
                taken[next[row]] = true;
                copies.add(copy(source, next[row]));
            }
        }
        if (!copies.isEmpty()) {
            cache.copy(copies);
        }
        return next;
    }

    /** The slot, of those that no row has taken, that holds most of what is wanted. */
    private int vacant(boolean[] taken, Content wanted) {
        int vacant = -1;
        int most = -1;
        for (int slot = 0; slot < taken.length; slot++) {
            int same = taken[slot] ? -1 : alike(wanted, contents[slot]);
            if (same > most) {
                vacant = slot;
                most = same;
            }
        }
        return vacant;
    }

    /** What must be copied to give a slot another one's sequence, which it then counts as holding. */
    private KvCache.Copy copy(int source, int target) {
        Content content = contents[source];
        int from = alike(content, contents[target]);
        contents[target] = content;
        return new KvCache.Copy(source, target, from, length(content));
    }

    /** Tokens that a slot need not be given, since it has them already. */
    private int alike(Content wanted, Content held) {
        if (wanted.prompt() != held.prompt()) {
            return 0;
        }
        int different = Arrays.mismatch(wanted.said(), held.said());
        return length(wanted) - (different < 0 ? 0 : wanted.said().length - different);
    }

    private int length(Content content) {
        return content.prompt().length / shape.hiddenSize() + content.said().length;
    }

    @Override
    public void close() {
        cache.close();
    }
}
