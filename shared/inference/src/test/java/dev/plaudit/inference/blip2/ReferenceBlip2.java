package dev.plaudit.inference.blip2;

import static dev.plaudit.inference.ReferenceLayers.attention;
import static dev.plaudit.inference.ReferenceLayers.map;
import static dev.plaudit.inference.ReferenceLayers.sum;

import dev.plaudit.inference.ReferenceLayers;
import dev.plaudit.inference.opt.ReferenceOpt;
import dev.plaudit.inference.safetensors.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The oracle: a BLIP-2 in plain Java and double precision, written from the papers; one picture at a time. */
record ReferenceBlip2(RandomBlip2 shape, ReferenceLayers layers, ReferenceOpt text) {
    private static final double VISION_EPSILON = 1e-6;
    private static final double QFORMER_EPSILON = 1e-12;

    static ReferenceBlip2 of(RandomBlip2 shape, Map<String, Tensor> tensors) {
        return new ReferenceBlip2(
                shape,
                new ReferenceLayers(tensors),
                new ReferenceOpt(shape.text(), tensors, RandomBlip2.LANGUAGE_MODEL));
    }

    /** The states of the class token and of every patch after the last vision block. */
    double[][] see(float[] pixels) {
        double[][] h = patches(pixels);
        for (int i = 0; i < shape.vision().layers(); i++) {
            String name = "vision_model.encoder.layers." + i + ".";
            double[][] qkv =
                    layers.linear(layers.layerNorm(h, name + "layer_norm1", VISION_EPSILON), name + "self_attn.qkv");
            double[][] context = attention(
                    part(qkv, 0), part(qkv, 1), part(qkv, 2), shape.vision().heads(), false);
            double[][] a = sum(h, layers.linear(context, name + "self_attn.projection"));
            double[][] inner =
                    layers.linear(layers.layerNorm(a, name + "layer_norm2", VISION_EPSILON), name + "mlp.fc1");
            h = sum(a, layers.linear(map(inner, ReferenceLayers::gelu), name + "mlp.fc2"));
        }
        return layers.layerNorm(h, "vision_model.post_layernorm", VISION_EPSILON);
    }

    /** What the language model is told. */
    double[][] queries(float[] pixels) {
        double[][] seen = see(pixels);
        double[][] h = layers.layerNorm(
                layers.rows("query_tokens", shape.qformer().dim()), "qformer.layernorm", QFORMER_EPSILON);
        for (int i = 0; i < shape.qformer().layers(); i++) {
            String name = "qformer.encoder.layer." + i + ".";
            h = attended(h, h, name + "attention.");
            if (i % shape.crossEvery() == 0) {
                h = attended(h, seen, name + "crossattention.");
            }
            double[][] inner = map(layers.linear(h, name + "intermediate_query.dense"), ReferenceLayers::gelu);
            h = layers.layerNorm(
                    sum(layers.linear(inner, name + "output_query.dense"), h),
                    name + "output_query.LayerNorm",
                    QFORMER_EPSILON);
        }
        return layers.linear(h, "language_projection");
    }

    /** What greedy search says after a picture and a text, up to {@code end} or {@code most} tokens. */
    int[] say(float[] pixels, int end, int most, int... text) {
        return say(new double[0][], queries(pixels), end, most, text);
    }

    /** The same with something before the queries. */
    int[] say(double[][] before, double[][] queries, int end, int most, int... text) {
        int[] all = text;
        while (all.length < text.length + most) {
            double[] scores = scores(before, queries, all);
            int best = 0;
            for (int i = 1; i < scores.length; i++) {
                best = scores[i] > scores[best] ? i : best;
            }
            if (best == end) {
                break;
            }
            all = with(all, best);
        }
        return Arrays.copyOfRange(all, text.length, all.length);
    }

    /** Of all sequences of a length without {@code end} that which three beams find. */
    int[] likeliest(float[] pixels, int end, int length, int... text) {
        record Beam(int[] tokens, double score) {}
        double[][] queries = queries(pixels);
        List<Beam> beams = List.of(new Beam(text, 0));
        for (int i = 0; i < length; i++) {
            beams = beams.stream()
                    .flatMap(beam -> {
                        double[] scores = scores(new double[0][], queries, beam.tokens());
                        double norm =
                                Math.log(Arrays.stream(scores).map(Math::exp).sum());
                        return IntStream.range(0, scores.length)
                                .filter(token -> token != end)
                                .mapToObj(token ->
                                        new Beam(with(beam.tokens(), token), beam.score() + scores[token] - norm));
                    })
                    .sorted(Comparator.comparingDouble(Beam::score).reversed())
                    .limit(3)
                    .toList();
        }
        return Arrays.copyOfRange(beams.getFirst().tokens(), text.length, text.length + length);
    }

    private double[] scores(double[][] before, double[][] queries, int[] text) {
        double[][] input = Stream.of(before, queries, this.text.embeddings(text))
                .flatMap(Arrays::stream)
                .toArray(double[][]::new);
        return this.text.logits(input)[input.length - 1];
    }

    private static int[] with(int[] tokens, int token) {
        int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
        longer[tokens.length] = token;
        return longer;
    }

    private double[][] patches(float[] pixels) {
        int side = shape.image() / shape.patch();
        double[][] flat = new double[side * side][3 * shape.patch() * shape.patch()];
        for (int channel = 0; channel < 3; channel++) {
            for (int y = 0; y < shape.image(); y++) {
                for (int x = 0; x < shape.image(); x++) {
                    int inside = (channel * shape.patch() + y % shape.patch()) * shape.patch() + x % shape.patch();
                    flat[y / shape.patch() * side + x / shape.patch()][inside] =
                            pixels[(channel * shape.image() + y) * shape.image() + x];
                }
            }
        }
        String name = "vision_model.embeddings.";
        int dim = shape.vision().dim();
        double[][] embedded = layers.linear(flat, name + "patch_embedding");
        double[][] all = new double[embedded.length + 1][];
        all[0] = layers.values(name + "class_embedding");
        System.arraycopy(embedded, 0, all, 1, embedded.length);
        return sum(all, layers.rows(name + "position_embedding", dim));
    }

    private double[][] attended(double[][] x, double[][] to, String name) {
        double[][] context = attention(
                layers.linear(x, name + "attention.query"),
                layers.linear(to, name + "attention.key"),
                layers.linear(to, name + "attention.value"),
                shape.qformer().heads(),
                false);
        return layers.layerNorm(
                sum(layers.linear(context, name + "output.dense"), x), name + "output.LayerNorm", QFORMER_EPSILON);
    }

    private static double[][] part(double[][] qkv, int index) {
        int width = qkv[0].length / 3;
        return Arrays.stream(qkv)
                .map(row -> Arrays.copyOfRange(row, index * width, (index + 1) * width))
                .toArray(double[][]::new);
    }
}
