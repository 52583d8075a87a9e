package dev.plaudit.training.behavior;

import dev.plaudit.events.Post;
import dev.plaudit.training.text.DistilBertShape;
import dev.plaudit.training.text.TrainingHistory.Epoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IntSummaryStatistics;
import java.util.function.Predicate;

/** The bucket classifier's {@code MODEL_CARD.md}. */
record BucketCard(BucketTraining training, DistilBertShape shape, DataSplit data, BucketTraining.Outcome outcome) {
    void write(Path folder) throws IOException {
        Epoch best = outcome.history().bestEpoch();
        Files.writeString(folder.resolve("MODEL_CARD.md"), """
                # Like bucket classifier

                A DistilBERT (Sanh et al. 2019) for sequence classification: it reads the prompt of a company's post and
                tells which of seven ranges its likes will lie in (0-10, 11-100, 101-300, 301-500, 501-1000, 1001-2500,
                over 2500). %s Its targets are
                drawn to what boosted trees, which never saw the post they judge, say of it (distillation, Hinton et al. 2015).

                | | |
                |---|---|
                | layers, width, heads | %d, %d, %d |
                | vocabulary, longest prompt | %d WordPiece tokens, %d tokens |
                | parameters | %,d |
                | split | %s |
                | posts to learn from, to choose by, unseen | %,d, %,d, %,d |
                | best epoch | %d of at most %d |
                | accuracy on the posts to choose by | %.3f |
                | **accuracy on the unseen posts**, account history given | **%.3f** |

                ## What it knows

                Posts such as it learnt from: of %,d accounts%s, %.0f %% of them with a text, %.0f %% with media. Without the
                history of an account (typical likes, range of likes) it goes by the company's and the account's name;
                how well it does then, `plaudit evaluate` tells.

                ## What it does not know

                Years after the last one it met may be different. It knows nothing of who will see a post, of
                advertising, or of the day's news. Accounts that are loud or hateful are predicted as faithfully as
                others: a forecast is no praise.

                ## Using another model

                Any folder in the Hugging Face layout with a `DistilBertForSequenceClassification` of seven labels takes
                its place: set `plaudit.classify.model`. The likes model goes with its embedding: train it anew with
                `plaudit train likes --classifier FOLDER`.
                """.formatted(
                training.options().start().isPresent()
                        ? "Trained on from another checkpoint by `plaudit train bucket --from`."
                        : "Trained from scratch by `plaudit train bucket`; no pretrained weights.",
                shape.layers(),
                shape.dim(),
                shape.heads(),
                shape.vocabulary(),
                shape.positions(),
                outcome.history().parameters(),
                training.split(),
                data.train().size(),
                data.validation().size(),
                data.test().size(),
                best.number(),
                training.options().epochs(),
                best.validationAccuracy(),
                outcome.testAccuracy(),
                data.train().stream().map(LabeledPost::accountKey).distinct().count(),
                years(),
                share(post -> post.content() != null),
                share(post -> !post.media().isEmpty())));
    }

    /** Of the dated posts to learn from; empty if there are none. */
    private String years() {
        IntSummaryStatistics years = data.train().stream()
                .filter(post -> post.post().date() != null)
                .mapToInt(post -> post.post().date().getYear())
                .summaryStatistics();
        return years.getCount() == 0 ? "" : ", %d to %d".formatted(years.getMin(), years.getMax());
    }

    private double share(Predicate<Post> of) {
        return 100.0
                * data.train().stream().filter(post -> of.test(post.post())).count()
                / data.train().size();
    }
}
