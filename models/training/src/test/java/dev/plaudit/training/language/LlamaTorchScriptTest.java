package dev.plaudit.training.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.translate.NoopTranslator;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaTorchScriptTest {
    private static final LlamaShape SHAPE = new LlamaShape(
            40, 32, 2, 4, 2, 8, 48, 16, 10_000, Optional.empty(), 1e-5, false, new LlamaShape.Tokens(1, 2, 0));

    @TempDir
    Path folder;

    @Test
    void anyoneWhoLoadsTheFileGetsTheModelsLogits() throws Exception {
        List<float[]> weights = LlamaWeights.random(SHAPE, 7);
        SHAPE.write(folder);
        LlamaWeights.write(SHAPE, weights, folder);
        LlamaTorchScript.write(folder, folder.resolve("tiny.pt"));

        float[] expected;
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME);
                Llama llama =
                        new Llama(manager, SHAPE, LlamaWeights.read(SHAPE, folder), 16, Optional.empty(), List.of())) {
            expected = llama.next(List.of(new long[] {1, 5, 9, 39}), llama.learning())[0];
        }
        try (Model model = Model.newInstance("tiny", PtEngine.ENGINE_NAME)) {
            model.load(folder);
            try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator());
                    NDManager manager = model.getNDManager().newSubManager()) {
                NDList whole = predictor.predict(inputs(manager, cache(manager), 1, 5, 9, 39));
                assertThat(whole).hasSize(5);
                NDArray logits = whole.get(0);
                assertThat(logits.getShape()).isEqualTo(new Shape(1, 4, 40));
                assertThat(logits.get("0, 3").toFloatArray()).containsExactly(expected, within(1e-6f));

                NDList first = predictor.predict(inputs(manager, cache(manager), 1, 5));
                NDList second = predictor.predict(inputs(manager, first.subNDList(1), 9, 39));
                assertThat(first.get(0).get("0, 1").toFloatArray())
                        .as("what comes later changes nothing")
                        .containsExactly(logits.get("0, 1").toFloatArray(), within(1e-6f));
                assertThat(second.get(0).get("0").toFloatArray())
                        .as("with the cache as without")
                        .containsExactly(logits.get("0, 2:").toFloatArray(), within(1e-6f));
                assertThat(second.get(4).getShape()).isEqualTo(new Shape(1, 2, 4, 8));
            }
        }
    }

    private static NDList cache(NDManager manager) {
        NDList cache = new NDList();
        for (int block = 0; block < 2 * SHAPE.layers(); block++) {
            cache.add(manager.zeros(new Shape(1, SHAPE.keyValueHeads(), 0, SHAPE.headDim())));
        }
        return cache;
    }

    private static NDList inputs(NDManager manager, NDList cache, long... ids) {
        NDList inputs = new NDList(manager.create(ids, new Shape(1, ids.length)));
        cache.forEach(block -> block.setName("past_key_values[]"));
        inputs.addAll(cache);
        return inputs;
    }
}
