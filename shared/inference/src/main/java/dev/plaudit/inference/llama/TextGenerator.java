package dev.plaudit.inference.llama;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.SpecialTokens;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.inference.chat.ChatTemplate;
import dev.plaudit.inference.chat.Message;
import dev.plaudit.inference.decoding.CausalModel;
import dev.plaudit.inference.decoding.CausalShape;
import dev.plaudit.inference.decoding.ContinuousBatcher;
import dev.plaudit.inference.decoding.Generated;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.GenerationRequest;
import dev.plaudit.inference.decoding.NgramIndex;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.onnx.OnnxSession;
import dev.plaudit.inference.onnx.Weights;
import dev.plaudit.inference.safetensors.Checkpoint;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A Llama that writes: text in, text out. Thread-safe until closed. */
public final class TextGenerator implements AutoCloseable {
    /**
     * Bytes of weights that a processor's caches can hold. With so few a run gains hardly anything from a second thread, but
     * two runs side by side do twice as much.
     */
    private static final long SMALL = 32L << 20;

    /**
     * @param runners places where the model is to run at once
     * @param release of what the model needs, after it
     */
    private record Opened(CausalModel model, int runners, Runnable release) {}

    private final CausalModel model;
    private final int runners;
    private final Runnable release;
    private final TextTokenizer tokenizer;
    private final SpecialTokens special;
    private final Optional<ChatTemplate> chat;
    private final GenerationConfig defaults;

    private TextGenerator(
            Opened opened, TextTokenizer tokenizer, Optional<ChatTemplate> chat, GenerationConfig defaults) {
        this.model = opened.model();
        this.runners = opened.runners();
        this.release = opened.release();
        this.tokenizer = tokenizer;
        this.special = new SpecialTokens(tokenizer.specialTokens());
        this.chat = chat;
        this.defaults = defaults;
    }

    /**
     * Opens a model: a Llama's weights, or where there are none an exported decoder of any kind for the precision. What a
     * precision asks for of weights is computed now and kept in a file, unless it has been imported.
     *
     * @param options its {@code maxTokens} bound prompt and answer together; where a Llama is so small that the processor's
     *     caches hold it, its {@code threads} run requests side by side, each alone
     * @throws ModelException when the folder cannot be used
     */
    public static TextGenerator open(LlamaFolder folder, InferenceOptions options) {
        return open(folder, file -> exported(folder, options.precision())
                .map(graph -> exported(graph, file, options))
                .orElseGet(() -> llama(folder, file, options)));
    }

    /** Whether a folder holds weights, or an exported decoder for the precision. */
    public static boolean isIn(LlamaFolder folder, Precision precision) {
        return folder.hasWeights(precision) || exported(folder, precision).isPresent();
    }

    /** The exported decoder of a folder without weights. */
    private static Optional<Path> exported(LlamaFolder folder, Precision precision) {
        return folder.hasWeights(precision) ? Optional.empty() : ExportedDecoder.in(folder.base(), precision);
    }

    /**
     * Opens a model that another engine runs.
     *
     * @param engine given the folder's {@code config.json}; what it opens is closed with this
     * @throws ModelException when the folder cannot be used
     */
    public static TextGenerator over(LlamaFolder folder, Function<ConfigFile, CausalModel> engine) {
        return open(folder, file -> new Opened(engine.apply(file), 1, () -> {}));
    }

