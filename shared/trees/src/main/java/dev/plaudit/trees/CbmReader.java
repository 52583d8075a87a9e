package dev.plaudit.trees;

import com.google.flatbuffers.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads CatBoost's binary model format: symmetric trees over float features with one output. */
public final class CbmReader {
    private CbmReader() {}

    /**
     * Reads the bytes of a {@code .cbm} file.
     *
     * @throws TreeModelException when they are damaged, or a model of another kind: with categorical, text or embedding
     *     features, non-symmetric trees, several outputs, or missing values above all others
     */
    public static ObliviousTrees read(byte[] cbm) {
        return read(cbm, "in memory");
    }

    static ObliviousTrees read(byte[] cbm, String name) {
        ByteBuffer buffer = ByteBuffer.wrap(cbm).order(ByteOrder.LITTLE_ENDIAN);
        boolean magic = cbm.length > Cbm.HEADER_BYTES
                && new String(cbm, 0, Cbm.MAGIC.length(), StandardCharsets.ISO_8859_1).equals(Cbm.MAGIC);
        if (!magic) {
            throw new TreeModelException(
                    "Model %s is no CatBoost model: it does not begin with %s.".formatted(name, Cbm.MAGIC));
        }
        int size = buffer.getInt(Cbm.MAGIC.length());
        if (size < Integer.BYTES || size > cbm.length - Cbm.HEADER_BYTES) {
            throw new TreeModelException("Model %s is cut off: its header speaks of %d bytes, %d follow."
                    .formatted(name, Integer.toUnsignedLong(size), cbm.length - Cbm.HEADER_BYTES));
        }
        try {
            return new Fields(buffer.slice(Cbm.HEADER_BYTES, size).order(ByteOrder.LITTLE_ENDIAN)).model();
        } catch (IndexOutOfBoundsException | NegativeArraySizeException | IllegalArgumentException e) {
            throw new TreeModelException("Model %s is damaged: its parts do not fit together.".formatted(name), e);
        } catch (Unsupported e) {
            throw new TreeModelException("Model %s %s.".formatted(name, e.getMessage()), e);
        }
    }

    private static final class Unsupported extends RuntimeException {
        Unsupported(String message) {
            super(message);
        }
    }

    /** One FlatBuffer table, its fields by number. */
    private static final class Fields extends Table {
        Fields(ByteBuffer buffer) {
            __reset(buffer.getInt(0), buffer);
        }

        private Fields(int position, ByteBuffer buffer) {
            __reset(position, buffer);
        }

        ObliviousTrees model() {
            if (!Cbm.FORMAT_VERSION.equals(string(Cbm.Core.FORMAT_VERSION))) {
                throw new Unsupported("has a format other than " + Cbm.FORMAT_VERSION);
            }
            return table(Cbm.Core.MODEL_TREES).trees();
        }

        private ObliviousTrees trees() {
            if (integer(Cbm.Trees.APPROX_DIMENSION, 0) != 1) {
                throw new Unsupported("predicts several values, a regressor predicts one");
            }
            if (length(Cbm.Trees.NON_SYMMETRIC_STEP_NODES) > 0) {
                throw new Unsupported("has non-symmetric trees, only symmetric ones are read");
            }
            for (int kind : Cbm.Trees.ABSENT) {
                if (length(kind) > 0) {
                    throw new Unsupported("has features that are not numbers, only float features are read");
                }
            }
            int features = length(Cbm.Trees.FLOAT_FEATURES);
            float[][] borders = new float[features][];
            List<String> names = new ArrayList<>(features);
            long size = 0;
            for (int feature = 0; feature < features; feature++) {
                Fields field = tableOf(Cbm.Trees.FLOAT_FEATURES, feature);
                if (field.integer(Cbm.FloatFeature.FLAT_INDEX, -1) != feature) {
                    throw new Unsupported("lists its features out of order");
                }
                if (field.octet(Cbm.FloatFeature.NAN_VALUE_TREATMENT) == Cbm.FloatFeature.NAN_AS_TRUE) {
                    throw new Unsupported("takes missing values for the highest, only the lowest is read");
                }
                borders[feature] = field.floats(Cbm.FloatFeature.BORDERS);
                String id = field.string(Cbm.FloatFeature.FEATURE_ID);
                names.add(id == null || id.isEmpty() ? String.valueOf(feature) : id);
                size += (long) Float.BYTES * borders[feature].length + (id == null ? 0 : id.length());
                requireHeld(size);
            }
            double[] multiBias = doubles(Cbm.Trees.MULTI_BIAS);
            double bias = multiBias.length > 0 ? multiBias[0] : number(Cbm.Trees.BIAS, 0);
            return new ObliviousTrees(names, borders, trees(borders), bias);
        }

