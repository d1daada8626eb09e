package io.tagstream.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.profiles.ProfileSubscription;
import io.tagstream.launcher.profiles.ProfileText;
import io.tagstream.launcher.profiles.PublishedProfile;
import io.tagstream.schemas.UserTagProfile;
import io.tagstream.subscriber.ProfileChange;
import io.tagstream.subscriber.ProfileSubscriber;
import io.tagstream.subscriber.ProfileSubscriberBuilder;
import io.tagstream.subscriber.StartFrom;
import io.tagstream.subscriber.SubscriberException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tagstream profiles}: what has been published, and why. */
@Command(
    name = "profiles",
    description =
        "Follows the published profiles, shows one user's with the why, or answers look-ups.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:shown, or ended by Ctrl-C",
      "1:no profile of that user, or Kafka does not answer",
      "2:wrong configuration or usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream profiles --bootstrap-servers localhost:9092",
      "  tagstream profiles --config tagstream.yaml --user u17",
      "  tagstream profiles --config tagstream.yaml --state profiles --serve 127.0.0.1:8095"
    })
final class ProfilesCommand implements Callable<Integer> {

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Pattern ADDRESS = Pattern.compile("\\[?([^\\[\\]]+?)]?:(\\d{1,5})");
  private static final int MOST_PORT = 65_535;
  private static final int TAGS_PER_LINE = 5;

  @ParentCommand private Tagstream root;
  @Mixin private ConfigFile config;
  @Spec private CommandSpec spec;

  @Option(
      names = "--user",
      paramLabel = "ID",
      description = "Shows this user's newest profile and ends.")
  private @Nullable String user;

  @Option(
      names = "--from-beginning",
      description =
          "Follows from the topic's beginning; without it, from now. With --state, of a new folder"
              + " only.")
  private boolean fromBeginning;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Keeps what was read in this folder: the next call goes on from there. Without it, a"
              + " folder that is removed at the end.")
  private @Nullable Path state;

  @Option(
      names = "--serve",
      arity = "0..1",
      fallbackValue = "127.0.0.1:0",
      paramLabel = "HOST:PORT",
      description =
          "Answers GET /profiles/ID and /status over HTTP until Ctrl-C; without an address, at a"
              + " free port of loopback.")
  private @Nullable String serve;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  ProfilesCommand() {}

  @Override
  public Integer call() throws Exception {
    if (user != null && serve != null) {
      throw new ParameterException(spec.commandLine(), "--user and --serve exclude each other");
    }
    InetSocketAddress address = serve == null ? null : address(serve);
    TagstreamConfig loaded = config.load();
    Path directory = state == null ? RunFolder.current().path().resolve("profiles") : state;
    boolean everything = fromBeginning || user != null || serve != null;
    ProfileSubscriberBuilder builder =
        ProfileSubscription.of(loaded, directory)
            .startFrom(everything ? StartFrom.BEGINNING : StartFrom.NOW);
    try {
      if (user != null) {
        showNewest(builder, user);
      } else if (address != null) {
        serve(builder.lookups(address));
      } else {
        follow(builder);
      }
      return ExitCode.OK;
    } catch (SubscriberException e) {
      throw CommandFailure.ofSubscriber(loaded, e);
    } finally {
      if (state == null) {
        RunFolder.delete(directory);
      }
    }
  }

  private InetSocketAddress address(String text) {
    Matcher parts = ADDRESS.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > MOST_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--serve: " + text + " - must be HOST:PORT, such as 127.0.0.1:8095");
    }
    InetSocketAddress address =
        new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2)));
    if (address.isUnresolved()) {
      throw new ParameterException(
          spec.commandLine(), "--serve: " + text + " - names no address of this machine");
    }
    return address;
  }

  private void showNewest(ProfileSubscriberBuilder builder, String wanted)
      throws CommandFailure, InterruptedException {
    Terminal terminal = root.terminal();
    AtomicReference<@Nullable PublishedProfile> newest = new AtomicReference<>();
    try (ProfileSubscriber subscriber =
        builder.onChange(change -> remember(change, wanted, newest)).start()) {
      CatchUpProgress progress = new CatchUpProgress(terminal);
      while (!subscriber.awaitCaughtUp(LOOK)) {
        progress.show(subscriber.status());
      }
      // A change came with this call; what is kept may be of an earlier one.
      PublishedProfile found = newest.get();
      if (found == null) {
        found = subscriber.kept(wanted).map(PublishedProfile::of).orElse(null);
      }
      if (found == null) {
        throw new CommandFailure(missing(wanted, subscriber));
      }
      ProfileText.page(found).forEach(terminal::line);
      terminal.object(json(found));
    }
  }

  private static void remember(
      ProfileChange change, String wanted, AtomicReference<@Nullable PublishedProfile> newest) {
    if (change.userId().equals(wanted)) {
      newest.set(PublishedProfile.of(change));
    }
  }

  private String missing(String wanted, ProfileSubscriber subscriber) {
    String none = "no profile of user " + wanted + ": never published, or forgotten";
    return subscriber.status().startedFrom() == StartFrom.BEGINNING
        ? none
        : none + "; --state: " + state + " - knows only what came since it was made";
  }

  private void follow(ProfileSubscriberBuilder builder) throws InterruptedException {
    Terminal terminal = root.terminal();
    StopSignal stop = StopSignal.arm();
    try (ProfileSubscriber subscriber =
        builder.onChange(change -> show(PublishedProfile.of(change), terminal)).start()) {
      awaitStop(subscriber, stop, terminal);
    }
  }

  private static void show(PublishedProfile published, Terminal terminal) {
    terminal.line(ProfileText.line(published, TAGS_PER_LINE));
    terminal.object(json(published));
  }

  private void serve(ProfileSubscriberBuilder builder) throws InterruptedException {
    Terminal terminal = root.terminal();
    StopSignal stop = StopSignal.arm();
    try (ProfileSubscriber subscriber = builder.start()) {
      String at = subscriber.lookupAddress().map(ProfilesCommand::uri).orElseThrow();
      terminal.line("look-ups: " + at + "profiles/ID and " + at + "status; Ctrl-C ends them");
      terminal.object(Map.of("lookups", at));
      awaitStop(subscriber, stop, terminal);
    }
  }

  private static String uri(InetSocketAddress address) {
    try {
      String host = address.getAddress().getHostAddress();
      return new URI("http", null, host, address.getPort(), "/", null, null).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e); // an address that is listened on has a name
    }
  }

  /** Closing the subscriber tells of a failure. */
  private static void awaitStop(ProfileSubscriber subscriber, StopSignal stop, Terminal terminal)
      throws InterruptedException {
    CatchUpProgress progress = new CatchUpProgress(terminal);
    while (!stop.await(LOOK) && subscriber.failure().isEmpty()) {
      progress.show(subscriber.status());
    }
  }

  private static Map<String, Object> json(PublishedProfile published) {
    UserTagProfile profile = published.profile();
    JsonNode tree = profile == null ? null : Terminal.tree(profile);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("userId", published.userId());
    json.put("appendTimeMillis", published.appendTimeMillis());
    json.put("profile", tree);
    return json;
  }
}
