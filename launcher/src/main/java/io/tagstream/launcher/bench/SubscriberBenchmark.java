package io.tagstream.launcher.bench;

import io.tagstream.launcher.broker.EmbeddedBroker;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.profiles.ProfileSubscription;
import io.tagstream.launcher.topics.KafkaTopics;
import io.tagstream.launcher.topics.TopicSpec;
import io.tagstream.schemas.Topic;
import io.tagstream.schemas.UserTagProfile;
import io.tagstream.schemas.codec.SingleObjectCodec;
import io.tagstream.subscriber.ProfileSubscriber;
import io.tagstream.subscriber.SubscriberStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A service that begins to use profiles: it reads them all, looks some up, and is restarted. */
final class SubscriberBenchmark implements Benchmark {

  private static final int PROFILES = 1_000_000;
  private static final int LOOKUPS = 200_000;
  private static final int HTTP_LOOKUPS = 20_000;
  private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(30);
  private static final Duration REPORTED = Duration.ofSeconds(5);
  private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();
  private static final double MEBIBYTE = 1 << 20;

  private static final String SETTINGS = "topics.partitions: 4";

  /** One look-up. */
  @FunctionalInterface
  private interface LookUp {
    boolean finds(String userId) throws Exception;
  }

  @Override
  public String name() {
    return "subscriber";
  }

  @Override
  public String summary() {
    return "1M profiles from Kafka into a subscriber's store; look-ups; a restart that goes on";
  }

  @Override
  public Outcome measure(BenchRun run) throws Exception {
    int profiles = run.count(PROFILES, 1_000);
    run.progress().accept("starting a Kafka broker ...");
    try (EmbeddedBroker broker = EmbeddedBroker.start(run.scratch().resolve("broker"))) {
      TagstreamConfig config =
          TagstreamConfig.parse("settings of the benchmark", SETTINGS)
              .withBootstrapServers(broker.bootstrapServers());
      createTopic(config);
      run.progress().accept("publishing " + profiles + " profiles ...");
      double bytes = publish(config, profiles, run.seed());
      Map<String, Object> figures = new LinkedHashMap<>();
      Path store = run.scratch().resolve("profiles");
      double before = residentMegabytes();
      try (ProfileSubscriber subscriber = catchUp(run, config, store, profiles, figures)) {
        figures.put("residentGrowthMegabytes", residentMegabytes() - before);
        lookUp(run, subscriber, profiles, figures);
        figures.put("residentGrowthWithLookUpsMegabytes", residentMegabytes() - before);
      }
      figures.put("storeMegabytes", sizeOf(store) / MEBIBYTE);
      figures.put("restartSeconds", restartSeconds(config, store));
      Map<String, Object> configuration = new LinkedHashMap<>();
      configuration.put("profiles", profiles);
      configuration.put("bytesPerProfile", bytes / profiles);
      configuration.put("tasks", SampleProfiles.TASKS.size());
      configuration.put("tagsPerTask", SampleProfiles.TAGS_PER_TASK);
      configuration.put("partitions", config.topics().partitions());
      configuration.put("lookUps", run.count(LOOKUPS, 1_000));
      configuration.put("httpLookUps", run.count(HTTP_LOOKUPS, 100));
      return new Outcome(List.of(), figures, configuration);
    }
  }

  private static void createTopic(TagstreamConfig config) throws Exception {
    String name = config.topics().name(Topic.USER_TAG_PROFILES);
    try (Admin admin = Admin.create(config.kafka().clientProperties())) {
      new KafkaTopics(admin)
          .create(
              TopicSpec.wanted(config.topics()).stream()
                  .filter(spec -> spec.name().equals(name))
                  .toList());
    }
  }

