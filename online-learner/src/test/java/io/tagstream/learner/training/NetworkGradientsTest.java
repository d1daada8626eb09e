package io.tagstream.learner.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.tagstream.learner.DtnConfig;
import io.tagstream.learner.EmbeddingConfig;
import io.tagstream.learner.LearnerConfig;
import io.tagstream.learner.MktConfig;
import io.tagstream.learner.ModelConfig;
import io.tagstream.learner.Network;
import io.tagstream.learner.batch.MicroBatch;
import io.tagstream.learner.model.FrozenInputs;
import io.tagstream.learner.model.History;
import io.tagstream.learner.model.HostBuffer;
import io.tagstream.learner.model.ModelInputs;
import io.tagstream.learner.model.Parameter;
import io.tagstream.learner.model.ParameterSet;
import io.tagstream.learner.model.RowFeatures;
import io.tagstream.learner.model.StagePreferenceHead;
import io.tagstream.learner.model.TagModel;
import io.tagstream.learner.model.TagModels;
import io.tagstream.learner.model.TrainingOutputs;
import io.tagstream.learner.model.Weights;
import io.tagstream.learner.scoring.TagVocabulary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The gradient of the whole loss, of every network, held against differences. */
class NetworkGradientsTest {

  @Test
  void gradientsEqualFiniteDifferences() {
    for (Network network : Network.values()) {
      checkGradients(
          StepLossTest.config()
              .withData(StepLossTest.config().tasks(), 2, 2)
              .withModel(
                  ModelConfig.of(network)
                      .withSizes(4, List.of(5))
                      .withDtn(smallDtn())
                      .withMkt(smallMkt()))
              .withEmbedding(new EmbeddingConfig(3, 0.1f, 1e-8f, 1f, 1, Duration.ofDays(1))));
    }
  }

  private static MktConfig smallMkt() {
    return new MktConfig(
        "item", 0, 2, MktConfig.Cross.DCN, 3, MktConfig.Polarisation.SQUARED_COSINE, 0.3f, 0.4f, 1);
  }

  private static DtnConfig smallDtn() {
    return new DtnConfig(
        List.of(DtnConfig.Unit.values()),
        Map.of(),
        3,
        new DtnConfig.Gdcn(2, 2),
        new DtnConfig.MaskNet(5, 4),
        new DtnConfig.MemoNet(1, 7, 2, false, DtnConfig.Restoring.AMR, List.of(0, 2)),
        false);
  }

  private static void checkGradients(LearnerConfig config) {
    MicroBatch batch = StepLossTest.batch();
    TagModel model = TagModels.of(config);
    StagePreferenceHead head = new StagePreferenceHead(2, 2, 3);
    ParameterSet parameters = new ParameterSet(3);
    model.declare(parameters);
    head.declare(parameters);
    SplittableRandom random = new SplittableRandom(9);
    float[] fields = uniform(random, 2 * 2 * 3);
    float[] tags = uniform(random, 2 * 3);
    for (Parameter parameter : parameters.all()) {
      float[] values = uniform(random, parameter.size());
      System.arraycopy(values, 0, parameter.values(), 0, values.length);
    }
    Probe probe = new Probe(config, model, head, parameters, batch, fields, tags);
    probe.loss(true);
    for (int p = 0; p < parameters.all().size(); p++) {
      Parameter parameter = parameters.all().get(p);
      if (parameter.name().startsWith("importance.")) {
        continue; // trained by an estimate: a draw has no derivative
      }
      for (int i = 0; i < parameter.size(); i += 1 + parameter.size() / 3) {
        probe.check(parameter.name(), probe.dense[p][i], parameter.values(), i);
      }
    }
    for (int i = 0; i < fields.length; i += 2) {
      probe.check("fields", probe.fieldGradient[i], fields, i);
    }
    for (int i = 0; i < tags.length; i++) {
      probe.check("tags", probe.tagGradient[i], tags, i);
    }
    assertThat(probe.kinks).isLessThan(probe.checked / 8);
  }

