package dev.plaudit.caption;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.plaudit.events.Media;
import dev.plaudit.events.Sight;
import dev.plaudit.inference.Batcher;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.blip2.Blip2Captioner;
import dev.plaudit.media.MediaConfig;
import dev.plaudit.media.Picture;
import dev.plaudit.media.PictureLoader;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * Says what the media of a post show. Pictures of concurrent posts share a batch, and a picture that was captioned
 * lately, or is being captioned now, is not captioned again. Thread-safe.
 */
public final class PictureCaptioner implements AutoCloseable {
    private final Path folder;
    private final PictureLoader loader;
    private final Blip2Captioner model;
    private final Batcher<BufferedImage, String> batcher;
    private final AsyncCache<String, String> captions;

    private PictureCaptioner(CaptionConfig config, PictureLoader loader, Blip2Captioner model) {
        this.folder = config.model();
        this.loader = loader;
        this.model = model;
        this.batcher = new Batcher<>(model::caption, config.batchWindow(), config.maxBatch(), config.maxQueue());
        this.captions = Caffeine.newBuilder().maximumSize(config.cacheSize()).buildAsync();
    }

    /**
     * Opens the model that the settings name and warms it up.
     *
     * @throws ModelException when the folder cannot be used
     */
    public static PictureCaptioner open(CaptionConfig config, MediaConfig media) {
        Blip2Captioner model = Blip2Captioner.open(
                config.model(),
                new InferenceOptions(
                        config.precision(),
                        config.threads().orElse(Runtime.getRuntime().availableProcessors()),
                        config.spinning(),
                        Integer.MAX_VALUE,
                        config.device()));
        model.caption(List.of(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB)));
        return new PictureCaptioner(config, PictureLoader.open(media), model);
    }

    /** Where the model runs. */
    public String device() {
        return model.device();
    }

    /** The model's folder. */
    public String model() {
        return folder.toString();
    }

    /**
     * What the media show, one sight for each, in their order; what the caller described is taken as it is.
     *
     * @throws RejectedExecutionException when too many pictures are waiting
     */
    public List<Sight> look(List<Media> media) {
        List<Media> unseen = media.stream().filter(Media::needsLook).toList();
        List<Picture> pictures = loader.load(unseen);
        List<CompletableFuture<String>> answers = new ArrayList<>();
        try {
            for (Picture picture : pictures) {
                answers.add(captions.get(picture.hash(), (hash, executor) -> batcher.submitAsync(picture.image())));
            }
            List<Sight> seen = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                seen.add(new Sight(answers.get(i).get(), null, pictures.get(i).unavailable()));
            }
            List<Sight> sights = new ArrayList<>();
            int next = 0;
            for (Media medium : media) {
                sights.add(medium.needsLook() ? seen.get(next++) : new Sight(medium.caption(), null, null));
            }
            return sights;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the captioner", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the captioner failed", e.getCause());
        }
    }

    /** Finishes what is in hand, then frees the model. */
    @Override
    public void close() {
        batcher.close();
        model.close();
        loader.close();
    }
}
