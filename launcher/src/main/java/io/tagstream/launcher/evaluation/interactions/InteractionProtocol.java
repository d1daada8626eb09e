package io.tagstream.launcher.evaluation.interactions;

import io.tagstream.features.FeaturesConfig;
import io.tagstream.features.credit.ShapleyCredit;
import io.tagstream.launcher.config.TagstreamConfig;
import io.tagstream.launcher.evaluation.trial.EpochTraining;
import io.tagstream.launcher.evaluation.trial.Protocol;
import io.tagstream.launcher.evaluation.trial.TrialObserver;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.scoring.Candidates;
import io.tagstream.learner.scoring.UserBags;
import io.tagstream.learner.training.Trainer;
import io.tagstream.schemas.FeatureIds;
import io.tagstream.schemas.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Tries methods on a log of interactions: users parted anew by each seed, alike for all methods.
 */
final class InteractionProtocol implements Protocol {

  static final String POPULARITY = "popularity";
  static final String COUNTS = "counts";
  static final String SMOOTHED_COUNTS = "smoothed-counts";

  private static final EpochTraining TRAINING = new EpochTraining(40, 5);
  private static final List<Task> TASKS = List.of(Task.click("like"));

  private final InteractionLog log;

  InteractionProtocol(InteractionLog log) {
    this.log = log;
  }

  @Override
  public String settings(String method) {
    return """
        model: {own-tags: false, tag-prior: false, calibration: false, dimension: 64, hidden: [64], tower: [32]}
        embedding: {dimension: 16, learning-rate: 0.05}
        optimizer: {learning-rate: 0.001}
        batch.size: 128
        stage.gamma: 'off'
        profiles: {top-k: %d, margin: 0}
        """
        .formatted(RankingFigures.LONGEST);
  }

  @Override
  public Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("users", log.byUser().size());
    data.put("interactions", log.interactions());
    data.put("tags", log.distinctTags());
    return data;
  }

  @Override
  public long recordsPerTrial(String method) {
    // About: a fifth of the interactions of seven tenths of the users.
    return counted(method) ? 0 : log.interactions() * 72 / 500 * TRAINING.epochs();
  }

  private static boolean counted(String method) {
    return List.of(POPULARITY, COUNTS, SMOOTHED_COUNTS).contains(method);
  }

  @Override
  public Map<String, Double> trial(
      String method, TagstreamConfig config, long seed, TrialObserver observer) {
    UserSplit split = UserSplit.of(log, seed);
    if (!counted(method)) {
      return train(split, config, seed, observer);
    }
    CountBaselines counts = new CountBaselines(split.training());
    Function<SplitUser, List<String>> ranking =
        switch (method) {
          case POPULARITY -> user -> counts.popularity();
          case COUNTS -> counts::counts;
          default -> counts.smoothed(tried -> RankingFigures.ndcg(split.validation(), tried));
        };
    return RankingFigures.of(split.test(), ranking);
  }

  private Map<String, Double> train(
      UserSplit split, TagstreamConfig config, long seed, TrialObserver observer) {
    LearnerConfig learner = config.learner().withData(TASKS, SplitUser.FIELDS, 1).withSeed(seed);
    int ranking = learner.rankingOutput(0);
    try (Trainer trainer = new Trainer(learner)) {
      return TRAINING.run(
          trainer,
          new Samples(split.training(), config.features().credit()),
          MicroBatch.builder(SplitUser.FIELDS, 1, TASKS.size()),
          learner.batch().size(),
          seed,
          () ->
              RankingFigures.ndcg(split.validation(), ranked(trainer, ranking, split.validation())),
          () -> RankingFigures.of(split.test(), ranked(trainer, ranking, split.test())),
          observer::gone);
    }
  }

  /** The best tags of every user, all scored at once. */
  private Function<SplitUser, List<String>> ranked(
      Trainer trainer, int ranking, List<SplitUser> users) {
    UserBags bags = new UserBags();
    for (SplitUser user : users) {
      List<long[]> fields = user.fields(log.privilegedVocabulary());
      bags.add(lengths(fields), joined(fields));
    }
    Candidates scored = bags.score(trainer.scorer());
    Map<String, List<String>> rankings = new HashMap<>();
    for (int u = 0; u < users.size(); u++) {
      List<String> tags = new ArrayList<>();
      for (int rank = 0; rank < scored.perOutput(); rank++) {
        tags.add(scored.tag(u, ranking, rank));
      }
      rankings.put(users.get(u).id(), tags);
    }
    return user -> rankings.getOrDefault(user.id(), List.of());
  }

  private static int[] lengths(List<long[]> bags) {
    return bags.stream().mapToInt(bag -> bag.length).toArray();
  }

  private static long[] joined(List<long[]> bags) {
    return bags.stream().flatMapToLong(Arrays::stream).toArray();
  }

  /** The samples of training users, each with its user's history as fields. */
  private final class Samples implements EpochTraining.Records {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sample(SplitUser user, Interaction interaction, float[] weights) {}

    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, List<long[]>> fields = new HashMap<>();

    Samples(List<SplitUser> users, FeaturesConfig.Credit credit) {
      TagCredit tagCredit =
          new TagCredit(new ShapleyCredit(credit.reading(), credit.scale(), credit.temperature()));
      for (SplitUser user : users) {
        fields.put(user.id(), user.fields(log.privilegedVocabulary()));
        TagCredit.Clicked clicked = tagCredit.clicked(user.history());
        for (Interaction each : user.samples()) {
          if (!each.tags().isEmpty()) {
            samples.add(new Sample(user, each, tagCredit.weights(clicked, each.tags())));
          }
        }
      }
    }

    @Override
    public int count() {
      return samples.size();
    }

    @Override
    public void addTo(MicroBatch.Builder batch, int record) {
      Sample sample = samples.get(record);
      List<long[]> bags = fields.getOrDefault(sample.user().id(), List.of());
      batch.addImpression(
          0,
          true,
          lengths(bags),
          joined(bags),
          new float[] {sample.interaction().positive() ? 1f : 0f},
          new boolean[] {true},
          new float[1],
          new boolean[1],
          new float[] {1f});
      List<String> privileged = sample.interaction().privileged();
      batch.addPrivileged(
          new int[] {privileged.size()},
          privileged.stream()
              .mapToLong(value -> FeatureIds.of(log.privilegedVocabulary(), value))
              .toArray());
      for (int t = 0; t < sample.weights().length; t++) {
        batch.addTag(sample.interaction().tags().get(t), sample.weights()[t]);
      }
    }
  }
}
