package io.tagstream.learner.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.StageConfig.Gamma;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.embedding.EmbeddingTable;
import io.tagstream.learner.embedding.FieldSequence;
import io.tagstream.learner.embedding.RowPage;
import io.tagstream.learner.frozen.FrozenCopy;
import io.tagstream.learner.model.CalibrationTerm;
import io.tagstream.learner.model.GatedUnits;
import io.tagstream.learner.model.GatedUnits.UnitWeight;
import io.tagstream.learner.model.HostBuffer;
import io.tagstream.learner.model.LogitTerms;
import io.tagstream.learner.model.ModelInputs;
import io.tagstream.learner.model.OwnTagTerm;
import io.tagstream.learner.model.Parameter;
import io.tagstream.learner.model.ParameterSet;
import io.tagstream.learner.model.RowFeatures;
import io.tagstream.learner.model.StagePreferenceHead;
import io.tagstream.learner.model.TagModel;
import io.tagstream.learner.model.TagModels;
import io.tagstream.learner.model.TrainingOutputs;
import io.tagstream.learner.model.Weights;
import io.tagstream.learner.scoring.ProfileScorer;
import io.tagstream.learner.scoring.TagGates;
import io.tagstream.learner.scoring.TagVocabulary;
import io.tagstream.learner.scoring.VocabularyScorer;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One model in training, step by step. Java owns every number that outlives a step: parameters,
 * moments, rows; tensors are made from them and die with the step.
 *
 * <p>Used by one thread at a time; several trainers may live in one process.
 */
public final class Trainer implements AutoCloseable {

  private final LearnerConfig config;
  private final NDManager root;
  private final HostBuffer buffer = new HostBuffer();
  private final TagModel model;
  private final StagePreferenceHead head;
  private final LogitTerms terms;
  private final ParameterSet parameters;
  private final Adam adam;
  private final EmbeddingTable table;
  private final @Nullable FrozenCopy copy;
  private final StepInputs inputs;
  private final TagVocabulary vocabulary;
  private final VocabularyScorer scorer;
  private long step;
  private long attempts;

  /**
   * A trainer before its first step.
   *
   * @throws IllegalArgumentException when the configured device is not there
   */
  public Trainer(LearnerConfig config) {
    this.config = config;
    int embedding = config.embedding().dimension();
    model = TagModels.of(config);
    head = new StagePreferenceHead(config.tasks().size(), config.userFields(), embedding);
    parameters = new ParameterSet(config.seed());
    model.declare(parameters);
    head.declare(parameters);
    terms = LogitTerms.declared(config, parameters);
    adam = new Adam(config.optimizer());
    table = new EmbeddingTable(config.embedding(), config.seed());
    copy = FrozenCopy.of(config, model, parameters);
    FieldSequence sequence =
        config.model().readsSequence()
            ? new FieldSequence(
                config.userFields(),
                config.model().mkt().sequenceField(),
                config.model().mkt().sequenceLength())
            : null;
    inputs = new StepInputs(config, table, buffer, sequence, copy);
    vocabulary = new TagVocabulary(config.scoring().vocabularyCap());
    root = NativeRuntime.newManager(config.device());
    scorer =
        new VocabularyScorer(
            config, root, model, terms, parameters, table, vocabulary, sequence, copy);
  }

  /**
   * Scores a batch, then trains on it. A batch whose loss is not finite, or whose gradient is not
   * or exceeds its bound, changes no weight, moment or vocabulary; its features count as sighted.
   *
   * @param batch may have impressions without rows; an empty batch does nothing
   * @param weights called once with the stage head's predictions; not called when {@code
   *     stage.gamma = off}
   * @throws IllegalArgumentException when the batch has other fields or tasks than configured
   */
  public StepReport step(MicroBatch batch, StageWeights weights) {
    checkShape(batch);
    if (batch.impressions() == 0) {
      return new StepReport(step, null, 0, 0, new float[0], new float[0], 0, copySwaps());
    }
    NativeRuntime.useThreads(config.nativeThreads());
    JniUtils.setGradMode(true);
    TrainingRows rows = new TrainingRows(batch, config, vocabulary, attempts++);
    inputs.sight(batch, rows);
    try (NDManager manager = root.newSubManager()) {
      Weights w = new Weights(manager, buffer, parameters, true);
      Forward forward = forward(w, inputs.tensors(w, batch, rows), rows);
      return learn(w, batch, rows, forward, weights);
    }
  }

  /**
   * Scores a batch as the model is now; nothing changes, and no feature counts as sighted.
   *
   * @param batch may have impressions without rows
   * @return {@code [rows, K]} probabilities of the tasks, as {@link StepReport#predictions} of a
   *     step
   * @throws IllegalArgumentException when the batch has other fields or tasks than configured
   */
  public float[] predict(MicroBatch batch) {
    TrainingRows rows = TrainingRows.withoutSampled(batch, config);
    return look(batch, rows, new float[0], (w, tensors) -> predictions(w, tensors, rows));
  }

