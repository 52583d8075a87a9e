package dev.plaudit.inference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A tokenizer of bytes, without merges: special tokens first, then the bytes 0 to 255. A text begins with the second
 * special token.
 *
 * @param fallback whether it is one in the manner of Llama 2's, which spells what it has no tokens for by bytes; otherwise
 *     a byte-level one, as Llama 3's
 */
public record ByteTokenizer(List<String> special, boolean fallback) {
    public static final ByteTokenizer LLAMA3 = new ByteTokenizer(
            List.of(
                    "<|pad|>",
                    "<|begin_of_text|>",
                    "<|end_of_text|>",
                    "<|start_header_id|>",
                    "<|end_header_id|>",
                    "<|eot_id|>"),
            false);

    public static final ByteTokenizer LLAMA2 = new ByteTokenizer(LLAMA3.special, true);

    public int vocabulary() {
        return special.size() + 256;
    }

    public void write(Path folder) {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode model = json.createObjectNode().put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        model.putArray("merges");
        for (int id = 0; id < special.size(); id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", special.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
            vocabulary.put(special.get(id), id);
        }
        int unprintable = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            String level = Character.toString(printable ? b : unprintable++);
            vocabulary.put(fallback ? "<0x%02X>".formatted(b) : level, special.size() + b);
        }
        root.putNull("normalizer");
        if (fallback) {
            model.put("byte_fallback", true);
            ArrayNode decoders =
                    root.putObject("decoder").put("type", "Sequence").putArray("decoders");
            decoders.addObject().put("type", "ByteFallback");
            decoders.addObject().put("type", "Fuse");
        } else {
            byteLevel(root.putObject("pre_tokenizer")).put("add_prefix_space", false);
            byteLevel(root.putObject("decoder")).put("add_prefix_space", true);
        }
        ObjectNode post = root.putObject("post_processor").put("type", "TemplateProcessing");
        String first = special.get(1);
        for (String part : List.of("single", "pair")) {
            ArrayNode pieces = post.putArray(part);
            pieces.addObject().putObject("SpecialToken").put("id", first).put("type_id", 0);
            pieces.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            if (part.equals("pair")) {
                pieces.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
            }
        }
        ObjectNode begin = post.putObject("special_tokens").putObject(first).put("id", first);
        begin.putArray("ids").add(1);
        begin.putArray("tokens").add(first);
        root.set("model", model);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(TextTokenizer.FILE), json.writeValueAsString(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode byteLevel(ObjectNode node) {
        return node.put("type", "ByteLevel").put("trim_offsets", true).put("use_regex", false);
    }
}
