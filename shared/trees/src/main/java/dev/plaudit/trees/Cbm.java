package dev.plaudit.trees;

/** The field numbers of CatBoost's {@code model.fbs} and {@code features.fbs}, in the order of declaration there. */
final class Cbm {
    static final String MAGIC = "CBM1";
    static final int HEADER_BYTES = 8;
    static final String FORMAT_VERSION = "FlabuffersModel_v1";

    private Cbm() {}

    /** {@code TModelCore}. */
    static final class Core {
        static final int FORMAT_VERSION = 0;
        static final int MODEL_TREES = 1;
        static final int FIELDS = 4;

        private Core() {}
    }

    /** {@code TModelTrees}. */
    static final class Trees {
        static final int APPROX_DIMENSION = 0;
        static final int TREE_SPLITS = 1;
        static final int TREE_SIZES = 2;
        static final int TREE_START_OFFSETS = 3;
        static final int CAT_FEATURES = 4;
        static final int FLOAT_FEATURES = 5;
        static final int ONE_HOT_FEATURES = 6;
        static final int CTR_FEATURES = 7;
        static final int LEAF_VALUES = 8;
        static final int LEAF_WEIGHTS = 9;
        static final int NON_SYMMETRIC_STEP_NODES = 10;
        static final int TEXT_FEATURES = 12;
        static final int ESTIMATED_FEATURES = 13;
        static final int SCALE = 14;
        static final int BIAS = 15;
        static final int MULTI_BIAS = 16;
        static final int EMBEDDING_FEATURES = 18;
        static final int FIELDS = 19;

        /** What a model over float features leaves empty; the runtime wants the vectors all the same. */
        static final int[] ABSENT = {
            CAT_FEATURES, ONE_HOT_FEATURES, CTR_FEATURES, TEXT_FEATURES, ESTIMATED_FEATURES, EMBEDDING_FEATURES
        };

        private Trees() {}
    }

    /** {@code TFloatFeature}. */
    static final class FloatFeature {
        static final int HAS_NANS = 0;
        static final int INDEX = 1;
        static final int FLAT_INDEX = 2;
        static final int BORDERS = 3;
        static final int FEATURE_ID = 4;
        static final int NAN_VALUE_TREATMENT = 5;
        static final int FIELDS = 6;

        /** A missing value is below every border. */
        static final byte NAN_AS_FALSE = 1;
        /** A missing value is above every border. */
        static final byte NAN_AS_TRUE = 2;

        private FloatFeature() {}
    }

    /** Splits are numbered through: the borders of feature 0, then those of feature 1, and so on. */
    static int[] firstSplitOfFeature(float[][] borders) {
        int[] first = new int[borders.length];
        for (int feature = 1; feature < borders.length; feature++) {
            first[feature] = first[feature - 1] + borders[feature - 1].length;
        }
        return first;
    }
}
