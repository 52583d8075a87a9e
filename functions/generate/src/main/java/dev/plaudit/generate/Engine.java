package dev.plaudit.generate;

import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.TextGenerator;
import dev.plaudit.torch.TorchScriptEngine;

/** What runs the writer. */
public enum Engine {
    /** PyTorch, where the folder holds a TorchScript export and nothing else; ONNX Runtime otherwise. */
    AUTO,
    /** ONNX Runtime: weights, or an exported graph. */
    ONNX,
    /** PyTorch: the TorchScript export {@value TorchScriptEngine#FILE}. */
    PYTORCH;

    /** @throws dev.plaudit.inference.ModelException when the folder cannot be used */
    TextGenerator open(LlamaFolder folder, InferenceOptions options) {
        boolean torch = this == PYTORCH
                || this == AUTO
                        && TorchScriptEngine.isIn(folder.base())
                        && !TextGenerator.isIn(folder, options.precision());
        return torch ? TorchScriptEngine.open(folder, options) : TextGenerator.open(folder, options);
    }
}
