package io.tagstream.launcher.evaluation.interactions;

import io.tagstream.launcher.evaluation.trial.Evaluation;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.learner.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CTMVM's protocol (section 4.1) on a published log. */
public final class InteractionEvaluation implements Evaluation {

  private final String name;
  private final String summary;
  private final Reader reader;

  @FunctionalInterface
  private interface Reader {
    InteractionLog read(Path folder) throws IOException;
  }

  private InteractionEvaluation(String name, String summary, Reader reader) {
    this.name = name;
    this.summary = summary;
    this.reader = reader;
  }

  /** HetRec's Last.fm. */
  public static InteractionEvaluation lastFm() {
    return new InteractionEvaluation(
        "lastfm", "Last.fm: tags of the artists that unseen users tag next", LastFmLog::read);
  }

  /** MovieLens, the small one. */
  public static InteractionEvaluation movieLens() {
    return new InteractionEvaluation(
        "movielens",
        "MovieLens: tags of the movies that unseen users like next",
        MovieLensLog::read);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return summary;
  }

  @Override
  public List<String> methods() {
    List<String> methods =
        new ArrayList<>(
            Evaluation.withNetworks(
                List.of(
                    InteractionProtocol.POPULARITY,
                    InteractionProtocol.COUNTS,
                    InteractionProtocol.SMOOTHED_COUNTS)));
    methods.add(Network.MVKE.configName() + "+own-tags");
    return List.copyOf(methods);
  }

  @Override
  public Protocol open(@Nullable Path data) throws IOException {
    if (data == null) {
      throw new IOException("data: none - name the folder of the data set with --data");
    }
    return new InteractionProtocol(reader.read(data));
  }
}