        private List<ObliviousTrees.Tree> trees(float[][] borders) {
            int[] first = Cbm.firstSplitOfFeature(borders);
            int[] splits = ints(Cbm.Trees.TREE_SPLITS);
            int[] sizes = ints(Cbm.Trees.TREE_SIZES);
            int[] offsets = ints(Cbm.Trees.TREE_START_OFFSETS);
            double[] values = doubles(Cbm.Trees.LEAF_VALUES);
            double[] weights = doubles(Cbm.Trees.LEAF_WEIGHTS);
            double scale = number(Cbm.Trees.SCALE, 1);
            if (weights.length != values.length) {
                throw new Unsupported("has no leaf weights, without which SHAP values cannot be computed");
            }
            List<ObliviousTrees.Tree> trees = new ArrayList<>(sizes.length);
            int leaf = 0;
            for (int t = 0; t < sizes.length; t++) {
                int depth = sizes[t];
                if (depth < 0 || depth > ObliviousTrees.MAX_DEPTH) {
                    throw new Unsupported("has a tree of %d levels, at most %d are possible"
                            .formatted(depth, ObliviousTrees.MAX_DEPTH));
                }
                int[] features = new int[depth];
                int[] bordersOf = new int[depth];
                for (int level = 0; level < depth; level++) {
                    int split = splits[offsets[t] + level];
                    features[level] = featureOf(split, first);
                    bordersOf[level] = split - first[features[level]];
                }
                int next = leaf + (1 << depth);
                if (next > values.length) {
                    throw new IndexOutOfBoundsException(next);
                }
                double[] leaves = Arrays.copyOfRange(values, leaf, next);
                Arrays.setAll(leaves, i -> leaves[i] * scale);
                trees.add(
                        new ObliviousTrees.Tree(features, bordersOf, leaves, Arrays.copyOfRange(weights, leaf, next)));
                leaf = next;
            }
            return trees;
        }

        /** The last feature whose splits begin at or before this one: features without borders have none. */
        private static int featureOf(int split, int[] first) {
            int feature = first.length - 1;
            while (feature > 0 && first[feature] > split) {
                feature--;
            }
            return feature;
        }

        private int at(int field) {
            return __offset(4 + 2 * field);
        }

        private int integer(int field, int absent) {
            int offset = at(field);
            return offset == 0 ? absent : bb.getInt(bb_pos + offset);
        }

        private int octet(int field) {
            int offset = at(field);
            return offset == 0 ? 0 : bb.get(bb_pos + offset);
        }

        private double number(int field, double absent) {
            int offset = at(field);
            return offset == 0 ? absent : bb.getDouble(bb_pos + offset);
        }

        private String string(int field) {
            int offset = at(field);
            return offset == 0 ? null : __string(bb_pos + offset);
        }

        private Fields table(int field) {
            int offset = at(field);
            if (offset == 0) {
                throw new Unsupported("has no trees");
            }
            return new Fields(__indirect(bb_pos + offset), bb);
        }

        private int length(int field) {
            int offset = at(field);
            int length = offset == 0 ? 0 : __vector_len(offset);
            if (length < 0 || length > bb.capacity() / Integer.BYTES) {
                throw new IndexOutOfBoundsException(length);
            }
            return length;
        }

        private Fields tableOf(int field, int index) {
            return new Fields(__indirect(__vector(at(field)) + Integer.BYTES * index), bb);
        }

        private int[] ints(int field) {
            ByteBuffer vector = vector(field, Integer.BYTES);
            int[] values = new int[vector.remaining() / Integer.BYTES];
            vector.asIntBuffer().get(values);
            return values;
        }

        private float[] floats(int field) {
            ByteBuffer vector = vector(field, Float.BYTES);
            float[] values = new float[vector.remaining() / Float.BYTES];
            vector.asFloatBuffer().get(values);
            return values;
        }

        private double[] doubles(int field) {
            ByteBuffer vector = vector(field, Double.BYTES);
            double[] values = new double[vector.remaining() / Double.BYTES];
            vector.asDoubleBuffer().get(values);
            return values;
        }

        /** Parts that several tables share would take more memory than the file: CatBoost writes none. */
        private void requireHeld(long size) {
            if (size < 0 || size > bb.capacity()) {
                throw new IndexOutOfBoundsException(size);
            }
        }

        /** Bounds are checked before anything is allocated: a damaged length must not cost memory. */
        private ByteBuffer vector(int field, int bytes) {
            int offset = at(field);
            if (offset == 0) {
                return ByteBuffer.allocate(0);
            }
            long size = (long) __vector_len(offset) * bytes;
            requireHeld(size);
            return bb.slice(__vector(offset), (int) size).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
