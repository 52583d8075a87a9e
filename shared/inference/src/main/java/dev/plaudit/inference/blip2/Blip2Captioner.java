package dev.plaudit.inference.blip2;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.Lifetime;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Resources;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.inference.decoding.CausalModel;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.GenerationRequest;
import dev.plaudit.inference.decoding.Prompt;
import dev.plaudit.inference.onnx.OnnxSession;
import dev.plaudit.inference.opt.OptGraph;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.vision.ImageProcessor;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Says in words what pictures show. A folder is one of Hugging Face's {@code Blip2ForConditionalGeneration} with OPT as
 * its language model: {@code config.json}, {@code preprocessor_config.json}, {@code tokenizer.json}, {@code
 * model.safetensors} or shards, and, where decoding is not to be greedy, {@code generation_config.json}. Thread-safe.
 *
 * <p>The queries stand before the text, in checkpoints of either age: newer ones have as many image tokens there, whose
 * embeddings the queries replace. Where a checkpoint has an image token ({@code image_token_index}), a prompt may hold it
 * once, and the queries then stand in its place.
 */
public final class Blip2Captioner implements AutoCloseable {
    private static final String LANGUAGE_MODEL = "language_model.";

    private final Lifetime lifetime = new Lifetime("the captioner");
    private final Resources resources;
    private final Blip2Config config;
    private final GenerationConfig generation;
    private final ImageProcessor processor;
    private final TextTokenizer tokenizer;
    private final OnnxSession vision;
    private final CausalModel language;
    private final float[] before;
    private final float[] after;

    private Blip2Captioner(Path folder, String prompt, InferenceOptions options, Resources opened) {
        resources = opened;
        ConfigFile file = ConfigFile.read(folder.resolve(ConfigFile.NAME));
        config = Blip2Config.of(file);
        GenerationConfig decoding = GenerationConfig.of(folder, file.part("text_config"));
        generation = decoding.withStrategy(decoding.strategy(), 1);
        processor = ImageProcessor.of(folder, config.vision().imageSize());
        int room = config.text().maxPositionEmbeddings() - config.numQueryTokens();
        tokenizer = opened.add(TextTokenizer.open(folder, config.text().vocabSize(), Math.max(1, room)));
        SafeTensors checkpoint = opened.add(SafeTensors.open(folder));
        try (Arena memory = Arena.ofConfined()) {
            vision = opened.add(OnnxSession.open(
                    Blip2VisionGraph.of(config, checkpoint, OnnxSession.precision(options), memory), options));
        }
        try (Arena memory = Arena.ofConfined()) {
            language = opened.add(CausalModel.open(
                    OptGraph.of(config.text(), checkpoint, LANGUAGE_MODEL, options, memory),
                    config.text().causal().on(options),
                    checkpoint,
                    OptGraph.embeddings(LANGUAGE_MODEL),
                    options));
        }
        long[] text = tokens(prompt);
        int image = imageToken(text);
        before = embeddings(Arrays.copyOfRange(text, 0, Math.max(0, image)));
        after = embeddings(Arrays.copyOfRange(text, image + 1, text.length));
        if (text.length >= room) {
            throw new ModelException(folder + ": the prompt leaves no room for a caption in "
                    + config.text().maxPositionEmbeddings() + " positions");
        }
    }

    /**
     * Opens a model folder.
     *
     * @param prompt what the caption goes on from, as in {@code a photo of}; empty for none
     * @throws ModelException when the folder cannot be used, with the reason in one sentence
     */
    public static Blip2Captioner open(Path folder, String prompt, InferenceOptions options) {
        Resources opened = new Resources();
        try {
            return new Blip2Captioner(folder, prompt, options, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** A text begins with its own first token, also where there is no text. */
    private long[] tokens(String prompt) {
        return prompt.isEmpty()
                ? new long[] {config.text().bosTokenId()}
                : tokenizer.encode(List.of(prompt)).getFirst();
    }

    /** Where the queries are to stand: at the image token, or before the text, which is at −1. */
    private int imageToken(long[] text) {
        int[] places = IntStream.range(0, text.length)
                .filter(i -> config.imageTokenId().isPresent()
                        && text[i] == config.imageTokenId().getAsInt())
                .toArray();
        if (places.length > 1) {
            throw new ModelException("the prompt holds the image token " + places.length
                    + " times, but it may hold it once, where all the queries stand");
        }
        return places.length == 0 ? -1 : places[0];
    }

    private float[] embeddings(long[] tokens) {
        int hidden = config.text().hiddenSize();
        float[] embeddings = new float[tokens.length * hidden];
        for (int i = 0; i < tokens.length; i++) {
            language.embed(tokens[i], embeddings, i * hidden);
        }
        return embeddings;
    }

    /**
     * Brings a picture to what {@link #caption} takes, so that the picture itself need not be kept.
     *
     * @param picture without transparency
     * @return {@code [3, image_size, image_size]}
     */
    public float[] pixelValues(BufferedImage picture) {
        return processor.pixelValues(picture);
    }

    /**
     * Says what pictures show, all in one batch.
     *
     * @param pictures as {@link #pixelValues} gives them
     * @return a caption for each, in their order
     * @throws IllegalStateException when this captioner is closed
     */
    public List<String> caption(List<float[]> pictures) {
        return pictures.isEmpty()
                ? List.of()
                : lifetime.during(() -> language.generate(requests(pictures)).stream()
                        .map(said -> tokenizer.decode(said.getFirst().tokens()).strip())
                        .toList());
    }

    /** Where the model runs. */
    public Device device() {
        return vision.device();
    }

    /** What the language model is told of each picture: the queries, and the text. */
    private List<GenerationRequest> requests(List<float[]> pictures) {
        int queries = config.numQueryTokens() * config.text().hiddenSize();
        FloatBuffer seen = look(pictures);
        return pictures.stream()
                .map(picture -> {
                    float[] prompt = Arrays.copyOf(before, before.length + queries + after.length);
                    seen.get(prompt, before.length, queries);
                    System.arraycopy(after, 0, prompt, before.length + queries, after.length);
                    return GenerationRequest.of(Prompt.of(prompt), generation, tokenizer::decode);
                })
                .toList();
    }

    private FloatBuffer look(List<float[]> pictures) {
        int side = config.vision().imageSize();
        FloatBuffer pixels = FloatBuffer.allocate(pictures.size() * 3 * side * side);
        pictures.forEach(pixels::put);
        try (OnnxTensor input = OnnxTensor.createTensor(
                        vision.environment(), pixels.flip(), new long[] {pictures.size(), 3, side, side});
                OrtSession.Result result = vision.session().run(Map.of(Blip2VisionGraph.PIXELS, input))) {
            return ((OnnxTensor) result.get(0)).getFloatBuffer();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    /** Frees the model, once the calls in hand have ended; calling it again does nothing. */
    @Override
    public void close() {
        lifetime.end(resources::close);
    }
}
