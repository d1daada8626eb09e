package io.tagstream.learner.assembly;

import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.GatedUnits.UnitWeight;
import io.tagstream.learner.scoring.TagPopularity;
import io.tagstream.learner.stage.StageName;
import io.tagstream.learner.stage.StageNamer;
import io.tagstream.learner.stage.StageWeigher;
import io.tagstream.learner.stage.UserRecord;
import io.tagstream.learner.training.FeatureImportance;
import io.tagstream.learner.training.StepReport;
import io.tagstream.learner.training.Trainer;
import io.tagstream.learner.validation.ProgressiveValidation;
import io.tagstream.learner.validation.ScoredImpression;
import io.tagstream.schemas.TrainingSample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One batch's way through the learner: assembled, weighed by stages, scored, trained, validated.
 *
 * <p>A batch that the trainer refuses leaves nothing behind here: no count in a mean, no row in a
 * window. The user records it touched are the caller's to throw away.
 *
 * <p>Not thread-safe. Owns its {@link Trainer}.
 */
public final class BatchLearner implements AutoCloseable {

  /** Rows per task that ranking figures look at. */
  public static final int VALIDATION_ROWS = 50_000;

  /** Impressions that calibration looks at. */
  public static final int VALIDATION_IMPRESSIONS = 50_000;

  /** Where the records of a batch's users are found. */
  @FunctionalInterface
  public interface Users {
    /** The user's record; the same object for the same user within a batch. */
    UserRecord of(String userId);
  }

  private final int tasks;
  private final BatchAssembler assembler;
  private final Trainer trainer;
  private final StageWeigher weigher;
  private final StageNamer namer;
  private final ProgressiveValidation validation;
  private final TagPopularity popularity;

  /** A learner that has seen nothing. */
  public BatchLearner(LearnerConfig config) {
    this.tasks = config.tasks().size();
    this.assembler = new BatchAssembler(config.userFields(), config.privilegedFields(), tasks);
    this.weigher = new StageWeigher(config.stage(), tasks, config.seed());
    this.namer = new StageNamer(config.tasks());
    this.validation = new ProgressiveValidation(tasks, VALIDATION_ROWS, VALIDATION_IMPRESSIONS);
    this.trainer = new Trainer(config);
    this.popularity =
        new TagPopularity(trainer.vocabulary(), tasks, config.scoring().popularityHalfLife());
  }

  /** Why a sample cannot be trained; null when it can. */
  public @Nullable String problemOf(TrainingSample sample) {
    return assembler.problemOf(sample);
  }

  /**
   * Trains one step.
   *
   * @param samples in order; without {@link #problemOf problems}
   * @param users records of their users, changed by an applied batch; after a refused one they must
   *     be thrown away
   */
  public StepReport learn(List<TrainingSample> samples, Users users) {
    AssembledBatch assembled = assembler.assemble(samples);
    weigher.mark();
    StepReport report =
        trainer.step(
            assembled.batch(),
            (predictions, gamma) -> weigh(assembled.impressions(), users, predictions, gamma));
    if (report.applied()) {
      validate(assembled, report.predictions(), validation);
      for (BatchImpression impression : assembled.impressions()) {
        remember(impression.sample(), users.of(impression.sample().getUserId()));
      }
      samples.forEach(this::countPositives);
    } else {
      weigher.reset();
    }
    return report;
  }

  /**
   * Scores samples as the model is now and holds them against their labels; nothing is learnt.
   *
   * @param samples without {@link #problemOf problems}
   * @param into takes what was said of them
   */
  public void validate(List<TrainingSample> samples, ProgressiveValidation into) {
    AssembledBatch assembled = assembler.assemble(samples);
    validate(assembled, trainer.predict(assembled.batch()), into);
  }

  /**
   * How much each user field tells the model as it is now of these samples; nothing is learnt.
   *
   * @param samples without {@link #problemOf problems}
   */
  public FeatureImportance importance(List<TrainingSample> samples) {
    return new FeatureImportance(assembler.assemble(samples).batch(), trainer::predict);
  }

