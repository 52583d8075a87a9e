package dev.plaudit.features;

import dev.plaudit.events.Account;

/**
 * What an account's earlier posts tell of the next one. All values are likes, worked out as log1p(likes) and turned
 * back; NaN when unknown.
 *
 * @param typical what the account usually gets: as the caller says, else the median of the history
 * @param low the 10 % quantile of the history
 * @param high the 90 % quantile of the history
 * @param spread the standard deviation of log1p(likes) over the history; NaN below two posts
 * @param posts how many posts the history holds
 */
record LikesHistory(double typical, double low, double high, double spread, int posts) {
    static LikesHistory of(Account account) {
        double[] logs = account.history().stream()
                .mapToDouble(earlier -> Math.log1p(earlier.likes()))
                .sorted()
                .toArray();
        double given = account.typicalLikes() == null ? Double.NaN : account.typicalLikes();
        double median = Math.expm1(quantile(logs, 0.5));
        return new LikesHistory(
                Double.isNaN(given) ? median : given,
                Math.expm1(quantile(logs, 0.1)),
                Math.expm1(quantile(logs, 0.9)),
                deviation(logs),
                logs.length);
    }

    /** Linear interpolation between the sorted values, as Hyndman and Fan's (1996) definition 7; NaN of none. */
    static double quantile(double[] sorted, double level) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double position = level * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    private static double deviation(double[] logs) {
        if (logs.length < 2) {
            return Double.NaN;
        }
        double mean = 0;
        for (double log : logs) {
            mean += log / logs.length;
        }
        double squares = 0;
        for (double log : logs) {
            squares += (log - mean) * (log - mean);
        }
        return Math.sqrt(squares / (logs.length - 1));
    }
}
