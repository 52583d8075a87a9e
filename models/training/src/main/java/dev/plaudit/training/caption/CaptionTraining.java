package dev.plaudit.training.caption;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.blip2.Blip2Captioner;
import dev.plaudit.training.Progress;
import dev.plaudit.training.caption.PicturePool.Entry;
import dev.plaudit.training.evaluation.CaptionMetrics;
import dev.plaudit.training.pictures.RenderedPicture;
import dev.plaudit.training.text.BytePairTrainer;
import dev.plaudit.training.torch.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Trains the captioner: a tokenizer on the captions of pictures, then a BLIP-2 on the pictures.
 *
 * @param train makes the picture of a number to learn from, always the same
 * @param validation makes one to measure on, of kinds that are not among those to learn from
 * @param options of the training
 */
public record CaptionTraining(
        IntFunction<RenderedPicture> train, IntFunction<RenderedPicture> validation, CaptionTrainingOptions options) {

    /** The shape of a model by the number of tokens that it knows. */
    @FunctionalInterface
    public interface Size {
        Blip2Shape shape(int vocabulary);
    }

    /**
     * What came of a training.
     *
     * @param unseen the figures of the finished model on pictures to measure on that no round was measured on
     */
    public record Outcome(CaptionHistory history, CaptionMetrics unseen) {}

    /**
     * Trains and writes a model folder in the Hugging Face layout, anew after every round, and in the end its card.
     *
     * @param out the folder; made when missing
     * @throws IllegalArgumentException if the checkpoint to resume from was written with other settings
     * @throws IOException when a file cannot be written
     */
    public Outcome train(Size size, Path out, Progress progress) throws IOException {
        int side = size.shape(options.vocabulary()).image();
        try (PicturePool pool = new PicturePool(train, side, options.pictures())) {
            List<String> captions = new ArrayList<>();
            for (int i = 0; i < options.firstPictures(); i++) {
                captions.add(pool.get(i).caption());
                progress.update("Making pictures", (i + 1.0) / options.firstPictures(), "");
            }
            boolean goesOn = options.resume() && TrainingState.isIn(out);
            Blip2Shape shape = size.shape(goesOn ? vocabulary(out) : vocabulary(captions, out));
            if (!goesOn) {
                TrainingState.clear(out, Optional.empty());
                shape.write(out);
            }
            List<Entry> watched = IntStream.range(0, options.validation())
                    .mapToObj(i -> Entry.of(validation.apply(i), side))
                    .toList();
            try (CaptionTrainer trainer = new CaptionTrainer(pool, watched, shape, options, out, progress)) {
                CaptionHistory history = trainer.run();
                CaptionMetrics unseen = unseen(out, progress);
                new CaptionCard(shape, options, history, unseen).write(out);
                return new Outcome(history, unseen);
            }
        }
    }

    /** The size of the tokenizer that a training began with. */
    private static int vocabulary(Path out) {
        return ConfigFile.read(out.resolve(ConfigFile.NAME)).part("text_config").positive("vocab_size");
    }

    private int vocabulary(List<String> captions, Path out) throws IOException {
        return BytePairTrainer.train(captions, options.vocabulary(), BytePairTrainer.Specials.OPT, out);
    }

    private CaptionMetrics unseen(Path folder, Progress progress) {
        InferenceOptions inference = InferenceOptions.DEFAULT.withThreads(options.threads());
        try (Blip2Captioner captioner = Blip2Captioner.open(folder, "", inference)) {
            return CaptionEvaluation.of(captioner, validation, options.unseen(), progress)
                    .metrics();
        }
    }
}
