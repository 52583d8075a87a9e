package dev.plaudit.trees;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes CatBoost's binary model format: {@code CBM1}, the size as little-endian u32, and the FlatBuffer
 * {@code TModelCore} of CatBoost's {@code model.fbs}.
 */
public final class CbmWriter {
    private CbmWriter() {}

    /** The bytes of a {@code .cbm} file that CatBoost's own runtime loads and scores. */
    public static byte[] write(ObliviousTrees trees) {
        FlatBufferBuilder builder = new FlatBufferBuilder(1 << 16);
        int version = builder.createString(Cbm.FORMAT_VERSION);
        int modelTrees = modelTrees(builder, trees);
        builder.startTable(Cbm.Core.FIELDS);
        builder.addOffset(Cbm.Core.FORMAT_VERSION, version, 0);
        builder.addOffset(Cbm.Core.MODEL_TREES, modelTrees, 0);
        builder.finish(builder.endTable());
        byte[] core = builder.sizedByteArray();
        return ByteBuffer.allocate(Cbm.HEADER_BYTES + core.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(Cbm.MAGIC.getBytes(StandardCharsets.US_ASCII))
                .putInt(core.length)
                .put(core)
                .array();
    }

    private static int modelTrees(FlatBufferBuilder builder, ObliviousTrees model) {
        List<ObliviousTrees.Tree> trees = model.trees();
        int[] firstSplit = Cbm.firstSplitOfFeature(model.borders());
        int[] features = new int[model.featureCount()];
        for (int feature = 0; feature < features.length; feature++) {
            features[feature] = floatFeature(builder, feature, model);
        }
        int floatFeatures = builder.createVectorOfTables(features);
        int splits = ints(
                builder,
                trees.stream()
                        .flatMapToInt(tree -> Arrays.stream(splits(tree, firstSplit)))
                        .toArray());
        int sizes = ints(
                builder, trees.stream().mapToInt(ObliviousTrees.Tree::depth).toArray());
        int offsets = ints(builder, offsets(trees));
        int values = doubles(
                builder,
                trees.stream()
                        .flatMapToDouble(tree -> Arrays.stream(tree.leafValues()))
                        .toArray());
        int weights = doubles(
                builder,
                trees.stream()
                        .flatMapToDouble(tree -> Arrays.stream(tree.leafWeights()))
                        .toArray());
        int bias = doubles(builder, new double[] {model.bias()});
        int[] absent = new int[Cbm.Trees.ABSENT.length];
        Arrays.setAll(absent, i -> builder.createVectorOfTables(new int[0]));

        builder.startTable(Cbm.Trees.FIELDS);
        builder.addInt(Cbm.Trees.APPROX_DIMENSION, 1, 0);
        builder.addOffset(Cbm.Trees.TREE_SPLITS, splits, 0);
        builder.addOffset(Cbm.Trees.TREE_SIZES, sizes, 0);
        builder.addOffset(Cbm.Trees.TREE_START_OFFSETS, offsets, 0);
        builder.addOffset(Cbm.Trees.FLOAT_FEATURES, floatFeatures, 0);
        builder.addOffset(Cbm.Trees.LEAF_VALUES, values, 0);
        builder.addOffset(Cbm.Trees.LEAF_WEIGHTS, weights, 0);
        builder.addDouble(Cbm.Trees.SCALE, 1, 1);
        builder.addOffset(Cbm.Trees.MULTI_BIAS, bias, 0);
        for (int i = 0; i < absent.length; i++) {
            builder.addOffset(Cbm.Trees.ABSENT[i], absent[i], 0);
        }
        return builder.endTable();
    }

    private static int floatFeature(FlatBufferBuilder builder, int feature, ObliviousTrees model) {
        float[] borders = model.borders()[feature];
        builder.startVector(Float.BYTES, borders.length, Float.BYTES);
        for (int i = borders.length - 1; i >= 0; i--) {
            builder.addFloat(borders[i]);
        }
        int vector = builder.endVector();
        int name = builder.createString(model.featureNames().get(feature));
        builder.startTable(Cbm.FloatFeature.FIELDS);
        builder.addBoolean(Cbm.FloatFeature.HAS_NANS, true, false);
        builder.addInt(Cbm.FloatFeature.INDEX, feature, -1);
        builder.addInt(Cbm.FloatFeature.FLAT_INDEX, feature, -1);
        builder.addOffset(Cbm.FloatFeature.BORDERS, vector, 0);
        builder.addOffset(Cbm.FloatFeature.FEATURE_ID, name, 0);
        builder.addByte(Cbm.FloatFeature.NAN_VALUE_TREATMENT, Cbm.FloatFeature.NAN_AS_FALSE, 0);
        return builder.endTable();
    }

    private static int[] splits(ObliviousTrees.Tree tree, int[] firstSplit) {
        int[] splits = new int[tree.depth()];
        Arrays.setAll(splits, level -> firstSplit[tree.features()[level]] + tree.splits()[level]);
        return splits;
    }

    private static int[] offsets(List<ObliviousTrees.Tree> trees) {
        int[] offsets = new int[trees.size()];
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = offsets[i - 1] + trees.get(i - 1).depth();
        }
        return offsets;
    }

    private static int ints(FlatBufferBuilder builder, int[] values) {
        builder.startVector(Integer.BYTES, values.length, Integer.BYTES);
        for (int i = values.length - 1; i >= 0; i--) {
            builder.addInt(values[i]);
        }
        return builder.endVector();
    }

    private static int doubles(FlatBufferBuilder builder, double[] values) {
        builder.startVector(Double.BYTES, values.length, Double.BYTES);
        for (int i = values.length - 1; i >= 0; i--) {
            builder.addDouble(values[i]);
        }
        return builder.endVector();
    }
}
