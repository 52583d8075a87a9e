package dev.plaudit.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Draft;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.EventType;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.DraftListener;
import io.quarkus.funqy.knative.events.CloudEvent;
import io.quarkus.funqy.knative.events.CloudEventBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    /** Functions that write these drafts, and find each text as well liked as it is long. */
    private record Functions(List<String> drafts) implements StepCaller {
        @Override
        public boolean reaches(Step step) {
            return false;
        }

        @Override
        public CloudEvent<Simulation> call(Step step, CloudEvent<Simulation> event, DraftListener listener) {
            Simulation simulation = event.data();
            return switch (step) {
                case PROMPT -> answer(EventType.PROMPTED, simulation);
                case GENERATE ->
                    answer(
                            EventType.GENERATED,
                            simulation.withDrafts(drafts.stream()
                                    .map(text -> new Draft(text, -1, null))
                                    .toList()));
                case CLASSIFY -> answer(EventType.CLASSIFIED, simulation);
                case REGRESS ->
                    answer(
                            EventType.SCORED,
                            simulation.withEngagement(
                                    engagement(simulation.post().content().length())));
                default -> throw new AssertionError(step);
            };
        }

        private static CloudEvent<Simulation> answer(String type, Simulation simulation) {
            return CloudEventBuilder.create().type(type).build(simulation);
        }

        private static Engagement engagement(int likes) {
            LikeBucket bucket = LikeBucket.ofLikes(likes);
            return new Engagement(bucket, List.of(), likes, likes, likes, bucket.level(), null);
        }
    }

    private static List<String> optimized(String... drafts) throws InterruptedException {
        Post post = new Post(null, null, null, "Oven & Co", null, null, null);
        return new Optimizer(new Chain(new Functions(List.of(drafts))), 2)
                .optimize(post, Options.DEFAULT).drafts().stream()
                        .map(Draft::text)
                        .toList();
    }

    @Test
    void aDraftThatCannotBeScoredIsLeftOut() throws InterruptedException {
        assertThat(optimized("Rye", "🎉🎉🎉", "Bread\u0007", "Fresh bread")).containsExactly("Fresh bread", "Rye");
        assertThat(optimized("🎉")).isEmpty();
    }
}
