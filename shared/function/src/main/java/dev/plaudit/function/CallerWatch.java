package dev.plaudit.function;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;

/** Does what {@link StopsWithCaller} says. */
@StopsWithCaller
@Interceptor
@Priority(Interceptor.Priority.APPLICATION)
class CallerWatch {
    private final CurrentVertxRequest request;

    CallerWatch(CurrentVertxRequest request) {
        this.request = request;
    }

    @AroundInvoke
    Object whileTheCallerWaits(InvocationContext work) throws Exception {
        return Caller.of(request.getCurrent()).whileWaiting(work::proceed);
    }

    /** Lets every request be watched from its beginning; that its caller hangs up is no fault that is to be answered. */
    @ApplicationScoped
    static class Requests {
        private static final int BEFORE_ALL_ROUTES = -1001;

        void register(@Observes Router router) {
            router.post()
                    .order(BEFORE_ALL_ROUTES)
                    .handler(request -> {
                        Caller.watch(request);
                        request.next();
                    })
                    .failureHandler(request -> {
                        if (!(request.failure() instanceof HttpClosedException)) {
                            request.next();
                        }
                    });
        }
    }
}
