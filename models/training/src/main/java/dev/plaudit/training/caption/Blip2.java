package dev.plaudit.training.caption;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.plaudit.training.caption.Blip2Shape.Weight;
import dev.plaudit.training.torch.TorchScript;
import java.util.Arrays;
import java.util.List;

/** A BLIP-2 in PyTorch: its weights, its captions and its gradients. Not thread-safe. */
final class Blip2 implements AutoCloseable {
    /** Into how many cells a patch is divided when the model is asked where the main object is: four by four. */
    static final int CELLS = 16;

    private final NDManager manager;
    private final TorchScript kernels;
    private final Blip2Shape shape;
    private final NDList weights = new NDList();
    private final NDArray kernelShape;

    /**
     * A model over given weights.
     *
     * @param layout the shape's weights, then those of the heads that help in training, if any
     * @param values of every weight of the layout, in its order
     */
    Blip2(NDManager parent, Blip2Shape shape, List<Weight> layout, List<float[]> values) {
        this.manager = parent.newSubManager();
        this.kernels = TorchScript.load(manager, "Blip2", Blip2.class, "blip2.py");
        this.shape = shape;
        for (int i = 0; i < layout.size(); i++) {
            weights.add(manager.create(values.get(i), new Shape(layout.get(i).shape())));
        }
        this.kernelShape = manager.create(shape.kernelShape());
    }

    NDList weights() {
        return weights;
    }

    /**
     * Pictures and their captions.
     *
     * @param pixels of all pictures one after another: red plane, green plane, blue plane, each -1 to 1
     * @param tokens of each caption, without the end
     */
    record Batch(float[] pixels, List<long[]> tokens) {
        int size() {
            return tokens.size();
        }

        /** Tokens that the language model reads: the start, then the caption. */
        private long[] inputs(int length) {
            long[] ids = new long[size() * length];
            Arrays.fill(ids, Blip2Shape.PAD);
            for (int row = 0; row < size(); row++) {
                ids[row * length] = Blip2Shape.END;
                System.arraycopy(tokens.get(row), 0, ids, row * length + 1, tokens.get(row).length);
            }
            return ids;
        }

        /** Tokens that it is to say: the caption, then the end; -100 where it may say what it likes. */
        private long[] targets(int length) {
            long[] ids = new long[size() * length];
            Arrays.fill(ids, -100);
            for (int row = 0; row < size(); row++) {
                int end = row * length + tokens.get(row).length;
                System.arraycopy(tokens.get(row), 0, ids, row * length, tokens.get(row).length);
                ids[end] = Blip2Shape.END;
            }
            return ids;
        }

        private int length() {
            return 1 + tokens.stream().mapToInt(ids -> ids.length).max().orElse(0);
        }
    }

    /**
     * What a batch is asked beside its captions, by linear heads on the mean of what the vision transformer gives and on
     * the mean of what the language model is told. It wakes the eye long before words reach it.
     *
     * @param subjects the main object of each picture, as an index; -100 for none
     * @param colors its colour, likewise
     * @param cover for every patch of every picture how much of each of its {@link #CELLS} cells the main object covers
     * @param weight of these questions in the loss
     * @param captionWeight of the captions in the loss; at 0 only the vision transformer learns, which is fast
     */
    record Questions(long[] subjects, long[] colors, float[] cover, double weight, double captionWeight) {
        private double[] rates() {
            return new double[] {weight / asked(subjects), weight / asked(colors), captionWeight, 4 * weight};
        }

        static long asked(long[] labels) {
            return Math.max(1, Arrays.stream(labels).filter(label -> label >= 0).count());
        }
    }

    /**
     * What one batch teaches.
     *
     * @param loss mean cross entropy of the captions' tokens
     * @param right how many subjects and how many colours the heads on the picture got right
     * @param gradients of the weights, in their order
     */
    record Lesson(float loss, long[] right, NDList gradients) {}

