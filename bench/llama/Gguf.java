import dev.plaudit.inference.safetensors.SafeTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a Llama's checkpoint as GGUF version 3, matrices as Q4_0: blocks of 32 weights, a half-precision scale and half
 * bytes each.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the format</a>
 */
final class Gguf implements AutoCloseable {
    private static final int MAGIC = 0x46554747;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int F32_TENSOR = 0;
    private static final int Q4_0_TENSOR = 2;
    private static final int ALIGNMENT = 32;
    private static final int BLOCK = 32;
    private static final int BLOCK_BYTES = 18;
    private static final long VALUES_AT_ONCE = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 22).order(ByteOrder.LITTLE_ENDIAN);

    private Gguf(FileChannel channel) {
        this.channel = channel;
    }

    private record Source(String name, String weight, long[] shape) {
        int type() {
            return shape.length == 1 ? F32_TENSOR : Q4_0_TENSOR;
        }

        long bytes() {
            return shape.length == 1 ? shape[0] * Float.BYTES : shape[0] * shape[1] / BLOCK * BLOCK_BYTES;
        }
    }

    static void write(Path file, RandomLlama llama, SafeTensors checkpoint) throws IOException {
        List<Source> sources = new ArrayList<>();
        llama.shapes().forEach((weight, shape) -> sources.add(new Source(name(weight), weight, shape)));
        try (Gguf gguf = new Gguf(FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
            gguf.header(llama, sources);
            for (Source source : sources) {
                gguf.tensor(source, checkpoint);
            }
        }
    }

    private static String name(String weight) {
        return weight.replace("model.embed_tokens", "token_embd")
                .replace("lm_head", "output")
                .replace("model.norm", "output_norm")
                .replace("model.layers.", "blk.")
                .replace("input_layernorm", "attn_norm")
                .replace("post_attention_layernorm", "ffn_norm")
                .replace("self_attn.o_proj", "attn_output")
                .replace("self_attn.", "attn_")
                .replace("mlp.", "ffn_")
                .replace("_proj", "");
    }

    private void header(RandomLlama llama, List<Source> sources) throws IOException {
        buffer.putInt(MAGIC).putInt(3).putLong(sources.size());
        int count = buffer.position();
        buffer.putLong(0);
        int settings = 0;
        settings += text("general.architecture", "llama") + text("tokenizer.ggml.model", "llama");
        settings += number("general.file_type", 2) + number("general.quantization_version", 2);
        settings += number("llama.block_count", llama.layers()) + number("llama.context_length", llama.positions());
        settings += number("llama.embedding_length", llama.hidden());
        settings += number("llama.feed_forward_length", llama.inner());
        settings += number("llama.attention.head_count", llama.heads());
        settings += number("llama.attention.head_count_kv", llama.keyValueHeads());
        settings += number("llama.rope.dimension_count", llama.head()) + number("llama.vocab_size", llama.vocabulary());
        settings += real("llama.attention.layer_norm_rms_epsilon", 1e-5f) + real("llama.rope.freq_base", 10_000);
        settings += number("tokenizer.ggml.bos_token_id", 1) + number("tokenizer.ggml.eos_token_id", 2);
        settings += number("tokenizer.ggml.unknown_token_id", 0) + vocabulary(llama.vocabulary());
        buffer.putLong(count, settings);
        long offset = 0;
        for (Source source : sources) {
            string(source.name());
            buffer.putInt(source.shape().length);
            for (int i = source.shape().length - 1; i >= 0; i--) {
                buffer.putLong(source.shape()[i]);
            }
            buffer.putInt(source.type()).putLong(offset);
            offset += Math.ceilDiv(source.bytes(), ALIGNMENT) * ALIGNMENT;
        }
        flush();
        pad();
    }

    /** Three special tokens, the 256 bytes, and words. */
    private int vocabulary(int size) {
        array("tokenizer.ggml.tokens", STRING, size);
        for (int i = 0; i < size; i++) {
            string(
                    switch (i) {
                        case 0 -> "<unk>";
                        case 1 -> "<s>";
                        case 2 -> "</s>";
                        default -> i < 259 ? String.format("<0x%02X>", i - 3) : "\u2581word" + i;
                    });
        }
        array("tokenizer.ggml.scores", FLOAT32, size);
        for (int i = 0; i < size; i++) {
            buffer.putFloat(-i);
        }
        array("tokenizer.ggml.token_type", INT32, size);
        for (int i = 0; i < size; i++) {
            buffer.putInt(i == 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : 1);
        }
        return 3;
    }

    private void array(String key, int type, long size) {
        string(key);
        buffer.putInt(ARRAY).putInt(type).putLong(size);
    }

    private int text(String key, String value) {
        string(key);
        buffer.putInt(STRING);
        string(value);
        return 1;
    }

    private int number(String key, int value) {
        string(key);
        buffer.putInt(UINT32).putInt(value);
        return 1;
    }

    private int real(String key, float value) {
        string(key);
        buffer.putInt(FLOAT32).putFloat(value);
        return 1;
    }

    private void string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.putLong(bytes.length).put(bytes);
    }

    private void tensor(Source source, SafeTensors checkpoint) throws IOException {
        long width = source.shape().length == 1 ? 1 : source.shape()[1];
        long rows = source.shape()[0];
        long atOnce = VALUES_AT_ONCE / width;
        for (long row = 0; row < rows; row += atOnce) {
            float[] values = checkpoint.rows(source.weight(), row, Math.min(atOnce, rows - row));
            if (source.type() == F32_TENSOR) {
                for (float value : values) {
                    buffer.putFloat(value);
                }
            } else {
                for (int start = 0; start < values.length; start += BLOCK) {
                    block(values, start);
                }
            }
            flush();
        }
        pad();
    }

    /** The first half of the block in the lower half bytes; the largest weight becomes −8 steps. */
    private void block(float[] values, int start) {
        float largest = 0;
        for (int i = start; i < start + BLOCK; i++) {
            largest = Math.abs(values[i]) > Math.abs(largest) ? values[i] : largest;
        }
        float scale = largest / -8;
        buffer.putShort(Float.floatToFloat16(scale));
        for (int i = start; i < start + BLOCK / 2; i++) {
            buffer.put((byte) (steps(values[i], scale) | steps(values[i + BLOCK / 2], scale) << 4));
        }
    }

    private static int steps(float value, float scale) {
        return scale == 0 ? 8 : Math.min(15, (int) (value / scale + 8.5f));
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private void pad() throws IOException {
        buffer.put(new byte[(int) (-channel.position() & ALIGNMENT - 1)]);
        flush();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
