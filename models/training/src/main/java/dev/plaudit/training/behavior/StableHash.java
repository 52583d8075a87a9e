package dev.plaudit.training.behavior;

/** Chance that depends on nothing but its seed and what it is asked about, whatever the order. */
final class StableHash {
    private StableHash() {}

    /** A number from 0 to below 1, as good as random. */
    static double uniform(long seed, String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        return uniform(seed, hash);
    }

    /** A number from 0 to below 1, as good as random. */
    static double uniform(long seed, long key) {
        long mixed = mix(mix(seed + 0x9e3779b97f4a7c15L) ^ key);
        return (mixed >>> 11) * 0x1.0p-53;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
