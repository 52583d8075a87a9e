package dev.plaudit.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.OnnxEnvironment;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.distilbert.DistilBertConfig;
import dev.plaudit.inference.distilbert.DistilBertGraph;
import dev.plaudit.inference.distilbert.RandomDistilBert;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.TensorInfo;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written here is read by the classes that Google's compiler made of onnx.proto, and by ONNX Runtime. */
class GraphBuilderTest {
    @TempDir
    Path folder;

    @Test
    void anIndependentReaderFindsWhatWasWritten() throws Exception {
        GraphBuilder graph = new GraphBuilder();
        Value x = graph.input("x", ElementType.FLOAT, Dimension.of("batch"), Dimension.of(3));
        Value w = graph.external("w", ElementType.FLOAT, new long[] {5_000_000_000L, 3}, "weights", 1L << 40, 12);
        Value y = graph.contrib("FusedMatMul", List.of(x, w), Attribute.of("transB", 1), Attribute.of("alpha", -0.5f));
        graph.output("y", graph.op("Add", List.of(y, graph.constant(-1, 300))), ElementType.FLOAT, Dimension.of(2));

        OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(graph.toByteArray());
        assertThat(model.getUnknownFields().asMap()).isEmpty();
        assertThat(model.getIrVersion()).isEqualTo(10);
        assertThat(model.getOpsetImportList())
                .extracting(OnnxMl.OperatorSetIdProto::getDomain, OnnxMl.OperatorSetIdProto::getVersion)
                .containsExactly(tuple("", 21L), tuple("com.microsoft", 1L));

        OnnxMl.TypeProto.Tensor input = model.getGraph().getInput(0).getType().getTensorType();
        assertThat(input.getElemType()).isEqualTo(OnnxMl.TensorProto.DataType.FLOAT.getNumber());
        assertThat(input.getShape().getDim(0).getDimParam()).isEqualTo("batch");
        assertThat(input.getShape().getDim(1).getDimValue()).isEqualTo(3);

        OnnxMl.TensorProto external = model.getGraph().getInitializer(0);
        assertThat(external.getDimsList()).containsExactly(5_000_000_000L, 3L);
        assertThat(external.getDataLocation()).isEqualTo(OnnxMl.TensorProto.DataLocation.EXTERNAL);
        assertThat(entries(external))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("location", "weights", "offset", "1099511627776", "length", "12"));
        OnnxMl.TensorProto constant = model.getGraph().getInitializer(1);
        assertThat(constant.getRawData()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asLongBuffer())
                .isEqualTo(LongBuffer.wrap(new long[] {-1, 300}));

        OnnxMl.NodeProto product = model.getGraph().getNode(0);
        assertThat(product.getDomain()).isEqualTo("com.microsoft");
        assertThat(product.getInputList()).containsExactly("x", "w");
        assertThat(product.getAttribute(0).getI()).isEqualTo(1);
        assertThat(product.getAttribute(0).getType()).isEqualTo(OnnxMl.AttributeProto.AttributeType.INT);
        assertThat(product.getAttribute(1).getF()).isEqualTo(-0.5f);
        assertThat(product.getAttribute(1).getType()).isEqualTo(OnnxMl.AttributeProto.AttributeType.FLOAT);
        assertThat(model.getGraph().getNode(1).getInput(0)).isEqualTo(product.getOutput(0));
        assertThat(model.getGraph().getOutput(0).getName()).isEqualTo("y");
    }

    @Test
    void theWeightsOfAModelLieInTheCheckpointItself() throws Exception {
        try (SafeTensors checkpoint = checkpoint(DType.F32);
                Arena memory = Arena.ofConfined()) {
            OnnxModel model = model(checkpoint, Precision.FP32, memory);
            OnnxMl.GraphProto graph = OnnxMl.ModelProto.parseFrom(model.graph()).getGraph();
            Set<String> external = new HashSet<>();
            for (OnnxMl.TensorProto tensor : graph.getInitializerList()) {
                if (tensor.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL) {
                    TensorInfo info = checkpoint.tensor(tensor.getName());
                    assertThat(entries(tensor))
                            .containsEntry("location", SafeTensors.FILE)
                            .containsEntry("offset", Long.toString(info.offset()))
                            .containsEntry("length", Long.toString(info.length()));
                    external.add(tensor.getName());
                }
            }
            assertThat(external).isEqualTo(checkpoint.names());
            assertThat(model.held()).isEmpty();
        }
    }

    @Test
    void everyNodeReadsOnlyWhatWasMadeBeforeIt() throws Exception {
        try (SafeTensors checkpoint = checkpoint(DType.F16);
                Arena memory = Arena.ofConfined()) {
            OnnxMl.GraphProto graph = OnnxMl.ModelProto.parseFrom(
                            model(checkpoint, Precision.INT8, memory).graph())
                    .getGraph();
            Set<String> known = new HashSet<>();
            graph.getInputList().forEach(input -> known.add(input.getName()));
            graph.getInitializerList()
                    .forEach(tensor -> assertThat(known.add(tensor.getName())).isTrue());
            for (OnnxMl.NodeProto node : graph.getNodeList()) {
                assertThat(known).containsAll(node.getInputList());
                node.getOutputList()
                        .forEach(output -> assertThat(known.add(output)).isTrue());
            }
            assertThat(graph.getOutputList())
                    .extracting(OnnxMl.ValueInfoProto::getName)
                    .containsExactly("logits", "embedding");
        }
    }

    @Test
    void theSameCallsGiveTheSameBytes() {
        try (SafeTensors checkpoint = checkpoint(DType.F32);
                Arena memory = Arena.ofConfined()) {
            assertThat(model(checkpoint, Precision.FP32, memory).graph())
                    .isEqualTo(model(checkpoint, Precision.FP32, memory).graph());
        }
    }

    @Test
    void weightsHeldInMemoryMayGoOnceTheSessionIsOpen() throws Exception {
        OrtEnvironment environment = OnnxEnvironment.get();
        try (SafeTensors checkpoint = checkpoint(DType.F16);
                Arena memory = Arena.ofConfined();
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            OnnxModel model = model(checkpoint, Precision.FP32, memory);
            try (OrtSession session = model.open(environment, options)) {
                float[][] before = logits(environment, session);
                model.held().forEach(held -> held.data().fill((byte) 1));
                assertThat(logits(environment, session)).isDeepEqualTo(before);
            }
        }
    }

    private SafeTensors checkpoint(DType as) {
        return SafeTensors.open(RandomDistilBert.SMALL.write(folder, as));
    }

    private OnnxModel model(SafeTensors checkpoint, Precision precision, Arena memory) {
        DistilBertConfig config = DistilBertConfig.of(ConfigFile.read(folder.resolve(ConfigFile.NAME)));
        return DistilBertGraph.of(config, checkpoint, precision, memory);
    }

    private static float[][] logits(OrtEnvironment environment, OrtSession session) throws Exception {
        long[] shape = {1, 3};
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {2, 9, 3}), shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {1, 1, 1}), shape);
                OrtSession.Result result = session.run(Map.of("input_ids", ids, "attention_mask", mask))) {
            return (float[][]) result.get("logits").orElseThrow().getValue();
        }
    }

    private static Map<String, String> entries(OnnxMl.TensorProto tensor) {
        return tensor.getExternalDataList().stream()
                .collect(Collectors.toMap(
                        OnnxMl.StringStringEntryProto::getKey, OnnxMl.StringStringEntryProto::getValue));
    }
}