    /**
     * Runs a batch forward and backward.
     *
     * @param scratch owns the gradients
     * @param halved for every weight, whether it is used in bfloat16: 1 or 0
     */
    Lesson learn(NDManager scratch, Batch batch, Questions questions, long[] halved) {
        int length = batch.length();
        Shape extent = new Shape(batch.size(), length);
        NDList arguments = new NDList(
                pixels(scratch, batch),
                scratch.create(batch.inputs(length), extent),
                scratch.create(batch.targets(length), extent),
                scratch.create(questions.subjects()),
                scratch.create(questions.colors()),
                scratch.create(questions.cover(), new Shape(batch.size(), shape.patches(), CELLS)),
                scratch.create(questions.rates()),
                scratch.create(halved),
                kernelShape);
        NDList results = kernels.call("gradients", arguments, weights);
        return new Lesson(results.get(0).getFloat(), results.get(1).toLongArray(), results.subNDList(2));
    }

    /**
     * The mean cross entropy of a batch's captions.
     *
     * @param by the weights to use: this model's or their average
     */
    float loss(Batch batch, NDList by) {
        try (NDManager scratch = manager.newSubManager()) {
            int length = batch.length();
            Shape extent = new Shape(batch.size(), length);
            NDList arguments = new NDList(
                    pixels(scratch, batch),
                    scratch.create(batch.inputs(length), extent),
                    scratch.create(batch.targets(length), extent),
                    kernelShape);
            return kernels.call("captioning", arguments, by).singletonOrThrow().getFloat();
        }
    }

    /**
     * Asks the heads on the picture.
     *
     * @param subjects the main object of each picture, as an index; -100 for none
     * @param colors its colour, likewise
     * @return how many subjects and how many colours they get right
     */
    long[] answer(Batch batch, long[] subjects, long[] colors, NDList by) {
        try (NDManager scratch = manager.newSubManager()) {
            NDList arguments =
                    new NDList(pixels(scratch, batch), scratch.create(subjects), scratch.create(colors), kernelShape);
            return kernels.call("answers", arguments, by).singletonOrThrow().toLongArray();
        }
    }

    /**
     * The most probable token, again and again until the end.
     *
     * @param pixels as in a batch
     * @return the tokens said of each picture, without the end
     */
    long[][] say(float[] pixels, NDList by, int most) {
        int rows = pixels.length / (3 * shape.image() * shape.image());
        long[][] said = new long[rows][most + 1];
        int[] lengths = new int[rows];
        Arrays.fill(lengths, -1);
        try (NDManager scratch = manager.newSubManager()) {
            NDArray picture = scratch.create(pixels, new Shape(rows, 3, shape.image(), shape.image()));
            NDArray prefix =
                    kernels.call("prefix", new NDList(picture, kernelShape), by).singletonOrThrow();
            Arrays.stream(said).forEach(row -> row[0] = Blip2Shape.END);
            for (int length = 1; length <= most && Arrays.stream(lengths).anyMatch(l -> l < 0); length++) {
                extend(prefix, said, lengths, length, by);
            }
        }
        long[][] captions = new long[rows][];
        for (int i = 0; i < rows; i++) {
            captions[i] = Arrays.copyOfRange(said[i], 1, lengths[i] < 0 ? most + 1 : lengths[i]);
        }
        return captions;
    }

    private void extend(NDArray prefix, long[][] said, int[] lengths, int length, NDList by) {
        try (NDManager scratch = manager.newSubManager()) {
            long[] ids = Arrays.stream(said)
                    .flatMapToLong(row -> Arrays.stream(row, 0, length))
                    .toArray();
            NDArray words = scratch.create(ids, new Shape(said.length, length));
            NDArray own = prefix.duplicate();
            own.attach(scratch);
            NDArray logits = kernels.call("speak", new NDList(own, words, kernelShape), by)
                    .singletonOrThrow();
            long[] next = logits.get(":, -1").argMax(1).toLongArray();
            for (int i = 0; i < said.length; i++) {
                said[i][length] = next[i];
                if (lengths[i] < 0 && next[i] == Blip2Shape.END) {
                    lengths[i] = length;
                }
            }
        }
    }

    private NDArray pixels(NDManager scratch, Batch batch) {
        return scratch.create(batch.pixels(), new Shape(batch.size(), 3, shape.image(), shape.image()));
    }

    @Override
    public void close() {
        kernels.close();
        manager.close();
    }
}
