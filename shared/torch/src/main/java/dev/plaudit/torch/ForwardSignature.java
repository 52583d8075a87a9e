package dev.plaudit.torch;

import dev.plaudit.inference.ModelException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What the {@code forward} of a TorchScript model takes, by the names that Hugging Face's models have for it, in any order:
 *
 * <ul>
 *   <li>{@value #IDS} {@code [rows, length]} int64: the new tokens;
 *   <li>{@value #MASK} {@code [rows, total]} int64: ones, over what came before and the new tokens;
 *   <li>{@value #POSITIONS} {@code [rows, length]} int64: the new tokens' places from 0;
 *   <li>{@value #PAST} a list: the keys of the first layer, its values, the keys of the second, …, each {@code [rows, heads,
 *       before, head]}, at first of 0 tokens. A model that takes it gives the logits and the grown list; one that does not is
 *       given the whole sequences at each step.
 * </ul>
 *
 * The logits are {@code [rows, length, vocabulary]}, and the first or only thing that it gives.
 *
 * @param parameters in their order
 */
record ForwardSignature(List<String> parameters) {
    static final String IDS = "input_ids";
    static final String MASK = "attention_mask";
    static final String POSITIONS = "position_ids";
    static final String PAST = "past_key_values";

    private static final Map<String, String> TYPES =
            Map.of(IDS, "Tensor", MASK, "Tensor", POSITIONS, "Tensor", PAST, "List[Tensor]");

    /** The class of the pickled module: the first that the pickle names. */
    private static final Pattern CLASS = Pattern.compile("c(__torch__[\\w.]*)\n(\\w+)\n");

    private static final Pattern FORWARD =
            Pattern.compile("def forward\\((?<parameters>.*?)\\) -> (?<result>.*?):\n", Pattern.DOTALL);

    /** The printer of TorchScript puts each parameter on a line of its own. */
    private static final Pattern BETWEEN_PARAMETERS = Pattern.compile(",\\s*\n\\s*");

    /** Whether it keeps keys and values, so that a step is given the new tokens only. */
    boolean cached() {
        return parameters.contains(PAST);
    }

    /**
     * Reads it from the source that a TorchScript archive holds.
     *
     * @throws ModelException when the file is none, or its {@code forward} takes what is not known here
     */
    static ForwardSignature read(Path file) {
        try (ZipFile archive = new ZipFile(file.toFile())) {
            Matcher module = CLASS.matcher(text(file, archive, "/data.pkl", StandardCharsets.ISO_8859_1));
            require(module.find(), file, "is no TorchScript archive: it holds no module");
            String source =
                    text(file, archive, "/code/" + module.group(1).replace('.', '/') + ".py", StandardCharsets.UTF_8);
            int start = source.indexOf("class " + module.group(2) + "(");
            int end = source.indexOf("\nclass ", start + 1);
            Matcher forward = FORWARD.matcher(source.substring(Math.max(0, start), end < 0 ? source.length() : end));
            require(forward.find(), file, "holds no module with a forward");
            return of(file, forward.group("parameters"), forward.group("result"));
        } catch (IOException e) {
            throw new ModelException(file + " is no TorchScript archive: " + e.getMessage(), e);
        }
    }

    private static String text(Path file, ZipFile archive, String suffix, Charset charset) throws IOException {
        ZipEntry entry = archive.stream()
                .filter(candidate -> candidate.getName().endsWith(suffix))
                .findFirst()
                .orElseThrow(() -> new ModelException(file + " is no TorchScript archive: it holds no " + suffix));
        return new String(archive.getInputStream(entry).readAllBytes(), charset);
    }

    private static ForwardSignature of(Path file, String parameters, String result) {
        List<String> names = new ArrayList<>();
        for (String parameter :
                BETWEEN_PARAMETERS.splitAsStream(parameters).skip(1).toList()) {
            String[] parts = parameter.split("[:=]");
            String name = parts[0].strip();
            if (parts[1].strip().equals(TYPES.get(name))) {
                names.add(name);
            } else if (parts.length == 2) {
                throw new ModelException(file + " has a forward that takes " + parameter
                        + ", which is not known here; known are " + new TreeMap<>(TYPES));
            } else {
                break;
            }
        }
        ForwardSignature signature = new ForwardSignature(names);
        require(names.contains(IDS), file, "has a forward that takes no " + IDS);
        require(
                !signature.cached() || result.equals("Tuple[Tensor, List[Tensor]]"),
                file,
                "has a forward that takes " + PAST + " but gives " + result + ", not Tuple[Tensor, List[Tensor]]");
        return signature;
    }

    private static void require(boolean holds, Path file, String fault) {
        if (!holds) {
            throw new ModelException(file + " " + fault);
        }
    }
}
