package dev.plaudit.function;

import dev.plaudit.events.Extensions;
import dev.plaudit.events.Step;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * A step's part of the trace that an event belongs to: a span under the one that its {@link Extensions#TRACEPARENT}
 * names. Where tracing is off, which is the default, there is no span, and the extension is carried on as it came.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/distributed-tracing.md">CloudEvents'
 *     Distributed Tracing extension</a>
 */
final class Trace implements AutoCloseable {
    private static final TextMapGetter<Map<String, String>> EXTENSIONS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> extensions) {
            return extensions.keySet();
        }

        @Override
        public String get(Map<String, String> extensions, String name) {
            return extensions.get(name);
        }
    };

    /** Quarkus' SDK makes spans even when it is off, and tells them nobody. */
    private static final boolean OFF = ConfigProvider.getConfig()
            .getOptionalValue("quarkus.otel.sdk.disabled", Boolean.class)
            .orElse(false);

    private final Span span;
    private final Scope scope;

    private Trace(Span span) {
        this.span = span;
        this.scope = span.isRecording() ? span.makeCurrent() : Scope.noop();
    }

    static Trace start(Step step, Map<String, String> extensions) {
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.current(), extensions, EXTENSIONS);
        TracerProvider tracers = OFF ? TracerProvider.noop() : GlobalOpenTelemetry.getTracerProvider();
        return new Trace(tracers.get("dev.plaudit")
                .spanBuilder(step.function())
                .setParent(parent)
                .setSpanKind(SpanKind.CONSUMER)
                .startSpan());
    }

    /** The extensions of the answer: those of the event, the trace going on from this step. */
    Map<String, String> continued(Map<String, String> extensions) {
        if (!span.isRecording()) {
            return extensions;
        }
        Map<String, String> continued = new HashMap<>(extensions);
        W3CTraceContextPropagator.getInstance().inject(Context.current(), continued, Map::put);
        return continued;
    }

    void failed(Throwable failure) {
        span.recordException(failure);
        span.setStatus(StatusCode.ERROR);
    }

    @Override
    public void close() {
        scope.close();
        span.end();
    }
}
