package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;

/**
 * The one document that travels. It grows as it goes: each function adds its part and never rewrites another's, so
 * every function is stateless, can be retried, and can be read in a log.
 *
 * @param task what is asked
 * @param post the post, as the caller gave it
 * @param options what is asked beyond the bare answer
 * @param sights what the models saw in the media, one for each medium; empty when nobody looked
 * @param prompt the instruction prompt; null until written
 * @param classification what the classifier says; null until asked
 * @param engagement the predicted engagement; null until scored
 * @param drafts the generated posts; empty until written
 * @param judgement what a language model thinks of it; null until asked
 * @param usage what each step cost, in order
 * @param problem why this can never succeed; null while it can
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Simulation(
        Task task,
        Post post,
        Options options,
        List<Sight> sights,
        Prompt prompt,
        Classification classification,
        Engagement engagement,
        List<Draft> drafts,
        Judgement judgement,
        List<Usage> usage,
        Problem problem) {
    public Simulation {
        if (task == null) {
            throw new InvalidFieldException("task", "is missing: behavior, content or level");
        }
        if (post == null) {
            throw new InvalidFieldException("post", "is missing");
        }
        options = options == null ? Options.DEFAULT : options;
        sights = sights == null ? List.of() : List.copyOf(sights);
        drafts = drafts == null ? List.of() : List.copyOf(drafts);
        usage = usage == null ? List.of() : List.copyOf(usage);
    }

    /** A fresh simulation of a post that is to be scored. */
    public static Simulation behavior(Post post, Options options) {
        return of(Task.BEHAVIOR, post.requireScorable(), options);
    }

    /** A fresh simulation of a post that is to be written. */
    public static Simulation content(Post post, Options options) {
        return of(Task.CONTENT, post.requireWritable(), options);
    }

    /** A fresh simulation of a post whose like level is to be told. */
    public static Simulation level(Post post) {
        return of(Task.LEVEL, post.requireScorable(), Options.DEFAULT);
    }

    private static Simulation of(Task task, Post post, Options options) {
        return new Simulation(task, post, options, null, null, null, null, null, null, null, null);
    }

    public Simulation withSights(List<Sight> sights) {
        return new Simulation(
                task, post, options, sights, prompt, classification, engagement, drafts, judgement, usage, problem);
    }

    public Simulation withPrompt(Prompt prompt) {
        return new Simulation(
                task, post, options, sights, prompt, classification, engagement, drafts, judgement, usage, problem);
    }

    public Simulation withClassification(Classification classification) {
        return new Simulation(
                task, post, options, sights, prompt, classification, engagement, drafts, judgement, usage, problem);
    }

    public Simulation withEngagement(Engagement engagement) {
        return new Simulation(
                task, post, options, sights, prompt, classification, engagement, drafts, judgement, usage, problem);
    }

    public Simulation withDrafts(List<Draft> drafts) {
        return new Simulation(
                task, post, options, sights, prompt, classification, engagement, drafts, judgement, usage, problem);
    }

    public Simulation withJudgement(Judgement judgement) {
        return new Simulation(
                task, post, options, sights, prompt, classification, engagement, drafts, judgement, usage, problem);
    }

    public Simulation withProblem(Problem problem) {
        return new Simulation(
                task, post, options, sights, prompt, classification, engagement, drafts, judgement, usage, problem);
    }

    /** This simulation with one more step accounted for. */
    public Simulation plusUsage(Usage step) {
        List<Usage> all = new ArrayList<>(usage);
        all.add(step);
        return new Simulation(
                task, post, options, sights, prompt, classification, engagement, drafts, judgement, all, problem);
    }

    /** The {@link Extensions#MEDIA} extension of its events. */
    public String mediaExtension() {
        return sights.isEmpty() && post.needsLook() ? Extensions.MEDIA_SOME : Extensions.MEDIA_NONE;
    }
}