    private static TextGenerator open(LlamaFolder folder, Function<ConfigFile, Opened> opening) {
        ConfigFile file = folder.config();
        TextTokenizer tokenizer =
                TextTokenizer.open(folder.holding(TextTokenizer.FILE), file.positive("vocab_size"), Integer.MAX_VALUE);
        try {
            Optional<ChatTemplate> chat = ChatTemplate.in(folder.spokenTo(), tokenizer.specialTokens());
            GenerationConfig defaults = GenerationConfig.of(folder.holding(GenerationConfig.FILE), file);
            return new TextGenerator(opening.apply(file), tokenizer, chat, defaults);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static Opened exported(Path graph, ConfigFile file, InferenceOptions options) {
        CausalModel model = CausalModel.openExported(
                ExportedDecoder.read(graph),
                file.positive("vocab_size"),
                Math.min(file.positive("max_position_embeddings"), options.maxTokens()),
                options);
        return new Opened(model, 1, () -> {});
    }

    private static Opened llama(LlamaFolder folder, ConfigFile file, InferenceOptions options) {
        Checkpoint checkpoint = folder.open(options.precision());
        try {
            return llama(folder, LlamaConfig.of(file).within(options.maxTokens()), checkpoint, options);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private static Opened llama(
            LlamaFolder folder, LlamaConfig config, Checkpoint checkpoint, InferenceOptions options) {
        CausalShape shape = config.causal().on(options);
        try (Arena memory = Arena.ofConfined()) {
            Weights weights = LlamaGraph.of(
                    config, shape, checkpoint, folder.sidecar(checkpoint), OnnxSession.precision(options), memory);
            weights.require(LlamaGraph.EMBEDDINGS, config.vocabSize(), config.hiddenSize());
            weights.requireFinite(LlamaGraph.EMBEDDINGS);
            OnnxModel graph = weights.model();
            int threads = weights.byteSize() <= SMALL ? 1 : options.threads();
            CausalModel model =
                    CausalModel.open(graph, shape, checkpoint, LlamaGraph.EMBEDDINGS, options.withThreads(threads));
            int runners = model.device() == Device.CPU ? options.threads() / threads : 1;
            return new Opened(model, runners, checkpoint::close);
        }
    }

    /** How the checkpoint says that it should be decoded. */
    public GenerationConfig defaults() {
        return defaults;
    }

    /** Most tokens of a prompt and its answer together. */
    public int contextLength() {
        return model.shape().maxPositions();
    }

    /** Where it runs. */
    public Device device() {
        return model.device();
    }

    /** Whether it was trained on conversations, and says how they are put. */
    public boolean chats() {
        return chat.isPresent();
    }

    /** The tokens of a prompt, in which no string counts as a special token. */
    public int[] prompt(String text) {
        return tokenizer.encode(special.takenOutOf(text), true);
    }

    /**
     * The tokens of a conversation, up to where the model's turn begins.
     *
     * @throws ModelException when the checkpoint has no template for conversations, or it fails
     */
    public int[] prompt(List<Message> messages) {
        return prompt(
                messages,
                chat.orElseThrow(() -> new ModelException("the model has no chat_template for conversations")));
    }

    /** The tokens of a conversation in another form than the checkpoint's own. */
    public int[] prompt(List<Message> messages, ChatTemplate template) {
        return tokenizer.encode(template.render(messages), false);
    }

    /** Strings that are more than text to the model's tokenizer. */
    public Set<String> specialTokens() {
        return tokenizer.specialTokens();
    }

    /**
     * Says what follows a prompt.
     *
     * @param prompt tokens
     * @param config how; fewer tokens are said where there is no room for all
     * @return as many texts as asked for, the best first of beam search
     * @throws IllegalArgumentException when the prompt leaves no room for an answer
     */
    public List<GeneratedText> generate(int[] prompt, GenerationConfig config) {
        return generate(prompt, config, TextListener.NONE);
    }

    /**
     * The same, heard while it is said.
     *
     * @throws IllegalArgumentException in addition, when the strategy is beam search, which knows what it says only at the
     *     end
     */
    public List<GeneratedText> generate(int[] prompt, GenerationConfig config, TextListener listener) {
        Hearing hearing = new Hearing(config.numReturnSequences(), listener);
        return texts(
                prompt,
                model.generate(List.of(hearing.of(request(prompt, config)))).getFirst());
    }

    /**
     * Lets requests that come at any time share this model's runs.
     *
     * @param rows most sequences at once
     * @param maxQueue most requests that wait
     * @return to be closed before this
     */
    public ContinuousBatcher batcher(int rows, int maxQueue) {
        return new ContinuousBatcher(model, runners, rows, contextLength(), maxQueue);
    }

    /**
     * The same as {@link #generate(int[], GenerationConfig, TextListener)}, among others' requests.
     *
     * @param batcher of this model
     * @param forbidden runs of tokens that may not be said
     * @return the texts; cancelling it ends the request
     * @throws java.util.concurrent.RejectedExecutionException when too many wait already
     */
    public CompletableFuture<List<GeneratedText>> generate(
            ContinuousBatcher batcher,
            int[] prompt,
            GenerationConfig config,
            Optional<NgramIndex> forbidden,
            TextListener listener) {
        Hearing hearing = new Hearing(config.numReturnSequences(), listener);
        GenerationRequest request = hearing.of(request(prompt, config));
        CompletableFuture<List<Generated>> tokens =
                batcher.generate(forbidden.map(request::withForbidden).orElse(request));
        CompletableFuture<List<GeneratedText>> texts = tokens.thenApply(generated -> texts(prompt, generated));
        texts.whenComplete((result, failure) -> tokens.cancel(false));
        return texts;
    }

    /**
     * How likely given answers are, as the logarithms of their probabilities.
     *
     * @param prompt tokens
     * @param answers none empty
     */
    public double[] logProbabilities(int[] prompt, List<String> answers) {
        return model.logProbabilities(
                model.prompt(prompt), answers.stream().map(this::answer).toList());
    }

    /** The tokens of what goes on after a prompt; none of a text of nothing but special tokens. */
    public int[] answer(String text) {
        return tokenizer.encode(special.takenOutOf(text), false);
    }

    CausalModel model() {
        return model;
    }

    private GenerationRequest request(int[] prompt, GenerationConfig config) {
        return GenerationRequest.of(model.prompt(prompt), config, tokenizer::decode);
    }

    private List<GeneratedText> texts(int[] prompt, List<Generated> sequences) {
        return sequences.stream()
                .map(generated -> {
                    String text = tokenizer.decode(generated.tokens());
                    return new GeneratedText(
                            text,
                            prompt.length,
                            generated.tokens().length,
                            generated.ending(),
                            meanLogProbability(text, generated));
                })
                .toList();
    }

    private OptionalDouble meanLogProbability(String text, Generated generated) {
        return generated.tokens().length > 0
                        && generated.logProbability().isPresent()
                        && Arrays.equals(answer(text.strip()), generated.tokens())
                ? OptionalDouble.of(generated.logProbability().getAsDouble() / generated.tokens().length)
                : OptionalDouble.empty();
    }

    /** Turns the tokens of a request into pieces of text. */
    private final class Hearing {
        private final TextListener listener;
        private final TextStream[] streams;

        Hearing(int sequences, TextListener listener) {
            this.listener = listener;
            this.streams = new TextStream[sequences];
            Arrays.setAll(
                    streams, sequence -> new TextStream(tokenizer::decode, piece -> listener.said(sequence, piece)));
        }

        GenerationRequest of(GenerationRequest request) {
            return listener == TextListener.NONE
                    ? request
                    : request.withListener((sequence, token) -> streams[sequence].add(token));
        }
    }

    /** Frees the model; nobody may be using it. */
    @Override
    public void close() {
        model.close();
        release.run();
        tokenizer.close();
    }
}