  private float[] predictions(Weights w, ModelInputs tensors, TrainingRows rows) {
    float[] logits = Weights.read(outputs(w, tensors).atProfileTime());
    if (terms.ownTags() != null) {
      OwnTagTerm.mix(logits, ownTagLogits(tensors.features()));
    }
    return probabilities(rows, tensors.features(), logits);
  }

  /** What is said of the tasks in the batch's rows: {@code [R, O] → [batch.rows(), K]}. */
  private float[] probabilities(TrainingRows rows, RowFeatures features, float[] logits) {
    float[] ofTasks = rows.ofTasks(logits);
    if (terms.calibration() != null) {
      terms.calibration().addTo(ofTasks, features, parameters);
    }
    return rows.ofBatch(StepLoss.sigmoids(ofTasks));
  }

  /**
   * What each task's gates weigh on a batch as the model is now; nothing changes, and no feature
   * counts as sighted.
   *
   * @return empty for a network without gates of units, and for a batch without rows
   * @throws IllegalArgumentException when the batch has other fields or tasks than configured
   */
  public List<UnitWeight> unitWeights(MicroBatch batch) {
    GatedUnits gated = model.gatedUnits();
    return gated == null
        ? List.of()
        : look(batch, TrainingRows.withoutSampled(batch, config), List.of(), gated::unitWeights);
  }

  /** A pass over rows that changes nothing. */
  private <T> T look(
      MicroBatch batch, TrainingRows rows, T without, BiFunction<Weights, ModelInputs, T> seen) {
    checkShape(batch);
    if (rows.count() == 0) {
      return without;
    }
    NativeRuntime.useThreads(config.nativeThreads());
    inputs.find(batch, rows);
    JniUtils.setGradMode(false);
    try (NDManager manager = root.newSubManager()) {
      Weights w = new Weights(manager, buffer, parameters, false);
      return seen.apply(w, inputs.tensors(w, batch, rows));
    } finally {
      JniUtils.setGradMode(true);
    }
  }

  /** Steps applied so far. */
  public long step() {
    return step;
  }

  /** Rows of the embedding table that hold a feature. */
  public long embeddingRows() {
    return table.size();
  }

  /** Rows created since this trainer was made; a restore does not count. */
  public long embeddingAdmissions() {
    return table.admissions();
  }

  /** Rows dropped because their features were silent, since this trainer was made. */
  public long embeddingExpirations() {
    return table.expirations();
  }

  /** Features that were sighted and wait for their admission. */
  public long embeddingCandidates() {
    return table.candidates();
  }

  /** Times the network's frozen copy was swapped for the warm one; 0 where it has none. */
  public long copySwaps() {
    return copy == null ? 0 : copy.swaps();
  }

  /** Tags seen in training. */
  public TagVocabulary vocabulary() {
    return vocabulary;
  }

  /** The dense parameters, by name: live arrays, to be read between steps. */
  public List<Parameter> parameters() {
    return parameters.all();
  }

  /** The frozen copy's parameters, by the names of those they were copied from; mostly none. */
  public List<Parameter> copiedParameters() {
    return copy == null ? List.of() : copy.parameters();
  }

  /** The complete state, frozen; cheap. */
  public TrainerCapture capture() {
    byte[] header =
        StateHeader.write(
            StateHeader.structure(config),
            step,
            attempts,
            table.cursors(),
            parameters,
            vocabulary.names(),
            copy);
    List<RowPage> pages = table.freeze();
    if (copy != null) {
      pages.addAll(copy.rows().pages());
    }
    return new TrainerCapture(header, pages);
  }

  /**
   * Continues from a captured state, bit for bit.
   *
   * @throws IllegalArgumentException when it was captured under another model configuration, is of
   *     an unknown version, or pages are missing
   */
  public void restore(TrainerCapture capture) {
    StateHeader.Position position =
        StateHeader.read(capture.header(), StateHeader.structure(config), parameters, copy);
    table.restore(capture.pages(), position.cursors());
    if (copy != null) {
      copy.restore(position.swaps(), capture.pages());
    }
    vocabulary.restore(position.tags());
    step = position.step();
    attempts = position.attempts();
    scorer.renew();
  }

  /** SHA-256 over the complete state, lower-case hex. */
  public String digest() {
    return digest(capture());
  }