  /** The whole loss as a function of parameters and inputs, γ held constant. */
  private static final class Probe {
    static final float STEP = 2e-3f;
    static final double KINK = 0.02;
    final LearnerConfig config;
    final TagModel model;
    final StagePreferenceHead head;
    final ParameterSet parameters;
    final MicroBatch batch;
    final float[] fields;
    final float[] tags;
    final float[] privileged = uniform(new SplittableRandom(17), 2 * 2 * 3);
    final float[][] dense;
    final float[] fieldGradient;
    final float[] tagGradient;
    int checked;
    int kinks;

    Probe(
        LearnerConfig config,
        TagModel model,
        StagePreferenceHead head,
        ParameterSet parameters,
        MicroBatch batch,
        float[] fields,
        float[] tags) {
      this.config = config;
      this.model = model;
      this.head = head;
      this.parameters = parameters;
      this.batch = batch;
      this.fields = fields;
      this.tags = tags;
      dense = new float[parameters.all().size()][];
      fieldGradient = new float[fields.length];
      tagGradient = new float[tags.length];
    }

    /** Holds a derivative against differences to both sides; where these part is a kink. */
    void check(String what, float derivative, float[] values, int at) {
      double here = loss(false);
      float kept = values[at];
      values[at] = kept + STEP;
      double above = (loss(false) - here) / STEP;
      values[at] = kept - STEP;
      double below = (here - loss(false)) / STEP;
      values[at] = kept;
      checked++;
      if (Math.abs(above - below) > KINK) {
        kinks++;
      } else {
        assertThat((double) derivative)
            .as("%s %s[%d]", config.model().network(), what, at)
            .isCloseTo((above + below) / 2, Offset.offset(KINK / 2));
      }
    }

    /** With a history, a frozen copy, and the second impression of another kind of item. */
    private ModelInputs withStages(Weights w, ModelInputs in) {
      ParameterSet copied = new ParameterSet(5);
      model.declareCopied(copied);
      Weights frozen = new Weights(w.manager(), new HostBuffer(), copied, false);
      RowFeatures features = in.features().withSource(new boolean[] {false, true});
      boolean[] known = {true, false, true, true};
      History history = History.of(w, privileged, known, 2, false);
      NDArray items = w.input(privileged, privileged.length, false, 2, 6);
      NDArray ofTags = w.input(privileged, 6, false, 2, 3);
      ModelInputs once = ModelInputs.of(w, items, ofTags, items, features).withHistory(history);
      return ModelInputs.of(w, in.fields(), in.tags(), in.privileged(), features)
          .withHistory(history)
          .withFrozen(new FrozenInputs(frozen, once));
    }

    double loss(boolean gradients) {
      try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch")) {
        NativeRuntime.useThreads(1);
        JniUtils.setGradMode(true);
        Weights w = new Weights(manager, new HostBuffer(), parameters, true);
        NDArray x = w.input(fields, fields.length, true, 2, 6);
        NDArray t = w.input(tags, tags.length, true, 2, 3);
        TrainingRows rows = new TrainingRows(batch, config, new TagVocabulary(10), 0);
        NDArray stage = head.logits(w, x);
        NDArray items = w.input(privileged, privileged.length, false, 2, 6);
        ModelInputs in = ModelInputs.of(w, x, t, items, rows.features());
        TrainingOutputs outputs = model.training(w, withStages(w, in));
        float[] stageGradient = new float[4];
        float[] predictions = StepLoss.sigmoids(Weights.read(stage));
        float[] gamma = {0.5f, 1f, 1.5f, 0.25f};
        RowLoss ofRows = new RowLoss(rows, batch, outputs, gamma, new float[0]);
        double loss = StepLoss.stage(batch, predictions, stageGradient) + ofRows.sum();
        if (gradients) {
          ofRows.backward(w);
          RowLoss.backward(w, stage, stageGradient, false);
          for (int p = 0; p < dense.length; p++) {
            dense[p] = new float[parameters.all().get(p).size()];
            Weights.readGradient(w.get(parameters.all().get(p).name()), dense[p]);
          }
          assertThat(Weights.readGradient(x, fieldGradient)).isTrue();
          assertThat(Weights.readGradient(t, tagGradient)).isTrue();
        }
        return loss;
      }
    }
  }

  private static float[] uniform(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
