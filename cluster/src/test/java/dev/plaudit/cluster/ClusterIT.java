package dev.plaudit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.plaudit.events.EventType;
import dev.plaudit.events.SimulationJson;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.cloudevents.kafka.CloudEventSerializer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything as it is deployed, real processes and a real broker: what arrives, and what does not get lost. */
class ClusterIT {
    private static final Path ROOT = Path.of(System.getProperty("plaudit.root"));
    private static final int POSTS = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(ROOT, folder, Child.freePort(), Duration.ofMinutes(5));
    }

    @AfterAll
    static void end() {
        cluster.close();
        CLIENT.close();
    }

    private static JsonNode post(int i) {
        return SimulationJson.MAPPER
                .createObjectNode()
                .put("id", "p" + i)
                .put("content", "Warm sourdough number " + i + ", café au lait 🎉")
                .put("company", "Oven & Co")
                .put("username", "ovenandco")
                .set("account", SimulationJson.MAPPER.createObjectNode().put("typicalLikes", i * 7 % 3000));
    }

    private static List<JsonNode> posts(int count) {
        return IntStream.range(0, count).mapToObj(ClusterIT::post).toList();
    }

    private static HttpResponse<String> send(URI gateway, String path, String type, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(PATIENCE)
                .header("Accept", "application/jsonl, application/json;q=0.9");
        if (body != null) {
            request.header("Content-Type", type).POST(BodyPublishers.ofString(body));
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(String path) throws Exception {
        HttpResponse<String> response = send(cluster.gateway(), path, null, null);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return SimulationJson.MAPPER.readTree(response.body());
    }

    private static JsonNode score(URI gateway, List<JsonNode> posts) throws Exception {
        HttpResponse<String> response = send(gateway, "/v1/score", "application/json", SimulationJson.write(posts));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return SimulationJson.MAPPER.readTree(response.body());
    }

    /** Has posts worked on as a job, and answers with its id. */
    private static String submit(String query, List<JsonNode> posts) throws Exception {
        HttpResponse<String> response = send(
                cluster.gateway(),
                "/v1/jobs" + query,
                "application/jsonl",
                String.join("\n", posts.stream().map(SimulationJson::write).toList()));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return SimulationJson.MAPPER.readTree(response.body()).get("id").asText();
    }

    /** Waits until so many posts of a job have ended. */
    private static JsonNode await(String job, int ended) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode state = job(job);
        while (state.get("done").asInt() + state.get("failed").asInt() < ended) {
            assertThat(System.nanoTime())
                    .as("%s of %s", state, cluster.status())
                    .isLessThan(end);
            Thread.sleep(100);
            state = job(job);
        }
        return state;
    }

    /** The job, asked for until the gateway answers. */
    private static JsonNode job(String job) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return json("/v1/jobs/" + job);
            } catch (IOException e) {
                assertThat(System.nanoTime()).as("the gateway: %s", e).isLessThan(end);
                Thread.sleep(100);
            }
        }
    }

    private static List<JsonNode> results(String job) throws Exception {
        List<JsonNode> results = new ArrayList<>();
        String body = send(cluster.gateway(), "/v1/jobs/" + job + "/results", null, null)
                .body();
        for (String line : body.split("\n")) {
            results.add(SimulationJson.MAPPER.readTree(line));
        }
        return results;
    }

    private static void assertComplete(String job, int posts) throws Exception {
        JsonNode state = await(job, posts);
        assertThat(state.get("state").asText()).isEqualTo("done");
        assertThat(state.get("done").asInt()).isEqualTo(posts);
        List<JsonNode> results = results(job);
        assertThat(results).hasSize(posts);
        for (int i = 0; i < posts; i++) {
            assertThat(results.get(i).get("place").asInt()).isEqualTo(i + 1);
            assertThat(results.get(i).get("id").asText()).isEqualTo("p" + i);
            assertThat(results.get(i).get("engagement").get("likes").isInt()).isTrue();
        }
    }

    private static void assertSame(JsonNode actual, JsonNode expected) {
        for (String number : List.of("bucket", "likes", "low", "high")) {
            assertThat(actual.get(number)).as(number).isEqualTo(expected.get(number));
        }
        for (int i = 0; i < expected.get("probabilities").size(); i++) {
            assertThat(actual.get("probabilities").get(i).asDouble())
                    .isCloseTo(expected.get("probabilities").get(i).asDouble(), within(1e-4));
        }
    }

    @Test
    void resultsAreThoseOfOneProcessByEitherWay() throws Exception {
        int port = Child.freePort();
        List<JsonNode> posts = posts(POSTS);
        String writing = "{\"post\":%s,\"writing\":{\"seed\":7,\"maxNewTokens\":24}}".formatted(post(1));
        try (Child local = Child.start(
                "local",
                folder,
                Map.of(),
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dplaudit.home=" + ROOT,
                        "-Dplaudit.native=" + System.getProperty("plaudit.native"),
                        "-Dquarkus.datasource.file.jdbc.url=jdbc:h2:mem:local",
                        "-jar",
                        ROOT.resolve("functions/local/target/quarkus-app/quarkus-run.jar")
                                .toString(),
                        "serve",
                        "--port",
                        Integer.toString(port)))) {
            URI address = URI.create("http://127.0.0.1:" + port + "/");
            awaitReady(local, address);
            JsonNode expected = score(address, posts);
            String written = drafts(send(address, "/v1/generate", "application/json", writing));

            JsonNode answered = score(cluster.gateway(), posts);
            String job = submit("", posts);
            assertThat(drafts(send(cluster.gateway(), "/v1/generate", "application/json", writing)))
                    .isEqualTo(written);
            String contentJob = submit("?task=content&seed=7&maxNewTokens=24", List.of(post(1)));

            assertComplete(job, POSTS);
            List<JsonNode> results = results(job);
            for (int i = 0; i < POSTS; i++) {
                assertSame(answered.get(i).get("engagement"), expected.get(i).get("engagement"));
                assertSame(results.get(i).get("engagement"), expected.get(i).get("engagement"));
            }
            await(contentJob, 1);
            assertThat(texts(results(contentJob).getFirst())).isEqualTo(written);
        }
    }

    /** Through everything that stands between the caller and the function. */
    @Test
    void aPostIsToldWhileItIsWritten() throws Exception {
        String writing = "{\"post\":%s,\"writing\":{\"maxNewTokens\":24}}".formatted(post(1));
        HttpRequest request = HttpRequest.newBuilder(cluster.gateway().resolve("/v1/generate"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(BodyPublishers.ofString(writing))
                .build();

        String told = CLIENT.send(request, BodyHandlers.ofString()).body();

        assertThat(told.lines().filter(line -> line.startsWith("event:")))
                .as(told)
                .startsWith("event:token", "event:token")
                .endsWith("event:token", "event:draft", "event:post");
    }

    private static void awaitReady(Child child, URI address) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                send(address, "/q/health/ready", null, null);
                return;
            } catch (IOException e) {
                if (!child.isAlive()) {
                    throw child.ended();
                }
                assertThat(System.nanoTime()).as("%s: %s", address, e).isLessThan(end);
                Thread.sleep(100);
            }
        }
    }

    private static String drafts(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return texts(SimulationJson.MAPPER.readTree(response.body()));
    }

    private static String texts(JsonNode written) {
        assertThat(written.get("drafts")).as(written.toString()).isInstanceOf(ArrayNode.class);
        return String.join("|", written.get("drafts").findValuesAsText("text"));
    }

    /** Ends a function's process, as a crash would, while it has calls in hand. */
    private static void crash(String function) throws Exception {
        Service service = cluster.service(function);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (service.status().inFlight() == 0 || !service.kill()) {
            assertThat(System.nanoTime()).as("%s was never busy", function).isLessThan(end);
            Thread.sleep(1);
        }
    }

    @Test
    void functionsThatCrashInTheMiddleOfAJobLoseNothingAndRepeatNothing() throws Exception {
        String job = submit("", posts(POSTS));
        int ended = 100;
        for (String function : List.of("prompt", "classify", "regress", "gateway")) {
            await(job, ended);
            crash(function);
            ended += 150;
        }
        assertComplete(job, POSTS);
    }

    /** The pictures cannot be had, for which black ones stand in: the functions have the same to do. */
    @Test
    void functionsOfPicturesAndTextsThatCrashLoseNothing() throws Exception {
        int posts = 30;
        String picture = "[{\"kind\":\"photo\",\"url\":\"http://127.0.0.1/none.jpg\"}]";
        String job = submit(
                "?task=content&seed=7&maxNewTokens=8",
                posts(posts).stream()
                        .map(post -> (JsonNode) ((ObjectNode) post).putRawValue("media", new RawValue(picture)))
                        .toList());
        for (String function : List.of("caption", "ocr", "generate")) {
            crash(function);
        }

        assertThat(await(job, posts).get("done").asInt()).isEqualTo(posts);
        assertThat(results(job)).hasSize(posts).allSatisfy(result -> assertThat(texts(result))
                .isNotBlank());
    }

    @Test
    void aBrokerThatIsAwayForAWhileLosesNothing() throws Exception {
        String job = submit("", posts(POSTS));
        await(job, 100);
        cluster.kafka().close();
        score(cluster.gateway(), posts(1));
        Thread.sleep(Duration.ofSeconds(20));
        assertThat(job(job).get("done").asInt()).as("done without a broker").isLessThan(POSTS);
        cluster.kafka().start();

        assertComplete(job, POSTS);
    }

    @Test
    void aResultToldAgainOrOfNoJobChangesNothing() throws Exception {
        String job = submit("", posts(2));
        JsonNode before = await(job, 2);
        List<JsonNode> results = results(job);

        for (String subject : List.of(job + "/2", job + "/1", job + "/1", job + "/1", job + "/3", "other", "0/0")) {
            assertThat(end(subject, "1.0", "{\"task\":\"behavior\",\"post\":{},\"mood\":{\"new\":true}}")
                            .statusCode())
                    .as(subject)
                    .isEqualTo(204);
        }
        assertThat(end(job + "/1", "2.0", "{\"task\":\"behavior\",\"post\":{}}").statusCode())
                .isEqualTo(400);

        assertThat(json("/v1/jobs/" + job)).isEqualTo(before);
        assertThat(results(job)).isEqualTo(results);
    }

    @Test
    void anEventThatComesThreeTimesIsOneResult() throws Exception {
        String job = submit("", posts(2));
        JsonNode before = await(job, 2);
        List<JsonNode> results = results(job);
        CloudEvent again = CloudEventBuilder.v1(submitted("again", "{\"task\":\"behavior\",\"post\":" + post(6) + "}"))
                .withSubject(job + "/1")
                .withExtension("task", "behavior")
                .withExtension("media", "none")
                .build();

        for (int i = 0; i < 3; i++) {
            assertTaken(again);
        }

        read("plaudit.results", new CloudEventDeserializer(), 4, result -> result.value()
                .getSubject()
                .equals(again.getSubject()));
        assertThat(json("/v1/jobs/" + job)).isEqualTo(before);
        assertThat(results(job)).isEqualTo(results);
    }

    @Test
    void moreCallersThanThereIsRoomForAreServedInTimeOrToldToComeBack() throws Exception {
        score(cluster.gateway(), posts(1));
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        List<Long> millis = Collections.synchronizedList(new ArrayList<>());
        Callable<Void> caller = () -> {
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                HttpResponse<String> response =
                        send(cluster.gateway(), "/v1/score", "application/json", post(1).toString());
                if (response.statusCode() == 200) {
                    millis.add(Duration.ofNanos(System.nanoTime() - start).toMillis());
                } else {
                    assertThat(response.statusCode()).as(response.body()).isIn(429, 503);
                    assertThat(response.headers().firstValue("Retry-After")).isPresent();
                }
            }
            return null;
        };
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> early = executor.submit(() -> {
                Thread.sleep(Duration.ofSeconds(20));
                return residentMemory();
            });
            for (Future<Void> served : executor.invokeAll(Collections.nCopies(50, caller))) {
                served.get();
            }
            assertThat(residentMemory()).as("memory after a minute").isLessThan(early.get() * 5 / 4);
        }
        assertThat(Collections.max(millis)).isLessThan(10_000);
    }

    /** Of all processes of the cluster, in kB. */
    private static long residentMemory() throws IOException {
        long sum = 0;
        for (ProcessHandle process : ProcessHandle.current().children().toList()) {
            sum += Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        }
        return sum;
    }

    private static HttpResponse<String> end(String subject, String version, String document) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(cluster.gateway())
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("ce-specversion", version)
                .header("ce-id", "e-" + subject)
                .header("ce-type", EventType.SCORED)
                .header("ce-source", "/test")
                .header("ce-subject", subject)
                .POST(BodyPublishers.ofString(document))
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static CloudEvent submitted(String id, String document) {
        return CloudEventBuilder.v1()
                .withId(id)
                .withSource(URI.create("/test?q=1"))
                .withType(EventType.SUBMITTED)
                .withSubject("subject of " + id + " €")
                .withTime(OffsetDateTime.parse("2026-03-06T08:30:00.123Z"))
                .withDataSchema(URI.create("https://example.com/schema"))
                .withExtension("campaign", "spring 100% \"café\"")
                .withExtension("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .withData("application/json", document.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static void assertTaken(CloudEvent event) throws Exception {
        HttpRequest request = HttpEvents.request(event).uri(cluster.broker()).build();
        assertThat(CLIENT.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(202);
    }

    private static <V> void write(Serializer<V> serializer, List<V> values) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) cluster.kafka().bootstrapServers()),
                new StringSerializer(),
                serializer)) {
            values.forEach(value -> producer.send(new ProducerRecord<>("plaudit.posts", "k", value)));
        }
    }

    /** Reads a topic from its start until so many records are what is looked for. */
    private static <V> List<ConsumerRecord<String, V>> read(
            String topic, Deserializer<V> deserializer, int count, Predicate<ConsumerRecord<String, V>> wanted) {
        List<ConsumerRecord<String, V>> found = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        (Object) cluster.kafka().bootstrapServers(),
                        "group.id",
                        "test-" + System.nanoTime(),
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                deserializer)) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (found.size() < count) {
                assertThat(System.nanoTime())
                        .as("found in %s: %s", topic, found)
                        .isLessThan(end);
                for (ConsumerRecord<String, V> message : consumer.poll(Duration.ofMillis(200))) {
                    if (wanted.test(message)) {
                        found.add(message);
                    }
                }
            }
        }
        return found;
    }

    private static CloudEventSerializer structured() {
        CloudEventSerializer serializer = new CloudEventSerializer();
        serializer.configure(
                Map.of(
                        CloudEventSerializer.ENCODING_CONFIG,
                        Encoding.STRUCTURED,
                        CloudEventSerializer.EVENT_FORMAT_CONFIG,
                        JsonFormat.CONTENT_TYPE),
                false);
        return serializer;
    }

    @Test
    void postsOfTheTopicInEitherContentModeAreScoredWithAllTheirAttributesKept() throws Exception {
        String document = "{\"task\":\"behavior\",\"post\":" + post(3) + "}";
        write(new CloudEventSerializer(), List.of(submitted("binary", document)));
        write(structured(), List.of(submitted("structured", document)));

        List<ConsumerRecord<String, CloudEvent>> results =
                read("plaudit.results", new CloudEventDeserializer(), 2, result -> result.value()
                        .getSubject()
                        .matches("subject of (binary|structured) €"));

        JsonNode expected = score(cluster.gateway(), posts(4)).get(3).get("engagement");
        assertThat(results.stream().map(result -> result.value().getSubject()))
                .containsExactlyInAnyOrder("subject of binary €", "subject of structured €");
        for (ConsumerRecord<String, CloudEvent> result : results) {
            CloudEvent event = result.value();
            assertThat(result.key()).isEqualTo(event.getSubject());
            assertThat(event.getType()).isEqualTo(EventType.SCORED);
            assertThat(event.getExtension("campaign")).isEqualTo("spring 100% \"café\"");
            assertThat(event.getExtension("traceparent").toString()).startsWith("00-0af7651916cd43dd8448eb211c80319c-");
            assertThat(event.getExtension("partitionkey")).isEqualTo(event.getSubject());
            assertSame(SimulationJson.MAPPER.readTree(event.getData().toBytes()).get("engagement"), expected);
        }
    }

    @Test
    void anEventIsARecordWithItsAttributesAsHeadersInUtf8() throws Exception {
        write(
                new CloudEventSerializer(),
                List.of(submitted("headers", "{\"task\":\"behavior\",\"post\":" + post(4) + "}")));

        ConsumerRecord<String, byte[]> event = read(
                        "plaudit.events", new ByteArrayDeserializer(), 1, message -> "subject of headers €"
                                .equals(message.key()))
                .getFirst();

        Map<String, String> headers = new HashMap<>();
        event.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        assertThat(headers)
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_id", "headers")
                .containsEntry("ce_source", "/test?q=1")
                .containsEntry("ce_type", EventType.SUBMITTED)
                .containsEntry("ce_subject", "subject of headers €")
                .containsEntry("ce_time", "2026-03-06T08:30:00.123Z")
                .containsEntry("ce_dataschema", "https://example.com/schema")
                .containsEntry("ce_campaign", "spring 100% \"café\"")
                .containsEntry("ce_task", "behavior")
                .containsEntry("ce_media", "none")
                .containsEntry("content-type", "application/json")
                .doesNotContainKey("ce_datacontenttype");
    }

    @Test
    void whatIsNoPostGoesToTheDeadLettersTopicAndHoldsNothingUp() throws Exception {
        write(new ByteArraySerializer(), List.of("{\"content\":\"no event\"}".getBytes(StandardCharsets.UTF_8)));
        write(
                new CloudEventSerializer(),
                List.of(
                        submitted("poison", "{\"task\":\"behavior\",\"post\":{\"account\":{\"followers\":-3}}}"),
                        submitted("after", "{\"task\":\"behavior\",\"post\":" + post(5) + "}")));

        List<ConsumerRecord<String, byte[]>> letters =
                read("plaudit.dead-letters", new ByteArrayDeserializer(), 2, letter -> true);
        assertThat(letters)
                .extracting(letter -> new String(
                        letter.headers().lastHeader("dead-letter-reason").value(), StandardCharsets.UTF_8))
                .anyMatch(reason -> reason.contains("must not be negative"));
        read("plaudit.results", new CloudEventDeserializer(), 1, result -> result.value()
                .getSubject()
                .equals("subject of after €"));
    }

    /** Has the broker's topic take events of so many bytes at the most, from now on. */
    private static void limitEvents(int bytes) throws Exception {
        ConfigEntry limit = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", cluster.kafka().bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, BrokerTopic.NAME),
                            List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        // The broker takes the setting over by and by. What is no event goes nowhere.
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) cluster.kafka().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            while (takes(producer, bytes)) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
        }
    }

    private static boolean takes(Producer<String, byte[]> producer, int bytes) throws Exception {
        try {
            producer.send(new ProducerRecord<>(BrokerTopic.NAME, "k", new byte[bytes]))
                    .get();
            return true;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(RecordTooLargeException.class);
            return false;
        }
    }

    @Test
    void postsThatAreTooLargeForTheBrokerFailAndHoldNothingUp() throws Exception {
        JsonNode large = ((ObjectNode) post(0)).put("content", "Warm sourdough. ".repeat(1_500));
        JsonNode largeOnItsWay = ((ObjectNode) post(0)).put("content", "Warm sourdough. ".repeat(1_180));
        limitEvents(20_000);
        try {
            write(
                    new CloudEventSerializer(),
                    List.of(
                            submitted("large", "{\"task\":\"behavior\",\"post\":" + large + "}"),
                            submitted("next", "{\"task\":\"behavior\",\"post\":" + post(6) + "}")));
            List<CloudEvent> results = read("plaudit.results", new CloudEventDeserializer(), 2, result -> result.value()
                            .getSubject()
                            .matches("subject of (large|next) €"))
                    .stream()
                    .map(ConsumerRecord::value)
                    .toList();
            assertThat(results)
                    .extracting(CloudEvent::getSubject, CloudEvent::getType)
                    .containsExactlyInAnyOrder(
                            tuple("subject of large €", EventType.FAILED),
                            tuple("subject of next €", EventType.SCORED));
            assertThat(results)
                    .filteredOn(CloudEvent::getType, EventType.FAILED)
                    .extracting(failed -> new String(failed.getData().toBytes(), StandardCharsets.UTF_8))
                    .singleElement()
                    .asString()
                    .contains("\"status\":413")
                    .hasSizeLessThan(1000);

            String job = submit("", List.of(large, largeOnItsWay, post(1)));
            assertThat(await(job, 3).get("failed").asInt()).isEqualTo(2);
            assertThat(results(job))
                    .extracting(result -> result.at("/problem/status").asInt())
                    .containsExactly(413, 502, 0);
        } finally {
            limitEvents(1_048_588);
        }
    }

    @Test
    void anEventThatAFunctionRefusesEndsAsAFailedOne() throws Exception {
        assertTaken(CloudEventBuilder.v1(
                        submitted("refused", "{\"task\":\"behavior\",\"post\":{\"account\":{\"followers\":-3}}}"))
                .withExtension("task", "behavior")
                .withExtension("media", "none")
                .build());

        CloudEvent failed = read("plaudit.results", new CloudEventDeserializer(), 1, result -> result.value()
                        .getSubject()
                        .equals("subject of refused €"))
                .getFirst()
                .value();
        assertThat(failed.getType()).isEqualTo(EventType.FAILED);
        assertThat(failed.getExtension("campaign")).isEqualTo("spring 100% \"café\"");
        assertThat(SimulationJson.MAPPER
                        .readTree(failed.getData().toBytes())
                        .at("/problem/field")
                        .asText())
                .isEqualTo("post.account.followers");
        assertThat(new TreeSet<>(failed.getExtensionNames())).noneMatch(name -> name.startsWith("knative"));
    }
}
