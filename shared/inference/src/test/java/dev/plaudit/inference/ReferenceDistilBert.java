package dev.plaudit.inference;

import dev.plaudit.inference.safetensors.Tensor;
import java.util.Map;

/**
 * The oracle: a DistilBERT in plain Java and double precision, written from the paper, with no thought of speed. One
 * sequence at a time, so nothing is padded.
 */
record ReferenceDistilBert(RandomDistilBert shape, Map<String, Tensor> tensors) {
    record Output(double[] logits, double[] embedding) {}

    Output run(long[] ids) {
        double[][] h = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            double[] word = row("distilbert.embeddings.word_embeddings.weight", (int) ids[t]);
            double[] position = row("distilbert.embeddings.position_embeddings.weight", t);
            h[t] = layerNorm(sum(word, position), "distilbert.embeddings.LayerNorm");
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            h = block(h, "distilbert.transformer.layer." + layer + ".");
        }
        double[] embedding = linear(h[0], "pre_classifier");
        for (int i = 0; i < embedding.length; i++) {
            embedding[i] = Math.max(0, embedding[i]);
        }
        return new Output(linear(embedding, "classifier"), embedding);
    }

    private double[][] block(double[][] x, String name) {
        int length = x.length;
        int width = shape.dim() / shape.heads();
        double[][] q = new double[length][];
        double[][] k = new double[length][];
        double[][] v = new double[length][];
        for (int t = 0; t < length; t++) {
            q[t] = linear(x[t], name + "attention.q_lin");
            k[t] = linear(x[t], name + "attention.k_lin");
            v[t] = linear(x[t], name + "attention.v_lin");
        }
        double[][] out = new double[length][];
        for (int t = 0; t < length; t++) {
            double[] context = new double[shape.dim()];
            for (int head = 0; head < shape.heads(); head++) {
                double[] weights = new double[length];
                double total = 0;
                for (int s = 0; s < length; s++) {
                    double score = 0;
                    for (int i = head * width; i < (head + 1) * width; i++) {
                        score += q[t][i] * k[s][i];
                    }
                    weights[s] = Math.exp(score / Math.sqrt(width));
                    total += weights[s];
                }
                for (int s = 0; s < length; s++) {
                    for (int i = head * width; i < (head + 1) * width; i++) {
                        context[i] += weights[s] / total * v[s][i];
                    }
                }
            }
            double[] a = layerNorm(sum(linear(context, name + "attention.out_lin"), x[t]), name + "sa_layer_norm");
            double[] inner = linear(a, name + "ffn.lin1");
            for (int i = 0; i < inner.length; i++) {
                inner[i] = 0.5 * inner[i] * (1 + erf(inner[i] / Math.sqrt(2)));
            }
            out[t] = layerNorm(sum(linear(inner, name + "ffn.lin2"), a), name + "output_layer_norm");
        }
        return out;
    }

    private double[] linear(double[] x, String name) {
        float[] weight = tensors.get(name + ".weight").values();
        float[] bias = tensors.get(name + ".bias").values();
        double[] y = new double[bias.length];
        for (int o = 0; o < y.length; o++) {
            y[o] = bias[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += x[i] * weight[o * x.length + i];
            }
        }
        return y;
    }

    private double[] layerNorm(double[] x, String name) {
        float[] weight = tensors.get(name + ".weight").values();
        float[] bias = tensors.get(name + ".bias").values();
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
            y[i] = (x[i] - mean) / Math.sqrt(variance + 1e-12) * weight[i] + bias[i];
        }
        return y;
    }

    private double[] row(String name, int row) {
        float[] values = tensors.get(name).values();
        double[] result = new double[shape.dim()];
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

    /** Abramowitz and Stegun 7.1.6, a series of positive terms, good to double precision. */
    private static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
