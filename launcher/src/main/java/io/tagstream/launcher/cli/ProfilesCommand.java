package io.tagstream.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.profiles.ProfileReader;
import io.tagstream.launcher.profiles.ProfileText;
import io.tagstream.launcher.profiles.PublishedProfile;
import io.tagstream.schemas.UserTagProfile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tagstream profiles}: what has been published, and why. */
@Command(
    name = "profiles",
    description = "Follows the published profiles, or shows one user's with the why.",
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
      "  tagstream profiles --config tagstream.yaml --user u17"
    })
final class ProfilesCommand implements Callable<Integer> {

  @ParentCommand private Tagstream root;
  @Mixin private ConfigFile config;

  @Option(
      names = "--user",
      paramLabel = "ID",
      description = "Shows this user's newest profile and ends.")
  private @Nullable String user;

  @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
  ProfilesCommand() {}

  @Override
  public Integer call() throws Exception {
    TagstreamConfig loaded = config.load();
    Terminal terminal = root.terminal();
    try (ProfileReader reader = new ProfileReader(loaded)) {
      if (user != null) {
        return showNewest(reader, user, terminal);
      }
      follow(reader, terminal);
      return ExitCode.OK;
    } catch (KafkaException e) {
      throw CommandFailure.ofKafka(loaded, e);
    }
  }

  private static int showNewest(ProfileReader reader, String user, Terminal terminal)
      throws CommandFailure {
    Optional<PublishedProfile> newest = reader.newestOf(user);
    if (newest.isEmpty()) {
      throw new CommandFailure("no profile of user " + user + " was ever published");
    }
    ProfileText.page(newest.get()).forEach(terminal::line);
    terminal.object(json(newest.get()));
    return ExitCode.OK;
  }

  private static void follow(ProfileReader reader, Terminal terminal) {
    Thread end = new Thread(reader::wakeup, "end-of-profiles");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      while (true) {
        reader.poll(
            published -> {
              terminal.line(ProfileText.line(published, 5));
              terminal.object(json(published));
            });
      }
    } catch (WakeupException e) {
      // Ctrl-C.
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
