package io.tagstream.launcher.cli;

import io.tagstream.ingestion.decode.format.TopicFormat.Encoding;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.demo.EventPump;
import io.tagstream.launcher.topics.KafkaTopics;
import io.tagstream.launcher.world.PlantedWorld;
import io.tagstream.launcher.world.PlantedWorldConfig;
import io.tagstream.schemas.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tagstream world}: events of a planted world, on any Kafka. */
@Command(
    name = "world",
    description = {
      "Sends events of a planted world to the configured Kafka, to try a deployment: what its users"
          + " did over the last days at once, and from then on every event at its own time. Where"
          + " there are impressions already, it begins behind the newest of them.",
      "A job that reads them needs the settings that --settings prints."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped by Ctrl-C or after --duration",
      "1:Kafka does not answer",
      "2:wrong configuration or usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream world --settings > tagstream.yaml",
      "  tagstream topics create --config tagstream.yaml",
      "  tagstream world --config tagstream.yaml --users 2000 --history 6h"
    })
final class WorldCommand implements Callable<Integer> {

  /** 576 events of a user each day, as in a demo. */
  private static final double EVENTS_PER_SECOND_AND_USER = 1 / 150.0;

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final int SHORT_RADIX = 36;

  @ParentCommand private Tagstream root;
  @Spec private CommandSpec spec;
  @Mixin private ConfigFile config;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "What users like follows from it (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "500",
      description = "How many there are (default: ${DEFAULT-VALUE}).")
  private int users;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Events per second of all users; without it, one for every 150 users.")
  private @Nullable Double rate;

  @Option(
      names = "--history",
      paramLabel = "TIME",
      defaultValue = "2d",
      description =
          "From how long ago on; what lies in the past is sent at once (default: ${DEFAULT-VALUE}).")
  private Duration history;

  @Option(names = "--duration", paramLabel = "TIME", description = "Stops after this time.")
  private @Nullable Duration duration;

  @Option(
      names = "--settings",
      description = "Prints the settings of a job that reads these events, and ends.")
  private boolean settings;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  WorldCommand() {}

  @Override
  public Integer call() throws Exception {
    Terminal terminal = root.terminal();
    long earliest = System.currentTimeMillis() - history.toMillis();
    if (settings) {
      terminal.line(world(earliest).fields().settings().stripTrailing());
      return ExitCode.OK;
    }
    TagstreamConfig loaded = config.load();
    requireCanonicalFormats(loaded);
    RequiredTopics.check(loaded, Topic.inputs());
    PlantedWorld world = world(Math.max(earliest, newestImpression(loaded) + 1));
    try (EventPump pump =
        new EventPump(world, loaded, EventPump.Pace.clock(), () -> 0, event -> {})) {
      play(pump, terminal);
    } catch (KafkaException e) {
      throw CommandFailure.ofKafka(loaded, e);
    }
    return ExitCode.OK;
  }

  private PlantedWorld world(long start) {
    try {
      return new PlantedWorld(
          PlantedWorldConfig.defaults(seed)
              .withUsers(users)
              .withRate(rate == null ? users * EVENTS_PER_SECOND_AND_USER : rate, 1)
              // Whoever starts it again means other impressions, of the same users.
              .withStart(Long.toString(start, SHORT_RADIX) + '-', start));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /**
   * When the newest impression was sent, which a world that goes on must not go behind: its events
   * would be late. Milliseconds since the epoch; -1 where there is none.
   */
  private static long newestImpression(TagstreamConfig loaded)
      throws IOException, InterruptedException {
    try (Admin admin = Admin.create(loaded.kafka().interactiveProperties())) {
      return new KafkaTopics(admin).newestMillis(loaded.topics().name(Topic.IMPRESSIONS));
    }
  }

  private void requireCanonicalFormats(TagstreamConfig loaded) {
    for (Topic topic : Topic.inputs()) {
      Encoding encoding = loaded.formats().of(topic).encoding();
      if (encoding != Encoding.AVRO) {
        throw new ParameterException(
            spec.commandLine(),
            "formats.%s: %s - must be avro, which is what a planted world writes"
                .formatted(topic.defaultName(), encoding.name().toLowerCase(Locale.ROOT)));
      }
    }
  }

  private void play(EventPump pump, Terminal terminal) throws Exception {
    StopSignal stop = StopSignal.arm();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    pump.sendReference();
    Thread sending = pump.start(failure::set);
    terminal.progress("events flow; Ctrl-C ends");
    long started = System.nanoTime();
    try (Progress progress = new Progress(terminal, "world", -1)) {
      while (sending.isAlive() && !stop.await(LOOK)) {
        progress.at(pump.sent());
        if (duration != null && System.nanoTime() - started >= duration.toNanos()) {
          break;
        }
      }
    }
    pump.stop();
    sending.join();
    Throwable failed = failure.get();
    if (failed != null) {
      throw new CommandFailure(String.valueOf(failed.getMessage()), failed);
    }
    terminal.line(pump.sent() + " records sent");
    terminal.object(Map.of("sent", pump.sent(), "eventTimeMillis", pump.eventTimeMillis()));
  }
}
