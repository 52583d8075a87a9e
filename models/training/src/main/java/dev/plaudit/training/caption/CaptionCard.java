package dev.plaudit.training.caption;

import dev.plaudit.training.evaluation.CaptionMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The captioner's {@code MODEL_CARD.md}. */
record CaptionCard(Blip2Shape shape, CaptionTrainingOptions options, CaptionHistory history, CaptionMetrics unseen) {
    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("MODEL_CARD.md"), """
                # Captioner

                A BLIP-2 (Li et al. 2023) in small: a vision transformer, a Q-Former and an OPT say in a sentence what a
                picture shows. **It knows drawn graphics and no photographs.** It was trained from scratch by `plaudit train
                caption` on pictures that the command draws itself; no pretrained weights, no picture of anyone else.

                | | |
                |---|---|
                | picture, patch | %d, %d pixels a side |
                | vision transformer: layers, width, heads | %d, %d, %d |
                | Q-Former: queries, layers, width | %d, %d, %d |
                | OPT: layers, width, vocabulary | %d, %d, %d |
                | parameters | %,d |
                | training | %,d steps of %d pictures, %,d minutes on %d core(s), seed %d |
                | different pictures to learn from | %,d |

                On %,d held-out pictures, captioned as `plaudit caption` does:

                | | |
                |---|---|
                | **main object named** | **%.1f %%** |
                | **its colour named** | **%.1f %%** |
                | BLEU-4 | %.1f |
                | CIDEr-D (0 to 10) | %.2f |

                ## What it knows

                Posters, flyers, logos, rows, goods on a table, things outdoors and offers with a tag, on plain, graded,
                spotted or striped grounds, with noise, blur and JPEG's traces. Each shows one of
                some forty things, pictograms of open icon fonts or drawn by rule (charts, goods, a mountain, a skyline),
                in one of eleven colours, and now and then a slogan.

                What is held out: a tenth of each thing's pictograms, some typefaces, and every seventh caption, so that
                no picture measured on has the thing, colour, layout, ground and words of one learnt from. The things,
                colours and slogans themselves are those it learnt: a thing that is not among them it calls by the name
                of another. Pictograms of a thing resemble one another across fonts, so this tells little of drawings in
                another style.

                ## What it does not know

                Photographs: what it says of one is a guess in its own few words, no more. Long or unknown texts:
                leave those to `plaudit read`. People: there are none in its pictures.

                ## Using the real one

                Set `plaudit.caption.model` to a folder with `Salesforce/blip2-opt-2.7b` (or another BLIP-2 with OPT) as
                Hugging Face publishes it. Nothing else changes.
                """.formatted(
                        shape.image(),
                        shape.patch(),
                        shape.vision().layers(),
                        shape.vision().dim(),
                        shape.vision().heads(),
                        shape.queries(),
                        shape.query().layers(),
                        shape.query().dim(),
                        shape.language().layers(),
                        shape.language().dim(),
                        shape.vocabulary(),
                        history.parameters(),
                        history.rounds().getLast().step(),
                        options.batchSize(),
                        Math.round(history.rounds().getLast().seconds() / 60),
                        options.threads(),
                        options.seed(),
                        options.picturesIn(history.rounds().getLast().step()),
                        unseen.pictures(),
                        100 * unseen.subjectNamed(),
                        100 * unseen.colorNamed(),
                        unseen.bleu4(),
                        unseen.ciderD()));
    }
}
