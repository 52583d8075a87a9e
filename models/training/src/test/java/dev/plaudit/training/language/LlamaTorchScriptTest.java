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
                NDArray ids = manager.create(new long[] {1, 5, 9, 39, 1, 5, 9, 8}, new Shape(2, 4));
                NDArray logits = predictor.predict(new NDList(ids)).singletonOrThrow();
                assertThat(logits.getShape()).isEqualTo(new Shape(2, 4, 40));
                assertThat(logits.get("0, 3").toFloatArray()).containsExactly(expected, within(1e-6f));
                assertThat(logits.get("1, 2").toFloatArray())
                        .as("what comes later changes nothing")
                        .containsExactly(logits.get("0, 2").toFloatArray(), within(1e-6f));
            }
        }
    }
}
