package dev.plaudit.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Functions written in TorchScript, ready to be called from Java. The source is the serialized form of TorchScript:
 * a Python subset with typed arguments, operators as {@code torch.<name>}, two spaces of indentation. Gradients are
 * recorded, so a function may differentiate by {@code torch.grad}; the graph is run as written, without the
 * profiling that pays only when shapes never change. Not thread-safe.
 */
public final class TorchScript implements AutoCloseable {
    private final NDManager manager;
    private final PtSymbolBlock module;
    private final Map<String, NDArray> selectors = new HashMap<>();

    private TorchScript(NDManager manager, PtSymbolBlock module) {
        this.manager = manager;
        this.module = module;
    }

    /**
     * Loads functions from a resource.
     *
     * @param name the class name of {@code self} in the source
     * @param beside the class next to which the resource lies
     * @throws IllegalArgumentException if there is no such resource
     */
    public static TorchScript load(NDManager parent, String name, Class<?> beside, String resource) {
        try (InputStream source = beside.getResourceAsStream(resource)) {
            if (source == null) {
                throw new IllegalArgumentException("No TorchScript resource " + resource + " beside " + beside + ".");
            }
            return compile(parent, name, new String(source.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Compiles functions.
     *
     * @param name the class name of {@code self} in the source
     * @throws ai.djl.engine.EngineException if the source does not compile
     */
    public static TorchScript compile(NDManager parent, String name, String methods) {
        NDManager manager = parent.newSubManager();
        InputStream archive = new ByteArrayInputStream(TorchScriptArchive.of(name, methods));
        try {
            return new TorchScript(manager, JniUtils.loadModule((PtNDManager) manager, archive, false, false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Calls a function whose parameters are tensors, then lists of tensors.
     *
     * @param tensors at least one; the result belongs to the first one's manager
     * @param lists none of them empty; their arrays lose the names they have
     * @return what the function returns: one array, or the parts of a tuple
     */
    public NDList call(String function, NDList tensors, NDList... lists) {
        NDList arguments = new NDList(tensors);
        for (int i = 0; i < lists.length; i++) {
            String name = "list" + i + "[]";
            lists[i].forEach(array -> array.setName(name));
            arguments.addAll(lists[i]);
        }
        arguments.add(selectors.computeIfAbsent(function, this::selector));
        JniUtils.setGraphExecutorOptimize(false);
        JniUtils.setGradMode(true);
        try {
            return IValueUtils.forward(module, arguments, true);
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    /** DJL picks the method by an input's name. */
    private NDArray selector(String function) {
        NDArray selector = manager.zeros(new Shape(1));
        selector.setName("module_method:" + function);
        return selector;
    }

    @Override
    public void close() {
        module.close();
        manager.close();
    }
}
