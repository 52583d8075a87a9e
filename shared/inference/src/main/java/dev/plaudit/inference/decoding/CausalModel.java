package dev.plaudit.inference.decoding;

import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.onnx.OnnxSession;
import dev.plaudit.inference.safetensors.Checkpoint;
import java.util.List;

/**
 * A decoder-only language model that says what follows prompts. A prompt is a sequence of embeddings, so that it can hold
 * more than text. Thread-safe.
 */
public final class CausalModel implements AutoCloseable {
    private final OnnxSession session;
    private final CausalShape shape;
    private final Checkpoint checkpoint;
    private final String embeddings;

    private CausalModel(OnnxSession session, CausalShape shape, Checkpoint checkpoint, String embeddings) {
        this.session = session;
        this.shape = shape;
        this.checkpoint = checkpoint;
        this.embeddings = embeddings;
    }

    /**
     * Opens a model.
     *
     * @param graph of its forward pass, with the inputs and outputs of a {@link CausalGraph}
     * @param checkpoint with its token embeddings; to be closed by the caller after this model
     * @param embeddings the tensor's name, {@code [vocabulary, hidden]}
     * @throws dev.plaudit.inference.ModelException when ONNX Runtime refuses the graph
     */
    public static CausalModel open(
            OnnxModel graph, CausalShape shape, Checkpoint checkpoint, String embeddings, InferenceOptions options) {
        return new CausalModel(OnnxSession.open(graph, options), shape, checkpoint, embeddings);
    }

    public CausalShape shape() {
        return shape;
    }

    /** Where it runs. */
    public Device device() {
        return session.device();
    }

    /** Writes a token's embedding, {@code hidden} values from {@code at} on. */
    public void embed(long token, float[] to, int at) {
        checkpoint.row(embeddings, token, to, at);
    }

    /**
     * Says what follows each prompt.
     *
     * @param prompts each {@code [length, hidden]}, row by row, and not empty
     * @param config how to search; where prompt and new tokens together do not fit the model, fewer are said
     * @return the tokens said, without the one that ended them
     * @throws IllegalArgumentException when a prompt leaves no room for a token
     */
    public List<int[]> generate(List<float[]> prompts, GenerationConfig config) {
        if (prompts.isEmpty()) {
            return List.of();
        }
        int longest = prompts.stream()
                .mapToInt(prompt -> prompt.length / shape.hiddenSize())
                .max()
                .orElseThrow();
        int room = shape.maxPositions() - longest;
        if (room < 1) {
            throw new IllegalArgumentException("a prompt of " + longest + " tokens leaves no room in a model of "
                    + shape.maxPositions() + " positions");
        }
        GenerationConfig fitting = config.withMaxNewTokens(Math.min(config.maxNewTokens(), room));
        Search search = Search.of(fitting);
        try (Decoder decoder = decoder(prompts, search.rowsPerPrompt(), fitting.maxNewTokens())) {
            return search.run(decoder, prompts.size());
        }
    }

    /**
     * Reads prompts, so that decoding can begin.
     *
     * @param rowsPerPrompt how many sequences go on from each
     * @param maxNewTokens of a sequence
     */
    Decoder decoder(List<float[]> prompts, int rowsPerPrompt, int maxNewTokens) {
        return new SessionDecoder(session, this, prompts, rowsPerPrompt, maxNewTokens);
    }

    @Override
    public void close() {
        session.close();
    }
}