  /**
   * What each task's gates weigh on these samples as the model is now; empty for a network without
   * gates of units.
   *
   * @param samples without {@link #problemOf problems}
   */
  public List<UnitWeight> unitWeights(List<TrainingSample> samples) {
    return trainer.unitWeights(assembler.assemble(samples).batch());
  }

  /** Weights are drawn row by row in the batch's order, because each count moves the next draw. */
  private void weigh(
      List<BatchImpression> impressions, Users users, float[] predictions, float[] gamma) {
    int at = 0;
    for (BatchImpression impression : impressions) {
      UserRecord user = users.of(impression.sample().getUserId());
      for (int k = 0; k < tasks; k++, at++) {
        // A head that is no longer finite must not reach α, β; as a weight it makes the loss not
        // finite either, so the trainer's guard refuses the batch.
        gamma[at] =
            Float.isFinite(predictions[at])
                ? weigher.weigh(
                    user.stages(),
                    impression.user(),
                    impression.impression(),
                    k,
                    predictions[at],
                    impression.counted()[k],
                    impression.sample().getImpressionTimeMillis())
                : Float.NaN;
      }
    }
  }

  /** An impression's probability is the mean over its tags; one without tags was not scored. */
  private void validate(AssembledBatch assembled, float[] predictions, ProgressiveValidation into) {
    MicroBatch batch = assembled.batch();
    int row = 0;
    for (int i = 0; i < batch.impressions(); i++) {
      float[] mean = new float[tasks];
      int from = row;
      for (; row < batch.rows() && batch.rowImpression()[row] == i; row++) {
        for (int k = 0; k < tasks; k++) {
          mean[k] += predictions[row * tasks + k];
        }
      }
      if (row == from) {
        continue;
      }
      float[] labels = new float[tasks];
      boolean[] labelled = new boolean[tasks];
      for (int k = 0; k < tasks; k++) {
        mean[k] = Math.min(mean[k] / (row - from), 1f);
        labels[k] = batch.labels()[i * tasks + k];
        labelled[k] = batch.labelled()[i * tasks + k];
      }
      BatchImpression impression = assembled.impressions().get(i);
      into.observe(
          new ScoredImpression(
              impression.user(),
              impression.impression(),
              batch.eventTimeMillis()[i],
              impression.windowClosed(),
              mean,
              labels,
              labelled,
              impression.counted()));
    }
  }

  private void countPositives(TrainingSample sample) {
    for (int k = 0; k < tasks; k++) {
      if (sample.getLabelled().get(k) && sample.getLabels().get(k) > 0) {
        popularity.observe(
            k, sample.getTags(), sample.getLabels().get(k), sample.getImpressionTimeMillis());
      }
    }
  }

  /** The medians and the record learn the user's pseudo-labels and fields from samples. */
  private void remember(TrainingSample sample, UserRecord user) {
    if (sample.getImpressionTimeMillis() >= user.seenAtMillis()) {
      for (int k = 0; k < tasks; k++) {
        if (sample.getPseudoLabelled().get(k)) {
          float label = sample.getPseudoLabels().get(k);
          namer.replace(k, user.pseudoLabel(k), label);
          user.pseudoLabel(k, label);
        }
      }
    }
    user.seen(
        sample.getImpressionTimeMillis(),
        sample.getFeatureSchemaVersion(),
        Primitives.ints(sample.getUserFields().getLengths()),
        Primitives.longs(sample.getUserFields().getIds()));
  }

  /** Takes a user who is forgotten out of the medians. */
  public void forget(UserRecord user) {
    for (int k = 0; k < tasks; k++) {
      namer.replace(k, user.pseudoLabel(k), Float.NaN);
    }
  }

  /** The user's stage name. */
  public StageName name(float[] pseudoLabels) {
    return namer.name(pseudoLabels);
  }

  /** The engine. */
  public Trainer trainer() {
    return trainer;
  }

  /** The running means of the weights. */
  public StageWeigher weigher() {
    return weigher;
  }

  /** The medians. */
  public StageNamer namer() {
    return namer;
  }

  /** What the positives of all users carry. */
  public TagPopularity popularity() {
    return popularity;
  }

  /** The windows. */
  public ProgressiveValidation validation() {
    return validation;
  }

  @Override
  public void close() {
    trainer.close();
  }
}