  /** Bytes of all values. */
  private static double publish(TagstreamConfig config, int profiles, long seed) {
    SampleProfiles made = new SampleProfiles(seed);
    SingleObjectCodec<UserTagProfile> codec = new SingleObjectCodec<>(UserTagProfile.class);
    String topic = config.topics().name(Topic.USER_TAG_PROFILES);
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    double bytes = 0;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            config.kafka().clientProperties(),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int n = 0; n < profiles; n++) {
        UserTagProfile profile = made.profile(n);
        byte[] value = codec.encode(profile);
        bytes += value.length;
        byte[] key = profile.getUserId().getBytes(StandardCharsets.UTF_8);
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(topic, key, value),
                (metadata, exception) -> failure.compareAndSet(null, exception));
      }
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("a profile could not be sent", failed);
    }
    return bytes;
  }

  private static ProfileSubscriber catchUp(
      BenchRun run, TagstreamConfig config, Path store, int profiles, Map<String, Object> figures)
      throws InterruptedException {
    run.progress().accept("catching up ...");
    long start = System.nanoTime();
    ProfileSubscriber subscriber =
        ProfileSubscription.of(config, store).onChange(change -> {}).lookups(0).start();
    while (!subscriber.awaitCaughtUp(REPORTED)) {
      run.progress().accept(subscriber.status().users() + " profiles kept ...");
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    SubscriberStatus status = subscriber.status();
    if (status.users() != profiles) {
      throw new IllegalStateException(status.users() + " of " + profiles + " profiles are kept");
    }
    figures.put("catchUpSeconds", seconds);
    figures.put("profilesPerSecond", profiles / seconds);
    return subscriber;
  }

  private static void lookUp(
      BenchRun run, ProfileSubscriber subscriber, int profiles, Map<String, Object> figures)
      throws Exception {
    run.progress().accept("looking up ...");
    SplittableRandom random = new SplittableRandom(run.seed());
    LookUp inProcess = userId -> subscriber.profile(userId).isPresent();
    InetSocketAddress address = subscriber.lookupAddress().orElseThrow();
    HttpClient client = HttpClient.newHttpClient();
    LookUp overHttp =
        userId -> {
          URI uri =
              new URI(
                  "http", null, "127.0.0.1", address.getPort(), "/profiles/" + userId, null, null);
          HttpRequest request = HttpRequest.newBuilder(uri).build();
          return client.send(request, BodyHandlers.ofByteArray()).statusCode() == 200;
        };
    Map<String, Object> micros = new LinkedHashMap<>();
    micros.put("inProcess", micros(inProcess, run.count(LOOKUPS, 1_000), profiles, random));
    micros.put("http", micros(overHttp, run.count(HTTP_LOOKUPS, 100), profiles, random));
    figures.put("lookUpMicros", micros);
  }

  /** One thread, users drawn uniformly; a quarter as many first, to warm up. */
  private static Map<String, Object> micros(
      LookUp lookUp, int count, int profiles, SplittableRandom random) throws Exception {
    Histogram nanos = new Histogram(LONGEST_NANOS, 3);
    for (int n = -count / 4; n < count; n++) {
      String userId = SampleProfiles.userId(random.nextInt(profiles));
      long start = System.nanoTime();
      boolean found = lookUp.finds(userId);
      long took = System.nanoTime() - start;
      if (!found) {
        throw new IllegalStateException("no profile of " + userId);
      }
      if (n >= 0) {
        nanos.recordValue(Math.min(took, LONGEST_NANOS));
      }
    }
    Map<String, Object> micros = new LinkedHashMap<>();
    micros.put("p50", nanos.getValueAtPercentile(50) / 1e3);
    micros.put("p99", nanos.getValueAtPercentile(99) / 1e3);
    return micros;
  }

  private static double restartSeconds(TagstreamConfig config, Path store)
      throws InterruptedException {
    long start = System.nanoTime();
    try (ProfileSubscriber subscriber = ProfileSubscription.of(config, store).start()) {
      if (!subscriber.awaitCaughtUp(CATCH_UP_LIMIT) || subscriber.status().records() > 0) {
        throw new IllegalStateException("the restart did not go on: " + subscriber.status());
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private static double sizeOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(SubscriberBenchmark::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of this process, heap and native; not a number where Linux does not tell. */
  private static double residentMegabytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    return Double.NaN;
  }
}
