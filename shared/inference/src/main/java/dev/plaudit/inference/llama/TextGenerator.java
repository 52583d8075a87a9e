package dev.plaudit.inference.llama;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.SpecialTokens;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.inference.chat.ChatTemplate;
import dev.plaudit.inference.chat.Message;
import dev.plaudit.inference.decoding.CausalModel;
import dev.plaudit.inference.decoding.Generated;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.GenerationRequest;
import dev.plaudit.inference.decoding.TokenListener;
import dev.plaudit.inference.onnx.Weights;
import dev.plaudit.inference.safetensors.Checkpoint;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A Llama that writes: text in, text out. Thread-safe until closed. */
public final class TextGenerator implements AutoCloseable {
    private final CausalModel model;
    private final Checkpoint checkpoint;
    private final TextTokenizer tokenizer;
    private final SpecialTokens special;
    private final Optional<ChatTemplate> chat;
    private final GenerationConfig defaults;

    private TextGenerator(
            CausalModel model,
            Checkpoint checkpoint,
            TextTokenizer tokenizer,
            Optional<ChatTemplate> chat,
            GenerationConfig defaults) {
        this.model = model;
        this.checkpoint = checkpoint;
        this.tokenizer = tokenizer;
        this.special = new SpecialTokens(tokenizer.specialTokens());
        this.chat = chat;
        this.defaults = defaults;
    }

    /**
     * Opens a model. What its precision asks for is computed now and kept in a file, unless it has been imported.
     *
     * @param options its {@code maxTokens} bound prompt and answer together
     * @throws ModelException when the folder cannot be used
     */
    public static TextGenerator open(LlamaFolder folder, InferenceOptions options) {
        ConfigFile file = folder.config();
        LlamaConfig config = LlamaConfig.of(file).within(options.maxTokens());
        TextTokenizer tokenizer =
                TextTokenizer.open(folder.holding(TextTokenizer.FILE), config.vocabSize(), Integer.MAX_VALUE);
        Checkpoint checkpoint = null;
        try (Arena memory = Arena.ofConfined()) {
            Optional<ChatTemplate> chat = ChatTemplate.in(
                            folder.adapter().orElse(folder.base()), tokenizer.specialTokens())
                    .or(() -> ChatTemplate.in(folder.base(), tokenizer.specialTokens()));
            GenerationConfig defaults = GenerationConfig.of(folder.holding(GenerationConfig.FILE), file);
            checkpoint = folder.open(options.precision());
            Weights weights =
                    LlamaGraph.of(config, checkpoint, folder.sidecar(checkpoint), options.precision(), memory);
            weights.require(LlamaGraph.EMBEDDINGS, config.vocabSize(), config.hiddenSize());
            weights.requireFinite(LlamaGraph.EMBEDDINGS);
            CausalModel model =
                    CausalModel.open(weights.model(), config.causal(), checkpoint, LlamaGraph.EMBEDDINGS, options);
            return new TextGenerator(model, checkpoint, tokenizer, chat, defaults);
        } catch (RuntimeException e) {
            tokenizer.close();
            if (checkpoint != null) {
                checkpoint.close();
            }
            throw e;
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
        return texts(prompt, request(prompt, config));
    }

    /**
     * The same, heard while it is said.
     *
     * @throws IllegalArgumentException in addition, when the strategy is beam search, which knows what it says only at the
     *     end
     */
    public List<GeneratedText> generate(int[] prompt, GenerationConfig config, TextListener listener) {
        TextStream[] streams = new TextStream[config.numReturnSequences()];
        Arrays.setAll(streams, sequence -> new TextStream(tokenizer::decode, piece -> listener.said(sequence, piece)));
        TokenListener tokens = (sequence, token) -> streams[sequence].add(token);
        List<GeneratedText> texts = texts(prompt, request(prompt, config).withListener(tokens));
        Arrays.stream(streams).forEach(TextStream::end);
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

    /** The tokens of what goes on after a prompt. */
    int[] answer(String text) {
        return tokenizer.encode(special.takenOutOf(text), false);
    }

    CausalModel model() {
        return model;
    }

    GenerationRequest request(int[] prompt, GenerationConfig config) {
        return GenerationRequest.of(model.prompt(prompt), config, tokenizer::decode);
    }

    private List<GeneratedText> texts(int[] prompt, GenerationRequest request) {
        return model.generate(List.of(request)).getFirst().stream()
                .map(generated -> text(prompt.length, generated))
                .toList();
    }

    GeneratedText text(int promptTokens, Generated generated) {
        return new GeneratedText(
                tokenizer.decode(generated.tokens()), promptTokens, generated.tokens().length, generated.ending());
    }

    /** Frees the model; nobody may be using it. */
    @Override
    public void close() {
        model.close();
        checkpoint.close();
        tokenizer.close();
    }
}
