package dev.plaudit.inference.opt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.decoding.CausalModel;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.GenerationRequest;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptGraphTest {
    @TempDir
    Path folder;

    @Test
    void saysWhatTheFormulasFindLikeliest() {
        RandomOpt shape = RandomOpt.SMALL;
        ReferenceOpt reference = ReferenceOpt.of(shape);
        OptConfig config =
                OptConfig.of(ConfigFile.read(shape.write(folder, DType.F32).resolve(ConfigFile.NAME)));
        try (SafeTensors checkpoint = SafeTensors.open(folder);
                Arena memory = Arena.ofConfined();
                CausalModel model = CausalModel.open(
                        OptGraph.of(config, checkpoint, "", InferenceOptions.DEFAULT, memory),
                        config.causal(),
                        checkpoint,
                        OptGraph.embeddings(""),
                        InferenceOptions.DEFAULT)) {
            int[] sequence = {2, 7, 9};
            GenerationRequest request = GenerationRequest.of(model.prompt(sequence), GenerationConfig.greedy(20));
            int[] said = model.generate(List.of(request)).getFirst().getFirst().tokens();
            assertThat(said).hasSize(20);
            for (int token : said) {
                double[][] logits = reference.logits(reference.embeddings(sequence));
                assertThat(token).isEqualTo(argmax(logits[logits.length - 1]));
                sequence = Arrays.copyOf(sequence, sequence.length + 1);
                sequence[sequence.length - 1] = token;
            }
        }
    }

    private static int argmax(double[] values) {
        return IntStream.range(0, values.length)
                .reduce((a, b) -> values[b] > values[a] ? b : a)
                .orElseThrow();
    }
}
