package dev.plaudit.function;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Work that nobody needs when the caller is gone: the thread is interrupted as soon as the connection closes without an
 * answer. What it waits for then is expected to throw {@link java.util.concurrent.CancellationException}.
 */
@InterceptorBinding
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface StopsWithCaller {}
