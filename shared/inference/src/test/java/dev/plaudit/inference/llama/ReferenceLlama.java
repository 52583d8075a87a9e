package dev.plaudit.inference.llama;

import dev.plaudit.inference.safetensors.Tensor;
import java.util.Map;

/**
 * The oracle: a Llama in plain Java and double precision, written from the papers, with no thought of speed and no cache.
 *
 * @param frequencies the angle by which each pair of a head turns from one place to the next
 */
record ReferenceLlama(RandomLlama shape, Map<String, Tensor> tensors, double[] frequencies) {
    static ReferenceLlama of(RandomLlama shape) {
        return new ReferenceLlama(shape, shape.tensors(), frequencies(shape.theta(), shape.headDim()));
    }

    static double[] frequencies(double theta, int head) {
        double[] frequencies = new double[head / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / Math.pow(theta, 2.0 * i / head);
        }
        return frequencies;
    }

    /** The logits of what follows the tokens. */
    double[] run(int... ids) {
        double[][] h = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            h[t] = row("model.embed_tokens.weight", ids[t]);
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            h = block(h, "model.layers." + layer + ".");
        }
        double[] last = norm(h[ids.length - 1], "model.norm");
        return linear(last, shape.tied() ? "model.embed_tokens" : "lm_head", shape.vocabulary());
    }

    private double[][] block(double[][] x, String name) {
        int length = x.length;
        int width = shape.headDim();
        int keyValueDim = shape.keyValueHeads() * width;
        double[][] q = new double[length][];
        double[][] k = new double[length][];
        double[][] v = new double[length][];
        for (int t = 0; t < length; t++) {
            double[] normal = norm(x[t], name + "input_layernorm");
            q[t] = turn(linear(normal, name + "self_attn.q_proj", shape.heads() * width), t);
            k[t] = turn(linear(normal, name + "self_attn.k_proj", keyValueDim), t);
            v[t] = linear(normal, name + "self_attn.v_proj", keyValueDim);
        }
        double[][] out = new double[length][];
        for (int t = 0; t < length; t++) {
            double[] context = new double[shape.heads() * width];
            for (int head = 0; head < shape.heads(); head++) {
                int shared = head / (shape.heads() / shape.keyValueHeads());
                double[] weights = new double[t + 1];
                double total = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int i = 0; i < width; i++) {
                        score += q[t][head * width + i] * k[s][shared * width + i];
                    }
                    weights[s] = Math.exp(score / Math.sqrt(width));
                    total += weights[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < width; i++) {
                        context[head * width + i] += weights[s] / total * v[s][shared * width + i];
                    }
                }
            }
            double[] a = sum(x[t], linear(context, name + "self_attn.o_proj", shape.hidden()));
            double[] normal = norm(a, name + "post_attention_layernorm");
            double[] gate = linear(normal, name + "mlp.gate_proj", shape.inner());
            double[] up = linear(normal, name + "mlp.up_proj", shape.inner());
            for (int i = 0; i < gate.length; i++) {
                gate[i] *= up[i] / (1 + Math.exp(-gate[i]));
            }
            out[t] = sum(a, linear(gate, name + "mlp.down_proj", shape.hidden()));
        }
        return out;
    }

    /** Every head's first half is the real part and its second half the imaginary part of numbers that are turned. */
    private double[] turn(double[] x, int place) {
        int width = shape.headDim();
        double[] y = new double[x.length];
        for (int head = 0; head < x.length / width; head++) {
            for (int i = 0; i < width / 2; i++) {
                double angle = place * frequencies[i];
                int real = head * width + i;
                int imaginary = real + width / 2;
                y[real] = x[real] * Math.cos(angle) - x[imaginary] * Math.sin(angle);
                y[imaginary] = x[imaginary] * Math.cos(angle) + x[real] * Math.sin(angle);
            }
        }
        return y;
    }

    private double[] linear(double[] x, String name, int out) {
        float[] weight = tensors.get(name + ".weight").values();
        Tensor bias = tensors.get(name + ".bias");
        double[] y = new double[out];
        for (int o = 0; o < out; o++) {
            y[o] = bias == null ? 0 : bias.values()[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += x[i] * weight[o * x.length + i];
            }
        }
        return y;
    }

    private double[] norm(double[] x, String name) {
        float[] weight = tensors.get(name + ".weight").values();
        double square = 0;
        for (double value : x) {
            square += value * value / x.length;
        }
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] / Math.sqrt(square + 1e-5) * weight[i];
        }
        return y;
    }

    private double[] row(String name, int row) {
        float[] values = tensors.get(name).values();
        double[] result = new double[shape.hidden()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[row * result.length + i];
        }
        return result;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }
}
