package dev.plaudit.inference.decoding;

import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.safetensors.Checkpoint;
import java.util.List;

/**
 * A decoder-only language model that says what follows prompts. A prompt is a sequence of embeddings, so that it can hold
 * more than text. Thread-safe.
 */
public final class CausalModel implements AutoCloseable {
    /** ONNX Runtime. */
    private record Onnx(CausalSession session, CausalShape shape, Embeddings embeddings) implements CausalEngine {
        @Override
        public Device device() {
            return session.device();
        }

        @Override
        public Decoder decoder(int rows, int room) {
            return new SessionDecoder(session.cache(rows, room), embeddings, shape);
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private final CausalEngine engine;
    private final CausalShape shape;
    private final Embeddings embeddings;

    private CausalModel(CausalEngine engine, CausalShape shape, Embeddings embeddings) {
        this.engine = engine;
        this.shape = shape;
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
        return over(CausalSession.open(graph, shape, options), shape, checkpoint, embeddings);
    }

    static CausalModel over(CausalSession session, CausalShape shape, Checkpoint checkpoint, String embeddings) {
        return over(session, shape, (token, to, at) -> checkpoint.row(embeddings, token, to, at));
    }

    private static CausalModel over(CausalSession session, CausalShape shape, Embeddings embeddings) {
        return new CausalModel(new Onnx(session, shape, embeddings), shape, embeddings);
    }

    /**
     * A model that an engine runs which makes embeddings of tokens itself, so that here a token's embedding is its number
     * alone.
     *
     * @param engine is closed with this model
     * @param shape with a hidden size of 1
     */
    public static CausalModel over(CausalEngine engine, CausalShape shape) {
        return new CausalModel(engine, shape, CausalModel::number);
    }

    private static void number(int token, float[] to, int at) {
        to[at] = token;
    }

    /**
     * Opens an exported decoder, in the layout of Optimum and Transformers.js: inputs {@code input_ids}, {@code
     * attention_mask}, {@code position_ids} and {@code past_key_values.i.key} and {@code .value}, outputs {@code logits} and
     * {@code present.i.key} and {@code .value}. It makes embeddings of tokens itself, so that here a token's embedding is its
     * number alone. Runs on the CPU.
     *
     * @param graph with the files that it names
     * @param vocabSize tokens
     * @param maxPositions longest sequence, prompt included
     * @throws dev.plaudit.inference.ModelException when it has another layout, or ONNX Runtime refuses it
     */
    public static CausalModel openExported(OnnxModel graph, int vocabSize, int maxPositions, InferenceOptions options) {
        ExportedSession session = ExportedSession.open(graph, vocabSize, maxPositions, options);
        return over(session, session.shape(), CausalModel::number);
    }

    public CausalShape shape() {
        return shape;
    }

    /** Where it runs. */
    public Device device() {
        return engine.device();
    }

    /** Writes a token's embedding, {@code hidden} values from {@code at} on. */
    public void embed(long token, float[] to, int at) {
        embeddings.embed(Math.toIntExact(token), to, at);
    }

    /** A prompt of text. */
    public Prompt prompt(int... tokens) {
        float[] prompt = new float[tokens.length * shape.hiddenSize()];
        for (int i = 0; i < tokens.length; i++) {
            embed(tokens[i], prompt, i * shape.hiddenSize());
        }
        return new Prompt(prompt, tokens);
    }

    /**
     * Says what follows prompts, all at once; where prompt and new tokens together do not fit the model, fewer are said.
     *
     * @return for each request its sequences, the best first of beam search
     * @throws IllegalArgumentException when a prompt is empty or leaves no room for a token
     */
    public List<List<Generated>> generate(List<GenerationRequest> requests) {
        List<GenerationRequest> fitting = requests.stream()
                .map(request -> request.within(shape.maxPositions() - length(request.prompt())))
                .toList();
        List<GeneratingSearch> searches =
                fitting.stream().map(GeneratingSearch::of).toList();
        int room = fitting.stream()
                .mapToInt(request -> length(request.prompt()) + request.config().maxNewTokens())
                .max()
                .orElse(0);
        run(fitting.stream().map(GenerationRequest::prompt).toList(), searches, room);
        return searches.stream().map(GeneratingSearch::generated).toList();
    }

    /**
     * How likely given continuations of a prompt are.
     *
     * @param continuations tokens, none empty
     * @return the logarithm of each one's probability: the sum over its tokens
     * @throws IllegalArgumentException when the prompt or a continuation is empty, or both together do not fit the model
     */
    public double[] logProbabilities(Prompt prompt, List<int[]> continuations) {
        Scoring scoring = new Scoring(continuations);
        int room = length(prompt) + scoring.longest();
        Rule.require(
                room <= shape.maxPositions(),
                "prompt and continuation are %s tokens, but the model has %s positions",
                room,
                shape.maxPositions());
        run(List.of(prompt), List.of(scoring), room);
        return scoring.logProbabilities();
    }

    private void run(List<Prompt> prompts, List<? extends Search> searches, int room) {
        int rows = searches.stream().mapToInt(Search::maxRows).sum();
        try (Decoder decoder = decoder(rows, room)) {
            Batch batch = new Batch(decoder);
            for (int i = 0; i < searches.size(); i++) {
                batch.join(prompts.get(i), searches.get(i));
            }
            while (!batch.isEmpty()) {
                batch.step();
            }
        }
    }

    /** See {@link CausalEngine#decoder}. */
    Decoder decoder(int rows, int room) {
        return engine.decoder(rows, room);
    }

    private int length(Prompt prompt) {
        return prompt.length(shape.hiddenSize(), shape.maxPositions());
    }

    @Override
    public void close() {
        engine.close();
    }
}