  /** SHA-256 over a captured state, lower-case hex. */
  public static String digest(TrainerCapture capture) {
    MessageDigest sha = StateHeader.sha256();
    sha.update(capture.header());
    try (DataOutputStream out =
        new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sha))) {
      for (RowPage page : capture.pages()) {
        page.writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return StateHeader.hex(sha.digest());
  }

  /**
   * Scores users with the model as it is at each call; the tag side is computed once per applied
   * step. Changes nothing of the training state.
   */
  public ProfileScorer scorer() {
    return scorer;
  }

  /** Which experts serve which tags; empty for a network without gates of tags. */
  public Optional<TagGates> tagGates() {
    return scorer.gates();
  }

  @Override
  public void close() {
    scorer.close();
    root.close();
  }

  private void checkShape(MicroBatch batch) {
    if (batch.fields() != config.userFields()
        || batch.privileged() != config.privilegedFields()
        || batch.tasks() != config.tasks().size()) {
      throw new IllegalArgumentException(
          ("batch: %d user fields, %d privileged fields, %d tasks - configured are %d"
                  + " (learner.user-fields), %d (learner.privileged-fields) and %d (tasks)")
              .formatted(
                  batch.fields(),
                  batch.privileged(),
                  batch.tasks(),
                  config.userFields(),
                  config.privilegedFields(),
                  config.tasks().size()));
    }
  }

  /** Tensors of a forward pass: leaves and outputs. */
  private record Forward(
      ModelInputs inputs, @Nullable TrainingOutputs outputs, @Nullable NDArray stageLogits) {}

  private Forward forward(Weights w, ModelInputs tensors, TrainingRows rows) {
    NDArray stage = config.stage().gamma() == Gamma.OFF ? null : head.logits(w, tensors.fields());
    return new Forward(tensors, rows.count() == 0 ? null : outputs(w, tensors), stage);
  }

  private TrainingOutputs outputs(Weights w, ModelInputs tensors) {
    TrainingOutputs outputs = model.training(w, tensors);
    return terms.tagPrior() == null ? outputs : terms.tagPrior().addTo(outputs, w, tensors);
  }

  private StepReport learn(
      Weights w, MicroBatch batch, TrainingRows rows, Forward forward, StageWeights weights) {
    int labels = batch.impressions() * batch.tasks();
    float[] stage = new float[labels];
    float[] gamma = new float[labels];
    Arrays.fill(gamma, 1f);
    float[] stageGradient = new float[labels];
    double loss = 0;
    if (forward.stageLogits() != null) {
      stage = StepLoss.sigmoids(Weights.read(forward.stageLogits()));
      // A copy, so that the callback cannot disturb the loss.
      weights.weigh(stage.clone(), gamma);
      loss += StepLoss.stage(batch, stage, stageGradient);
    }
    RowFeatures features = forward.inputs().features();
    RowLoss ofRows =
        forward.outputs() == null
            ? new RowLoss()
            : new RowLoss(rows, batch, forward.outputs(), gamma, ownTagLogits(features));
    loss += ofRows.sum();
    float[] predictions = probabilities(rows, features, ofRows.logits());
    if (!Double.isFinite(loss)) {
      return report("loss " + loss + " is not finite", loss, 0, predictions, stage, rows);
    }
    ofRows.backward(w);
    if (forward.stageLogits() != null) {
      RowLoss.backward(w, forward.stageLogits(), stageGradient, false);
    }
    float[][] dense = denseGradients(w, batch, features, ofRows.ownGradient(), predictions);
    double norm = norm(dense, inputs.collectGradients(forward.inputs()));
    String refusal = refusal(norm);
    if (refusal == null) {
      apply(batch, dense);
    }
    return report(refusal, loss, norm, predictions, stage, rows);
  }

  private float[] ownTagLogits(RowFeatures features) {
    return terms.ownTags() == null
        ? new float[0]
        : terms.ownTags().logits(OwnTagTerm.weights(parameters), features);
  }

  private float[][] denseGradients(
      Weights w, MicroBatch batch, RowFeatures features, float[] ownGradient, float[] predictions) {
    List<Parameter> all = parameters.all();
    float[][] gradients = new float[all.size()][];
    for (int p = 0; p < gradients.length; p++) {
      gradients[p] = new float[all.get(p).size()];
      String name = all.get(p).name();
      if (terms.ownTags() != null && name.equals(OwnTagTerm.PARAMETER)) {
        terms.ownTags().gradient(ownGradient, features, gradients[p]);
      } else if (terms.calibration() != null && name.equals(CalibrationTerm.PARAMETER)) {
        StepLoss.calibrationGradient(batch, features.source(), predictions, gradients[p]);
      } else {
        // What no gradient reaches has a gradient of zero.
        Weights.readGradient(w.get(name), gradients[p]);
      }
    }
    return gradients;
  }

  private static double norm(float[][] dense, double rowsSquared) {
    double sum = rowsSquared;
    for (float[] gradient : dense) {
      for (float g : gradient) {
        sum += (double) g * g;
      }
    }
    return Math.sqrt(sum);
  }

  private @Nullable String refusal(double norm) {
    double bound = config.optimizer().gradientNormBound();
    if (!Double.isFinite(norm)) {
      return "gradient norm " + norm + " is not finite";
    }
    return norm > bound
        ? "gradient norm " + norm + " exceeds quarantine.gradient-norm " + bound
        : null;
  }

  private void apply(MicroBatch batch, float[][] dense) {
    step++;
    for (int p = 0; p < dense.length; p++) {
      adam.apply(parameters.all().get(p), dense[p], step);
    }
    inputs.applyGradients();
    if (copy != null) {
      copy.afterStep(step, table);
    }
    vocabulary.observe(batch.tagNames());
    scorer.renew();
  }

  private StepReport report(
      @Nullable String refusal,
      double loss,
      double norm,
      float[] predictions,
      float[] stage,
      TrainingRows rows) {
    return new StepReport(
        step, refusal, loss, norm, predictions, stage, rows.sampled(), copySwaps());
  }
}
