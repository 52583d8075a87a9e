package dev.plaudit.local;

import dev.plaudit.events.SimulationJson;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.LlamaImport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plaudit import}: a checkpoint made ready for serving. */
@Command(
        name = "import",
        description = "Make a Llama checkpoint ready for serving: merge a LoRA adapter, and write the weights small.",
        footer = {
            "  plaudit import models/Llama-3.2-1B --precision int4",
            "  plaudit import models/Llama-2-7b-hf --adapter my/adapter --out my/writer"
        })
final class ImportCommand implements Callable<Integer> {
    private static final int MEBI = 20;
    private static final int TYPICAL_TOKENS = 2048;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FOLDER",
            description = "A checkpoint as Hugging Face lays it out, or a LoRA adapter that names its base's folder.")
    private Path folder;

    @Option(
            names = "--precision",
            defaultValue = "int4",
            description = "Of the weights: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Precision precision;

    @Option(names = "--adapter", paramLabel = "FOLDER", description = "A LoRA adapter, as PEFT saves it, to merge in.")
    private Path adapter;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description =
                    "Write a model there that stands alone. Default: one file beside the adapter or the checkpoint.")
    private Path out;

    @Option(names = "--json", description = "Answer in JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        LlamaFolder from = adapter == null ? LlamaFolder.of(folder) : LlamaFolder.of(folder, adapter);
        LlamaImport.Imported imported;
        try (ProgressBar bar = Bars.mebibytes("import")) {
            imported = new LlamaImport(from, precision, Optional.ofNullable(out)).run((bytes, all) -> {
                bar.maxHint(all >> MEBI);
                bar.stepTo(bytes >> MEBI);
            });
        }
        print(imported);
        return 0;
    }

    private void print(LlamaImport.Imported imported) {
        PrintWriter writer = spec.commandLine().getOut();
        if (json) {
            writer.println(SimulationJson.write(imported));
        } else if (imported.bytes() == 0) {
            writer.println(folder + " is in single precision already; there is nothing to import");
        } else {
            int tokens = Math.min(TYPICAL_TOKENS, imported.maxTokens());
            writer.printf(
                    "%s: %,d MiB%nServing takes %,d MiB of memory beside the program itself, and %,d MiB for each text of %,d tokens that it writes at once%n",
                    imported.file(),
                    ceilMebi(imported.bytes()),
                    ceilMebi(imported.weightBytes()),
                    ceilMebi(imported.servingBytes(1, tokens) - imported.weightBytes()),
                    tokens);
        }
        writer.flush();
    }

    private static long ceilMebi(long bytes) {
        return Math.ceilDiv(bytes, 1L << MEBI);
    }
}
