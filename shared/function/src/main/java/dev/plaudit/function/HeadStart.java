package dev.plaudit.function;

/**
 * Work that a function's model needs and that no setting changes, such as loading native libraries, done beside Quarkus' own
 * start: to be begun when {@code @Initialized(ApplicationScoped.class)} is observed, which is when the beans are there and
 * nothing else is.
 */
public final class HeadStart {
    private HeadStart() {}

    /**
     * Begins work and does not wait for it. Should it fail, whoever needs its result does it again, and tells why.
     *
     * @param work that may be done twice
     */
    public static void begin(Runnable work) {
        Thread.ofPlatform()
                .daemon()
                .name("head-start")
                .uncaughtExceptionHandler((thread, failure) -> {})
                .start(work);
    }
}
