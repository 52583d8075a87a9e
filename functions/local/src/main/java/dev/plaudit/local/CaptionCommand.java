package dev.plaudit.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.plaudit.caption.CaptionConfig;
import dev.plaudit.caption.PictureCaptioner;
import dev.plaudit.events.Media;
import dev.plaudit.events.Sight;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.media.MediaConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plaudit caption}: what pictures show. */
@Command(
        name = "caption",
        description = "Say what pictures show: JPEG, PNG, GIF, WebP or BMP.",
        footer = {"  plaudit caption flyer.jpg", "  plaudit caption https://example.com/flyer.png poster.webp --json"})
final class CaptionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE|URL", description = "The pictures.")
    private List<String> addresses;

    @Option(names = "--model", paramLabel = "FOLDER", description = "A BLIP-2 of your own, in the Hugging Face layout.")
    void model(Path folder) {
        System.setProperty("plaudit.caption.model", folder.toString());
    }

    @Option(names = "--json", description = "Answer in JSON.")
    private boolean json;

    /** @param unavailable why the picture could not be had; null when it could */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Captioned(String picture, String caption, String unavailable) {
        static Captioned of(String picture, Sight sight) {
            return new Captioned(picture, sight.unavailable() == null ? sight.caption() : null, sight.unavailable());
        }
    }

    @Override
    public Integer call() {
        Settings settings = Settings.read();
        try (PictureCaptioner captioner =
                PictureCaptioner.open(settings.of(CaptionConfig.class), settings.of(MediaConfig.class))) {
            List<Sight> sights =
                    captioner.look(addresses.stream().map(Media::photo).toList());
            List<Captioned> captioned = IntStream.range(0, sights.size())
                    .mapToObj(i -> Captioned.of(addresses.get(i), sights.get(i)))
                    .toList();
            print(captioned);
            return captioned.stream().allMatch(picture -> picture.unavailable() == null) ? 0 : Plaudit.BAD_INPUT;
        }
    }

    private void print(List<Captioned> captioned) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (json) {
            out.println(SimulationJson.write(captioned));
        }
        for (Captioned picture : captioned) {
            if (picture.unavailable() != null) {
                err.println(picture.picture() + ": " + picture.unavailable());
            } else if (!json) {
                out.println(captioned.size() == 1 ? picture.caption() : picture.picture() + ": " + picture.caption());
            }
        }
        out.flush();
        err.flush();
    }
}
