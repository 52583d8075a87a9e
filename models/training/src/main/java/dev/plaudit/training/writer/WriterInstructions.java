package dev.plaudit.training.writer;

import dev.plaudit.events.Account;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Task;
import dev.plaudit.features.LevelPrompt;
import dev.plaudit.features.PromptTemplate;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LabeledPost;
import dev.plaudit.training.language.Instruction;
import dev.plaudit.training.language.Instructions;
import dev.plaudit.training.writer.WriterData.Written;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Posts as instructions: to write the post, and to tell its like level. To learn from, parts of what is known are left
 * out by chance, so that the model can do without.
 */
final class WriterInstructions implements Instructions {
    private static final PromptTemplate TEMPLATE = PromptTemplate.standard(Task.CONTENT);
    private static final double LEFT_OUT = 0.1;
    private static final long SEED = 1_000_003;

    private final List<Written> texts;
    private final List<LabeledPost> levels;
    private final int levelsAtOnce;
    private final double leftOut;
    private final long seed;

    private WriterInstructions(
            List<Written> texts, List<LabeledPost> levels, int levelsAtOnce, double leftOut, long seed) {
        this.texts = texts;
        this.levels = levels;
        this.levelsAtOnce = levelsAtOnce;
        this.leftOut = leftOut;
        this.seed = seed;
    }

    /**
     * Instructions to learn from.
     *
     * @param levelShare how many posts' levels are asked for in an epoch, as a share of the posts to be written; the next
     *     epoch asks for others
     */
    static WriterInstructions augmented(WriterData data, double levelShare, long seed) {
        List<Written> texts = data.texts(DataSplit.Part.TRAIN);
        List<LabeledPost> levels = new ArrayList<>(data.levels(DataSplit.Part.TRAIN));
        Collections.shuffle(levels, new Random(seed));
        int atOnce = (int) Math.min(levels.size(), Math.round(levelShare * texts.size()));
        return new WriterInstructions(texts, levels, atOnce, LEFT_OUT, seed);
    }

    /** Instructions to write posts, all that is known told. */
    static WriterInstructions writing(WriterData data, DataSplit.Part part) {
        return new WriterInstructions(data.texts(part), List.of(), 0, 0, 0);
    }

    @Override
    public int size() {
        return texts.size() + levelsAtOnce;
    }

    @Override
    public Instruction get(int index, int epoch) {
        SplittableRandom random = new SplittableRandom((seed * SEED + epoch) * SEED + index);
        if (index < texts.size()) {
            Written written = texts.get(index);
            return writing(written, thinned(written.post(), random), random);
        }
        long turn = (long) epoch * levelsAtOnce + index - texts.size();
        LabeledPost post = levels.get((int) (turn % levels.size()));
        return new Instruction(
                LevelPrompt.of(thinned(post.post(), random), List.of()).text(),
                LevelPrompt.answer(post.bucket().level()));
    }

    private Instruction writing(Written written, Post post, SplittableRandom random) {
        boolean wishes = written.likes() != null && random.nextDouble() >= leftOut;
        Options options = new Options(false, wishes ? written.likes() : null);
        return new Instruction(prompt(post, options).text(), written.text());
    }

    /** How a writer is asked for a post. */
    static Prompt prompt(Post post, Options options) {
        return TEMPLATE.write(post, List.of(), options);
    }

    private Post thinned(Post post, SplittableRandom random) {
        return new Post(
                post.id(),
                post.content(),
                kept(post.username(), random),
                kept(post.company(), random),
                kept(post.date(), random),
                kept(post.media(), random),
                account(post.account(), random));
    }

    private Account account(Account account, SplittableRandom random) {
        Account known = random.nextDouble() < 3 * leftOut ? Account.UNKNOWN : account;
        return known.withPosts(random.nextDouble() < 2 * leftOut ? List.of() : thinned(account.posts(), random));
    }

    /** The texts without some of them, so that those that a prompt has room for are others each time. */
    private List<String> thinned(List<String> posts, SplittableRandom random) {
        return posts.stream().filter(post -> random.nextDouble() >= 4 * leftOut).toList();
    }

    private <T> T kept(T value, SplittableRandom random) {
        return random.nextDouble() < leftOut ? null : value;
    }
}
