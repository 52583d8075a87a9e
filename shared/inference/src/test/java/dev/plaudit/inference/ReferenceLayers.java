package dev.plaudit.inference;

import dev.plaudit.inference.safetensors.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * What oracles are made of: the layers of transformers in plain Java and double precision, with no thought of speed. A
 * sequence is {@code [length][width]}.
 */
public record ReferenceLayers(Map<String, Tensor> tensors) {
    public double[][] linear(double[][] x, String name) {
        double[] bias = values(name + ".bias");
        return each(product(x, name + ".weight"), row -> sum(row, bias));
    }

    /** {@code x Wᵀ}. */
    public double[][] product(double[][] x, String name) {
        double[] weight = values(name);
        int in = x[0].length;
        return each(x, row -> {
            double[] y = new double[weight.length / in];
            for (int o = 0; o < y.length; o++) {
                for (int i = 0; i < in; i++) {
                    y[o] += row[i] * weight[o * in + i];
                }
            }
            return y;
        });
    }

    public double[][] layerNorm(double[][] x, String name, double epsilon) {
        double[] weight = values(name + ".weight");
        double[] bias = values(name + ".bias");
        return each(x, row -> {
            double mean = Arrays.stream(row).average().orElseThrow();
            double variance = Arrays.stream(row)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            double[] y = new double[row.length];
            for (int i = 0; i < y.length; i++) {
                y[i] = (row[i] - mean) / Math.sqrt(variance + epsilon) * weight[i] + bias[i];
            }
            return y;
        });
    }

    /** Every query over all keys or, if causal, over those up to its own place. */
    public static double[][] attention(double[][] q, double[][] k, double[][] v, int heads, boolean causal) {
        int width = q[0].length / heads;
        double[][] context = new double[q.length][q[0].length];
        for (int t = 0; t < q.length; t++) {
            int last = causal ? t : k.length - 1;
            for (int head = 0; head < heads; head++) {
                double[] weights = new double[last + 1];
                for (int s = 0; s <= last; s++) {
                    for (int i = head * width; i < (head + 1) * width; i++) {
                        weights[s] += q[t][i] * k[s][i] / Math.sqrt(width);
                    }
                    weights[s] = Math.exp(weights[s]);
                }
                double total = Arrays.stream(weights).sum();
                for (int s = 0; s <= last; s++) {
                    for (int i = head * width; i < (head + 1) * width; i++) {
                        context[t][i] += weights[s] / total * v[s][i];
                    }
                }
            }
        }
        return context;
    }

    public static double[][] map(double[][] x, DoubleUnaryOperator function) {
        return each(x, row -> Arrays.stream(row).map(function).toArray());
    }

    public static double[][] sum(double[][] a, double[][] b) {
        double[][] sum = new double[a.length][];
        for (int t = 0; t < a.length; t++) {
            sum[t] = sum(a[t], b[t]);
        }
        return sum;
    }

    /** The exact GELU: {@code x Φ(x)}. */
    public static double gelu(double x) {
        return x * (1 + erf(x / Math.sqrt(2))) / 2;
    }

    /** A tensor's values as rows of a width. */
    public double[][] rows(String name, int width) {
        double[] values = values(name);
        double[][] rows = new double[values.length / width][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = Arrays.copyOfRange(values, row * width, (row + 1) * width);
        }
        return rows;
    }

    public double[] values(String name) {
        float[] values = tensors.get(name).values();
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static double[][] each(double[][] x, UnaryOperator<double[]> row) {
        return Arrays.stream(x).map(row).toArray(double[][]::new);
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
