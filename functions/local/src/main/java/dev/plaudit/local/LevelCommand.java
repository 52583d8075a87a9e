package dev.plaudit.local;

import dev.plaudit.events.Judgement;
import dev.plaudit.events.LikeLevel;
import dev.plaudit.events.Post;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.gateway.JudgedPost;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plaudit level}: how well a post will be liked, in the language model's words. */
@Command(
        name = "level",
        description = {
            "Ask the language model how well a post will be liked: low (up to 100 likes), medium (up to 1,000) or high.",
            "The reasons are measured, as in plaudit score --explain."
        },
        footer = {
            "  plaudit level --company Oven --text \"We open at six\" --typical-likes 120",
            "  plaudit level --username ovenandco --image loaf.jpg --json"
        })
final class LevelCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions models;

    @Option(names = "--text", description = "The text of the post.")
    private String text;

    @Mixin
    private PostOptions post;

    @Option(names = "--post-model", description = "The language model to ask.", paramLabel = "FOLDER")
    void postModel(Path folder) {
        System.setProperty("plaudit.generate.model", folder.toString());
    }

    @Option(names = "--json", description = "Answer in JSON, as POST /v1/level does.")
    private boolean json;

    @Override
    public Integer call() {
        Post known = post.read().withContent(text).requireScorable();
        try (LocalPipeline pipeline = LocalPipeline.toJudge(known.needsLook())) {
            JudgedPost judged = pipeline.judge(known);
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? SimulationJson.write(judged) : sheet(judged));
            out.flush();
            return judged.problem() == null ? 0 : Plaudit.BAD_INPUT;
        }
    }

    private String sheet(JudgedPost judged) {
        if (judged.problem() != null) {
            return judged.problem().detail();
        }
        Ansi ansi = spec.commandLine().getColorScheme().ansi();
        Judgement judgement = judged.judgement();
        String odds = Arrays.stream(LikeLevel.values())
                .map(level -> "%s %.0f %%"
                        .formatted(name(level), 100 * judgement.probabilities().get(level.ordinal())))
                .collect(Collectors.joining(", "));
        return ansi.string("@|bold,green %s|@   %s%n".formatted(name(judgement.level()), odds)) + judged.explanation();
    }

    private static String name(LikeLevel level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
