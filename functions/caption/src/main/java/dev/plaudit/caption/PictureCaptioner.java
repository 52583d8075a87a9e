package dev.plaudit.caption;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.plaudit.events.Media;
import dev.plaudit.events.Sight;
import dev.plaudit.events.Step;
import dev.plaudit.inference.Batcher;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Resources;
import dev.plaudit.inference.blip2.Blip2Captioner;
import dev.plaudit.media.MediaConfig;
import dev.plaudit.media.Picture;
import dev.plaudit.media.PictureLoader;
import io.micrometer.core.instrument.Metrics;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * Says what the media of posts show. Pictures of concurrent posts share a batch, and a picture that was captioned lately,
 * or is being captioned, is not captioned again. Thread-safe.
 */
public final class PictureCaptioner implements AutoCloseable {
    private final Path folder;
    private final PictureLoader loader;
    private final Blip2Captioner model;
    private final Batcher<float[], String> batcher;
    private final AsyncCache<String, String> captions;

    private PictureCaptioner(CaptionConfig config, PictureLoader loader, Blip2Captioner model) {
        this.folder = config.model();
        this.loader = loader;
        this.model = model;
        this.batcher = new Batcher<>(this::caption, config.batchWindow(), config.maxBatch(), config.maxQueue());
        this.captions = Caffeine.newBuilder().maximumSize(config.cacheSize()).buildAsync();
    }

    /**
     * Opens the model that the settings name and warms it up.
     *
     * @throws ModelException when the folder cannot be used
     */
    public static PictureCaptioner open(CaptionConfig config, MediaConfig media) {
        Resources opened = new Resources();
        try {
            Blip2Captioner model = opened.add(model(config));
            model.caption(List.of(model.pixelValues(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB))));
            return new PictureCaptioner(config, opened.add(PictureLoader.open(media)), model);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Opens the model alone.
     *
     * @throws ModelException when the folder cannot be used
     */
    public static Blip2Captioner model(CaptionConfig config) {
        return Blip2Captioner.open(
                config.model(),
                config.prompt().orElse(""),
                new InferenceOptions(
                        config.precision(),
                        config.threads().orElse(Runtime.getRuntime().availableProcessors()),
                        config.spinning(),
                        Integer.MAX_VALUE,
                        config.device()));
    }

    /** Where the model runs: {@code cpu} or {@code cuda}. */
    public String device() {
        return model.device().name().toLowerCase(Locale.ROOT);
    }

    /** How many pictures wait for a run of the model. */
    int waiting() {
        return batcher.waiting();
    }

    /** The model's folder. */
    public Path model() {
        return folder;
    }

    /**
     * Looks at media. What the caller described is taken at its word, and what has no address is not looked at.
     *
     * @return one sight for each medium, in their order
     * @throws RejectedExecutionException when too many pictures are waiting
     */
    public List<Sight> look(List<Media> media) {
        try {
            Iterator<Look> looks = loader.load(
                            media.stream().filter(Media::needsLook).toList(), this::look)
                    .iterator();
            return media.stream()
                    .map(medium -> medium.needsLook()
                            ? looks.next().sight()
                            : new Sight(medium.caption(), null, medium.caption() == null ? "it has no address" : null))
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking at pictures", e);
        }
    }

    private List<String> caption(List<float[]> pictures) {
        Metrics.summary("plaudit.batch.size", "step", Step.CAPTION.function()).record(pictures.size());
        return model.caption(pictures);
    }

    private record Look(CompletableFuture<String> caption, String unavailable) {
        Sight sight() {
            try {
                return new Sight(caption.get(), null, unavailable);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while looking at pictures", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            }
        }
    }

    private Look look(Picture picture) {
        return new Look(
                captions.get(
                        picture.hash(), (hash, executor) -> batcher.submitAsync(model.pixelValues(picture.image()))),
                picture.unavailable());
    }

    /** Finishes what is in hand, then frees the model. */
    @Override
    public void close() {
        loader.close();
        batcher.close();
        model.close();
    }
}
