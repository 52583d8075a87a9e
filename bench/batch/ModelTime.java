import dev.plaudit.events.Post;
import dev.plaudit.events.Task;
import dev.plaudit.features.PostFeatures;
import dev.plaudit.features.PromptTemplate;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.classification.TextClass;
import dev.plaudit.inference.classification.TextClassifier;
import dev.plaudit.tables.PostTable;
import dev.plaudit.tables.Row;
import dev.plaudit.trees.LikesModel;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a table of posts costs the models alone: the classifier on the prompts, 32 at a time, and the likes model on the
 * features and what the classifier said. Prints the seconds and the seconds of CPU; reading the table, writing the prompts
 * and opening the models are not counted.
 */
final class ModelTime {
    private static final int BATCH = 32;

    private record Input(String prompt, float[] features) {}

    public static void main(String[] args) throws Exception {
        Path models = Path.of(args[0]);
        List<Input> inputs = inputs(Path.of(args[1]));
        var options =
                InferenceOptions.DEFAULT.withMaxTokens(512);
        try (TextClassifier classifier = TextClassifier.open(models.resolve("bucket"), options);
                LikesModel likes = LikesModel.open(models.resolve("likes"))) {
            score(inputs.subList(0, 1), classifier, likes);
            long start = System.nanoTime();
            long cpu = cpu();
            for (int i = 0; i < inputs.size(); i += BATCH) {
                score(inputs.subList(i, Math.min(inputs.size(), i + BATCH)), classifier, likes);
            }
            System.out.printf("%.3f %.3f%n", (System.nanoTime() - start) / 1e9, (cpu() - cpu) / 1e9);
        }
    }

    private static void score(List<Input> batch, TextClassifier classifier, LikesModel likes) {
        List<TextClass> classes =
                classifier.classify(batch.stream().map(Input::prompt).toList());
        for (int i = 0; i < batch.size(); i++) {
            float[] probabilities = classes.get(i).probabilities();
            likes.estimate(
                    batch.get(i).features(),
                    classes.get(i).embedding(),
                    IntStream.range(0, probabilities.length)
                            .mapToDouble(bucket -> probabilities[bucket])
                            .toArray());
        }
    }

    private static List<Input> inputs(Path table) throws Exception {
        PromptTemplate template = PromptTemplate.standard(Task.BEHAVIOR);
        List<Input> inputs = new ArrayList<>();
        try (PostTable posts = PostTable.open(table)) {
            for (Row row : posts) {
                if (row instanceof Row.Readable readable) {
                    Post post = readable.post();
                    inputs.add(
                            new Input(template.write(post, List.of()).text(), PostFeatures.of(post, List.of())));
                }
            }
        }
        return inputs;
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
