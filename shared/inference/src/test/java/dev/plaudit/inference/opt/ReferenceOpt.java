package dev.plaudit.inference.opt;

import dev.plaudit.inference.safetensors.Tensor;
import java.util.Map;

/**
 * The oracle: an OPT in plain Java and double precision, written from the paper, with no thought of speed and without a
 * cache.
 *
 * @param prefix of the tensors' names: empty, or {@code language_model.} in a larger model
 */
public record ReferenceOpt(RandomOpt shape, Map<String, Tensor> tensors, String prefix) {
    public static ReferenceOpt of(RandomOpt shape) {
        return new ReferenceOpt(shape, shape.tensors(""), "");
    }

    /** A token's embedding. */
    public double[] embedding(int token) {
        return row("embed_tokens.weight", token);
    }

    /** The embeddings of tokens one after another. */
    public double[][] embeddings(int... tokens) {
        double[][] embeddings = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            embeddings[t] = embedding(tokens[t]);
        }
        return embeddings;
    }

    /** The logits of what follows after each of the embeddings, {@code [length, vocabulary]}. */
    public double[][] logits(double[][] embeddings) {
        double[][] h = new double[embeddings.length][];
        for (int t = 0; t < h.length; t++) {
            h[t] = sum(embeddings[t], row("embed_positions.weight", t + 2));
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            h = block(h, "layers." + layer + ".");
        }
        float[] output = tensor("embed_tokens.weight");
        double[][] logits = new double[h.length][];
        for (int t = 0; t < h.length; t++) {
            logits[t] = product(layerNorm(h[t], "final_layer_norm"), output, shape.vocabulary());
        }
        return logits;
    }

    private double[][] block(double[][] x, String name) {
        int length = x.length;
        int width = shape.hidden() / shape.heads();
        double[][] q = new double[length][];
        double[][] k = new double[length][];
        double[][] v = new double[length][];
        double[][] out = new double[length][];
        for (int t = 0; t < length; t++) {
            double[] normal = layerNorm(x[t], name + "self_attn_layer_norm");
            q[t] = linear(normal, name + "self_attn.q_proj");
            k[t] = linear(normal, name + "self_attn.k_proj");
            v[t] = linear(normal, name + "self_attn.v_proj");
            double[] context = new double[shape.hidden()];
            for (int first = 0; first < shape.hidden(); first += width) {
                attend(q[t], k, v, t, first, first + width, context);
            }
            double[] a = sum(x[t], linear(context, name + "self_attn.out_proj"));
            double[] inner = linear(layerNorm(a, name + "final_layer_norm"), name + "fc1");
            for (int i = 0; i < inner.length; i++) {
                inner[i] = Math.max(0, inner[i]);
            }
            out[t] = sum(a, linear(inner, name + "fc2"));
        }
        return out;
    }

    /** One head, the values {@code from} to {@code to}, over the tokens up to {@code last}. */
    private static void attend(
            double[] query, double[][] keys, double[][] values, int last, int from, int to, double[] context) {
        double[] weights = new double[last + 1];
        double total = 0;
        for (int s = 0; s <= last; s++) {
            double score = 0;
            for (int i = from; i < to; i++) {
                score += query[i] * keys[s][i];
            }
            weights[s] = Math.exp(score / Math.sqrt(to - from));
            total += weights[s];
        }
        for (int s = 0; s <= last; s++) {
            for (int i = from; i < to; i++) {
                context[i] += weights[s] / total * values[s][i];
            }
        }
    }

    private double[] linear(double[] x, String name) {
        float[] bias = tensor(name + ".bias");
        double[] y = product(x, tensor(name + ".weight"), bias.length);
        for (int o = 0; o < y.length; o++) {
            y[o] += bias[o];
        }
        return y;
    }

    private static double[] product(double[] x, float[] weight, int out) {
        double[] y = new double[out];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < x.length; i++) {
                y[o] += x[i] * weight[o * x.length + i];
            }
        }
        return y;
    }

    private double[] layerNorm(double[] x, String name) {
        float[] weight = tensor(name + ".weight");
        float[] bias = tensor(name + ".bias");
        double mean = 0;
        for (double value : x) {
            mean += value / x.length;
        }
        double variance = 0;
        for (double value : x) {
            variance += (value - mean) * (value - mean) / x.length;
        }
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (x[i] - mean) / Math.sqrt(variance + 1e-5) * weight[i] + bias[i];
        }
        return y;
    }

    private double[] row(String name, int row) {
        float[] values = tensor(name);
        double[] result = new double[shape.hidden()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[row * result.length + i];
        }
        return result;
    }

    private float[] tensor(String name) {
        return tensors.get(prefix + "model.decoder." + name).values();
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }
}
