package dev.plaudit.training.caption;

import ai.djl.Device;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import dev.plaudit.training.caption.PicturePool.Entry;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A written model in PyTorch, to be measured as it was trained: greedy, in the trainer's own arithmetic. Not
 * thread-safe.
 */
final class CheckpointCaptioner implements AutoCloseable {
    private final NDManager manager;
    private final Blip2 model;
    private final HuggingFaceTokenizer tokenizer;
    private final Blip2Shape shape;

    private CheckpointCaptioner(NDManager manager, Blip2 model, HuggingFaceTokenizer tokenizer, Blip2Shape shape) {
        this.manager = manager;
        this.model = model;
        this.tokenizer = tokenizer;
        this.shape = shape;
    }

    static CheckpointCaptioner open(Path folder) throws IOException {
        Blip2Shape shape = Blip2Shape.read(folder);
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"));
        NDManager manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME);
        Blip2 model = new Blip2(manager, shape, shape.weights(), Blip2Weights.read(shape, folder));
        return new CheckpointCaptioner(manager, model, tokenizer, shape);
    }

    /** One caption of each picture. */
    List<String> captions(List<BufferedImage> pictures) {
        return say(pictures.stream()
                .map(picture -> BicubicSquare.planes(picture, shape.image()))
                .toList());
    }

    private List<String> say(List<byte[]> planes) {
        List<String> captions = new ArrayList<>(planes.size());
        int most = Math.min(30, shape.captionTokens());
        for (long[] said : model.say(pixels(planes), model.weights(), most)) {
            captions.add(tokenizer.decode(said, true).strip());
        }
        return captions;
    }

    /** The mean cross entropy of the pictures' captions. */
    double loss(List<Entry> entries) {
        List<long[]> tokens = entries.stream()
                .map(entry -> tokenizer.encode(entry.caption(), false, false).getIds())
                .map(ids -> Arrays.copyOf(ids, Math.min(ids.length, shape.captionTokens() - 1)))
                .toList();
        float[] pixels = pixels(entries.stream().map(Entry::planes).toList());
        return model.loss(new Blip2.Batch(pixels, tokens), model.weights());
    }

    private float[] pixels(List<byte[]> planes) {
        int size = 3 * shape.image() * shape.image();
        float[] pixels = new float[planes.size() * size];
        for (int i = 0; i < planes.size(); i++) {
            PictureTensor.put(planes.get(i), shape.image(), PictureTensor.Shift.NONE, pixels, i * size);
        }
        return pixels;
    }

    @Override
    public void close() {
        tokenizer.close();
        model.close();
        manager.close();
    }
}
